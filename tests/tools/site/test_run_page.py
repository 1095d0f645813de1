"""What a page says about running its programs, and what it offers for download."""

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from docs._tools.data import requirements, sandbox_wheel
from docs._tools.data.as_of import ROOT
from docs._tools.data.files import DataError
from docs._tools.site import run_page
from tests.interop.run import kept_of, uv_path

DOCS, SNIPPETS = ROOT / "docs", ROOT / "snippets"


def programs_of(path: str) -> run_page.Programs:
    found = run_page.programs(path, DOCS, SNIPPETS)
    assert found
    return found


def strip_of(path: str, repository: str | None = None) -> str:
    return run_page.strip(programs_of(path), repository)


def test_the_strip_names_the_python_the_packages_the_command_and_the_zip() -> None:
    said = strip_of("lessons/first-call.md")
    assert "Python 3.11 or newer" in said
    assert 'pip install "openai>=3.52,<4" "genai-prices>=0.2.3,<0.3" "python-dotenv>=1.2,<2"\n' in said
    assert f"pip install {sandbox_wheel.NAME}\nopenai-sandbox run ask.py\n" in said
    assert "[first-call.zip](first-call/first-call.zip)" in said


def test_an_address_of_the_repository_is_there_only_if_it_is_known() -> None:
    assert "](https:" not in strip_of("reference/objects/usage.md")
    assert "[the repository](https://example.org/repo)" in strip_of(
        "reference/objects/usage.md", "https://example.org/repo"
    )


def test_a_page_without_programs_has_no_strip() -> None:
    assert run_page.programs("errors/codes.md", DOCS, SNIPPETS) is None
    assert run_page.with_strip("# Error codes\n", None, None) == "# Error codes\n"


def test_the_strip_is_below_the_title_or_where_the_page_says() -> None:
    found = programs_of("lessons/first-call.md")
    below = run_page.with_strip("# Title\n\nText\n", found, None)
    assert below.startswith("# Title\n\n<details") and below.endswith("Text\n")
    placed = run_page.with_strip(f"# Title\n\nText\n\n{run_page.PLACE}", found, None)
    assert placed.startswith("# Title\n\nText\n\n<details")


def test_programs_that_need_other_versions_have_lines_of_their_own() -> None:
    said = strip_of("errors/install-and-version.md")
    assert "- `no_attribute_responses_fails.py`: `pip install openai==1.55.2 httpx==0.27.2" in said
    assert "openai==1.55.2" not in said.partition("Some programs need other versions")[0]


def test_a_program_that_needs_a_file_names_it() -> None:
    said = strip_of("guides/stream-to-a-web-page.md")
    assert "- `test_reader_leaves.py` needs `conftest.py`, `web_app.py` in the same folder." in said


def test_the_sandbox_comes_with_what_https_needs_where_a_program_asks_for_it() -> None:
    assert f'pip install "{sandbox_wheel.NAME}[tls]"' in strip_of("errors/async-and-transport.md")


def test_a_package_that_openai_brings_is_not_named() -> None:
    assert {"pydantic", "httpx2"} <= requirements.brought_by("openai")
    assert "pydantic" not in strip_of("errors/response-shape.md")


def test_a_module_of_no_package_is_refused() -> None:
    with pytest.raises(DataError, match="'no_such_module'"):
        requirements.distribution_of("no_such_module")
    with pytest.raises(DataError, match="'no-such-package', which a program imports: add it there"):
        requirements.requirement("no-such-package")


def test_the_name_above_a_program_becomes_a_link_and_says_where_a_clone_has_it() -> None:
    html = '<span class="filename">ask.py</span><span class="filename">Output</span>'
    linked = run_page.with_links(html, programs_of("lessons/first-call.md"))
    assert '<a href="ask.py" download>ask.py</a> <small>snippets/lessons/first_call/</small>' in linked
    assert '<span class="filename">Output</span>' in linked


def test_the_home_pages_programs_are_below_it_and_its_zip_has_a_name() -> None:
    found = programs_of("index.md")
    linked = run_page.with_links('<span class="filename">haiku.py</span>', found)
    assert '<a href="index/haiku.py" download>' in linked
    assert found.zip == "index/home.zip"
    assert set(run_page.downloads(found)) == {"index/haiku.py", "index/home.zip"}


def test_a_download_has_no_marks_of_sections_and_a_web_page_is_only_in_the_zip() -> None:
    lesson = run_page.downloads(programs_of("lessons/first-call.md"))
    assert b"--8<--" not in lesson["lessons/first-call/example.py"]
    web = run_page.downloads(programs_of("guides/stream-to-a-web-page.md"))
    assert "guides/stream-to-a-web-page/page.html" not in web
    packed = zipfile.ZipFile(io.BytesIO(web["guides/stream-to-a-web-page/stream-to-a-web-page.zip"]))
    assert "stream-to-a-web-page/page.html" in packed.namelist()


def test_the_zip_is_a_project_that_uv_runs_and_tests(tmp_path: Path) -> None:
    found = programs_of("errors/streaming.md")
    zipfile.ZipFile(io.BytesIO(run_page.project(found))).extractall(tmp_path)

    def uv_run(*command: str) -> str:
        done = subprocess.run(
            [uv_path(), "run", "--quiet", *command],
            cwd=tmp_path / "streaming",
            env=kept_of(os.environ),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert uv_run("openai-sandbox", "run", "stream_no_usage_fixed.py")
    assert f"{len(found.shown)} passed" in uv_run("pytest", "-q")
