"""`web_search` and `web_search_preview`: finds pages among a few authored ones, without any network."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ...model.tools import content_words
from ...wire.errors import error
from ..shared.state import State
from .step import Asked, Citation, Step

SOURCES = "web_search_call.action.sources"
LONGEST_QUERY = 200
MOST_CITED = 2


class Page(NamedTuple):
    """An authored page: what it says, and the words that find it."""

    title: str
    url: str
    text: str
    words: Collection[str]


@cache
def pages() -> list[Page]:
    """Return the pages. The last one is the result if no other is found."""
    listed = json.loads(files(__package__).joinpath("web_pages.json").read_text("utf-8"))
    return [Page(**page | {"words": content_words(" ".join(page["words"]))}) for page in listed]


def check(state: State, tool: Mapping[str, Any], place: str) -> None:
    """Raise for a search that has to return pictures, because there are none."""
    if "image" in (tool.get("search_content_types") or ()):
        raise error("sandbox_unsupported", param=f"{place}.search_content_types")


def run(asked: Asked) -> list[Step]:
    """Search the pages for the user's text, and cite what was found."""
    query = " ".join(asked.text.split())[:LONGEST_QUERY]
    found = [_scripted(page) for page in asked.brought["pages"]] if "pages" in asked.brought else _found(asked)
    action: dict[str, Any] = dict(asked.wire["response.output.web_search_call.action"])
    action["query"] = query
    if "queries" in action:
        action["queries"] = [query]
    if SOURCES in asked.included:
        action["sources"] = [{"type": "url", "url": page.url} for page in found]
    item = {**asked.wire["response.output.web_search_call"], "id": asked.state.ids.hex("ws"), "action": action}
    said, citations = [], []
    for page in found:
        url = f"{page.url}?utm_source=openai"
        link = f"([{urlsplit(page.url).hostname}]({url}))"
        said.append(f"{page.text} {link}")
        citations.append(Citation(link, {"type": "url_citation", "title": page.title, "url": url}))
    text = "\n\n".join(said) or "The simulated search found no page on the domains that are allowed."
    return [Step(item, text, citations)]


def _scripted(page: Mapping[str, Any]) -> Page:
    """Return a page from a script: its `url`, and its `title` and `text` if given."""
    url = str(page["url"])
    return Page(str(page.get("title", url)), url, str(page.get("text", "")), ())


def _found(asked: Asked) -> list[Page]:
    """Return the pages with the most words from the prompt, on domains that are allowed and not blocked."""
    filters = asked.tool.get("filters") or {}
    domains, blocked = filters.get("allowed_domains"), filters.get("blocked_domains") or ()
    allowed = [page for page in pages() if (domains is None or _is_on(page, domains)) and not _is_on(page, blocked)]
    said = content_words(asked.text)
    scored = [(len(said.intersection(page.words)), page) for page in allowed]
    best = max((score for score, _ in scored), default=0)
    return [page for score, page in scored if score == best and best][:MOST_CITED] or allowed[-1:]


def _is_on(page: Page, domains: Sequence[str]) -> bool:
    """Tell whether a page is on one of the domains, or below one."""
    host = urlsplit(page.url).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
