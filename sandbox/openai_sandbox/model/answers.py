"""The authored answers, and the model that gives them.

answers.json has three to six answers with weights for each prompt. A prompt is recognized by its last user message and,
if the entry says so, also by its instructions and by earlier messages: the model sees only the context it was sent. A
prompt that has no authored answer gets one that says so.
"""

import json
import random
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from ..values.instances import instance
from . import tokens
from .sampling import Node, build, sample
from .tools import Tool, ToolCall, choose, follow_up

FALLBACK = (
    "This is the sandbox's small offline model. Nobody has written an answer for this prompt, "
    "so this one stands in for a real model's."
)

REFUSAL = "I'm sorry, but I can't help with that."

# How many tokens a tool call costs beyond its name and arguments. Inferred: how models write calls is not documented.
CALL_OVERHEAD = 8

# Reasoning tokens spent before the first visible one: the real amount varies by prompt and is not documented.
REASONING_TOKENS = {"none": (0,), "minimal": (0,), "low": (64,), "medium": (64, 128), "high": (192, 256, 320)}
REASONING_TOKENS |= {"xhigh": (512, 640), "max": (1024, 1280)}


LONGEST_REMEMBERED = 200
"""The limit for a message, in characters."""


class Message(NamedTuple):
    """A message sent to the model: a role and its text."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """An entry of answers.json.

    `ask` lists wordings of the last user message, compared without case and punctuation. `instructions` and `before`
    are regular expressions that must be found in the system messages and in the earlier conversation; their named
    groups fill `{placeholders}` in the answers.
    """

    ask: tuple[str, ...]
    answers: tuple[tuple[str, float], ...]
    instructions: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What is wanted other than plain text.

    Args:
        tools: the functions the model may call.
        choice: `auto`, `none`, `required`, or the name of the function to call.
        allowed: the names among `tools` that may be called; None means all.
        parallel: whether several may be called at once.
        outputs: (function, output) of the calls made since the last user message.
        said: what built-in tools make the model say.
        silent: whether the model says nothing at all, because a built-in tool waits for the client.
        schema: the JSON Schema that the text has to match.
        json_object: whether the text has to be a JSON object of any form.
        refuse: whether to refuse.
    """

    tools: Sequence[Tool] = ()
    choice: str = "auto"
    allowed: Collection[str] | None = None
    parallel: bool = True
    outputs: Sequence[tuple[str, str]] = ()
    said: str = ""
    silent: bool = False
    schema: Mapping[str, Any] | None = None
    json_object: bool = False
    refuse: bool = False


WORDS = Task()


class Answer(NamedTuple):
    """What the model generated: visible tokens with the text each adds, why it stopped, tokens spent on reasoning.

    `calls` are tool calls made instead of a text; their tokens are in `tokens`. `tree` is the tree that the text was
    drawn from, or None if it was not drawn.
    """

    tokens: list[int]
    pieces: list[str]
    finish: Literal["stop", "length", "tool_calls", "content_filter"]
    reasoning_tokens: int
    authored: bool
    calls: tuple[ToolCall, ...] = ()
    refused: bool = False
    tree: Node | None = None
    call_tokens: int = 0

    @property
    def text(self) -> str:
        """The visible text."""
        return "".join(self.pieces)

    @property
    def output_tokens(self) -> int:
        """The number of generated tokens: text, calls and reasoning."""
        return len(self.tokens) + self.call_tokens + self.reasoning_tokens


_WORDS = re.compile(r"\w+")


def normalized(text: str) -> str:
    """Return a prompt's text as it is compared: letters and digits in lower case, single spaces."""
    return " ".join(_WORDS.findall(text.lower()))


def load(text: str) -> list[Prompt]:
    """Read answers.json.

    Raises:
        ValueError: it is not JSON, or an entry lacks something. The message says where and how to fix it.
    """
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as problem:
        raise ValueError(f"sandbox/openai_sandbox/model/answers.json:{problem.lineno}: {problem.msg}") from None
    loaded = []
    for number, row in enumerate(rows, 1):
        try:
            answers = tuple((str(answer["text"]), float(answer["weight"])) for answer in row["answers"])
            if not answers or min(weight for _, weight in answers) <= 0:
                raise ValueError("weights must be above 0")
            loaded.append(Prompt(tuple(row["ask"]), answers, row.get("instructions"), row.get("before")))
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(
                f"sandbox/openai_sandbox/model/answers.json: entry {number} needs 'ask': [texts] and 'answers': "
                f"[{{'weight': number, 'text': text}}]: {type(problem).__name__}: {problem}"
            ) from None
    return loaded


@cache
def prompts() -> dict[str, list[Prompt]]:
    """Return the entries of answers.json by normalized wording, most specific first."""
    index: dict[str, list[Prompt]] = {}
    for prompt in load(files(__package__).joinpath("answers.json").read_text("utf-8")):
        for ask in prompt.ask:
            index.setdefault(normalized(ask), []).append(prompt)
    for entries in index.values():
        entries.sort(key=lambda prompt: -bool(prompt.instructions) - bool(prompt.before))
    return index


def find(messages: Sequence[Message]) -> tuple[tuple[str, float], ...] | None:
    """Return the answers written for this context, or None. Those for a single short message are cached."""
    if len(messages) == 1 and len(messages[0].text) <= LONGEST_REMEMBERED:
        return _found_alone(messages[0])
    return _found(messages)


@lru_cache(maxsize=1_000)
def _found_alone(message: Message) -> tuple[tuple[str, float], ...] | None:
    return _found((message,))


def _found(messages: Sequence[Message]) -> tuple[tuple[str, float], ...] | None:
    asked = len(messages) - 1
    while asked >= 0 and messages[asked].role != "user":
        asked -= 1
    if asked < 0:
        return None
    written = prompts().get(normalized(messages[asked].text))
    if written is None:
        return None
    for prompt in written:
        if prompt.instructions is None and prompt.before is None:
            return prompt.answers
        system = "\n".join(m.text for m in messages if m.role in ("system", "developer"))
        earlier = "\n".join(m.text for m in messages[:asked] if m.role not in ("system", "developer"))
        found = [
            re.search(pattern, text, re.IGNORECASE)
            for pattern, text in ((prompt.instructions, system), (prompt.before, earlier))
            if pattern
        ]
        if all(found):
            values = {name: value for match in found if match for name, value in match.groupdict().items()}
            if not values:
                return prompt.answers
            return tuple((text.format(**values), weight) for text, weight in prompt.answers)
    return None


# The maximum length of the answers in a cached tree, in characters.
LONGEST = 4_000


MOST_TREES = 500

_trees: dict[tuple[tuple[str, float], ...], Node] = {}


def tree(answers: tuple[tuple[str, float], ...]) -> Node:
    """Return the prefix tree of (text, weight) answers. Trees of short answers are cached."""
    known = _trees.get(answers)
    if known is None:
        known = build((tokens.encode(text), weight) for text, weight in answers)
        if sum(len(text) for text, _ in answers) <= LONGEST:
            if len(_trees) >= MOST_TREES:
                _trees.clear()
            _trees[answers] = known
    return known


def generate(
    messages: Sequence[Message],
    rng: random.Random,
    *,
    temperature: float = 1.0,
    top_p: float = 1.0,
    effort: str | None = None,
    limit: int | None = None,
    stop: Sequence[str] = (),
    task: Task = WORDS,
) -> Answer:
    """Answer the messages.

    Args:
        messages: everything the model can see, oldest first.
        rng: the source of chance.
        temperature: 0 takes the likeliest token, 1 samples as written, higher flattens.
        top_p: nucleus sampling.
        effort: reasoning effort; None on models that do not reason.
        limit: the most tokens to generate, reasoning included.
        stop: texts at which to stop. They are not part of the answer.
        task: what is wanted other than plain text.
    """
    written = find(messages)
    reasoning = rng.choice(REASONING_TOKENS[effort]) if effort else 0
    if limit is not None and reasoning >= limit > 0:
        return Answer([], [], "length", limit, written is not None)
    left = None if limit is None else limit - reasoning
    if task is not WORDS:
        if task.silent:
            return Answer([], [], "tool_calls", reasoning, True)
        if calls := _calls(messages, task, rng):
            return _called(calls, reasoning, left)
        written = _wanted(messages, task, rng, written)
    root = tree(written or ((FALLBACK, 1.0),))
    generated = sample(root, rng, temperature, top_p)
    finish: Literal["stop", "length"] = "stop"
    if left is not None and len(generated) > left:
        generated = generated[:left]
        finish = "length"
    split = tokens.pieces(generated)
    if stop and (at := min((i for i in map("".join(split).find, stop) if i >= 0), default=None)) is not None:
        generated, split = _cut(generated, split, at)
        finish = "stop"
    return Answer(generated, split, finish, reasoning, written is not None, refused=task.refuse, tree=root)


def filtered(answer: Answer) -> Answer:
    """Return the first half of an answer's text, as a content filter might leave it. Calls are dropped."""
    kept = answer.tokens[: (len(answer.tokens) + 1) // 2]
    # A script may bring its text in pieces of its own.
    aligned = len(answer.pieces) == len(answer.tokens)
    pieces = answer.pieces[: len(kept)] if aligned else ["".join(tokens.pieces(kept))]
    return answer._replace(tokens=kept, pieces=pieces, finish="content_filter", calls=(), call_tokens=0)


def _calls(messages: Sequence[Message], task: Task, rng: random.Random) -> list[ToolCall]:
    """Return the calls that the model makes: none once it has the outputs, unless a call is required."""
    if not task.tools or task.refuse or (task.outputs and task.choice in ("auto", "none")):
        return []
    asked = next((message.text for message in reversed(messages) if message.role == "user"), "")
    return choose(task.tools, asked, choice=task.choice, allowed=task.allowed, parallel=task.parallel, rng=rng)


def _called(calls: list[ToolCall], reasoning: int, left: int | None) -> Answer:
    """Return an answer that consists of calls. The cap cuts off arguments where it is reached; later calls are not
    made."""
    kept: list[ToolCall] = []
    spent = 0
    for call in calls:
        arguments = tokens.encode(call.arguments)
        spent += CALL_OVERHEAD + tokens.count(call.name)
        if left is not None and spent + len(arguments) > left:
            room = max(0, left - spent)
            kept.append(replace(call, arguments="".join(tokens.pieces(arguments[:room]))))
            return Answer([], [], "length", reasoning, True, tuple(kept), call_tokens=left)
        spent += len(arguments)
        kept.append(call)
    return Answer([], [], "tool_calls", reasoning, True, tuple(kept), call_tokens=spent)


def _wanted(
    messages: Sequence[Message], task: Task, rng: random.Random, written: tuple[tuple[str, float], ...] | None
) -> tuple[tuple[str, float], ...] | None:
    """Return the answers that fit the task: a refusal, JSON, a comment on tool outputs, or the authored answers."""
    asked = next((message.text for message in reversed(messages) if message.role == "user"), "")
    if task.refuse:
        return ((REFUSAL, 1.0),)
    if task.schema is not None:
        return ((json.dumps(instance(task.schema, rng, asked), ensure_ascii=False, separators=(",", ":")), 1.0),)
    if task.outputs or task.said:
        said = follow_up(task.outputs) if task.outputs else ""
        written = ((f"{task.said}\n{said}".strip(), 1.0),)
    if task.json_object:
        return tuple(
            (json.dumps({"answer": text}, ensure_ascii=False), weight) for text, weight in written or ((FALLBACK, 1.0),)
        )
    return written


def _cut(generated: list[int], split: list[str], at: int) -> tuple[list[int], list[str]]:
    """Keep the first `at` characters. The token in which they end is kept as a whole."""
    length = 0
    for index, piece in enumerate(split):
        if length + len(piece) >= at:
            return generated[: index + 1], [*split[:index], piece[: at - length]]
        length += len(piece)
    return generated, split
