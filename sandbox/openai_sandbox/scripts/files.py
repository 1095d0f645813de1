"""Scripts as JSON files, for programs in any language. Their schema is `script.schema.json`, next to this module.

{"rules": [{"when": {"words": "weather in Paris"},
            "answers": [{"call": {"name": "get_weather", "arguments": {"city": "Paris"}}}],
            "then": [[{"say": "22 degrees and sunny."}]]}]}
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..faults import DirectiveError
from .conditions import ConditionOptions
from .rules import Rule, Script

Say = Callable[[Rule, Any], object]

CONDITIONS = {"words": str, **{name: str for name in ConditionOptions.__annotations__ if name != "where"}, "turn": int}
KINDS: dict[str, Say] = {
    "say": lambda rule, said: rule.say(_text(said, "say")),
    "say_json": lambda rule, said: rule.say_json(said),
    "refuse": lambda rule, said: rule.refuse() if said is True else rule.refuse(_text(said, "refuse")),
    "stream": lambda rule, said: rule.stream(_texts(said.get("pieces")), said.get("delay")),
    "call": lambda rule, said: _call(rule.call, said),
    "calls": lambda rule, said: [_call(rule.also_call if n else rule.call, one) for n, one in enumerate(said)],
    "fail": lambda rule, said: rule.fail(**_fault(said)),
}
"""The kinds of answers, and how each is added to a rule. An answer has exactly one kind."""


class ScriptFileError(DirectiveError):
    """A file that is not a script. The message says where the problem is and how to fix it."""


def load(path: Path, script: Script) -> None:
    """Replace a script's rules with those in a file.

    Raises:
        ScriptFileError: the file cannot be read, or is not a script.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise ScriptFileError(f"{path}: cannot be read: {problem.strerror}") from None
    except ValueError as problem:
        raise ScriptFileError(f"{path}: not JSON: {problem}") from None
    if not isinstance(found, dict) or not isinstance(found.get("rules"), list):
        raise ScriptFileError(f'{path}: not a script: expected an object with a list of "rules"')
    _only(found, {"rules", "strict", "$schema"}, str(path))
    fresh = Script()
    for number, rule in enumerate(found["rules"], 1):
        place = f"{path}: rule {number}"
        try:
            _add(fresh, rule, place)
        except ScriptFileError:
            raise
        except (AttributeError, DirectiveError, KeyError, TypeError, ValueError) as problem:
            said = f"'{problem.args[0]}' is missing" if isinstance(problem, KeyError) else problem
            raise ScriptFileError(f"{place}: {said}") from None
    script.replace(fresh.rules, bool(found.get("strict", script.strict)))


class Watched:
    """A script file that is read again when it changes. If it cannot be read, the rules stay as they are.

    Args:
        path: the file.
        script: where its rules go.

    Raises:
        ScriptFileError: the file cannot be read, or is not a script.
    """

    def __init__(self, path: Path, script: Script) -> None:
        self._path, self._script = path, script
        self._seen = self._stamp()
        load(path, script)

    def refresh(self) -> str | None:
        """Read the file again if it has changed. Returns what is wrong with it, if anything."""
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        self._seen = stamp
        try:
            load(self._path, self._script)
        except ScriptFileError as problem:
            return str(problem)
        return None

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def _add(script: Script, given: Any, place: str) -> None:
    if not isinstance(given, dict):
        raise ScriptFileError(f"{place}: expected an object")
    _only(given, {"when", "answers", "then"}, place)
    when = given.get("when", {})
    if not isinstance(when, dict):
        raise ScriptFileError(f"{place}: when: expected an object")
    _only(when, set(CONDITIONS), f"{place}: when")
    for name, value in when.items():
        if not isinstance(value, CONDITIONS[name]) or isinstance(value, bool):
            kind = "a number" if CONDITIONS[name] is int else "a text"
            raise ScriptFileError(f"{place}: when: {name} has to be {kind}")
    rule = script.when(**when)
    rounds = [given["answers"], *given.get("then", [])]
    for number, answers in enumerate(rounds):
        here = f"{place}: answers" if number == 0 else f"{place}: then[{number - 1}]"
        if not isinstance(answers, list) or not answers:
            raise ScriptFileError(f"{here}: expected a list with at least one answer")
        if number:
            rule.then()
        for index, answer in enumerate(answers):
            try:
                _answer(rule, answer, f"{here}[{index}]")
            except ScriptFileError:
                raise
            except (AttributeError, DirectiveError, KeyError, TypeError, ValueError) as problem:
                said = f"'{problem.args[0]}' is missing" if isinstance(problem, KeyError) else problem
                raise ScriptFileError(f"{here}[{index}]: {said}") from None


def _answer(rule: Rule, answer: Any, place: str) -> None:
    if not isinstance(answer, dict):
        raise ScriptFileError(f"{place}: expected an object")
    _only(answer, {*KINDS, "use", "usage", "checked"}, place)
    kinds = [kind for kind in KINDS if kind in answer]
    if len(kinds) > 1 or not (kinds or "use" in answer):
        raise ScriptFileError(f"{place}: expected an answer: one of {', '.join(KINDS)}")
    for used in answer.get("use", []):
        rule.use(used["tool"], **{name: value for name, value in used.items() if name != "tool"})
    for kind in kinds:
        KINDS[kind](rule, answer[kind])
    if "usage" in answer:
        rule.usage(**answer["usage"])
    if answer.get("checked") is False:
        rule.unchecked()


def _call(call: Callable[..., Rule], said: Any) -> Rule:
    if not isinstance(said, dict):
        raise ValueError("call: expected an object with a name")
    if unknown := said.keys() - {"name", "arguments"}:
        raise ValueError(f"call: unknown '{min(unknown)}': use arguments, name")
    arguments = said.get("arguments", {})
    if not isinstance(arguments, str | dict):
        raise ValueError("call: arguments have to be an object, or text for a custom tool")
    return call(_text(said["name"], "name"), arguments)


def _fault(said: Any) -> dict[str, Any]:
    return {"fault": said} if isinstance(said, str) else {**said, "fault": _text(said["fault"], "fault")}


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected text")
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(piece, str) for piece in value):
        raise ValueError("pieces: expected a list of texts")
    return value


def _only(given: Mapping[str, Any], known: set[str], place: str) -> None:
    for name in given:
        if name not in known:
            raise ScriptFileError(f"{place}: unknown '{name}': use {', '.join(sorted(known))}")
