"""Every internal link and anchor of the built site leads somewhere, those in raw HTML too."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit


class References(HTMLParser):
    """Collects what a page links to, and the anchors it has."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = {""}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            if name in ("id", "name") and value:
                self.anchors.add(value)


def read(path: Path) -> References:
    references = References()
    references.feed(path.read_text("utf-8"))
    return references


def broken_links(site: Path) -> list[str]:
    """Return the links that lead nowhere, each with the page it stands on."""
    pages = {path.relative_to(site).as_posix(): read(path) for path in site.rglob("*.html")}
    folders = {"", *(path.relative_to(site).as_posix() + "/" for path in site.rglob("*") if path.is_dir())}
    broken = []
    for page, references in pages.items():
        for link in references.links:
            target, anchor = urldefrag(urljoin(f"http://site/{page}", link))
            parts = urlsplit(target)
            if parts.scheme not in ("http", "https") or parts.netloc != "site":
                continue
            file = unquote(parts.path).lstrip("/")
            if file in folders:
                file += "index.html"
            if not (site / file).is_file() or (file in pages and unquote(anchor) not in pages[file].anchors):
                broken.append(f"{page}: {link}")
    return broken


def test_no_internal_link_is_broken(site: Path) -> None:
    assert broken_links(site) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "index.html").write_text('<a id="here" href="../missing/">x</a><img src="no.png">')
    (tmp_path / "index.html").write_text(
        '<a href="folder/#here">x</a><a href="folder/#gone">x</a><a href="http://a/">x</a>'
    )
    assert sorted(broken_links(tmp_path)) == [
        "folder/index.html: ../missing/",
        "folder/index.html: no.png",
        "index.html: folder/#gone",
    ]
