"""The API's wording for what is wrong with a value: the names of types, lists of options, and near misses."""

from collections.abc import Iterable, Sequence

from ..wire.errors import APIError, error
from .types import JSON, Branch, Union

_WORDS = {"string": "a string", "boolean": "a boolean", "integer": "an integer", "number": "a decimal"}
_LONGEST_NAME = 12


def expectation(type: Union, got: str = "") -> str:
    """Say what a value should be: `a string`, `one of a string or array of objects`. `got` is what it is instead."""
    called: str | dict[str, str] | None = type.schema.get("x-called")
    if called:
        return called if isinstance(called, str) else called.get(got, called[""])
    return _expectation(type.branches)


def _expectation(branches: Sequence[Branch]) -> str:
    strings = [branch for branch in branches if branch.type == "string"]
    options = list(dict.fromkeys(option for branch in strings for option in branch.options))
    text = _choice(options) if strings and all(branch.options for branch in strings) else "a string"
    words = [text if branch.type == "string" else _word(branch) for branch in branches if branch.type != "null"]
    words = list(dict.fromkeys(words))
    if len(words) == 1:
        return words[0]
    return "one of " + " or ".join([words[0], *(word.removeprefix("an ").removeprefix("a ") for word in words[1:])])


def _word(branch: Branch) -> str:
    if "x-called" in branch.schema:
        called: str = branch.schema["x-called"]
        return called
    if branch.type == "array":
        of = expectation(branch.items) if branch.items else ""
        if of.startswith("one of '"):
            return f"an array of {of}"
        return f"an array of { {'a string': 'strings', 'an integer': 'integers'}.get(of, 'objects') }"
    return _WORDS.get(branch.type or "", "an object")


def _choice(options: Sequence[str]) -> str:
    """Name a type by its options, as the API does: `one of 'a', 'b', or 'c'`, with long names shortened."""
    return f"one of {_either([shortened(option) for option in options])}"


def _either(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return " or ".join(quoted) if len(quoted) <= 2 else ", ".join(quoted[:-1]) + f", or {quoted[-1]}"


def shortened(name: str) -> str:
    """Shorten a name as the API does in the middle of a sentence: `fil...lts`."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:3]}...{name[-3:]}"


def kind(value: JSON) -> str:
    """Name a JSON value's type as the API does, article included."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names = {int: "an integer", float: "a decimal number", str: "a string", list: "an array", dict: "an object"}
    return names[type(value)]


def listing(options: Sequence[object]) -> str:
    """Join options as the API does: `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`."""
    quoted = [f"'{option}'" for option in options]
    if len(quoted) <= 2:
        return " and ".join(quoted)
    return ", ".join(quoted[:-1]) + f", and {quoted[-1]}"


def unknown_parameter(key: str, path: str, candidates: Iterable[str]) -> APIError:
    """Return the API's error for an unknown key. It suggests known keys within edit distance 2, nearest first."""
    near = sorted((distance(key, known), known) for known in candidates)
    names = [known for away, known in near if away <= 2]
    if names:
        return error("unknown_parameter.did_you_mean", param=path, known=_either(names))
    return error("unknown_parameter", param=path)


def distance(left: str, right: str) -> int:
    """Return the Levenshtein distance between two names. Names of very different lengths count as far apart."""
    if abs(len(left) - len(right)) > 2:
        return 3
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
