"""What is generated is committed as generated and names its writer, and no data file is left unread."""

from pathlib import Path

import pytest

from docs._tools import generate
from docs._tools.data import files, generated
from docs._tools.data.as_of import ROOT
from docs._tools.ledger import prose
from docs._tools.site import tasks
from docs._tools.site.page_markdown import sources
from docs._tools.site.search_index import vocabulary
from docs._tools.tables import error_codes, parameter_schemas

DATA_SUFFIXES = {".yml", ".yaml", ".json", ".toml", ".csv"}
READ_BY_OTHERS = {"docs/_tools/site/jupyter/jupyter_nbconvert_config.json": "Jupyter, when it executes a lab"}
FEWEST_DATA_FILES = 15
FEWEST_FILES = 47


@pytest.fixture(scope="module")
def found() -> dict[Path, str]:
    """What is stale. Everything is generated for it, once."""
    return generate.stale()


def test_nothing_generated_is_stale(found: dict[Path, str]) -> None:
    names = [path.relative_to(ROOT).as_posix() for path in found]
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


def test_every_data_file_is_read_by_a_generator_or_the_site(found: dict[Path, str]) -> None:
    sources(ROOT, None)
    prose.constructions()
    vocabulary(ROOT)
    tasks.tasks.cache_clear()
    tasks.tasks()
    data = {path for path in (ROOT / "docs").rglob("*") if path.suffix in DATA_SUFFIXES and path.is_file()}
    data -= generate.targets().keys() | {ROOT / path for path in READ_BY_OTHERS}
    assert len(data) >= FEWEST_DATA_FILES
    unread = sorted(path.relative_to(ROOT).as_posix() for path in data - files.OPENED)
    assert not unread, f"nothing reads {unread}: read it with docs/_tools/data/files.py, or delete it"


def test_every_generated_file_names_its_writer_in_its_first_line() -> None:
    seen = 0
    for generator in generate.generators():
        assert (ROOT / generator.writer).is_file()
        for path in generator.files():
            seen += 1
            first = path.read_text("utf-8").partition("\n")[0]
            assert f"Written by {generator.writer}: " in first, path
    assert seen >= FEWEST_FILES


def test_every_file_below_generated_is_written_by_something() -> None:
    partials = {path for path in (ROOT / "docs" / "includes" / "generated").rglob("*") if path.is_file()}
    assert partials <= generate.targets().keys()


def test_the_list_names_the_writer_of_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(generate.targets())
    assert "docs/assets/data/retry-timelines.json: docs/_tools/tables/retry_timelines.py" in lines
    assert "docs/includes/generated/errors/money.md: docs/_tools/tables/error_pages.py" in lines


@pytest.mark.parametrize("mode", ["--check", "--write"])
def test_bad_data_is_exit_code_2_and_one_line(
    mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "code-remedies.yml"
    bad.write_text("invalid_api_key: [one, two]\n")
    monkeypatch.setattr(error_codes, "DATA", bad)
    monkeypatch.setattr(generate, "stale", lambda: stale({tmp_path / "codes.md": error_codes.render}))
    assert generate.main([mode]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("docs/errors/code-remedies.yml: invalid_api_key: input should be a valid string, not ['one',")
    assert err.count("\n") == 1
    assert not (tmp_path / "codes.md").exists()


def test_a_file_has_one_writer() -> None:
    with pytest.raises(ValueError, match=r"is already written by docs/_tools/tables/parameter_schemas"):
        generated.generates("sandbox/openai_sandbox/validation/parameters.json")(parameter_schemas.render)
