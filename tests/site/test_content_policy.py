"""The built site works under the strict Content-Security-Policy it is published with."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from docs._tools.data.as_of import ROOT
from docs._tools.site.content_policy import HEADERS

LESSON = "/lessons/first-call/"
# One page of each kind, and each widget.
PAGES = [
    "/",
    "/404.html",
    "/about/versions/",
    "/errors/",
    "/errors/codes/",
    "/errors/parameters/",
    "/guides/recover-from-errors/",
    "/labs/retries/",
    "/labs/temperature/",
    LESSON,
    "/lessons/conversation-memory/",
    "/lessons/tools/",
    "/lessons/typed-tools/",
    "/lessons/agent-loop/",
    "/lessons/prompting/",
    "/lessons/workflow-patterns/",
    "/playground/",
    "/reference/making-requests/",
    "/reference/models-and-prices/",
    "/reference/objects/response/",
    "/reference/parameters/",
]
FEWEST_PAGES = 40
REPORT = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`${event.effectiveDirective} blocks ${event.blockedURI} ${event.sample}`), true)"""


class _WithHeaders(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        """Send what a host sends with every file."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def published(site: Path) -> Iterator[str]:
    """The address of the built site as a host sends it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_WithHeaders, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def context(browser: Browser, published: str) -> Iterator[BrowserContext]:
    with browser.new_context(
        base_url=published,
        viewport={"width": 1350, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    ) as context:
        context.add_init_script(REPORT)
        yield context


@pytest.fixture
def problems() -> list[str]:
    """What the browser complained about on the page."""
    return []


@pytest.fixture
def page(context: BrowserContext, problems: list[str]) -> Iterator[Page]:
    """A page that must not break the policy, whatever the test does with it."""
    page = context.new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.evaluate("localStorage.clear()")
    page.close()
    assert problems == []


def test_the_policy_names_no_exception_but_webassembly_in_which_python_runs() -> None:
    assert HEADERS["Content-Security-Policy"] == "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_nothing_of_the_policy(page: Page, path: str) -> None:
    page.goto(path, wait_until="networkidle")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 390, "height": 800})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("h1").first).to_be_attached()


def test_an_inline_script_or_style_would_be_noticed(page: Page, problems: list[str]) -> None:
    page.goto("/")
    page.evaluate("""() => {
        document.body.append(Object.assign(document.createElement("script"), { textContent: "1" }));
        document.body.insertAdjacentHTML("beforeend", '<p style="color: red">');
        new Image().src = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
    }""")
    expect(page.locator("body")).to_be_visible()
    page.wait_for_timeout(200)
    blocked = {problem.split()[0] for problem in problems if " blocks " in problem}
    assert blocked == {"script-src-elem", "style-src-attr", "img-src"}
    problems.clear()


def test_the_search_finds_and_leads_to_a_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox", name="Search").press_sequentially("first call")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("first API call")
    first.click()
    expect(page).to_have_url(re.compile(f"{LESSON}.*"))


def test_the_calculator_counts(page: Page) -> None:
    page.goto("/reference/models-and-prices/")
    page.locator(".cost-calculator textarea").fill("Say this is a test!")
    expect(page.locator(".cost-calculator [role=status]")).to_contain_text("6 tokens in:", timeout=30_000)


def test_the_error_finder_finds(page: Page) -> None:
    page.goto("/errors/")
    page.locator(".error-finder textarea").fill("Unsupported parameter: 'max_tokens' is not supported with this model.")
    expect(page.locator(".error-finder li a").first).to_contain_text("max_tokens")


def test_the_retry_timeline_is_drawn_to_scale(page: Page) -> None:
    page.goto("/guides/recover-from-errors/")
    page.locator(".retry-timeline [name=retries]").select_option("2")
    widths = page.locator(".retry-timeline .track i").evaluate_all("bars => bars.map((bar) => bar.clientWidth)")
    assert max(widths) > 50


def test_the_api_switch_and_the_tabs_are_remembered(page: Page) -> None:
    page.goto(LESSON)
    page.get_by_role("button", name="Chat Completions").click()
    expect(page.locator(".filename", has_text="_chat.py").first).to_be_visible()
    page.reload()
    expect(page.locator(".filename", has_text="_chat.py").first).to_be_visible()


def test_a_key_of_json_says_what_it_means(page: Page) -> None:
    page.goto("/reference/making-requests/")
    page.locator(".nt[role=button]").first.focus()
    expect(page.locator("#field-meaning")).to_be_visible()


def test_code_is_copied(page: Page) -> None:
    page.goto(LESSON)
    block = page.locator(".highlight", has_text="client = OpenAI()").first
    block.hover()
    block.locator(".md-code__button[data-md-type='copy'], .md-clipboard").first.click()
    expect(page.locator(".md-dialog--active")).to_be_visible()
    assert "client = OpenAI()" in page.evaluate("navigator.clipboard.readText()")


def test_the_palette_changes_and_is_remembered(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    page.get_by_title("Switch to light mode").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")


def test_icons_and_drawings_are_seen(page: Page) -> None:
    page.goto(LESSON)
    drawing = page.locator("figure.diagram img.only-light").first
    drawing.scroll_into_view_if_needed()
    drawing.evaluate("(image) => image.decode()")
    assert drawing.evaluate("(image) => image.naturalWidth") > 100
    page.locator(".highlight").first.scroll_into_view_if_needed()
    mask = page.locator(".md-code__button").first.evaluate("(it) => getComputedStyle(it, '::after').maskImage")
    icon = re.fullmatch(r'url\("(.*/icons/\w+\.svg)"\)', mask)
    assert icon, mask
    assert page.request.get(icon[1]).ok


def test_what_only_a_page_opened_from_a_file_needs_is_not_loaded(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/", wait_until="networkidle")
    assert asked
    assert not [url for url in asked if url.endswith("data-icons.css")]


class Inline(HTMLParser):
    """Collects what the policy forbids in a page, one string a kind and element."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        data = names.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in names and not data):
            self.found.append(f"inline <{tag}>")
        for name, value in names.items():
            if name == "style" or name.startswith("on") or value.lstrip().startswith(("javascript:", "data:")):
                self.found.append(f"<{tag} {name}={value[:60]!r}>")


def inline(page: str) -> list[str]:
    """Return what the policy forbids in a page, one string a kind and element."""
    parser = Inline()
    parser.feed(page)
    parser.close()
    return parser.found


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<script>a()</script><style>p {}</style>", ["inline <script>", "inline <style>"]),
        ('<p style="color: red" onclick="a()">', ["<p style='color: red'>", "<p onclick='a()'>"]),
        ('<a href="javascript:a()"><img src="data:,">', ["<a href='javascript:a()'>", "<img src='data:,'>"]),
        ('<script src="a.js"></script><script type="application/json">{}</script><p title="on style">', []),
    ],
)
def test_what_is_inline_is_noticed(page: str, found: list[str]) -> None:
    assert inline(page) == found


def test_no_built_page_has_anything_inline(site: Path) -> None:
    pages = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")}
    assert len(pages) >= FEWEST_PAGES
    found = {path: wrong for path, page in pages.items() if (wrong := sorted(set(inline(page))))}
    assert not found


def test_no_stylesheet_that_pages_load_has_data_in_it(site: Path) -> None:
    styles = {path.name: path.read_text("utf-8") for path in site.rglob("*.css")}
    assert [name for name, text in styles.items() if re.search(r"data:(?!\w*-)", text)] == ["data-icons.css"]


def test_hosts_and_contributors_are_told_the_header(site: Path) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    sent = (site / "_headers").read_text("utf-8")
    for name, value in HEADERS.items():
        assert f"\n{name}: {value}\n" in guide
        assert f"\n  {name}: {value}\n" in sent
