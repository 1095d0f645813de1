"""`file_search`: finds parts of the files in vector stores, and cites them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...model.tools import content_words
from ...validation.bounds import check_bounds
from ...values.budget import spend
from ...wire.errors import error
from ..shared.state import State
from ..shared.store import VectorStore
from ..shared.vector_store import FOR_A_SEARCH, Found, check_alive, look, search
from .step import Asked, Citation, Step

RESULTS = "file_search_call.results"
MOST_RESULTS = 20
"""The default number of results."""

LONGEST_QUERY = 200
MOST_CITED = 2
NEAR = 0.2
"""The score from which the model searches without being told to."""

WORDS = content_words("search find look file document knowledge docs manual handbook source cite according")
SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


def check(state: State, tool: Mapping[str, Any], place: str) -> None:
    """Raise for a search in a store that does not exist or has expired, or for too many results."""
    check_bounds(tool.get("max_num_results"), "max_num_results", f"{place}.max_num_results")
    for store in _stores(state, tool):
        check_alive(state, store)


def run(asked: Asked) -> list[Step]:
    """Search for the user's text; do nothing if no file is close to it and nobody asked for a search."""
    tool, state = asked.tool, asked.state
    stores = _stores(state, tool)
    for store in stores:
        look(store, kept_back=FOR_A_SEARCH)
    query = " ".join(asked.text.split())[:LONGEST_QUERY]
    threshold = (tool.get("ranking_options") or {}).get("score_threshold") or 0.0
    most = tool.get("max_num_results") or MOST_RESULTS
    found = search(stores, [query], tool.get("filters"), most, threshold)
    wanted = asked.forced or not WORDS.isdisjoint(content_words(query))
    if not wanted and not (found and found[0].score >= NEAR):
        return []
    for store in stores:
        store.last_active_at = int(state.now())
    item = {**asked.wire["response.output.file_search_call"], "id": state.ids.hex("fs"), "queries": [query]}
    if RESULTS in asked.included:
        item["results"] = [
            {
                "attributes": one.file.attributes,
                "file_id": one.file.id,
                "filename": one.file.filename,
                "score": one.score,
                "text": one.text,
                "vector_store_id": one.store.id,
            }
            for one in found
        ]
    said, citations = [], []
    for one in _best(found):
        told = _telling(one.text, query)
        said.append(told)
        annotation = {"type": "file_citation", "file_id": one.file.id, "filename": one.file.filename}
        citations.append(Citation(told, annotation))
    text = "\n\n".join(said) or "The simulated search found nothing in the files."
    return [Step(item, text, citations)]


def _stores(state: State, tool: Mapping[str, Any]) -> list[VectorStore]:
    stores = []
    for id in dict.fromkeys(tool["vector_store_ids"]):
        store = state.store.vector_stores.get(id)
        if store is None:
            raise error("vector_store_not_found.responses", id=id)
        stores.append(store)
    return stores


def _best(found: Sequence[Found]) -> list[Found]:
    """Return the closest chunks, one from each file."""
    first = {one.file.id: one for one in reversed(found)}
    near = sorted(first.values(), key=lambda one: -one.score)
    return [one for one in near if one.score >= near[0].score / 2][:MOST_CITED]


def _telling(text: str, query: str) -> str:
    """Return the first sentence of a text that shares the most words with a query."""
    spend(len(text) / 20)
    said = content_words(query)
    sentences = [sentence for sentence in map(str.strip, SENTENCE.findall(text)) if sentence]
    return max(sentences, key=lambda sentence: len(said & content_words(sentence)), default=text.strip())
