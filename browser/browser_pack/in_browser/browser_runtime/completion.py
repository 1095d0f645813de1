"""Says how a program can go on at the cursor: names after a dot, and the arguments of a call.

Only the program's imports are executed. What its variables hold is worked out from annotations, and a client is made
to look at, which sends nothing.
"""

import ast
import builtins
import functools
import importlib
import inspect
import io
import json
import keyword
import re
import sys
import tokenize
import types
import typing
from collections.abc import Iterable, Iterator
from typing import Any

from openai_sandbox.http.address import API_KEY

MOST = 200
LONGEST_DETAIL = 60
WORD = re.compile(r"[^\W\d]\w*$|$")
TYPE_VARIABLE = re.compile(r"\[\w+T\]")
OPENING, CLOSING = "([{", ")]}"
CLIENT = {"api_key": API_KEY, "base_url": "http://127.0.0.1:8080/v1"}
AZURE = {"api_key": API_KEY, "api_version": "v1", "azure_endpoint": "http://127.0.0.1:8080"}
UNKNOWN = object()
LINES_OF_A_CALL = 25


class Instance:
    """A value of which only the type is known: a class, or what stands in an annotation."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def classes(self) -> list[type]:
        """Return the classes that it may be an instance of."""
        return list(_classes(self.kind))


def complete(before: str, after: str = "") -> str:
    """Return what can come next as JSON: `prefix`, which is typed already, and `options` with name, kind and detail.

    Args:
        before: the program up to the cursor.
        after: the rest of it.
    """
    found = WORD.search(before)
    prefix = found[0] if found else ""
    tokens = _tokens(before[: len(before) - len(prefix)])
    options = list(_options(before, after, prefix, tokens)) if tokens is not None else []
    fitting = [option for option in options if _fits(option["name"], prefix)]
    return json.dumps({"prefix": prefix, "options": fitting[:MOST]})


def _fits(name: str, prefix: str) -> bool:
    wanted = name.lower().startswith(prefix.lower()) and name.rstrip("=") != prefix
    return wanted and (prefix.startswith("_") or not name.startswith("_"))


def _options(before: str, after: str, prefix: str, tokens: list[Any]) -> Iterator[dict[str, str]]:
    if tokens and tokens[-1].string == ".":
        target = _expression(tokens, len(tokens) - 1)
        if target:
            yield from _members(_resolve(target, _names(before, after)))
        return
    if tokens and tokens[-1].string in ("import", "from"):
        return
    opened = _opened(tokens)
    names: dict[str, Any] | None = None
    if opened is not None and tokens[-1].string in ("(", ",") and tokens[opened].string == "(":
        names = _names(before, after)
        callee = _expression(tokens, opened)
        if callee:
            yield from _arguments(_resolve(callee, names), set(_given(tokens, opened)))
    if prefix:
        names = _names(before, after) if names is None else names
        yield from ({"name": name, "kind": "name", "detail": _detail(value)} for name, value in sorted(names.items()))
        words = [*keyword.kwlist, *dir(builtins)]
        yield from ({"name": word, "kind": "name", "detail": ""} for word in words if word not in names)


def _tokens(text: str) -> list[Any] | None:
    """Return the tokens of unfinished code. None if it ends inside a string or a comment."""
    found: list[Any] = []
    try:
        found.extend(tokenize.generate_tokens(io.StringIO(text).readline))  # what comes before an error stays
    except (tokenize.TokenError, SyntaxError) as problem:
        if "EOF in multi-line statement" not in str(problem):
            return None
    end = (text.count("\n") + 1, len(text.rpartition("\n")[2]))
    if any(token.type == tokenize.COMMENT and token.end == end for token in found):
        return None
    if any(token.type == tokenize.ERRORTOKEN and token.string in ("'", '"') for token in found):
        return None  # before Python 3.12, a string without an end is no error
    layout = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT}
    return [token for token in found if token.type not in layout]


def _opened(tokens: list[Any]) -> int | None:
    """Return which token is the innermost bracket that is still open."""
    stack: list[int] = []
    for at, token in enumerate(tokens):
        if token.type == tokenize.OP and token.string in OPENING:
            stack.append(at)
        elif token.type == tokenize.OP and token.string in CLOSING and stack:
            stack.pop()
    return stack[-1] if stack else None


def _given(tokens: list[Any], opened: int) -> Iterator[str]:
    """Yield the names of the arguments that a call has already."""
    depth = 0
    for at in range(opened + 1, len(tokens)):
        text = tokens[at].string
        depth += (text in OPENING) - (text in CLOSING)
        if text == "=" and not depth:
            yield tokens[at - 1].string


def _expression(tokens: list[Any], end: int) -> ast.expr | None:
    """Return the expression before a token: names with dots, calls and subscripts."""
    at = end
    while at > 0:
        text = tokens[at - 1].string
        if tokens[at - 1].type == tokenize.OP and text in CLOSING:
            depth = 0
            while at > 0:
                at -= 1
                depth += (tokens[at].string in CLOSING) - (tokens[at].string in OPENING)
                if not depth:
                    break
            if at and (tokens[at - 1].type == tokenize.NAME or tokens[at - 1].string in CLOSING):
                continue
        elif tokens[at - 1].type in (tokenize.NAME, tokenize.STRING) and not keyword.iskeyword(text):
            at -= 1
        else:
            break
        if not at or tokens[at - 1].string != ".":
            break
        at -= 1
    text = "".join(token.string if token.type != tokenize.NAME else f" {token.string} " for token in tokens[at:end])
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def _tree(before: str, after: str) -> ast.Module:
    """Return as much of the program as can be parsed, without the statement that the cursor is in."""
    lines, rest = before.split("\n"), after.split("\n")[1:]
    current = lines.pop()
    statement = f"{current[: len(current) - len(current.lstrip())]}pass"
    for first in range(len(lines), max(len(lines) - LINES_OF_A_CALL, -1), -1):
        indent = lines[first] if first < len(lines) else current
        statement = f"{indent[: len(indent) - len(indent.lstrip())]}pass"
        for skipped in range(min(len(rest), 12 if first < len(lines) else 1) + 1):
            if tree := _parsed("\n".join([*lines[:first], statement, *rest[skipped:]])):
                return tree
    for first in range(len(lines), 0, -1):
        if tree := _parsed("\n".join([*lines[:first], statement])) or _parsed("\n".join(lines[:first])):
            return tree
    return ast.Module([], [])


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def _names(before: str, after: str) -> dict[str, Any]:
    """Return what the names of a program mean: in functions and outside, all in one."""
    names: dict[str, Any] = {}
    for node in _in_order(_tree(before, after)):
        match node:
            case ast.Import():
                for alias in node.names:
                    module = _imported(alias.name)
                    top = module if alias.asname else _imported(alias.name.partition(".")[0])
                    names[alias.asname or alias.name.partition(".")[0]] = top
            case ast.ImportFrom(module=str(), level=0):
                module = _imported(node.module or "")
                for alias in node.names:
                    names[alias.asname or alias.name] = getattr(module, alias.name, UNKNOWN)
            case ast.Assign(targets=[ast.Name(id=name)]):
                names[name] = _resolve(node.value, names)
            case ast.AnnAssign(target=ast.Name(id=name)):
                names[name] = _annotated(node.annotation, names)
            case ast.For(target=ast.Name(id=name)) | ast.AsyncFor(target=ast.Name(id=name)):
                names[name] = _item(_resolve(node.iter, names))
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    if isinstance(item.optional_vars, ast.Name):
                        names[item.optional_vars.id] = _entered(_resolve(item.context_expr, names))
            case ast.ExceptHandler(name=str(name)) if node.type is not None:
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                classes = [kind for each in kinds if isinstance(kind := _resolve(each, names), type)]
                names[name] = Instance(typing.Union[tuple(classes)]) if classes else UNKNOWN  # noqa: UP007
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names[node.name] = UNKNOWN
                for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                    kind = _annotated(argument.annotation, names) if argument.annotation else UNKNOWN
                    names[argument.arg] = kind
            case ast.ClassDef():
                names[node.name] = UNKNOWN
    return names


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        yield from _in_order(child)


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except Exception:
        return UNKNOWN


def _annotated(node: ast.expr, names: dict[str, Any]) -> Any:
    known = {name: value for name, value in names.items() if value is not UNKNOWN and not isinstance(value, Instance)}
    try:
        kind = eval(compile(ast.Expression(node), "annotation", "eval"), {**vars(builtins), **known})  # noqa: S307
    except Exception:
        return UNKNOWN
    return Instance(kind)


def _resolve(node: ast.expr, names: dict[str, Any]) -> Any:
    """Return what an expression gives: the object itself, an `Instance` of its type, or `UNKNOWN`."""
    match node:
        case ast.Name(id=name):
            return names.get(name, getattr(builtins, name, UNKNOWN))
        case ast.Attribute(value=value, attr=name):
            return _member(_resolve(value, names), name)
        case ast.Await(value=value):
            return _resolve(value, names)
        case ast.Call():
            return _called(node, _resolve(node.func, names))
        case ast.Subscript(value=value):
            return _item(_resolve(value, names))
        case ast.Constant(value=value):
            return Instance(type(value))
        case ast.JoinedStr():
            return Instance(str)
        case ast.List():
            return Instance(list)
        case ast.Dict():
            return Instance(dict)
    return UNKNOWN


def _member(owner: Any, name: str) -> Any:
    if owner is UNKNOWN:
        return UNKNOWN
    if not isinstance(owner, Instance):
        try:
            return getattr(owner, name)
        except Exception:
            return UNKNOWN
    for cls in owner.classes():
        field = getattr(cls, "model_fields", {}).get(name)
        if field is not None:
            return Instance(field.annotation)
        found = inspect.getattr_static(cls, name, UNKNOWN)
        if isinstance(found, property):
            return _returned(found.fget)
        if isinstance(found, functools.cached_property):
            return _returned(found.func)
        if found is not UNKNOWN:
            return getattr(cls, name)
        if (kind := _hints(cls).get(name, UNKNOWN)) is not UNKNOWN:
            return Instance(kind)
    return UNKNOWN


def _hints(cls: type) -> dict[str, Any]:
    """Return the annotations of a class and its bases. Those that cannot be evaluated are `UNKNOWN`."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        known = vars(sys.modules[base.__module__]) if base.__module__ in sys.modules else {}
        for name, kind in inspect.get_annotations(base).items():
            found[name] = _evaluated(kind, known)
    return found


def _evaluated(kind: Any, known: dict[str, Any]) -> Any:
    if not isinstance(kind, str):
        return kind
    for text in (kind, TYPE_VARIABLE.sub("", kind)):  # some of the SDK's annotations cannot be evaluated as they are
        try:
            return eval(text, known)  # noqa: S307 - an annotation of an installed package
        except Exception:  # noqa: S112 - then it is the next one, or unknown
            continue
    return UNKNOWN


def _called(node: ast.Call, called: Any) -> Any:
    if isinstance(called, type):
        return _client(called) or Instance(called)
    if called is UNKNOWN or isinstance(called, Instance):
        return UNKNOWN
    streams = any(
        argument.arg == "stream" and isinstance(argument.value, ast.Constant) and argument.value.value is True
        for argument in node.keywords
    )
    result = _returned(called)
    if isinstance(result, Instance) and _is_union(result.kind):
        kinds = list(typing.get_args(result.kind))
        stream = [kind for kind in kinds if "Stream" in getattr(typing.get_origin(kind) or kind, "__name__", "")]
        others = [kind for kind in kinds if kind not in stream]
        return Instance((stream if streams else others or kinds)[0]) if stream else result
    return result


def _client(cls: type) -> Any:
    if not cls.__module__.startswith("openai") or not cls.__name__.endswith("OpenAI"):
        return None
    try:
        return cls(**(AZURE if "Azure" in cls.__name__ else CLIENT))
    except Exception:
        return None


def _returned(function: Any) -> Any:
    """Return what a function's annotation says that it returns."""
    function = inspect.unwrap(getattr(function, "__func__", function))
    kind = getattr(function, "__annotations__", {}).get("return", UNKNOWN)
    kind = _evaluated(kind, getattr(function, "__globals__", {}))
    return UNKNOWN if kind is UNKNOWN else Instance(kind)


def _is_union(kind: Any) -> bool:
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def _classes(kind: Any) -> Iterator[type]:
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        yield from _classes(typing.get_args(kind)[0])
    elif _is_union(kind):
        for part in typing.get_args(kind):
            yield from (cls for cls in _classes(part) if cls is not type(None))
    elif hasattr(kind, "__value__"):
        yield from _classes(kind.__value__)
    elif origin is typing.Literal:
        yield type(typing.get_args(kind)[0])
    elif isinstance(origin or kind, type):
        yield origin or kind


def _item(value: Any) -> Any:
    """Return what a container holds: of `list[T]`, `Stream[T]` and the like, a T."""
    if not isinstance(value, Instance):
        return UNKNOWN
    kind = value.kind
    if _is_union(kind):
        kind = next((part for part in typing.get_args(kind) if typing.get_args(part)), kind)
    if kind is str:
        return Instance(str)
    if typing.get_origin(kind) is typing.Annotated or _is_union(kind):
        return UNKNOWN
    arguments = [each for each in typing.get_args(kind) if not isinstance(each, typing.TypeVar)]
    if arguments:
        return Instance(arguments[-1])
    for cls in value.classes():
        iterate = getattr(cls, "__iter__", None) or getattr(cls, "__aiter__", None)
        result = _returned(iterate) if iterate else UNKNOWN
        if isinstance(result, Instance) and typing.get_args(result.kind):
            return Instance(typing.get_args(result.kind)[0])
    return UNKNOWN


def _entered(value: Any) -> Any:
    if not isinstance(value, Instance):
        return value
    for cls in value.classes():
        enter = getattr(cls, "__enter__", None) or getattr(cls, "__aenter__", None)
        result = _returned(enter) if enter else UNKNOWN
        if isinstance(result, Instance) and result.classes() and "TypeVar" not in type(result.kind).__name__:
            return result
    return value


def _members(owner: Any) -> Iterable[dict[str, str]]:
    if owner is UNKNOWN:
        return []
    found: dict[str, str] = {}
    fields: set[str] = set()
    for target in owner.classes() if isinstance(owner, Instance) else [owner]:
        kinds = _hints(target) if isinstance(owner, Instance) else {}
        fields |= kinds.keys()
        for name in dict.fromkeys((*kinds, *dir(target))):
            said = _type(kinds[name]) if name in kinds else _detail(_found(target, name))
            found.setdefault(name, said)
    ordered = sorted(found, key=lambda name: (name.startswith(("model_", "_")), name not in fields, name))
    return [{"name": name, "kind": "member", "detail": found[name]} for name in ordered]


def _found(target: Any, name: str) -> Any:
    """Return an attribute as it is written in the class, even if an instance has computed it already."""
    written = inspect.getattr_static(type(target), name, None)
    if isinstance(written, (property, functools.cached_property)):
        return written
    return inspect.getattr_static(target, name, None)


def _arguments(called: Any, given: set[str]) -> Iterator[dict[str, str]]:
    if called is UNKNOWN or isinstance(called, Instance):
        return
    try:
        parameters = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        return
    for parameter in parameters:
        named = parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        if named and parameter.name not in given and not parameter.name.startswith("_"):
            kind = parameter.annotation if parameter.annotation is not parameter.empty else ""
            yield {"name": f"{parameter.name}=", "kind": "argument", "detail": _type(kind)}


def _type(kind: Any) -> str:
    if kind is UNKNOWN:
        return ""
    plain = isinstance(kind, type) and not typing.get_args(kind)
    text = kind if isinstance(kind, str) else kind.__name__ if plain else str(kind)
    text = re.sub(r"\b(?:typing|collections\.abc|openai(?:\.\w+)+)\.", "", text)
    text = re.sub(r"\b\w+_params\.| \| (?:Omit|NotGiven|None)\b", "", text)
    text = re.sub(r"^Optional\[(.*)\]$", r"\1", text)
    return text if len(text) <= LONGEST_DETAIL else f"{text[: LONGEST_DETAIL - 1]}…"


def _detail(value: Any) -> str:
    if value is UNKNOWN or value is None:
        return ""
    if isinstance(value, Instance):
        return _type(value.kind)
    if isinstance(value, types.ModuleType):
        return "module"
    if isinstance(value, type):
        return "class" if not typing.get_args(value) else _type(value)
    if isinstance(value, property):
        return _detail(_returned(value.fget)) if value.fget else ""
    if isinstance(value, functools.cached_property):
        return _type(getattr(value.func, "__annotations__", {}).get("return", ""))
    if typing.get_origin(value):
        return _type(value)
    if callable(value):
        return "function" if inspect.isroutine(value) else ""
    return ""
