"""Long parts of a lesson are folded. Readers can still open, find and print them, without JavaScript too."""

from playwright.sync_api import Browser, expect

LESSON = "/lessons/first-call/"
HEIGHTS = """() => [...document.querySelectorAll("article details")].map(
    (part) => [...part.children].slice(1).reduce((sum, child) => sum + child.getBoundingClientRect().height, 0))"""


def test_a_program_is_on_the_first_screen(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1350, "height": 900}) as context:
        page = context.new_page()
        page.goto(address + LESSON)
        box = page.locator(".highlight").first.bounding_box()
    assert box
    assert box["y"] + box["height"] < 900


def test_folded_parts_open_by_a_click_and_are_printed_without_javascript(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + LESSON)
        folded = page.locator("article details")
        assert folded.count() > 10
        assert page.locator("article details[open]").count() == 0
        program = folded.filter(has=page.locator(".filename", has_text="example.py"))
        expect(program.locator("pre").first).to_be_hidden()
        program.locator("summary").click()
        expect(program.locator("pre").first).to_be_visible()
        program.locator("summary").click()
        page.emulate_media(media="print")
        expect(program.locator("pre").first).to_be_visible()
        assert min(page.evaluate(HEIGHTS)) > 10


def test_a_link_into_a_folded_part_opens_it(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + LESSON)
        inside = page.locator("article details a.footnote-ref").first
        back = inside.evaluate("(link) => link.closest('[id]').id")
        expect(inside).to_be_hidden()
        page.goto(f"{address}{LESSON}#{back}")
        expect(inside).to_be_visible()
