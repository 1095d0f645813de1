"""The playground runs programs, completes them, shows what goes over the wire, and passes programs on as links."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, ViewportSize, expect

from docs._tools.tables.playground import PROGRAMS, SNIPPETS, faults
from openai_sandbox.faults import KINDS, parse
from openai_sandbox.http.address import API_KEY
from openai_sandbox.model.families import as_of, available

from .axe import violations

pytestmark = pytest.mark.usefixtures("pack")

PAGE = "/playground/"
MADE = "Simulated API, real openai"
REAL = "sk-" + "proj-abcdefghijklmnopqrstuvwx"
DESKTOP: ViewportSize = {"width": 1350, "height": 1000}
LOADED = 120_000  # ms: Python, on a machine that does other things as well


def a_context(browser: Browser, address: str) -> BrowserContext:
    return browser.new_context(
        base_url=address,
        viewport=DESKTOP,
        permissions=["clipboard-read", "clipboard-write"],
        reduced_motion="reduce",
    )


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    with a_context(browser, address) as context:
        yield context


@pytest.fixture(scope="module")
def shared(browser: Browser, address: str) -> Iterator[Page]:
    """A page for all tests that do not look at how it loads, because Python takes seconds to load."""
    with a_context(browser, address) as context:
        page = context.new_page()
        page.goto(PAGE)
        yield page


@pytest.fixture
def page(shared: Page) -> Page:
    """That page, as it was when it was opened but for what was printed."""
    shared.set_viewport_size(DESKTOP)
    shared.emulate_media(color_scheme="light")
    for api in reversed(PROGRAMS):
        shared.get_by_label("API", exact=True).select_option(api)
        shared.get_by_role("button", name="Reset").click()
    expect(editor(shared)).to_have_value((SNIPPETS / PROGRAMS["Responses"]).read_text("utf-8"))
    return shared


def editor(page: Page) -> Locator:
    return page.locator(".playground textarea")


def wire(page: Page) -> Locator:
    return page.get_by_role("log", name="On the wire, simulated")


def completions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Completions").get_by_role("option")


def run(page: Page) -> None:
    """Run the program to its end."""
    page.get_by_role("button", name="Run the program").click()
    expect(page.locator(".playground .run-status")).to_contain_text(MADE, timeout=LOADED)


def said(page: Page) -> Locator:
    return page.locator(".playground .run-status")


def write(page: Page, text: str) -> None:
    """Type at the end of the program."""
    editor(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def test_it_runs_and_prints_and_nothing_is_loaded_before(context: BrowserContext) -> None:
    loaded: list[str] = []
    page = context.new_page()
    page.on("response", lambda reply: loaded.append(reply.url))
    page.goto(PAGE, wait_until="networkidle")
    editor(page).focus()
    write(page, "\nprint(6 * 7)\n")
    assert not [url for url in loaded if "browser-pack" in url or "python-worker" in url]
    run(page)
    assert [url for url in loaded if url.endswith("/site.bin")]
    lines = page.get_by_role("log", name="Output, simulated").inner_text().split("\n")
    printed = (SNIPPETS / "playground_responses.out").read_text("utf-8").splitlines()
    assert lines[: len(printed)] == printed
    assert "42" in lines


def test_each_api_has_its_program_and_keeps_what_was_written(page: Page) -> None:
    for api, name in PROGRAMS.items():
        page.get_by_label("API", exact=True).select_option(api)
        expect(editor(page)).to_have_value((SNIPPETS / name).read_text("utf-8"))
    write(page, "# mine")
    page.get_by_label("API", exact=True).select_option("Responses")
    page.get_by_label("API", exact=True).select_option("Chat Completions")
    assert editor(page).input_value().endswith("# mine")
    page.get_by_role("button", name="Reset").click()
    expect(editor(page)).to_have_value((SNIPPETS / PROGRAMS["Chat Completions"]).read_text("utf-8"))


def test_what_is_chosen_is_written_into_the_program(page: Page) -> None:
    page.get_by_label("Model").select_option("gpt-5.6-luna")
    page.get_by_label("Fault").select_option("rate_limit")
    page.get_by_label("Latency").select_option("0.5")
    program = editor(page).input_value()
    assert program.count('model="gpt-5.6-luna"') == 2
    assert "gpt-6-luna" not in program
    assert "# sandbox: rate_limit\n# sandbox: latency=0.5\n\nfrom openai" in program
    page.get_by_label("Fault").select_option("overloaded")
    assert "rate_limit" not in editor(page).input_value()
    assert "# sandbox: overloaded\n" in editor(page).input_value()
    page.get_by_label("Model").select_option("gpt-6-luna")
    page.get_by_label("Fault").select_option("")
    page.get_by_label("Latency").select_option("")
    expect(editor(page)).to_have_value((SNIPPETS / PROGRAMS["Responses"]).read_text("utf-8"))


def test_the_lists_show_what_the_program_says(page: Page) -> None:
    editor(page).fill('# sandbox: bad_key x2\n# sandbox: latency=2\nmodel="gpt-5.5"\n')
    expect(page.get_by_label("Fault")).to_have_value("bad_key")
    expect(page.get_by_label("Latency")).to_have_value("2")
    expect(page.get_by_label("Model")).to_have_value("gpt-5.5")
    expect(page.locator(".playground-fault")).to_contain_text("AuthenticationError")


def test_what_is_offered_is_what_the_sandbox_has(page: Page) -> None:
    offered = page.get_by_label("Model").locator("option").all_inner_texts()
    assert offered == [model.id for model in available(as_of())]
    directives = page.get_by_label("Fault").locator("option").evaluate_all("all => all.map(({ value }) => value)")
    assert directives[1:] == [fault["directive"] for fault in faults()]
    assert {fault["name"] for fault in faults()} == {
        kind.name for kind in KINDS.values() if kind.name != "ok" and not kind.of_deliveries
    }
    for directive in directives[1:]:
        assert parse(directive).queue[0].kind.name == directive.split()[0]


def test_names_and_arguments_are_completed_by_keyboard(page: Page) -> None:
    run(page)
    write(page, "client.resp")
    options = completions(page)
    expect(options).to_have_text(["responses Responses"])
    active = editor(page).get_attribute("aria-activedescendant")
    assert active
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".playground [role=combobox]")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.type(".create(model='gpt-6-luna', in")
    expect(options.first).to_contain_text("include=")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert editor(page).input_value().endswith("client.responses.create(model='gpt-6-luna', input=")
    page.keyboard.type("'Hi')\nresponse.output")
    expect(options.filter(has_text="output_text")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Run the program")).to_be_focused()


def test_the_keys_of_the_editor(page: Page) -> None:
    editor(page).fill("if True:")
    editor(page).focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("print(1)")
    page.keyboard.press("Tab")
    expect(editor(page)).to_have_value("if True:\n    print(1)    ")
    page.keyboard.press("Control+Enter")
    expect(said(page)).to_contain_text(MADE, timeout=LOADED)
    expect(page.get_by_role("log", name="Output, simulated")).to_have_text("1")


def test_a_fault_shows_its_retry_on_the_wire(page: Page) -> None:
    page.get_by_label("Fault").select_option("rate_limit")
    run(page)
    rows = wire(page).locator("> ol > li")
    expect(rows.nth(0)).to_contain_text("1 → POST /v1/responses")
    expect(rows.nth(1)).to_contain_text("1 ← 429")
    expect(rows.nth(1).locator(".wire-explain")).to_contain_text(
        "RateLimitError, rate_limit_exceeded: Send less at once"
    )
    expect(rows.nth(2)).to_contain_text("The client waits 0.")
    expect(rows.nth(2)).to_contain_text("doubles the wait each time")
    expect(rows.nth(3)).to_contain_text("2 → POST /v1/responses, retry 1")
    expect(rows.nth(4)).to_contain_text("2 ← 200")
    rows.nth(0).get_by_text("Headers", exact=True).click()
    headers = rows.nth(0).get_by_role("region")
    expect(headers).to_contain_text("authorization: Bearer sk-sandb***0000")
    assert API_KEY not in wire(page).evaluate("list => list.textContent")
    rows.nth(4).get_by_text("Headers", exact=True).click()
    expect(rows.nth(4)).to_contain_text("x-request-id: req_")
    rows.nth(0).get_by_text("Body", exact=True).click()
    expect(rows.nth(0)).to_contain_text('"input": "Say hello"')


def test_each_streamed_event_is_shown_and_explained_once(page: Page) -> None:
    run(page)
    events = wire(page).locator(".wire-events > li")
    expect(events.first).to_contain_text("response.created")
    expect(events.last).to_contain_text("response.completed")
    text = "".join(
        json.loads(event.partition(" ")[2])
        for event in events.locator("summary").all_inner_texts()
        if event.startswith("response.output_text.delta")
    )
    assert text == "\n".join((SNIPPETS / "playground_responses.out").read_text("utf-8").splitlines()[1:])
    expect(events.locator(".wire-explain", has_text="additional text delta")).to_have_count(1)


@pytest.mark.parametrize(
    ("fault", "shown", "explained"),
    [
        ("connection_drop", "RemoteProtocolError: Server disconnected", "APIConnectionError"),
        ("bad_key", "← 401", "AuthenticationError, invalid_api_key"),
    ],
)
def test_other_faults_are_shown_and_explained(page: Page, fault: str, shown: str, explained: str) -> None:
    page.get_by_label("Fault").select_option(fault)
    run(page)
    row = wire(page).locator(".wire-error").first
    expect(row).to_contain_text(shown)
    expect(row.locator(".wire-explain")).to_contain_text(explained)


def test_an_asynchronous_client_is_watched_too(page: Page) -> None:
    editor(page).fill(
        "# sandbox: server_error\nimport asyncio\nfrom openai import AsyncOpenAI\n\n"
        "async def main():\n    client = AsyncOpenAI()\n"
        "    print((await client.responses.create(model='gpt-6-luna', input='Say hello')).output_text)\n\n"
        "asyncio.run(main())\n"
    )
    run(page)
    lines = wire(page).locator(".wire-line strong").all_inner_texts()
    assert [line.split(" after")[0].split(" 0.")[0] for line in lines] == [
        "1 → POST /v1/responses",
        "1 ← 500",
        "The client waits",
        "2 → POST /v1/responses, retry 1",
        "2 ← 200",
    ]


def test_a_link_holds_the_program_and_never_runs_it(page: Page, context: BrowserContext) -> None:
    program = "# sandbox: overloaded\nprint('from a link: ✓')\n"
    editor(page).fill(program)
    page.get_by_role("button", name="Copy a link that holds the program").click()
    expect(said(page)).to_contain_text("Copied")
    link = str(page.evaluate("navigator.clipboard.readText()"))
    assert "#program=" in link
    assert "link: " not in link
    asked: list[str] = []
    other = context.new_page()
    other.on("request", lambda request: asked.append(request.url))
    other.goto(link, wait_until="networkidle")
    expect(editor(other)).to_have_value(program)
    expect(said(other)).to_contain_text("Read it before you run it")
    expect(other.get_by_label("Fault")).to_have_value("overloaded")
    assert not [url for url in asked if "browser-pack" in url or "program=" in url]
    expect(other.get_by_role("log", name="Output, simulated")).to_have_text("")
    run(other)
    expect(other.get_by_role("log", name="Output, simulated")).to_have_text("from a link: ✓")


@pytest.mark.parametrize("fragment", ["#program=!!", "#program=AAAA", "#program="])
def test_a_damaged_link_is_said(context: BrowserContext, fragment: str) -> None:
    page = context.new_page()
    page.goto(PAGE + fragment)
    expect(said(page)).to_contain_text("cannot be read")
    expect(editor(page)).to_have_value((SNIPPETS / PROGRAMS["Responses"]).read_text("utf-8"))


def test_a_real_key_is_neither_run_nor_put_into_a_link(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(PAGE)
    before = page.url
    editor(page).fill(f"print('ran')\nkey = '{REAL}'\n")
    for name in ("Run the program", "Copy a link that holds the program"):
        page.get_by_role("button", name="Reset").focus()
        editor(page).press("End")
        page.get_by_role("button", name=name).click()
        expect(said(page)).to_contain_text("looks like a real key")
    assert page.url == before
    expect(page.get_by_role("log", name="Output, simulated")).to_have_text("")
    editor(page).fill(f"print('ran with {API_KEY}')\n")
    page.get_by_role("button", name="Copy a link that holds the program").click()
    expect(said(page)).to_contain_text("Copied")
    run(page)
    expect(page.get_by_role("log", name="Output, simulated")).to_contain_text("ran with sk-sandbox")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_does_not_scroll_sideways(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.get_by_label("Fault").select_option("server_error")
    run(page)
    for details in wire(page).locator("details:not([open]) > summary").all()[:6]:
        details.click()
    write(page, "client.")
    expect(completions(page).nth(5)).to_be_visible()
    for width in (1350, 412):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        expect(completions(page).first).to_be_visible()
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
        box = page.locator(".playground .completions").bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width


def test_without_the_pack_the_page_says_how_to_get_it(context: BrowserContext) -> None:
    page = context.new_page()
    page.route(f"**{PAGE}", without_pack)
    page.goto(PAGE)
    expect(page.locator(".playground")).to_have_text(
        "The playground needs the pack for browsers: run uv run browser-pack and build the site again."
    )


def without_pack(route: Route) -> None:
    """Answer with the page that is built where there is no pack."""
    reply = route.fetch()
    text = reply.text()
    assert 'id="browser-pack"' in text
    route.fulfill(response=reply, body=text.replace('id="browser-pack"', 'id="other"'))


def test_without_javascript_the_page_says_so(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + PAGE)
        expect(page.locator(".playground")).to_contain_text("The playground needs JavaScript.")
        expect(page.locator("code", has_text="client = OpenAI()").first).to_be_visible()


def test_other_pages_load_none_of_it(site: Path) -> None:
    loading = {path for path in site.rglob("*.html") if "playground.js" in path.read_text("utf-8")}
    assert loading == {site / "playground/index.html"}
