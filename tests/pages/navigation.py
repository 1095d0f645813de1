"""The navigation in mkdocs.yml: every page is in it once, and it leads nowhere else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from docs._tools.ledger.pages import markdown_pages


class _Settings(yaml.SafeLoader):
    """Reads mkdocs.yml without running what its tags name."""


_Settings.add_multi_constructor("", lambda loader, suffix, node: None)


def entries(nav: Any) -> Iterator[str]:
    """Yield the files and addresses that a navigation names, in order."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict | list):
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from entries(part)


def problems(root: Path) -> list[str]:
    """Return what is wrong between the pages and the navigation below `root`, each with its place and remedy."""
    docs = root / "docs"
    # _Settings is a SafeLoader.
    named = list(entries(yaml.load((root / "mkdocs.yml").read_text("utf-8"), _Settings)["nav"]))  # noqa: S506
    pages = [page.relative_to(docs).as_posix() for page in markdown_pages(docs)]
    found = [f"docs/{page}: is not in `nav` of mkdocs.yml: add it" for page in pages if page not in named]
    for name in dict.fromkeys(named):
        if name not in pages and "://" not in name:
            found.append(
                f"mkdocs.yml: `nav` names {name}, but there is no docs/{name}: write it, or take the entry out"
            )
        if named.count(name) > 1:
            found.append(f"mkdocs.yml: `nav` names {name} {named.count(name)} times: once is enough")
    return found
