"""Python blocks run in the page: all that can, with what the page shows, and by mouse, keyboard and finger."""

import gzip
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.pages import PYTHON, address_of, blocks, markdown_pages
from docs._tools.ledger.programs import is_test
from docs._tools.site.run_in_browser import UNABLE, Pack, reason
from docs._tools.site.tasks import tasks_of
from tests.pages.outputs import same

pytestmark = pytest.mark.usefixtures("pack")

DOCS, SNIPPETS = ROOT / "docs", ROOT / "snippets"
LESSON = "/lessons/first-call/"
LEAST_SHARE = 0.92  # of all Python blocks; what cannot run in a page has a reason each
MOST_THAT_CANNOT = 32
MOST_GROWTH = 1.2
SECONDS = 60_000  # milliseconds that a run may take on a busy machine
LOADING = 120_000

# Python 3.14 words these otherwise than 3.11, which the outputs on the pages were made with.
NEWER_WORDS = {
    "TypeError: 'Response' object can't be awaited": "TypeError: object Response can't be used in 'await' expression",
}
SITE_PACKAGES = re.compile(r"/lib/python3\.\d+/site-packages")
TEMPORARY = re.compile(r"(/home/you/project)/tmp\w+")
GUESS = re.compile(r"\. Did you mean:? [^?]*\?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Program:
    """A Python block of a page, and the file that it shows."""

    page: str
    path: Path

    @property
    def source(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()


@cache
def programs() -> tuple[Program, ...]:
    return tuple(
        Program(f"/{address_of(page, DOCS)}", SNIPPETS / block.includes[0].path)
        for page in markdown_pages(DOCS)
        for block in blocks(page)
        if block.language in PYTHON and block.includes
    )


def runnable() -> list[Program]:
    return [program for program in programs() if reason(program.source) is None]


@pytest.fixture(scope="module")
def runtime(browser: Browser, address: str) -> Iterator[Page]:
    """A page with Python, and `run(program)` as the buttons call it."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(LOADING)
        page.goto(address + LESSON)
        page.evaluate(
            """async () => {
                const { PythonRuntime } = await import("/assets/js/python-runtime.js");
                const about = JSON.parse(document.getElementById("browser-pack").textContent);
                const python = new PythonRuntime(new URL(about.pack, document.baseURI).href);
                window.python = python;
                window.runOne = async (program, patience) => {
                    const printed = { stdout: "", stderr: "" };
                    const late = new Promise((end) => setTimeout(end, patience, { error: "late", code: -1 }));
                    const shown = { write: (stream, text) => { printed[stream] += text; } };
                    const ending = await Promise.race([python.run(program, shown), late]);
                    if (ending.error === "late") python.stop();
                    return { ...printed, ...ending };
                };
                await python.boot();
            }"""
        )
        yield page


def run(page: Page, source: str, name: str = "program.py", beside: dict[str, str] | None = None) -> dict[str, Any]:
    ended: dict[str, Any] = page.evaluate(
        "([program, patience]) => runOne(program, patience)",
        [{"source": source, "name": name, "beside": beside or {}}, SECONDS],
    )
    return ended


def test_the_buttons_of_a_block_that_was_never_on_the_screen_are_inside_it(visit: BrowserContext, address: str) -> None:
    """Otherwise it would be where other buttons are: code that is far away has no height of its own."""
    with visit.new_page() as page:
        page.set_viewport_size({"width": 412, "height": 823})
        page.goto(f"{address}/lessons/tools/")
        expect(page.locator(".run-bar").last).to_be_attached()
        outside = page.locator(".run-bar").evaluate_all(
            """(bars) => bars.map((bar) => [bar, bar.closest(".highlight")].map((box) => box.getBoundingClientRect()))
                .filter(([bar, block]) => bar.bottom > block.bottom + 1 || bar.top < block.top).length"""
        )
    assert outside == 0


def test_all_but_a_few_blocks_run_in_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    able = runnable()
    with capsys.disabled():
        print(f"\nblocks: {len(able)} of {len(programs())} run in the page")
    assert len(able) / len(programs()) >= LEAST_SHARE
    assert len(programs()) - len(able) <= MOST_THAT_CANNOT, "this number may only shrink"


def test_every_reason_why_a_block_cannot_run_is_in_use() -> None:
    given = {said for program in programs() if (said := reason(program.source))}
    assert given >= set(UNABLE.values())


def test_the_site_marks_every_block_with_what_it_needs_or_why_it_cannot_run(site: Path) -> None:
    pages = {program.page for program in programs()}
    text = "".join((site / page.strip("/") / "index.html").read_text("utf-8") for page in sorted(pages))
    assert text.count(" data-run=") == len(runnable())
    assert text.count(" data-no-run=") == len(programs()) - len(runnable())


@pytest.mark.parametrize("address_of_page", sorted({program.page for program in programs()}))
def test_what_a_block_prints_in_the_page_is_what_the_page_shows(
    runtime: Page, address_of_page: str, request: pytest.FixtureRequest
) -> None:
    wrong = []
    for program in [program for program in runnable() if program.page == address_of_page]:
        shown = runtime.evaluate(BLOCK_OF, [address_of_page, program.path.name])
        assert shown, f"{program.place}: its block on {address_of_page} has no data-run"
        ended = run(runtime, shown["source"], program.path.name, shown["beside"])
        if said := difference(program, ended):
            wrong.append(f"{program.place}: {said}")
    assert not wrong, "\n".join(wrong)


# What the button of a block runs: the text of the block, and the files that the page offers beside it.
BLOCK_OF = """async ([address, name]) => {
    window.pages ??= {};
    const text = (window.pages[address] ??= await (await fetch(address)).text());
    const found = new DOMParser().parseFromString(text, "text/html");
    for (const block of found.querySelectorAll("[data-run]")) {
        const link = block.querySelector(".filename a[download]");
        if (link?.textContent !== name) continue;
        const folder = new URL(link.getAttribute("href"), new URL(address, location.href));
        const names = block.dataset.run.split(" ").filter(Boolean);
        const texts = await Promise.all(names.map(async (each) => (await fetch(new URL(each, folder))).text()));
        return {
            source: block.querySelector("pre > code").textContent,
            beside: Object.fromEntries(names.map((each, at) => [each, texts[at]])),
        };
    }
}"""


def difference(program: Program, ended: dict[str, Any]) -> str | None:
    """Say in what the end of a program differs from what its page shows, or nothing."""
    if ended["error"] == "late":
        return "did not end"
    if is_test(program.path):
        return None if ended["code"] == 0 and " passed" in ended["stdout"] else f"no test passes: {ended['stdout']}"
    output = program.path.with_suffix(".out")
    printed = plain(ended["stdout"] + (ended.get("ending") or ""))
    if output.exists():
        pairs = zip_longest(output.read_text("utf-8").splitlines(), printed.splitlines())
    else:
        if ended["error"]:
            return f"ended with {ended['ending']}"
        # The comments follow the calls that print, which is another order where there are loops and functions.
        comments = (line.strip() for line in program.source.splitlines())
        pairs = zip_longest(
            sorted(line.removeprefix("#> ") for line in comments if line.startswith("#> ")),
            sorted(line for line in printed.splitlines() if line.strip()),
        )
    return next((f"shows {shown!r}, prints {now!r}" for shown, now in pairs if not same(shown, now)), None)


def plain(printed: str) -> str:
    """Return what was printed with the folders of the pages, and in the words of the pages' Python."""
    text = SITE_PACKAGES.sub("/home/you/project/.venv/lib/python3.12/site-packages", TEMPORARY.sub(r"\1", printed))
    text = GUESS.sub("", text)
    for newer, older in NEWER_WORDS.items():
        text = text.replace(newer, older)
    return text


def test_fifty_runs_do_not_grow_the_memory(runtime: Page) -> None:
    ask = (SNIPPETS / "lessons" / "first_call" / "ask.py").read_text("utf-8")
    for _ in range(5):
        run(runtime, ask)
    before = int(run(runtime, OBJECTS)["stdout"])
    for _ in range(50):
        assert run(runtime, ask)["code"] == 0
    assert int(run(runtime, OBJECTS)["stdout"]) <= before * MOST_GROWTH


# The memory of a WebAssembly program only ever grows, so what is in use of it is counted.
OBJECTS = """import gc
gc.collect()
print(len(gc.get_objects()))
"""


LEAVES = """import os, openai
openai.api_key = "sk-left"
os.environ["LEFT"] = "1"
open("left.txt", "w").close()
"""
LOOKS = """import os, openai
print(openai.api_key, os.environ.get("LEFT"), os.path.exists("left.txt"), "LEAVES" in dir())
"""


def test_a_program_can_not_see_what_the_one_before_it_left(runtime: Page) -> None:
    run(
        runtime,
        "import os, openai\nopenai.api_key = 'sk-left'\nos.environ['LEFT'] = '1'\nopen('left.txt', 'w').close()\n",
    )
    ended = run(
        runtime,
        "import os, openai\nprint(openai.api_key, os.environ.get('LEFT'), os.path.exists('left.txt'), 'x' in dir())\n",
    )
    assert ended["stdout"] == "None None False False\n"


def test_standard_error_and_the_exit_code_are_told(runtime: Page) -> None:
    ended = run(runtime, "import sys\nprint('said')\nprint('warned', file=sys.stderr)\nsys.exit(3)\n")
    assert (ended["stdout"], ended["stderr"], ended["code"]) == ("said\n", "warned\n", 3)


def test_a_mistake_in_the_syntax_is_shown_with_its_line(runtime: Page) -> None:
    ended = run(runtime, "print(1)\nprint(2\n")
    assert (ended["error"], ended["line"]) == ("SyntaxError", 2)
    assert "was never closed" in ended["stderr"]
    assert "browser_runtime" not in ended["stderr"]


def test_a_traceback_names_the_files_of_the_library_where_they_are(runtime: Page) -> None:
    ended = run(runtime, "import json\njson.loads('{')\n")
    assert 'File "/lib/python3.14/json/decoder.py"' in ended["stderr"]


@pytest.fixture(scope="module")
def shared(browser: Browser, address: str) -> Iterator[Page]:
    """A page for all tests that do not look at how it loads, because Python takes seconds to load."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(SECONDS)
        yield page


@pytest.fixture
def page(shared: Page, address: str) -> Page:
    """The first lesson in a window of a desktop, with every program as the page shows it."""
    shared.set_viewport_size({"width": 1280, "height": 720})
    shared.emulate_media(color_scheme="light")
    if shared.url != address + LESSON:
        shared.goto(address + LESSON)
    resets = shared.get_by_role("button", name=re.compile("^Reset "))
    while resets.count():
        resets.first.click()
    return shared


def button(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def output(page: Page, name: str) -> Any:
    return page.get_by_role("log", name=f"Output of {name}, simulated")


def ended(page: Page, name: str = "ask.py") -> Any:
    """What the page says when a program has ended."""
    named = page.locator(".filename a", has_text=re.compile(f"^{re.escape(name)}$"))
    return page.locator("[data-run]", has=named).locator(".run-status").filter(has_text="real openai")


def test_a_page_loads_nothing_of_python_before_it_is_asked_to(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + LESSON, wait_until="networkidle")
        expect(button(page, "Run ask.py")).to_be_attached()
        assert not [url for url in asked if "browser-pack" in url or "python-worker" in url]
        button(page, "Run ask.py").hover()
        page.wait_for_function("performance.getEntriesByType('resource').some(({ name }) => name.includes('worker'))")


def test_run_prints_in_the_page_and_says_that_the_api_is_simulated(page: Page) -> None:
    button(page, "Run ask.py").click()
    expect(output(page, "ask.py")).to_contain_text("async def", timeout=LOADING)
    expect(ended(page)).to_have_text(re.compile(r"^Simulated API, real openai \d+\.\d+\.\d+\.$"))
    expect(button(page, "Run ask.py")).to_be_visible()


def test_an_edited_program_runs_as_it_is_now_and_reset_restores_it(page: Page) -> None:
    button(page, "Edit ask.py").click()
    editor = page.get_by_role("textbox", name=re.compile(r"^ask\.py: Tab indents"))
    expect(editor).to_be_focused()
    editor.fill("print('mine')\n")
    editor.press("Control+Enter")
    expect(output(page, "ask.py")).to_have_text("mine\n", timeout=LOADING)
    editor.press("Escape")
    expect(button(page, "Reset ask.py to what the page shows")).to_be_focused()
    page.keyboard.press("Enter")
    expect(editor).to_have_count(0)
    expect(page.get_by_text("Ask a model one question and print its answer.").first).to_be_visible()


def test_tab_indents_in_the_editor_and_shift_and_tab_take_it_back(page: Page) -> None:
    button(page, "Edit ask.py").click()
    editor = page.get_by_role("textbox", name=re.compile(r"^ask\.py: Tab indents"))
    editor.fill("if True:")
    editor.press("End")
    editor.press("Enter")
    page.keyboard.type("print(1)")
    assert editor.input_value() == "if True:\n    print(1)"
    editor.press("Tab")
    assert editor.input_value() == "if True:\n    print(1)    "
    editor.press("Control+A")
    editor.press("Tab")
    assert editor.input_value() == "    if True:\n        print(1)    "
    editor.press("Shift+Tab")
    assert editor.input_value() == "if True:\n    print(1)    "


def test_stop_ends_a_loop_without_end_within_half_a_second(page: Page) -> None:
    button(page, "Edit ask.py").click()
    editor = page.get_by_role("textbox", name=re.compile(r"^ask\.py: Tab indents"))
    editor.fill("print('begun')\nwhile True:\n    pass\n")
    button(page, "Run ask.py").click()
    expect(output(page, "ask.py")).to_have_text("begun\n", timeout=LOADING)
    took = page.evaluate(
        """async () => {
            const began = performance.now();
            [...document.querySelectorAll(".run-bar button")].find(({ textContent }) => textContent === "Stop").click();
            while (!document.querySelector(".run-status").textContent.startsWith("Stopped")) {
                await new Promise(requestAnimationFrame);
            }
            return performance.now() - began;
        }"""
    )
    assert took < 500
    editor.fill("print('again')\n")
    button(page, "Run ask.py").click()
    expect(output(page, "ask.py")).to_have_text("again\n", timeout=LOADING)


def test_after_the_first_run_no_network_is_needed(page: Page) -> None:
    button(page, "Run ask.py").click()
    expect(ended(page)).to_be_visible(timeout=LOADING)
    page.context.set_offline(True)
    try:
        button(page, "Run usage.py").click()
        expect(output(page, "usage.py")).to_contain_text("Rayleigh")
    finally:
        page.context.set_offline(False)


def test_two_tabs_run_at_the_same_time(page: Page, address: str) -> None:
    other = page.context.new_page()
    other.goto(address + "/lessons/conversation-memory/")
    button(other, "Run chain.py").click()
    button(page, "Run ask.py").click()
    expect(ended(page)).to_be_visible(timeout=LOADING)
    expect(ended(other, "chain.py")).to_be_visible(timeout=LOADING)
    other.close()


def test_an_exception_names_the_line_and_leads_to_the_problem_that_it_shows(page: Page, address: str) -> None:
    page.goto(f"{address}/errors/quota-and-rate/")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    button(page, "Run insufficient_quota_fails.py").click()
    log = output(page, "insufficient_quota_fails.py")
    expect(log).to_contain_text("openai.RateLimitError: Error code: 429", timeout=LOADING)
    expect(log).to_contain_text('insufficient_quota_fails.py", line 10')
    expect(log).to_contain_text("response = client.responses.create(")
    expect(page.get_by_role("status").filter(has_text="RateLimitError in line 10")).to_be_visible()
    link = page.locator(".run-hint a")
    expect(link).to_have_attribute("href", re.compile(r"/errors/quota-and-rate/#insufficient-quota$"))


def test_the_keyboard_alone_runs_and_stops(page: Page) -> None:
    button(page, "Run ask.py").focus()
    page.keyboard.press("Enter")
    expect(ended(page)).to_be_visible(timeout=LOADING)
    expect(button(page, "Run ask.py")).to_be_focused()
    page.keyboard.press("Tab")
    expect(button(page, "Edit ask.py")).to_be_focused()
    page.keyboard.press("Tab")
    expect(output(page, "ask.py")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_block_that_ran_is_accessible_and_fits_a_phone(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 412, "height": 900})
    button(page, "Edit ask.py").click()
    page.get_by_role("textbox", name=re.compile(r"^ask\.py: Tab indents")).fill(
        "print('x' * 300)\nraise ValueError('y')\n"
    )
    button(page, "Run ask.py").click()
    expect(page.get_by_role("status").filter(has_text="ValueError in line 2")).to_be_visible(timeout=LOADING)
    found = Axe().run(page, context="[data-run]")
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 412


def test_the_block_on_the_home_page_is_in_sight_and_runs(page: Page, address: str) -> None:
    for width, height in ((1350, 900), (412, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}/")
        box = button(page, "Run haiku.py").bounding_box()
        assert box
        assert box["y"] + box["height"] <= height
        button(page, "Run haiku.py").click()
        expect(output(page, "haiku.py")).to_contain_text("Cursor blinks at night", timeout=LOADING)


def test_a_reader_who_saves_data_and_a_page_from_disk_have_no_buttons(
    browser: Browser, address: str, site: Path
) -> None:
    with browser.new_context() as context:
        context.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
        page = context.new_page()
        page.goto(address + LESSON, wait_until="networkidle")
        expect(page.locator(".run-bar")).to_have_count(0)
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "lessons" / "first-call" / "index.html").as_uri())
        expect(page.locator("[data-run]").first).to_be_attached()
        expect(page.locator(".run-bar")).to_have_count(0)


def test_a_pack_that_does_not_load_is_said_and_tried_again(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + LESSON)
        context.route("**/site.bin", lambda route: route.abort())
        button(page, "Run ask.py").click()
        failed = page.get_by_role("status").filter(has_text="Python could not be loaded")
        expect(failed).to_be_visible(timeout=LOADING)
        context.unroute("**/site.bin")
        button(page, "Run ask.py").click()
        expect(output(page, "ask.py")).to_contain_text("async def", timeout=LOADING)


def test_the_pack_is_small_enough(pack: Pack, site: Path) -> None:
    ranks = site / "assets" / "vendor" / "gpt-tokenizer" / "bpeRanks" / "o200k_base.js"
    sizes = {
        path.name: path.stat().st_size if path.suffix in (".bin", ".zip") else len(gzip.compress(path.read_bytes(), 6))
        for path in [*pack.folder.iterdir(), ranks]
        if path.name not in ("NOTICE.txt", "pack.json", "tests.bin")
    }
    assert sum(sizes.values()) <= 15e6, sizes


def test_time_passes_as_a_program_waits(runtime: Page) -> None:
    began = time.monotonic()
    ended = run(
        runtime, "import time\nbegan = time.monotonic()\ntime.sleep(0.3)\nprint(time.monotonic() - began > 0.29)\n"
    )
    assert ended["stdout"] == "True\n"
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(
    "lesson",
    [
        "first-call",
        "conversation-memory",
        "prompting",
        "structured-output",
        "tools",
        "typed-tools",
        "workflow-patterns",
        "agent-loop",
    ],
)
def test_each_task_of_a_lesson_says_in_the_page_what_is_missing_and_when_it_is_done(
    page: Page, address: str, lesson: str
) -> None:
    page.goto(f"{address}/lessons/{lesson}/")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    # Code that is laid out when it comes near moves the button that is about to be clicked.
    page.add_style_tag(content=".highlight, .highlight code { content-visibility: visible !important }")
    for task in tasks_of(f"lessons/{lesson}.md"):
        source = (SNIPPETS / "lessons" / lesson.replace("-", "_") / task.file).read_text("utf-8")
        button(page, f"Edit {task.file}").click()
        editor = page.get_by_role("textbox", name=re.compile(rf"^{re.escape(task.file)}: Tab indents"))
        said = page.locator(f'[data-task="{task.id}"] .try-said')
        editor.fill(source + "# edited\n")
        editor.press("Control+Enter")
        expect(said).to_have_text(task.missing.replace("`", ""), timeout=LOADING)
        editor.fill(task.solved(source))
        editor.press("Control+Enter")
        expect(said).to_have_text(task.done.replace("`", ""), timeout=LOADING)
        button(page, f"Reset {task.file} to what the page shows").click()
        expect(said).to_have_count(0)


def test_a_task_says_that_a_run_failed_and_stays_done_once_it_was(page: Page) -> None:
    (task,) = (task for task in tasks_of("lessons/first-call.md") if task.file == "ask.py")
    expect(page.locator(".try-how")).to_have_count(1)
    source = (SNIPPETS / "lessons" / "first_call" / "ask.py").read_text("utf-8")
    button(page, "Edit ask.py").click()
    editor = page.get_by_role("textbox", name=re.compile(r"^ask\.py: Tab indents"))
    said = page.locator(f'[data-task="{task.id}"] .try-said')
    crashing = source + "raise KeyError('key')\n"
    refused = task.solved(source).replace("max_output_tokens=20", "max_output_tokens=1")
    for edited, expected in (
        (crashing, "Not yet. The program ended with KeyError first."),
        (refused, task.refused),
        (task.solved(source), task.done.replace("`", "")),
    ):
        editor.fill(edited)
        editor.press("Control+Enter")
        expect(said).to_have_text(expected, timeout=LOADING)
    editor.fill(crashing)
    editor.press("Control+Enter")
    expect(ended(page)).to_contain_text("KeyError", timeout=LOADING)
    expect(said).to_have_text(task.done.replace("`", ""))
