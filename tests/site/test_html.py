"""Every page is valid HTML, as html-validate from npm checks it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT

VALIDATOR = ROOT / "node_modules" / ".bin" / "html-validate"
RULES = {
    "root": True,
    "extends": ["html-validate:standard"],
    "rules": {
        # How HTML is spelled, which changes nothing for a reader.
        "attribute-boolean-style": "off",
        "doctype-style": "off",
        "no-trailing-whitespace": "off",
        "void-style": "off",
        # HTML allows ids to begin with "_"; the theme's do.
        "valid-id": ["error", {"relaxed": True}],
        # The switch of the colors is a form that acts at once and sends nothing.
        "wcag/h32": "off",
    },
}


def mistakes(site: Path, folder: Path) -> list[str]:
    """Return what is wrong with the pages below a folder. Raises ValueError if there is no page."""
    if not shutil.which("node") or not VALIDATOR.exists():
        pytest.skip("Node or its openai package is not installed")
    rules = folder / "rules.json"
    rules.write_text(json.dumps(RULES), "utf-8")
    report = folder / "report.json"  # what it prints into a pipe is cut off
    with report.open("w") as output:
        command: list[str | Path] = [VALIDATOR, "--config", rules, "--formatter", "json", f"{site}/**/*.html"]
        subprocess.run(command, stdout=output, check=False)
    reported = json.loads(report.read_text("utf-8"))
    return [
        f"{Path(page['filePath']).relative_to(site)}, line {found['line']}: {found['message']} ({found['ruleId']})"
        for page in reported
        for found in page["messages"]
    ]


def test_every_page_is_valid_html(site: Path, tmp_path: Path) -> None:
    found = mistakes(site, tmp_path)
    assert not found, "\n".join(found[:40])


def test_a_page_with_a_mistake_is_named_with_the_line(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html>\n<html lang=en><head><title>A</title></head>\n<body><p id=a></p><p id=a></p></body></html>"
    )
    found = mistakes(tmp_path, tmp_path)
    assert any("page.html, line 3" in mistake and "no-dup-id" in mistake for mistake in found)
