"""Inline scripts and icons become files, and what a page says of them stays the same."""

import pytest

from docs._tools.site.content_policy import HEADERS, headers_file, without_data_icons, without_inline_scripts

ICON = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><path d='m1 1'/></svg>"


def test_an_inline_script_becomes_a_file_that_runs_in_its_place() -> None:
    page = "<body><script>first()</script><p>Text</p><script>\nsecond(1 < 2)\n</script></body>"
    result, files = without_inline_scripts(page, lambda path: f"../{path}")
    one, other = files
    assert result == f'<body><script src="../{one}"></script><p>Text</p><script src="../{other}"></script></body>'
    assert list(files.values()) == ["first()", "\nsecond(1 < 2)\n"]


def test_the_same_script_on_two_pages_is_one_file_and_another_one_is_another() -> None:
    paths = [list(without_inline_scripts(f"<script>{text}</script>", str)[1]) for text in ("a()", "a()", "b()")]
    assert paths[0] == paths[1] != paths[2]


@pytest.mark.parametrize(
    "page",
    [
        '<script id="__config" type="application/json">{"base": "."}</script>',
        '<script defer src="../a.js"></script>',
        "<code>&lt;script&gt;a()&lt;/script&gt;</code>",
        "<p>no script</p>",
    ],
)
def test_a_page_without_inline_scripts_stays_as_it_is(page: str) -> None:
    assert without_inline_scripts(page, str) == (page, {})


def test_an_icon_in_a_stylesheet_becomes_a_file() -> None:
    before = f':root{{--a-icon:url("data:image/svg+xml;charset=utf-8,{ICON}")}}.a{{mask-image:var(--a-icon)}}'
    result, files, as_data = without_data_icons(before)
    (name,) = files
    assert result == f':root{{--a-icon:url("icons/{name}")}}.a{{mask-image:var(--a-icon)}}'
    assert files[name] == ICON
    assert as_data == f':root{{--a-icon:url("data:image/svg+xml;charset=utf-8,{ICON}")}}\n'


def test_an_icon_that_is_escaped_is_written_as_it_reads() -> None:
    _, files, _ = without_data_icons(":root{--a:url('data:image/svg+xml;charset=utf-8,%3Csvg fill=\"%23fff\"/%3E')}")
    assert list(files.values()) == ['<svg fill="#fff"/>']


def test_a_stylesheet_without_icons_stays_as_it_is() -> None:
    assert without_data_icons('a{background:url("b.png")}') == ('a{background:url("b.png")}', {}, "")


def test_the_headers_file_sends_each_header_for_every_page() -> None:
    every, pack = headers_file().split("/assets/browser-pack/*\n")
    assert every.splitlines() == ["/*", *(f"  {name}: {value}" for name, value in HEADERS.items())]
    assert pack == "  Cache-Control: public, max-age=31536000, immutable\n"
