"""Vector stores: files cut into chunks, and the chunks that are closest to a query.

A file is read when the file, its store or its batch is retrieved, not as time passes: what was `in_progress` is
completed by the next retrieval, as far as one request may do so.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import mul
from sys import getsizeof
from typing import Any, NamedTuple

from ...model import tokens
from ...model.embeddings import embedding_models, floats, vector
from ...validation.bounds import check_bounds
from ...values.budget import STEPS, left, spend
from ...wire.errors import error
from .attribute_filters import fits
from .bounded import AN_ITEM, AN_OBJECT
from .state import State
from .store import Chunk, FileBatch, IndexedFile, StoredFile, VectorStore
from .stored_files import find as find_file

MODEL = "text-embedding-3-small"
"""The model whose vectors replace the API's, because the API does not say which model it uses."""

MOST_CHUNKS = 2_000
"""How many chunks a store keeps for all of its files: about as many as one request can search, with some room."""

CHARACTERS_A_TOKEN = 8
"""How many characters are read for each token of a chunk: almost all texts have more tokens than that."""

BYTES_A_STEP = 5_000
"""How many bytes of a file become text per step of the budget."""

DEFAULT_CHUNKING: dict[str, Any] = {
    "type": "static",
    "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400},
}
CHUNK_SIZES = ("max_chunk_size_tokens", "chunk_overlap_tokens")
STATUSES = ("in_progress", "completed", "failed", "cancelled")

PROGRAMS = frozenset(("c", "cpp", "cs", "go", "java", "js", "php", "py", "rb", "sh", "ts"))
TEXTS = PROGRAMS | {"css", "html", "json", "md", "tex", "txt"}
"""The endings of the files that the sandbox reads."""

SUPPORTED = TEXTS | {"doc", "docx", "pdf", "pptx"}
"""The endings of the files that can be searched: developers.openai.com/api/docs/guides/tools-file-search."""

MOST_BATCHES = 100
"""How many of its newest batches a store remembers."""

FOR_OTHERS = STEPS / 3
"""How much of its budget a retrieval keeps back: reading the largest chunk takes up to a quarter."""

FOR_A_SEARCH = 0.8 * STEPS
"""How much of its budget a search keeps back when it reads files first."""


class Found(NamedTuple):
    """A chunk that a search found: how close it is to the query, from 0 to 1, and its text, file and store."""

    score: float
    text: str
    file: IndexedFile
    store: VectorStore


def find(state: State, id: str) -> VectorStore:
    """Return the vector store with that id.

    Raises:
        APIError: there is none.
    """
    if not id.startswith("vs_"):
        raise error("id_prefix_wrong", param="vector_store_id", value=id, prefix="vs_")
    store = state.store.vector_stores.get(id)
    if store is None:
        raise error("vector_store_not_found", id=id)
    return store


def find_file_in(store: VectorStore, id: str) -> IndexedFile:
    """Return the file with that id in a store.

    Raises:
        APIError: the store does not have it.
    """
    file = store.files.get(id)
    if file is None:
        raise error("vector_store_file_not_found", id=id, store=store.id)
    return file


def has_expired(state: State, store: VectorStore) -> bool:
    """Tell whether a store has expired."""
    return store.expires_at is not None and state.now() >= store.expires_at


def check_alive(state: State, store: VectorStore) -> None:
    """Raise for a store that can still be retrieved but no longer used."""
    if has_expired(state, store):
        raise error("vector_store_expired", id=store.id)


def add(
    state: State,
    store: VectorStore,
    file: StoredFile,
    attributes: Mapping[str, Any] | None,
    chunking: Mapping[str, Any] | None,
) -> IndexedFile:
    """Add a file to a store, to be read at the next retrieval. A file that is already there is replaced."""
    remove(store, file.id)
    ending = file.filename.rpartition(".")[2].lower()
    text = file.content.decode("utf-8", "replace").removeprefix("\ufeff") if ending in TEXTS else None
    added = IndexedFile(file.id, file.filename, int(state.now()), dict(attributes or {}), _chunking(chunking), text)
    store.files[file.id] = added
    store.last_active_at = int(state.now())
    return added


def remove(store: VectorStore, id: str) -> None:
    """Remove a file from a store, if it is there. Batches may still name it, but its memory is released now."""
    removed = store.files.pop(id, None)
    if removed is None:
        return
    if removed.status == "in_progress":
        removed.status = "cancelled"
    removed.text, removed.chunks = "", []


def remember(store: VectorStore, batch: FileBatch) -> None:
    """Keep a batch of a store, and forget its oldest ones."""
    store.batches[batch.id] = batch
    while len(store.batches) > MOST_BATCHES:
        del store.batches[next(iter(store.batches))]
    weigh(store)


def check_addable(state: State, ids: Sequence[str], param: str, store: VectorStore | None = None) -> list[StoredFile]:
    """Return the files with those ids. `store` is the store they are to be added to, if it already exists.

    Raises:
        APIError: a file does not exist or is not of a kind that can be searched, or the store is full.
    """
    files = [find_file(state, id) for id in ids]
    spend(sum([len(file.content) for file in files]) / BYTES_A_STEP)
    added = sum([len(file.content) for file in {file.id: file for file in files}.values()])
    if store and store.charge.size + added > state.store.vector_stores.most_bytes:
        raise error("sandbox_over_budget", param=param)
    endings = {f".{file.filename.rpartition('.')[2].lower()}" if "." in file.filename else "none" for file in files}
    wrong = sorted(ending for ending in endings if ending.lstrip(".") not in SUPPORTED)
    if wrong:
        raise error("retrieval_unsupported_file", param=param, endings=", ".join(wrong))
    return files


def check_chunking(chunking: Mapping[str, Any] | None, param: str) -> None:
    """Raise for chunk sizes that the API does not support, or that overlap by more than half."""
    if chunking and chunking["type"] == "static":
        for name, value in chunking["static"].items():
            check_bounds(value, name, f"{param}.static.{name}")
        size, overlap = (chunking["static"][name] for name in CHUNK_SIZES)
        if overlap > size // 2:
            raise error("chunk_overlap_too_large", param=f"{param}.static.chunk_overlap_tokens", maximum=size // 2)


def look(store: VectorStore, files: Sequence[IndexedFile] | None = None, kept_back: float = FOR_OTHERS) -> None:
    """Read files that are in progress, or all of a store's if none are named, as far as one request may.

    `kept_back` is the number of steps in its budget for other work.
    """
    spend(len(store.files) / 20)
    if files is None:
        files = [*store.files.values()]
    waiting = [file for file in files if file.status == "in_progress"]
    if not waiting:
        return
    kept = sum([len(file.chunks) for file in store.files.values()])
    for file in waiting:
        kept += _read(file, MOST_CHUNKS - kept, kept_back)
        if left() < kept_back:
            break
    weigh(store)


def counts(files: Sequence[IndexedFile]) -> dict[str, int]:
    """Return how many files have each status, and the total."""
    counted = Counter([file.status for file in files])
    return {status: counted[status] for status in sorted(STATUSES)} | {"total": len(files)}


def search(
    stores: Sequence[VectorStore],
    queries: Sequence[str],
    filters: Mapping[str, Any] | None,
    most: int,
    threshold: float = 0.0,
) -> list[Found]:
    """Return the chunks that are closest to any of the queries, closest first.

    Args:
        stores: where to look.
        queries: what to look for.
        filters: what the attributes of a file have to be, in the API's form.
        most: how many chunks to return.
        threshold: the minimum score.
    """
    model = embedding_models()[MODEL]
    asked = [floats(vector(model, query)) for query in queries]
    found: list[Found] = []
    for store in stores:
        for file in store.files.values():
            if file.status != "completed" or not fits(file.attributes, filters):
                continue
            for chunk in file.chunks:
                spend(20 * len(asked))
                here = floats(chunk.vector)
                score = round(max(0.0, *(sum(map(mul, here, one)) for one in asked)), 4)
                if score >= threshold:
                    found.append(Found(min(score, 1.0), chunk.text, file, store))
    return sorted(found, key=lambda one: -one.score)[:most]


def _chunking(asked: Mapping[str, Any] | None) -> dict[str, Any]:
    return DEFAULT_CHUNKING if asked is None or asked["type"] == "auto" else dict(asked)


def _read(file: IndexedFile, most: int, kept_back: float) -> int:
    """Cut a file into chunks, and return how many. If the budget ends, the next retrieval continues."""
    if file.text is None:
        _fail(file, "unsupported_file", "The sandbox reads text only: the real API reads this kind of file, too.")
        return 0
    if "\0" in file.text:
        _fail(file, "invalid_file", "The file could not be parsed: the sandbox found zero bytes in it.")
        return 0
    model, before = embedding_models()[MODEL], len(file.chunks)
    size, overlap = (file.chunking["static"][name] for name in CHUNK_SIZES)
    while file.at < len(file.text):
        if left() < kept_back:
            return len(file.chunks) - before
        if len(file.chunks) - before >= most:
            file.chunks.clear()
            _fail(file, "server_error", f"The sandbox keeps at most {MOST_CHUNKS:,} chunks in a vector store.")
            return -before
        pieces = tokens.pieces(tokens.encode(file.text[file.at : file.at + size * CHARACTERS_A_TOKEN]))[:size]
        text = "".join(pieces)
        spend(150)
        file.chunks.append(Chunk(text, vector(model, text)))
        ends = file.at + len(text) >= len(file.text)
        file.at = len(file.text) if ends else file.at + max(1, len("".join(pieces[: size - overlap])))
    file.status = "completed"
    return len(file.chunks) - before


def _fail(file: IndexedFile, code: str, message: str) -> None:
    file.status, file.text, file.error = "failed", "", {"code": code, "message": message}


def weigh(store: VectorStore) -> None:
    """Update the charge for a store's memory."""
    size = AN_OBJECT + len(store.name or "") + len(store.description or "")
    size += AN_ITEM * sum([1 + len(batch.files) for batch in store.batches.values()])
    for file in store.files.values():
        size += AN_ITEM + len(file.filename) + getsizeof(file.text)
        size += sum([len(chunk.text) + len(chunk.vector) for chunk in file.chunks])
    store.charge.change(size)
