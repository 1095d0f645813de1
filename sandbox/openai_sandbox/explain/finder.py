"""Which problems fit a text, and how sure that is: the same rules as in the site's `docs/assets/js/error-finder.js`.

Words count by how rare they are among the problems: "error" says little, "max_tokens" a lot. What is in the lines that
name an exception counts more than the frames above them. Text that was wrapped is read joined as well.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex

from .catalog import Problem, signs

LONGEST = 100_000
"""How many characters of a text are read: its beginning and its end, where tracebacks say what happened."""

QUOTES = str.maketrans({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
WRAPPED = re.compile(r"(?<=\S\S)\n[ \t│|>]*(?=\S)")
LEAST = 8
UNKNOWN = 2
S = r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
"""What JavaScript takes for white space. `re.ASCII` makes the rest of a pattern mean what it means there."""

COLOR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
CHAINED = re.compile(
    r"^.*(?:During handling of the above exception|The above exception was the direct cause).*$", re.MULTILINE
)
# A frame, and where it is one of a library the line of code below it: their words are not about the problem.
FRAME = re.compile(
    r"^[^\S\n]*File \"[^\"\n]*(?:(?:site|dist)-packages|lib/python)[^\n]*\n(?:(?![^\S\n]*File \")[^\S\n]{2,}[^\n]*\n)*"
    r"|^[^\S\n]*File \"[^\n]*$",
    re.MULTILINE,
)
EXCEPTION = re.compile(
    rf"(?:^|{S}|[\"'(])(?:[\w]+\.)*[A-Z]\w*(?:Error|Exception|Warning|Removed\w*)\b"
    r"|\"(?:message|code|type)\"|'(?:message|code|type)'",
    re.ASCII,
)
WORD = regex.compile(r"[\p{L}_][\p{L}0-9_]*|[0-9]{3,}")
SILENT = frozenset(signs()["silent"].split())
SERVERS = [(re.compile(sign, re.ASCII | re.IGNORECASE), name) for sign, name in signs()["servers"]]
PASSED_THROUGH = frozenset(signs()["passed_through"].split())
CLASS = re.compile(
    rf"(?:^|(?<={S})|(?<=[\"'(|]))((?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning))\b(?=[:\"',)(]|{S}|$)",
    re.ASCII | re.MULTILINE,
)
STATUS = re.compile(
    r"Error code: (\d{3})|status(?:[_ ]?code)?[\"']?[ :=]+(\d{3})|HTTP/\d(?:\.\d)?\"? (\d{3})"
    r"|\b([45]\d\d) (?:Bad|Unauth|Forbidden|Not Found|Too Many|Internal|Service|Client|Server)",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text, and the pairs of neighbors. The order is that of the text."""

    words: Mapping[str, None]
    pairs: Mapping[str, None]


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts that must all be there: as they are shown, how long they are together, and their patterns."""

    shown: str
    length: int
    parts: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A problem that fits a text. `sure` is the wording that only this problem has; None: it is only possible.

    `why` says what the text and the problem have in common.
    """

    problem: Problem
    sure: str | None
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a text says about itself, whether or not a problem fits it."""

    exception: str | None
    status: int | None
    server: str | None
    library: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The problems that fit a text, best first, and what it says about itself."""

    matches: tuple[Match, ...]
    recognized: Recognized

    @property
    def sure(self) -> bool:
        """Tell whether the first match is sure: its message agrees."""
        return bool(self.matches and self.matches[0].sure)


@dataclass(frozen=True, slots=True)
class _Entry:
    problem: Problem
    wordings: tuple[Wording, ...]
    messages: tuple[Bag, ...]
    words: Mapping[str, None]
    signs: tuple[str, ...]


class Finder:
    """Finds which of the problems it is given fit a text."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        count: dict[str, int] = {}
        self._entries: list[_Entry] = []
        for problem in problems:
            entry = _entry(problem)
            self._entries.append(entry)
            parts = (word for message in entry.messages for word in (*message.words, *message.pairs))
            for word in {*_signs(problem), *entry.words, *parts}:
                count[word] = count.get(word, 0) + 1
        self._rarity = {word: math.log(1 + len(self._entries) / times) for word, times in count.items()}

    def explain(self, text: str) -> Explanation:
        """Return which problems fit a text. Of a very long text, its beginning and its end are read."""
        read = readable(text)
        return Explanation(tuple(self._find(read)), recognize(read))

    def _find(self, pasted: str) -> list[Match]:
        text = _clean(pasted)
        whole = _bag(f"{text}\n{_joined(text)}")
        said = _exceptions(text)
        focus = _bag(f"{said}\n{_joined(said)}") if said else whole
        line = f"{_flat(text)} {_flat(_joined(text))}"
        found: list[tuple[int, Match]] = []
        for entry in self._entries:
            agreed = next((each for each in entry.wordings if all(part.search(line) for part in each.parts)), None)
            score, why = self._score(entry, focus, whole)
            if agreed or score >= LEAST:
                match = Match(entry.problem, agreed.shown if agreed else None, score, why)
                found.append((agreed.length if agreed else 0, match))
        found.sort(key=lambda each: (-each[0], -each[1].score))
        return [match for _, match in found]

    def _score(self, entry: _Entry, focus: Bag, whole: Bag) -> tuple[float, tuple[str, ...]]:
        """Return how well a problem fits, and why, by what its messages and signs share with the text."""
        problem = entry.problem
        best, alike = 0.0, ""
        for message, shown in zip(entry.messages, problem["messages"], strict=True):
            near, near_weight = self._overlap(message.words, focus.words)
            far, far_weight = self._overlap(message.words, whole.words)
            pairs, pairs_weight = self._overlap(message.pairs, whole.pairs)
            value = near * near_weight + 0.5 * far * far_weight + pairs * pairs_weight
            if value > best:
                best = value
                alike = f"the words of “{shown[:120]}”" if pairs > 0.5 else alike
        score, why = best, [alike] if alike else []
        raised = _short(problem["exception"])
        for sign in entry.signs:
            if sign not in focus.words:
                continue
            score += self._rarity.get(sign, 0) * (2 if sign == (problem["code"] or "").lower() else 1)
            # A class of the SDK alone is reason enough to name the problem. A TypeError is not.
            if sign == raised and (problem["exception"] or "").startswith("openai."):
                score += LEAST / 2
            why.append(f"the exception {problem['exception']}" if sign == raised else sign)
        if problem["status"] and str(problem["status"]) in focus.words:
            score += 0.5
        return score + self._about(entry.words, whole.words), tuple(why)

    def _overlap(self, wanted: Iterable[str], there: Mapping[str, None]) -> tuple[float, float]:
        """Return how much of what is wanted is there, as a share and as what that is worth."""
        whole = weight = 0.0
        for word in wanted:
            worth = self._rarity.get(word, 0)
            whole += worth
            if word in there:
                weight += worth
        return (weight / whole if whole else 0, weight)

    def _about(self, words: Mapping[str, None], asked: Iterable[str]) -> float:
        """Return what a text says about a problem in its own words.

        That is much where most of a short question is about it, and little where a long log mentions it. A word that no
        problem knows counts as one that speaks against all.
        """
        whole = weight = 0.0
        for word in asked:
            worth = self._rarity.get(word, UNKNOWN)
            whole += worth
            if word in words:
                weight += worth
        return 1.5 * weight * weight / whole if whole else 0


def readable(text: str) -> str:
    """Return what is read of a text."""
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}\n\n{text[-half:]}"


def recognize(text: str) -> Recognized:
    """Return what a text says about itself: the exception, the HTTP status, the server, and the library that raised."""
    plain = COLOR.sub("", text)
    classes = [found[1] for found in CLASS.finditer(plain)]
    status = STATUS.search(plain)
    frames = re.findall(r"(?:site|dist)-packages[\\/](\w+)", plain, re.ASCII)
    named = [first for name in classes if re.match(r"[a-z]", first := name.split(".")[0])]
    dotted = [name for name in classes if "." in name]
    return Recognized(
        exception=dotted[-1] if dotted else classes[-1] if classes else None,
        status=int(next(filter(None, status.groups()))) if status else None,
        server=next((name for sign, name in SERVERS if sign.search(plain)), None),
        library=next((name for name in reversed([*frames, *named]) if name not in PASSED_THROUGH), None),
    )


def _entry(problem: Problem) -> _Entry:
    told = (problem["title"], problem["symptom"], problem["cause"], problem["fix"], " ".join(problem["messages"]))
    wordings = sorted(map(_wording, problem["recognized_by"]), key=lambda each: -each.length)
    messages = tuple(_bag(_clean(message)) for message in problem["messages"])
    return _Entry(problem, tuple(wordings), messages, _bag(" ".join(told)).words, tuple(filter(None, _signs(problem))))


def _signs(problem: Problem) -> tuple[str, str, str]:
    return (problem["code"] or "").lower(), _short(problem["exception"]), _short(problem["raised_from"])


def _short(name: str | None) -> str:
    """Return a class's name as words are counted: `openai.BadRequestError` is `badrequesterror`."""
    return _stem((name or "").rpartition(".")[2].lower())


def _clean(text: str) -> str:
    for noise in (COLOR, CHAINED, FRAME):
        text = noise.sub("", text)
    return re.sub(r"\r\n?", "\n", text).translate(QUOTES)


def _bag(text: str) -> Bag:
    """Return the words of a text in lower case. A name such as max_tokens is one word and also its parts."""
    words: dict[str, None] = {}
    pairs: dict[str, None] = {}
    before = ""
    for found in WORD.findall(text.lower()):
        word = _stem(found.strip("_"))
        if not word or word in SILENT:
            continue
        words[word] = None
        if "_" in word:
            words.update(dict.fromkeys(part for part in word.split("_") if part and part not in SILENT))
        if before:
            pairs[f"{before} {word}"] = None
        before = word
    return Bag(words, pairs)


def _stem(word: str) -> str:
    """Count "retries", "retried" and "retrying" as one word. Names of exceptions stay as they are."""
    if re.fullmatch(r"[a-z]{5,}", word) and not word.endswith("error"):
        return re.sub(r"(?:ies|ied|y|ing|ed|es|s|e)$", "", word)
    return word


def _joined(text: str) -> str:
    """Return a text as it was before a terminal wrapped it in the middle of words."""
    return WRAPPED.sub("", text)


def _exceptions(text: str) -> str:
    """Return the lines that name an exception, and what follows each up to the next empty line or frame."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        if re.match(rf"{S}*(?:File \"|Traceback|$)", line):
            inside = False
        if EXCEPTION.search(line) and not re.match(rf"{S}*(?:raise|except|import|from)\b", line):
            inside = True
        if inside:
            kept.append(line)
    return "\n".join(kept)


def _flat(text: str) -> str:
    """Return a text as wordings are compared: on one line, in lower case, with one kind of quotes."""
    text = re.sub(r"\\+(?=[\"'`])", "", text)
    return re.sub(rf"{S}+", " ", re.sub('["\u201c\u201d\u2018\u2019]', "'", text)).lower()


def _wording(texts: Sequence[str]) -> Wording:
    parts = (".{0,80}?".join(re.escape(part) for part in _flat(text).split("*")) for text in texts)
    return Wording("” and “".join(texts), len("".join(texts)), tuple(re.compile(part) for part in parts))
