"""What the checks of blocks that are not Python refuse."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from docs._tools.ledger.pages import Block
from openai_sandbox import Sandbox

from .test_blocks import test_block_is_checked as check


@pytest.mark.parametrize(
    ("info", "body"),
    [
        ("toml", "[tool\n"),
        ("yaml", "a: [1\n"),
        ("env", "OPENAI_API_KEY=\n"),
        ("env", "\n"),
        ("json", "{}\n"),
        ('{ .json data-sdk-type="openai.types.Model" }', "{}\n"),
        ("text", "typed by hand\n"),
        ("{ .text .output }", "typed by hand\n"),
        ("bash", "rm -rf /\n"),
        ("bash", 'pip install "openai>=1"\n'),
        ("bash", "python nothing_like_it.py\n"),
        ("bash", "uv run openai-sandbox run snippets/nothing_like_it.py\n"),
        ("javascript", "1\n"),
        ("html", "<p>typed by hand</p>\n"),
        ("", "no language\n"),
    ],
)
def test_a_bad_block_is_refused(
    info: str,
    body: str,
    sandbox: Callable[..., Sandbox],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    block = Block(Path("docs/page.md"), 1, "```", info, body)
    with pytest.raises((AssertionError, ValueError, yaml.YAMLError)):
        check(block, sandbox, request, tmp_path)
