"""Tools as a response returns them: with defaults for what the request left out."""

from collections.abc import Mapping
from typing import Any

from ...values.budget import spend
from ...wire.members import Members, lacking, rows

VERSIONS = {"web_search_2025_08_26": "web_search", "web_search_preview_2025_03_11": "web_search_preview"}
"""Types that are versions of another type."""

REDACTED = "<redacted>"
"""What replaces the secrets of an MCP server. Inferred."""


def given_back(wire: Members, tool: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tool as a response returns it. A function without `strict` has become strict."""
    kind = VERSIONS.get(tool["type"], tool["type"])
    known = wire.get(f"response.tools.{kind}")
    if known is None:
        return dict(tool)
    name = f"response.tools.{kind}"
    unasked = lacking(name, "unasked") - tool.keys()
    said = {member: value for member, value in known.items() if member not in unasked}
    given = {row.member for row in rows()[name]}
    said |= {member: value for member, value in tool.items() if member in given and value is not None}
    if tool.get("user_location"):
        said["user_location"] = dict.fromkeys(known["user_location"]) | tool["user_location"]
    if tool["type"] == "mcp":
        if tool.get("headers"):
            said["headers"] = dict.fromkeys(tool["headers"], REDACTED)
        if tool.get("authorization"):
            said["authorization"] = REDACTED
    if tool.get("ranking_options"):
        said["ranking_options"] = known["ranking_options"] | tool["ranking_options"]
    if tool["type"] == "namespace":
        said["tools"] = [given_back(wire, inner) for inner in tool["tools"]]
    elif tool["type"] == "function":
        said["description"] = tool.get("description") or None
        if tool.get("strict") is None:
            said |= {"strict": True, "parameters": strict_form(tool.get("parameters"))}
    return said


def strict_form(schema: Any) -> Any:
    """Return a schema in the form for strict mode: every object closed, with all properties required."""
    if isinstance(schema, list):
        return [strict_form(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    spend(0.25)
    formed = {
        key: value if key in ("const", "default", "enum", "properties") else strict_form(value)
        for key, value in schema.items()
    }
    properties = schema.get("properties")
    if isinstance(properties, dict):
        formed["properties"] = {name: strict_form(inner) for name, inner in properties.items()}
    if schema.get("type") == "object" or isinstance(properties, dict):
        formed |= {"additionalProperties": False, "required": list(properties or ())}
    return formed
