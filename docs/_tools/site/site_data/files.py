"""The published files and their schemas, by their path in the site."""

from collections.abc import Iterator, Mapping

from ...data.json_form import in_form
from ..page_markdown import Sources
from .claims import Claims
from .document import Document, name_of, schema, text
from .models import Models
from .prices import Prices
from .problems import Problems
from .snippets import Snippets

FOLDER = "data"
DOCUMENTS: tuple[type[Document], ...] = (Snippets, Problems, Claims, Models, Prices)


def documents(given: Sources) -> Iterator[Document]:
    """Yield what is published."""
    yield Snippets.read(given.docs, given.snippets)
    yield Problems.read()
    yield Claims.read(given.docs, given.ledger, given.proofs)
    yield Models.read()
    yield Prices.read()


def files(given: Sources) -> Mapping[str, str]:
    """Return the text of each published file and of its schema, by its path in the site."""
    texts = {f"{name_of(type(document))}.json": text(document) for document in documents(given)}
    texts |= {f"{name_of(kind)}.schema.json": in_form(schema(kind)) + "\n" for kind in DOCUMENTS}
    return {f"{FOLDER}/{name}": content for name, content in texts.items()}


def listed() -> list[tuple[str, str]]:
    """Return the path of each published file, and what is in it."""
    return [(f"{FOLDER}/{name_of(kind)}.json", (kind.__doc__ or "").strip()) for kind in DOCUMENTS]
