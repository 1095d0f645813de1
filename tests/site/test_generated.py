"""What is generated is committed as generated."""

from pathlib import Path

import pytest

from docs._tools import generate
from docs._tools.as_of import ROOT


def test_nothing_generated_is_stale() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in generate.stale()]
    assert not names, f"stale: {names}: uv run python -m docs._tools.generate --write"


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "folder" / "table.md"
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "stale", lambda: stale({path: lambda: "fresh\n"}))
    return path


stale = generate.stale


def test_check_names_what_is_stale_and_writes_nothing(target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 1
    out, err = capsys.readouterr()
    assert out == "stale: folder/table.md\n"
    assert "generate --write" in err
    assert not target.exists()


def test_write_writes_it_and_then_there_is_nothing_to_do(target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--write"]) == 0
    assert target.read_text() == "fresh\n"
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == "wrote: folder/table.md\n"
