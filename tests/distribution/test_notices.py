"""Both NOTICE files: what they credit is there, and they credit the same."""

import re
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT

MEMBER = ROOT / "sandbox"


def credited(folder: Path) -> dict[str, str]:
    """Return what a NOTICE credits: the paths that an entry begins with, and whose work they are."""
    text = (folder / "NOTICE").read_text("utf-8")
    listed = text[text.index("\n- ") :].partition("\n\n")[0]
    entries = (" ".join(entry.split()) for entry in re.split(r"^- ", listed, flags=re.MULTILINE)[1:])
    return {paths: work for paths, _, work in (entry.partition(": ") for entry in entries)}


@pytest.mark.parametrize("folder", [ROOT, MEMBER], ids=["site", "sandbox"])
def test_what_a_notice_credits_is_there(folder: Path) -> None:
    named = [path for paths in credited(folder) for path in paths.split(", ")]
    assert len(named) >= 5
    missing = [path for path in named if not list(folder.glob(path.rstrip("/")))]
    assert not missing, f"{folder / 'NOTICE'} credits what is not there"


def test_the_sandbox_credits_what_the_site_credits_it_with() -> None:
    of_the_site = {paths: work for paths, work in credited(ROOT).items() if paths.startswith("sandbox/")}
    of_the_sandbox = {
        paths.replace("openai_sandbox/", "sandbox/openai_sandbox/"): work for paths, work in credited(MEMBER).items()
    }
    assert of_the_sandbox == of_the_site


def test_both_licenses_are_the_same() -> None:
    assert (MEMBER / "LICENSE").read_text("utf-8") == (ROOT / "LICENSE").read_text("utf-8")
