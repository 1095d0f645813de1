"""Searches a text with somebody else's regular expression, within the budget.

Python's `re` cannot be interrupted, and some expressions take it longer than anybody will wait. Compiled engines that
never do (RE2) have no build for the browser. So the shape of an expression decides: if `re` is certain to be fast, it
is used; otherwise a set of states is followed through the text, which takes time linear in its length. What such states
cannot express (backreferences, atomic groups) is only searched for if `re` is fast.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from .budget import OverBudgetError, spend

# Not public, but the same from Python 3.11 to 3.14. typeshed does not describe it.
_parser: Any = import_module("re._parser")

QUICK = 1_000_000
"""The maximum number of steps that `re` may take, a few nanoseconds each."""

LONGEST_PROGRAM = 5_000
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
BEYOND_STATES = ("ATOMIC_GROUP", "GROUPREF", "GROUPREF_EXISTS", "POSSESSIVE_REPEAT")

Test = Callable[[str], bool]


class Expression(NamedTuple):
    """A regular expression: compiled, parsed by `re`, and what its shape says about the time it takes."""

    compiled: re.Pattern[str]
    tree: Any
    degree: int
    nested: bool


class _Step(NamedTuple):
    """An instruction in a program of states.

    `op` is `char` (go on if `test` accepts the next character), `split` (go on in both places), `at` (go on if the
    anchor `place` matches), `look` (go on if `inner` is found here, or is not) or `match`.
    """

    op: str
    test: Test | None = None
    to: tuple[int, ...] = ()
    place: str = ""
    inner: "tuple[_Step, ...]" = ()
    wanted: bool = True


def parsed(pattern: str) -> Expression | None:
    """Return an expression, or None if Python cannot read it.

    Raises:
        OverBudgetError: it is too long.
    """
    spend(len(pattern) / 2)
    return _parsed(pattern)


@lru_cache(maxsize=256)
def _parsed(pattern: str) -> Expression | None:
    try:
        compiled, tree = re.compile(pattern), _parser.parse(pattern)
        return Expression(compiled, tree, *_shape(tree))
    except (re.error, OverflowError, RecursionError):
        return None


def found(pattern: str, text: str) -> bool | None:
    """Tell whether an expression is found in a text; None if Python cannot read it.

    Raises:
        OverBudgetError: that would take too long.
    """
    expression = parsed(pattern)
    return None if expression is None else is_found(expression, text)


def is_found(expression: Expression, text: str) -> bool:
    """Tell whether an expression is found in a text.

    Raises:
        OverBudgetError: that would take too long.
    """
    length = len(text) + 1
    if not expression.nested and length ** (expression.degree + 1) <= QUICK:
        return expression.compiled.search(text) is not None
    return _search(_program(expression), text)


def _shape(tree: Any, inside: bool = False) -> tuple[int, bool]:
    """Return how many unbounded repetitions follow each other, and whether some are inside a repetition."""
    degree, nested = 0, False
    for op, argument in tree:
        name = str(op)
        repeats = name in REPEATS
        if repeats and argument[1] - argument[0] > 0:
            nested = nested or inside
            degree += 1
        if name == "BRANCH":
            nested = nested or inside
        if name in ("GROUPREF", "GROUPREF_EXISTS"):
            degree += 1
        for part in _inner(name, argument):
            inner_degree, inner_nested = _shape(part, inside or (repeats and argument[1] > 1))
            degree, nested = degree + inner_degree, nested or inner_nested
    return degree, nested


def _inner(name: str, argument: Any) -> list[Any]:
    """Return the parts of a node that are sequences themselves."""
    if name == "BRANCH":
        return list(argument[1])
    if name == "SUBPATTERN":
        return [argument[3]]
    if name == "ATOMIC_GROUP":
        return [argument]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [argument[1]]
    if name == "GROUPREF_EXISTS":
        return [part for part in argument[1:] if part is not None]
    return [argument[2]] if name in REPEATS else []


def _program(expression: Expression) -> tuple[_Step, ...]:
    program = _programs(expression.compiled.pattern, expression.compiled.flags)
    spend(len(program))
    return program


@lru_cache(maxsize=64)
def _programs(pattern: str, flags: int) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    _compile(_parser.parse(pattern), flags, steps)
    steps.append(_Step("match"))
    return tuple(steps)


def _compile(tree: Any, flags: int, steps: list[_Step]) -> None:
    """Append the instructions for a parsed sequence."""
    for op, argument in tree:
        spend()
        if len(steps) > LONGEST_PROGRAM:
            raise OverBudgetError
        _compile_node(str(op), argument, flags, steps)


def _compile_node(name: str, argument: Any, flags: int, steps: list[_Step]) -> None:
    if name in BEYOND_STATES:
        raise OverBudgetError
    if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
        steps.append(_Step("char", _test(name, argument, flags)))
    elif name == "AT":
        place = str(argument)
        if flags & re.MULTILINE and place in ("AT_BEGINNING", "AT_END"):
            place += "_LINE"
        steps.append(_Step("at", place=place))
    elif name == "SUBPATTERN":
        _, added, removed, tree = argument
        _compile(tree, (flags | added) & ~removed, steps)
    elif name == "BRANCH":
        _compile_branches(argument[1], flags, steps)
    elif name in REPEATS:
        least, most, tree = argument
        _compile_repeat(int(least), int(most), tree, flags, steps)
    elif name in ("ASSERT", "ASSERT_NOT"):
        direction, tree = argument
        if direction < 0:
            raise OverBudgetError
        inner: list[_Step] = []
        _compile(tree, flags, inner)
        steps.append(_Step("look", inner=(*inner, _Step("match")), wanted=name == "ASSERT"))
    elif name != "FAILURE":
        raise OverBudgetError
    else:
        steps.append(_Step("char", lambda _: False))


def _compile_branches(branches: Any, flags: int, steps: list[_Step]) -> None:
    split = len(steps)
    steps.append(_Step("split"))
    starts, ends = [], []
    for branch in branches:
        starts.append(len(steps))
        _compile(branch, flags, steps)
        ends.append(len(steps))
        steps.append(_Step("split"))
    steps[split] = _Step("split", to=tuple(starts))
    for end in ends:
        steps[end] = _Step("split", to=(len(steps),))


def _compile_repeat(least: int, most: int, tree: Any, flags: int, steps: list[_Step]) -> None:
    for _ in range(least):
        spend()
        _compile(tree, flags, steps)
    if most == int(_parser.MAXREPEAT):
        split = len(steps)
        steps.append(_Step("split"))
        _compile(tree, flags, steps)
        steps.append(_Step("split", to=(split,)))
        steps[split] = _Step("split", to=(split + 1, len(steps)))
        return
    splits = []
    for _ in range(most - least):
        spend()
        splits.append(len(steps))
        steps.append(_Step("split"))
        _compile(tree, flags, steps)
    for split in splits:
        steps[split] = _Step("split", to=(split + 1, len(steps)))


def _test(name: str, argument: Any, flags: int) -> Test:
    """Return a function that tells whether a node accepts a character."""
    if name == "ANY":
        return (lambda _: True) if flags & re.DOTALL else (lambda letter: letter != "\n")
    items = [("LITERAL", argument)] if name.endswith("LITERAL") else [(str(op), value) for op, value in argument]
    negated = name == "NOT_LITERAL" or ("NEGATE", None) in items

    @lru_cache(maxsize=512)
    def test(letter: str) -> bool:
        spellings = {letter, letter.lower(), letter.upper()} if flags & re.IGNORECASE else {letter}
        taken = any(_takes(op, value, spelling, flags) for op, value in items for spelling in spellings)
        return taken != negated

    return test


def _takes(op: str, value: Any, letter: str, flags: int) -> bool:
    if op == "LITERAL":
        return bool(ord(letter[:1] or "\0") == value)
    if op == "RANGE":
        return bool(value[0] <= ord(letter[:1] or "\0") <= value[1])
    if op != "CATEGORY":
        return False
    negated, category = "_NOT_" in str(value), str(value).rpartition("_")[2]
    if flags & re.ASCII and not letter.isascii():
        return negated
    return {"DIGIT": str.isdecimal, "SPACE": str.isspace, "WORD": _is_word}[category](letter) != negated


def _search(program: tuple[_Step, ...], text: str, start: int = 0, anchored: bool = False) -> bool:
    """Follow all states through a text at once, starting again at each character unless `anchored`."""
    states: set[int] = set()
    for position in range(start, len(text) + 1):
        if position == start or not anchored:
            states.add(0)
        reached = _closure(program, states, text, position)
        spend(1 + len(reached) / 4)
        if any(program[state].op == "match" for state in reached):
            return True
        if position == len(text) or (anchored and not reached):
            return False
        letter = text[position]
        states = {state + 1 for state in reached if (test := program[state].test) and test(letter)}
    return False


def _closure(program: tuple[_Step, ...], states: set[int], text: str, position: int) -> set[int]:
    """Return all states that can be reached from these without consuming a character."""
    reached: set[int] = set()
    waiting = list(states)
    while waiting:
        state = waiting.pop()
        if state in reached:
            continue
        reached.add(state)
        waiting += _onward(program[state], state, text, position)
    return reached


def _onward(step: _Step, state: int, text: str, position: int) -> Iterator[int]:
    if step.op == "split":
        yield from step.to
    elif (step.op == "at" and _holds(step.place, text, position)) or (
        step.op == "look" and _search(step.inner, text, position, anchored=True) == step.wanted
    ):
        yield state + 1


def _holds(place: str, text: str, position: int) -> bool:
    """Tell whether an anchor matches between two characters."""
    if place in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
        return position == 0
    if place == "AT_BEGINNING_LINE":
        return position == 0 or text[position - 1] == "\n"
    if place == "AT_END":
        return position == len(text) or (position == len(text) - 1 and text[position] == "\n")
    if place == "AT_END_LINE":
        return position == len(text) or text[position] == "\n"
    if place == "AT_END_STRING":
        return position == len(text)
    before = position > 0 and _is_word(text[position - 1])
    after = position < len(text) and _is_word(text[position])
    return (before != after) == (place == "AT_BOUNDARY")


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"
