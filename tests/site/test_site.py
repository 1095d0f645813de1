"""The built site in a real browser."""

import contextlib
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from docs._tools.data.as_of import ROOT, as_of, written_out
from docs._tools.ledger.pages import markdown_pages
from docs._tools.site import run_page

from .axe import violations
from .mkdocs_command import MKDOCS

LESSON = "/lessons/first-call/"
SCHEMES: dict[Literal["light", "dark"], str] = {"light": "default", "dark": "slate"}
PAGES = sorted(
    "/" + re.sub(r"(^|(?<=/))index/$", "", page.relative_to(ROOT / "docs").with_suffix("").as_posix() + "/")
    for page in markdown_pages(ROOT / "docs")
)


def lost(request: Request) -> bool:
    """Tell whether a request failed. One for a picture ends when another width or color needs another picture."""
    return request.failure != "net::ERR_ABORTED" or request.resource_type != "image"


@pytest.fixture
def page(visit: BrowserContext) -> Iterator[Page]:
    """A page in which nothing moves."""
    with visit.new_page() as page:
        page.emulate_media(reduced_motion="reduce")
        yield page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_errors_no_strangers_no_sideways_scrolling_and_is_accessible(
    page: Page, address: str, path: str
) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url}") if lost(request) else None)
    page.on("response", lambda reply: problems.append(f"{reply.status} {reply.url}") if not reply.ok else None)
    page.on("request", lambda request: None if own(request.url, address) else problems.append(request.url))
    page.goto(address + path)
    assert page.locator("h1").count() == 1
    for scheme, palette in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", palette)
        for width in (1350, 412):
            page.set_viewport_size({"width": width, "height": 900})
            # Transitions may stick out for a moment.
            page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width, timeout=5000)
    # In the last of these views, dark and narrow. test_accessibility.py looks at some pages in the others.
    assert problems + violations(page) == []


def own(url: str, address: str) -> bool:
    return url.startswith((address, "data:"))


def test_the_diagram_is_visible_in_the_readers_scheme_only(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + LESSON)
        for scheme, other in (("light", "dark"), ("dark", "light")):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            figures = page.locator("figure.diagram").all()
            assert len(figures) == 2
            for figure in figures:
                shown = figure.locator(f"img.only-{scheme}")
                expect(shown).to_be_visible()
                expect(figure.locator(f"img.only-{other}")).to_be_hidden()
                shown.scroll_into_view_if_needed()
                shown.evaluate("(image) => image.decode()")
                assert shown.evaluate("(image) => image.naturalWidth") > 100
                assert len(shown.get_attribute("alt") or "") > 40


def test_the_palette_follows_the_system_until_the_reader_chooses(browser: Browser, address: str) -> None:
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(address + "/")
        body = page.locator("body")
        expect(body).to_have_attribute("data-md-color-scheme", "slate")
        page.get_by_title("Switch to light mode").click()
        expect(body).to_have_attribute("data-md-color-scheme", "default")
        page.reload()
        expect(body).to_have_attribute("data-md-color-scheme", "default")


def copied(page: Page, title: str) -> str:
    """Press the copy button of the block with that title and return the clipboard."""
    block = page.locator(".highlight", has=page.locator(".filename", has_text=re.compile(rf"^{re.escape(title)}\b")))
    block.hover()
    block.locator(".md-code__button[data-md-type='copy'], .md-clipboard").first.click()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_copied_block_runs_and_prints_what_the_page_shows(browser: Browser, address: str, tmp_path: Path) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(address + LESSON)
        program = tmp_path / "copied.py"
        program.write_text(copied(page, "ask.py"))
        shown = page.locator(".output code").first.inner_text()
    assert program.read_text() == (ROOT / "snippets/lessons/first_call/ask.py").read_text().rstrip("\n")
    done = subprocess.run(
        [sys.executable, "-m", "openai_sandbox.cli", "run", "--seed", "7", str(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == shown.strip()


def test_footnotes_lead_to_their_proof_and_back(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + LESSON)
        notes = page.evaluate(
            """[...document.querySelectorAll("a.footnote-ref")].map(
                reference => document.getElementById(reference.hash.slice(1))?.textContent)"""
        )
    assert len(notes) >= 10
    assert all(re.search(r"Proven by tests/proofs/|Source: ", note) for note in notes)


def test_the_page_reads_without_javascript(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + LESSON)
        expect(page.get_by_text("client = OpenAI()").first).to_be_visible()
        expect(page.get_by_text("Output, simulated").first).to_be_visible()


def test_tabs_of_the_same_name_change_together_and_are_remembered(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        for _ in range(2):
            page.goto(f"{address}/reference/making-requests/")
            page.get_by_text("JavaScript", exact=True).click()
            expect(page.locator("pre", has_text='import OpenAI from "openai"')).to_be_visible()
        page.reload()
        expect(page.locator("pre", has_text='import OpenAI from "openai"')).to_be_visible()


def test_the_site_says_that_it_is_independent_and_when_it_was_checked(site: Path) -> None:
    for path in ("index.html", "lessons/first-call/index.html"):
        html = (site / path).read_text("utf-8")
        assert "ndependent of OpenAI" in html
        assert f"as of {written_out(as_of())}" in html


def test_tools_partials_and_data_are_not_published(site: Path) -> None:
    published = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    programs = {f"assets/labs/{path.name}" for path in (ROOT / "docs" / "labs").glob("*.py")}
    for page in markdown_pages(ROOT / "docs"):
        if shown := run_page.programs(page.relative_to(ROOT / "docs").as_posix(), ROOT / "docs", ROOT / "snippets"):
            programs |= {path for path in run_page.single_files(shown) if path.endswith(".py")}
    assert {path for path in published if path.endswith(".py")} == programs
    assert not [
        path
        for path in published
        if {"_tools", "includes"} & set(path.split("/")) or path.endswith((".yml", "__init__.py"))
    ]


def test_no_address_of_a_repository_is_invented(site: Path) -> None:
    assert "edit/main" not in (site / "lessons/first-call/index.html").read_text("utf-8")


# What the lesson does not need: a small site is built, and built again, sooner.
OTHER_PAGES = ("labs", "guides", "about")
OTHER_CACHES = ("alone", "bytecode")  # other tests write there meanwhile


@pytest.mark.usefixtures("site")  # its caches are copied
def test_saving_a_snippet_reloads_its_page_under_mkdocs_serve(browser: Browser, tmp_path: Path) -> None:
    for name in ("docs", "snippets", "sandbox", "tests", ".cache"):
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("__pycache__", *OTHER_PAGES, *OTHER_CACHES)
            shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
    for name in ("mkdocs.yml", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [MKDOCS, "serve", "--dev-addr", f"127.0.0.1:{port}"]
    with (
        subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server,
        browser.new_context() as context,
        contextlib.ExitStack() as ends,
    ):
        ends.callback(server.terminate)
        assert server.stderr
        log = ""
        for line in server.stderr:
            log += line
            if "Serving on" in line:
                break
        else:
            pytest.fail(log)
        assert log.startswith("INFO "), f"what greets a newcomer is no progress:\n{log}"
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}{LESSON}")
        expect(page.get_by_text("A question that was saved a moment ago")).to_have_count(0)
        snippet = tmp_path / "snippets" / "lessons" / "first_call" / "ask.py"
        saved = snippet.read_text().replace("Ask a model one question", "A question that was saved a moment ago")
        snippet.write_text(saved)
        expect(page.get_by_text("A question that was saved a moment ago")).to_have_count(1, timeout=30_000)
