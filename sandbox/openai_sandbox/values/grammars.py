"""Reads grammars in Lark's format, for custom tools.

It supports what OpenAI's guide allows: rules and terminals, literals, regular expressions, ranges, groups, optional and
repeated parts, aliases, priorities, `%import common` and `%ignore`. The package lark is not suitable, because it
refuses grammars that the API accepts (a rule with two equal alternatives, recorded in August 2025).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .budget import spend

MOST_REPEATED = 1_000

COMMON = {
    "CNAME": "[a-z_][a-z0-9_]*",
    "CR": "\\r",
    "C_COMMENT": "/\\* \\*/",
    "DECIMAL": "[0-9]+\\.[0-9]*",
    "DIGIT": "[0-9]",
    "ESCAPED_STRING": '"[a-z ]*"',
    "FLOAT": "[0-9]+\\.[0-9]+",
    "HEXDIGIT": "[0-9a-f]",
    "INT": "[0-9]+",
    "LCASE_LETTER": "[a-z]",
    "LETTER": "[a-zA-Z]",
    "LF": "\\n",
    "NEWLINE": "\\n",
    "NUMBER": "[0-9]+",
    "SIGNED_FLOAT": "[0-9]+\\.[0-9]+",
    "SIGNED_INT": "[0-9]+",
    "SIGNED_NUMBER": "[0-9]+",
    "SQL_COMMENT": "-- ",
    "UCASE_LETTER": "[A-Z]",
    "WORD": "[a-z]+",
    "WS": " ",
    "WS_INLINE": " ",
}
"""What `%import common` provides, each in a simple form."""

TOKENS = re.compile(
    r"""(?P<skip>[ \t\r]+|//[^\n]*)
      | (?P<newline>(?:\n[ \t\r]*(?://[^\n]*)?)+)
      | (?P<string>"(?:\\.|[^"\\\n])*"i?)
      | (?P<regex>/(?:\\.|[^/\\\n])+/[imslux]*)
      | (?P<directive>%[a-z]+)
      | (?P<name>[_a-zA-Z]\w*)
      | (?P<number>[+-]?[0-9]+)
      | (?P<mark>->|\.\.|[:|()\[\]*+?!~.,])""",
    re.VERBOSE,
)


class GrammarError(ValueError):
    """A grammar that cannot be read here."""


class Part(NamedTuple):
    """A part of a grammar.

    Args:
        kind: `text`, `pattern`, `name`, `sequence`, `choice` or `repeated`.
        said: the text, regular expression or name.
        parts: its parts.
        least: the minimum number of repetitions.
        most: the maximum number of repetitions.
    """

    kind: str
    said: str = ""
    parts: "tuple[Part, ...]" = ()
    least: int = 0
    most: int = 0


class Grammar(NamedTuple):
    """A grammar that was read.

    Args:
        rules: rules and terminals by name.
        heights: how many rules deep the shortest text of each is.
        spaced: whether there may be spaces between the parts of rules.
    """

    rules: dict[str, Part]
    heights: dict[str, float]
    spaced: bool


@lru_cache(maxsize=64)
def read(definition: str) -> Grammar:
    """Read a grammar.

    Raises:
        GrammarError: it is not a grammar, or uses something that is not supported here.
    """
    rules, ignored = _Reader(definition).grammar()
    for part in rules.values():
        for name in _names(part):
            if name not in rules:
                raise GrammarError(f"'{name}' is not defined")
    if "start" not in rules:
        raise GrammarError("there is no rule 'start'")
    heights = _heights(rules)
    if heights["start"] == float("inf"):
        raise GrammarError("no text is finite")
    return Grammar(rules, heights, any(rules.get(name) == Part("pattern", " ") for name in ignored))


class _Reader:
    """Reads a grammar, token by token."""

    def __init__(self, definition: str) -> None:
        self._tokens = list(_tokens(definition))
        self._at = 0

    def grammar(self) -> tuple[dict[str, Part], list[str]]:
        """Return the rules by name, and the names of what is ignored."""
        rules: dict[str, Part] = {}
        ignored: list[str] = []
        while self._at < len(self._tokens):
            kind, said = self._next()
            if kind == "newline" or said in ("?", "!"):
                continue
            if said == "%import":
                rules |= self._imported()
            elif said == "%ignore":
                name = f"_IGNORED_{len(ignored)}"
                part = self._choice()
                rules[name] = rules.get(part.said, part) if part.kind == "name" else part
                if rules[name].kind == "pattern" and re.fullmatch(r"\[?[ \\tnrsf]+\]?[*+]?", rules[name].said):
                    rules[name] = Part("pattern", " ")
                ignored.append(name)
            elif kind == "name":
                if self._peek() == ".":
                    self._at += 2
                self._expect(":")
                rules[said] = self._choice()
            else:
                raise GrammarError(f"'{said}' is not understood")
        return rules, ignored

    def _imported(self) -> dict[str, Part]:
        names = []
        if self._next()[1] != "common":
            raise GrammarError("only `common` can be imported")
        if self._peek() == ".":
            self._at += 1
        if self._peek() == "(":
            self._at += 1
            while self._peek() not in (")", None):
                kind, name = self._next()
                if kind == "name":
                    names.append((name, name))
            self._at += 1
        else:
            name = self._next()[1]
            called = name
            if self._peek() == "->":
                self._at += 1
                called = self._next()[1]
            names.append((called, name))
        for _, name in names:
            if name not in COMMON:
                raise GrammarError(f"`common` has no '{name}' here")
        return {called: Part("pattern", COMMON[name]) for called, name in names}

    def _choice(self, depth: int = 0) -> Part:
        if depth > 100:
            raise GrammarError("groups are nested too deep")
        choices = [self._sequence(depth)]
        while self._peek() == "|":
            self._at += 1
            choices.append(self._sequence(depth))
        return choices[0] if len(choices) == 1 else Part("choice", parts=tuple(choices))

    def _sequence(self, depth: int) -> Part:
        parts = []
        while self._peek() not in (None, "|", ")", "]", "\n"):
            if self._peek() == "->":  # an alias names a branch of the parse tree, which is not built here
                self._at += 2
                continue
            parts.append(self._repeated(depth))
        return parts[0] if len(parts) == 1 else Part("sequence", parts=tuple(parts))

    def _repeated(self, depth: int) -> Part:
        part = self._atom(depth)
        while (mark := self._peek()) in ("?", "*", "+", "~"):
            self._at += 1
            least, most = {"?": (0, 1), "*": (0, MOST_REPEATED), "+": (1, MOST_REPEATED)}.get(mark or "", (0, 0))
            if mark == "~":
                least = most = self._number()
                if self._peek() == "..":
                    self._at += 1
                    most = self._number()
                if not 0 <= least <= most <= MOST_REPEATED:
                    raise GrammarError(f"'~{least}..{most}' is not from 0 to {MOST_REPEATED}")
            part = Part("repeated", parts=(part,), least=least, most=most)
        return part

    def _atom(self, depth: int) -> Part:
        kind, said = self._next()
        if said in ("(", "["):
            part = self._choice(depth + 1)
            self._expect(")" if said == "(" else "]")
            return part if said == "(" else Part("repeated", parts=(part,), least=0, most=1)
        if kind == "string":
            text = _unquoted(said)
            if self._peek() == "..":
                self._at += 1
                last = _unquoted(self._next()[1])
                if len(text) != 1 or len(last) != 1 or text > last:
                    raise GrammarError(f"{said}.. is not a range")
                return Part("pattern", f"[{re.escape(text)}-{re.escape(last)}]")
            return Part("text", text)
        if kind == "regex":
            body, _, flags = said[1:].rpartition("/")
            body = body.replace("\\/", "/")
            wanted = "".join(sorted(set(flags) & set("imsx")))
            return Part("pattern", f"(?{wanted}:{body})" if wanted else body)
        if kind == "name":
            return Part("name", said)
        raise GrammarError(f"'{said}' is not understood")

    def _number(self) -> int:
        kind, said = self._next()
        if kind != "number" or len(said) > 6:
            raise GrammarError(f"'{said}' is not a number of repetitions")
        return int(said)

    def _peek(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def _next(self) -> tuple[str, str]:
        spend(0.2)
        if self._at >= len(self._tokens):
            raise GrammarError("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, said: str) -> None:
        found = self._next()[1]
        if found != said:
            raise GrammarError(f"expected '{said}', not '{found}'")


def _tokens(definition: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each token. A line that begins with `|` continues the previous one."""
    at, last = 0, ""
    found: list[tuple[str, str]] = []
    while at < len(definition):
        match = TOKENS.match(definition, at)
        if match is None:
            raise GrammarError(f"'{definition[at : at + 20]}' is not understood")
        at, last = match.end(), str(match.lastgroup)
        if last != "skip":
            found.append((last, "\n" if last == "newline" else match[0]))
    open_groups = 0
    for number, (kind, said) in enumerate(found):
        following = found[number + 1][1] if number + 1 < len(found) else ""
        open_groups += (said in ("(", "[")) - (said in (")", "]"))
        goes_on = following == "|" or open_groups > 0 or (number > 0 and found[number - 1][1] == ":")
        if kind != "newline" or not goes_on:
            yield kind, said


def _unquoted(said: str) -> str:
    """Return the text that a literal means. Its escapes are Python's."""
    body = said.removesuffix("i")[1:-1]
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1]), body)


def _names(part: Part) -> Iterator[str]:
    if part.kind == "name":
        yield part.said
    for one in part.parts:
        yield from _names(one)


def _heights(rules: dict[str, Part]) -> dict[str, float]:
    """Return how many rules deep the shortest text of each rule is, or infinity if it has none."""
    heights = dict.fromkeys(rules, float("inf"))
    changed = True
    while changed:
        changed = False
        for name, part in rules.items():
            spend(0.5)
            found = height(part, heights) + 1
            if found < heights[name]:
                heights[name] = found
                changed = True
    return heights


def height(part: Part, heights: dict[str, float]) -> float:
    """Return how many rules deep the shortest text of a part is."""
    if part.kind == "name":
        return heights[part.said]
    if part.kind == "choice":
        return min(height(one, heights) for one in part.parts)
    if part.kind == "repeated" and part.least == 0:
        return 0
    return max([height(one, heights) for one in part.parts], default=0)
