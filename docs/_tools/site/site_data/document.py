"""What the published files have in common: their first members, and the JSON Schema that is made from their types.

A file is a pydantic dataclass: the docstring below a field is its description in the schema.
"""

from dataclasses import field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from ...data.as_of import as_of
from ...data.json_form import in_form
from ...ledger.claims import OPENAI

PUBLISHED = ConfigDict(
    extra="forbid", use_attribute_docstrings=True, json_schema_serialization_defaults_required=True, frozen=True
)


@dataclass(kw_only=True, config=PUBLISHED)
class Document:
    """What every published file begins with."""

    # Descriptions of inherited fields cannot be docstrings: pydantic reads those of a class, not of its bases.
    version: Annotated[
        Literal[1],
        Field(description="Version of the format. It rises when a member is renamed, removed or changes its meaning."),
    ] = 1
    as_of: Annotated[
        date, Field(description="The day whose package versions, prices and shutdown dates the site has.")
    ] = field(default_factory=as_of)
    openai: Annotated[str, Field(description="The version of the openai package that everything ran with.")] = OPENAI


class _Plain(GenerateJsonSchema):
    """A schema without titles that repeat a member's name, and without the values of this file as defaults."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return no."""
        return False

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """Return the schema of the value."""
        return self.generate_inner(schema["schema"])


def name_of(kind: type[Document]) -> str:
    """Return the name of a file without its ending: that of its class, in lower case."""
    return kind.__name__.lower()


def text(document: Document) -> str:
    """Return a file's text."""
    content = TypeAdapter(type(document)).dump_python(document, mode="json")
    return in_form({"$schema": f"{name_of(type(document))}.schema.json"} | content) + "\n"


def schema(kind: type[Document]) -> dict[str, Any]:
    """Return the JSON Schema of a file."""
    made = TypeAdapter(kind).json_schema(mode="serialization", schema_generator=_Plain)
    made["properties"] = {"$schema": {"const": f"{name_of(kind)}.schema.json"}} | made["properties"]
    made["required"] = ["$schema", *made["required"]]
    return {"$schema": GenerateJsonSchema.schema_dialect} | made
