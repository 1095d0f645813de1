"""What `responses.parse()` takes and returns that `responses.create()` does not, from the installed SDK."""

import inspect

from openai.resources.responses import Responses
from openai.types import responses
from pydantic import BaseModel

from ..data.files import DataError
from ..data.generated import generates

TAKEN = {
    "text_format": "The class. The SDK sends its schema, and reads the answer with it.",
    "parse_as": "A class to read the answer with instead, or `None` to read nothing. It is not sent.",
    "verbosity": 'Not documented in the SDK. The documented place is `text={"verbosity": ...}`.',
}

RETURNED: dict[tuple[type[BaseModel], type[BaseModel]], dict[str, str]] = {
    (responses.ParsedResponse, responses.Response): {
        "output_parsed": "The first object that was read, or `None`.",
    },
    (responses.ParsedResponseOutputText, responses.ResponseOutputText): {
        "parsed": "The object that was read from this text.",
    },
    (responses.ParsedResponseFunctionToolCall, responses.ResponseFunctionToolCall): {
        "parsed_arguments": (
            "The arguments of a call: an object if the tool was made by "
            "`openai.pydantic_responses_function_tool()` or `openai.pydantic_function_tool()`, "
            "a dictionary if another tool has `strict: true`, otherwise `None`."
        ),
    },
}


def members(kind: type[BaseModel]) -> set[str]:
    """Return the fields and the properties of a class of the SDK."""
    return {*kind.model_fields} | {
        name for name, _ in inspect.getmembers(kind, lambda member: isinstance(member, property)) if name[0] != "_"
    }


@generates("docs/includes/generated/parsed-objects.md")
def listing() -> str:
    """Return the list of parameters and members.

    Raises:
        DataError: the SDK has others than the ones that are explained here.
    """
    taken = set(inspect.signature(Responses.parse).parameters) - set(inspect.signature(Responses.create).parameters)
    found: list[tuple[str, set[str], dict[str, str]]] = [("parameter", taken, TAKEN)]
    found += [
        (f"in `{kind.__name__}`", members(kind) - members(base), explained)
        for (kind, base), explained in RETURNED.items()
    ]
    entries = []
    for where, names, explained in found:
        if names != explained.keys():
            raise DataError(f"docs/_tools/tables/parsed_objects.py: {where}: {sorted(names ^ explained.keys())}")
        entries += [f"`{name}` <small>{where}</small>\n:   {text}\n" for name, text in explained.items()]
    return "\n".join(["", *entries])
