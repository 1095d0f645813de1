"""Long lines of code say how far they are indented, and nothing else about them changes."""

import re

import pytest

from docs._tools.site.code_lines import with_wrapping_lines

LONG = 'print("a line that is longer than a phone is wide")'


def block(code: str) -> str:
    return f'<pre id="a"><span></span><code tabindex="0">{code}</code></pre>'


@pytest.mark.parametrize(("indent", "marked"), [(0, 0), (1, 0), (4, 4), (7, 6), (12, 12), (20, 20), (40, 20)], ids=str)
def test_a_long_line_says_how_far_it_is_indented(indent: int, marked: int) -> None:
    line = " " * indent + LONG + "\n"
    assert with_wrapping_lines(block(line)) == block(f'<span class="wraps-{marked}">{line}</span>')


def test_short_lines_and_other_elements_stay_as_they_are() -> None:
    html = block("short\n\n    # also short\n") + f"<p><code>{LONG}</code></p><pre>{LONG}\n</pre>"
    assert with_wrapping_lines(html) == html


def test_entities_and_tags_do_not_count() -> None:
    html = block('<span class="s">&quot;&lt;&gt;&quot;</span> + <span class="s">&quot;short&quot;</span>\n')
    assert with_wrapping_lines(html) == html


def test_a_highlighted_line_stays_one_element_and_the_next_begins_after_it() -> None:
    highlighted = block(f'<span class="hll">  {LONG}\n</span><span class="hll">a\n</span>{LONG}')
    assert with_wrapping_lines(highlighted) == block(
        f'<span class="hll wraps-2">  {LONG}\n</span><span class="hll">a\n</span><span class="wraps-0">{LONG}</span>'
    )


def test_the_text_of_a_block_does_not_change() -> None:
    code = f'"""Docstring, rather a long one for a phone."""\n\nif a:\n    <span class="n">{LONG}</span>\n\n{LONG}\n'
    text = re.compile(r"<[^>]*>")
    assert text.sub("", with_wrapping_lines(block(code))) == text.sub("", block(code))
