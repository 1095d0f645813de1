"""Finds which alternatives of a union an object is meant to be, by its `type`, its `role` or its keys."""

from collections.abc import Mapping, Sequence

from ..wire.errors import error
from .types import JSON, TAGS, Branch, Case
from .wording import kind, listing

_ABSENT = object()
_MOST_MEANINGS = 100


def discriminate(value: Mapping[str, JSON], case: Case, path: str) -> Sequence[Branch]:
    """Return the object types whose `type` and `role` allow this object.

    Raises:
        APIError: `type` or `role` has a value that no alternative has, or is missing although all require it.
    """
    if len(case.objects) < 2:
        return case.objects
    tag = (value.get("type", _ABSENT), value.get("role", _ABSENT))
    try:
        known = case.meanings.get(tag)
    except TypeError:  # an array or an object, which no alternative is distinguished by
        return _meant(value, case, path)[0]
    if known is None:
        known, always = _meant(value, case, path)
        if always and len(case.meanings) < _MOST_MEANINGS:
            case.meanings[tag] = known
    return known


def _meant(value: Mapping[str, JSON], case: Case, path: str) -> tuple[Sequence[Branch], bool]:
    """Return the object types that are meant, and whether that is true for all objects with this `type` and `role`."""
    candidates: Sequence[Branch] = case.objects
    always = True
    for name in TAGS:
        if len(candidates) < 2:
            break
        tags = [branch.tags[name] for branch in candidates]
        if not any(tags):
            continue
        if name not in value:
            # An alternative not distinguished by these is only meant by an object that has its keys and no others.
            always = always and all(tags)
            allowed = [
                b
                for b, tag in zip(candidates, tags, strict=True)
                if (name not in b.required if tag else _has_keys_of(value, b))
            ]
        elif isinstance(value[name], str) or case.union.get("x-whole"):
            allowed = [b for b, tag in zip(candidates, tags, strict=True) if _allows(b, tag, name, value[name])]
        else:
            raise error("invalid_type", param=f"{path}.{name}", expected="a string", got=kind(value[name]))
        candidates = allowed or _otherwise(value, case, name, tags, path)
    return candidates, always


def _allows(branch: Branch, tag: Sequence[JSON], name: str, value: JSON) -> bool:
    return name in (branch.properties or {}) and (not tag or value in tag)


def _has_keys_of(value: Mapping[str, JSON], branch: Branch) -> bool:
    return branch.required <= value.keys() <= (branch.properties or {}).keys()


def _otherwise(
    value: Mapping[str, JSON], case: Case, name: str, tags: Sequence[Sequence[JSON]], path: str
) -> Sequence[Branch]:
    """Return what an object is read as if its tag belongs to no alternative.

    Raises:
        APIError: there is no such reading.
    """
    union, given = case.union, value.get(name)
    supported: Sequence[JSON] = list(dict.fromkeys(option for tag in tags for option in tag))
    place = path if union.get("x-whole") else f"{path}.{name}"
    if name == "type":
        if "x-otherwise" in union:
            return [branch for branch in case.objects if union["x-otherwise"] in branch.tags[name]]
        supported, here = union.get("x-types", supported), union.get("x-here", ())
        if given in here:
            raise error("sandbox_unsupported", param=f"{path}.type")
        if here and given in supported:
            place, supported = path, here
    if name not in value and not union.get("x-whole"):
        raise error("missing_required_parameter", param=place)
    shown = given if isinstance(given, str) else ""
    raise error("invalid_value", param=place, value=shown, supported=listing(supported))
