"""The prefix tree of answers, and sampling from it.

The authored answers to a prompt are merged token by token. Each branch has the total weight of the answers behind it.
So the tree gives a next-token distribution for every prefix, and every path from the root to a leaf is one complete
answer.
"""

import random
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from .tokens import END_OF_TEXT

MOST_SETTINGS = 20
"""For how many sampling settings a node caches the probabilities of its children."""


@dataclass(slots=True, eq=False)
class Node:
    """A prefix: its children by token id, and the weight of the answers that begin with it.

    What sampling computes about a node is cached in it, for as long as its tree exists.
    """

    weight: float = 0.0
    children: dict[int, "Node"] = field(default_factory=dict)
    run: "tuple[list[int], Node] | None" = None
    choices: dict[tuple[float, float], tuple[list[int], list[float]]] = field(default_factory=dict)


def build(answers: Iterable[tuple[Sequence[int], float]]) -> Node:
    """Merge (tokens, weight) answers into a tree. Each answer ends in END_OF_TEXT."""
    root = Node()
    for tokens, weight in answers:
        node = root
        node.weight += weight
        for token in (*tokens, END_OF_TEXT):
            node = node.children.setdefault(token, Node())
            node.weight += weight
    return root


def distribution(node: Node, temperature: float, top_p: float) -> list[tuple[int, float]]:
    """Return the next tokens and their probabilities, most likely first.

    Temperature 0 leaves only the heaviest token. `top_p` keeps the smallest set of tokens whose probabilities reach it.
    """
    ranked = sorted(node.children.items(), key=lambda child: (-child[1].weight, child[0]))
    if temperature == 0:
        return [(ranked[0][0], 1.0)]
    heaviest = ranked[0][1].weight
    scaled = [(token, (child.weight / heaviest) ** (1 / temperature)) for token, child in ranked]
    total = sum(weight for _, weight in scaled)
    kept: list[tuple[int, float]] = []
    mass = 0.0
    for token, weight in scaled:
        kept.append((token, weight / total))
        mass += weight / total
        if mass >= top_p:
            break
    return [(token, probability / mass) for token, probability in kept]


def _choices(node: Node, temperature: float, top_p: float) -> tuple[list[int], list[float]]:
    """Return the next tokens with their cumulative probabilities."""
    known = node.choices.get((temperature, top_p))
    if known is None:
        choices = distribution(node, temperature, top_p)
        known = [token for token, _ in choices], list(accumulate(probability for _, probability in choices))
        if len(node.choices) < MOST_SETTINGS:
            node.choices[temperature, top_p] = known
    return known


def _run(node: Node) -> tuple[list[int], Node]:
    """Return the tokens that follow without a choice, and the node of the next choice or of the end."""
    if node.run is None:
        tokens: list[int] = []
        end = node
        while len(end.children) == 1:
            ((token, end),) = end.children.items()
            if token != END_OF_TEXT:
                tokens.append(token)
        node.run = tokens, end
    return node.run


def sample(root: Node, rng: random.Random, temperature: float = 1.0, top_p: float = 1.0) -> list[int]:
    """Walk the tree from the root and return the tokens of one complete answer, without END_OF_TEXT."""
    tokens: list[int] = []
    node = root
    while True:
        certain, node = _run(node)
        tokens += certain
        if not node.children:
            return tokens
        candidates, cumulated = _choices(node, temperature, top_p)
        # Draws one value as random.choices does, without its overhead for several.
        token = candidates[bisect(cumulated, rng.random() * cumulated[-1], 0, len(candidates) - 1)]
        if token == END_OF_TEXT:
            return tokens
        tokens.append(token)
        node = node.children[token]


def explained(
    root: Node, tokens: Iterable[int], temperature: float = 1.0, top_p: float = 1.0
) -> list[list[tuple[int, float]]]:
    """Return, for each token of an answer, what could have been drawn: the tokens and their probabilities.

    The drawn token comes first, then the others, most likely first. The end of a text does not count as a token here.
    """
    steps = []
    node = root
    for token in tokens:
        choices = dict(distribution(node, temperature, top_p))
        others = [(other, chance) for other, chance in choices.items() if other not in (token, END_OF_TEXT)]
        steps.append([(token, choices.get(token, 1.0)), *others])
        node = node.children[token]
    return steps
