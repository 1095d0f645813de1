"""The pack for browsers: what it is made of, what its command says when it fails, and what pages do with it."""

import gzip
import json
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from browser_pack import cli, download
from browser_pack.build import LIBRARY, LOCK_FILE, RUNTIME_FILES, BuildError, build, packed, sources_digest
from browser_pack.download import DownloadError
from browser_pack.lock import FASTER_WITH_C, PLATFORM, Lock, LockError, Wheel, disagreements, read, wanted
from docs._tools.data.as_of import ROOT
from docs._tools.site import run_in_browser
from docs._tools.site.run_page import Programs

SANDBOX = ROOT / "sandbox" / "openai_sandbox"


def test_the_lock_has_the_versions_of_the_environment() -> None:
    assert disagreements(read()) == [], "uv run browser-pack --lock"


def test_everything_in_the_lock_runs_in_a_browser() -> None:
    for wheel in read().wheels:
        assert wheel.is_pure or PLATFORM in wheel.file or wheel.name in FASTER_WITH_C, wheel.file


def test_what_only_a_network_needs_is_left_out() -> None:
    assert {"certifi", "h11", "httpcore2"}.isdisjoint(wanted())
    assert {"openai", "httpx2", "pydantic-core", "jiter"} <= wanted().keys()


def test_another_version_in_the_environment_is_named() -> None:
    lock = read()
    older = replace(lock.wheels[0], version="0.0.1")
    found = disagreements(replace(lock, wheels=(older, *lock.wheels[2:])))
    assert found[0].startswith(f"{older.name}: the lock has 0.0.1, this environment ")
    assert found[1].startswith(f"{lock.wheels[1].name}: the lock has none")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"wheels": [{}]}', '{"wheels": 3}'])
def test_a_damaged_lock_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "pack_lock.json").write_text(content)
    with pytest.raises(LockError, match=r"^pack_lock\.json: .*--lock"):
        read(tmp_path / "pack_lock.json")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with nothing in it."""
    monkeypatch.setattr(cli, "STORE", tmp_path / "browser-pack")
    monkeypatch.setattr(sys, "argv", ["browser-pack"])
    return tmp_path / "browser-pack"


def only_line(capsys: pytest.CaptureFixture[str]) -> str:
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    return line


def test_without_npm_one_line_says_what_to_install(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert cli.main() == 2
    assert only_line(capsys).startswith("browser-pack: npm is not installed: it comes with Node.js")
    assert [path.name for path in store.iterdir()] == ["downloads"]


def test_without_a_network_one_line_says_what_could_not_be_downloaded(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "npm warn x\nnpm error network ENOTFOUND\nnpm error more\n")

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(subprocess, "run", refused)
    assert cli.main() == 2
    said = "browser-pack: cannot download pyodide 314.0.7: npm error network ENOTFOUND. Is the network there?"
    assert only_line(capsys) == said
    assert [path.name for path in store.iterdir()] == ["downloads"]
    assert list((store / "downloads").iterdir()) == []


def test_a_wrong_hash_is_named_and_the_file_deleted(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = store / "downloads" / f"pyodide-{read().runtime_version}.tgz"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"something else")
    assert cli.main() == 2
    line = only_line(capsys)
    assert line.startswith(f"browser-pack: {damaged.name}: the hash is sha512-")
    assert line.endswith("The file was deleted; run this again")
    assert not damaged.exists()


def test_a_wheel_with_a_wrong_hash_is_named_and_deleted(tmp_path: Path) -> None:
    wheel = Wheel("six", "1", "six-1-py3-none-any.whl", "0" * 64)
    (tmp_path / wheel.file).write_bytes(b"something else")
    with pytest.raises(DownloadError, match=r"^six-1-py3-none-any\.whl: the hash is "):
        download.wheels(Lock("1", "sha512-", (wheel,)), tmp_path)
    assert not (tmp_path / wheel.file).exists()


def test_a_build_that_fails_leaves_the_pack_of_before(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (store / "0123456789ab").mkdir(parents=True)
    (store / "current").write_text("0123456789ab\n")

    def fails(*_: object) -> Path:
        raise BuildError("the packages cannot be compiled: MemoryError")

    for name in ("runtime", "wheels"):
        monkeypatch.setattr(cli, name, lambda *_: None)
    monkeypatch.setattr(cli, "build", fails)
    assert cli.main() == 2
    assert only_line(capsys) == "browser-pack: the packages cannot be compiled: MemoryError"
    assert sorted(path.name for path in store.iterdir()) == ["0123456789ab", "current", "downloads"]


def test_without_node_the_build_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = tmp_path / "runtime.tgz"
    package = tmp_path / "package"
    package.mkdir()
    for name in (*RUNTIME_FILES, LOCK_FILE):
        (package / name).touch()
    with zipfile.ZipFile(package / LIBRARY, "w") as library:
        library.writestr("this.py", "")
    with tarfile.open(runtime, "w:gz") as archive:
        archive.add(package, "package")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(BuildError, match=r"^node is not installed"):
        build(runtime, [], SANDBOX, read(), tmp_path, work)


def test_files_are_packed_as_a_list_of_lengths_and_their_bytes(tmp_path: Path) -> None:
    for name, content in (("a/b.pyc", "code"), ("a/b.py", "source"), ("c.json", "{}"), ("pytest/x.pyc", "test")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    one = packed(tmp_path, for_tests=False)
    (length,) = struct.unpack("<I", one[:4])
    assert json.loads(one[4 : 4 + length]) == [["a/b.pyc", 4], ["c.json", 2]]
    assert one[4 + length :] == b"code{}"
    assert packed(tmp_path, for_tests=True).endswith(b"test")


def test_the_digest_of_the_sources_changes_with_each_of_them(tmp_path: Path) -> None:
    (tmp_path / "core.py").write_text("1")
    before = sources_digest(tmp_path)
    assert sources_digest(tmp_path) == before
    (tmp_path / "core.py").write_text("2")
    assert sources_digest(tmp_path) != before


def a_pack(store: Path, sources: str) -> None:
    (store / "0123456789ab").mkdir(parents=True)
    (store / "0123456789ab" / "site.bin").write_bytes(gzip.compress(b""))
    (store / "0123456789ab" / "pack.json").write_text(json.dumps({"sources": sources}))
    (store / "current").write_text("0123456789ab\n")


def test_a_pack_of_other_sources_is_not_current(tmp_path: Path) -> None:
    a_pack(tmp_path / "old", "0000")
    a_pack(tmp_path / "new", sources_digest(SANDBOX))
    old, new = run_in_browser.pack(tmp_path / "old"), run_in_browser.pack(tmp_path / "new")
    assert old and new
    assert (old.is_current, new.is_current) == (False, True)
    assert new.files["assets/browser-pack/0123456789ab/site.bin"].is_file()


def test_a_store_without_a_whole_pack_has_none(tmp_path: Path) -> None:
    assert run_in_browser.pack(tmp_path) is None
    (tmp_path / "current").write_text("0123456789ab\n")
    assert run_in_browser.pack(tmp_path) is None


def page_of(tmp_path: Path, **sources: str) -> Programs:
    for name, source in sources.items():
        (tmp_path / f"{name}.py").write_text(source)
    return Programs("guides/it.md", tmp_path, tuple(tmp_path / f"{name}.py" for name in sources))


def block(name: str) -> str:
    return (
        f'<div class="language-python highlight"><span class="filename"><a href="{name}" download>{name}</a></span>'
        "<pre><code>x</code></pre></div>"
    )


def test_a_block_says_what_a_run_needs_or_why_it_cannot_run(tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text("{}")
    found = page_of(tmp_path, able="# sandbox: script=answers.json\n", old="# needs: openai==1.0.0\n")
    content = run_in_browser.with_runs(block("able.py") + block("old.py") + block("strange.py"), found)
    assert content.count("data-run=") == 1
    opening = '<div class="language-python highlight"'
    assert f'{opening} data-run="answers.json"><span class="filename"><a href="able.py"' in content
    assert 'data-no-run="It needs other versions: openai==1.0.0."><span class="filename"><a href="old.py"' in content
    assert run_in_browser.with_runs(content, None) == content


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import openai\n", None),
        ("# needs: threads\n", "It listens on a socket in a thread, and a browser has neither."),
        ("# needs: pytest==9.2.0, respx==0.23.1\n", "It needs other versions: pytest==9.2.0, respx==0.23.1."),
        ("from concurrent.futures import ProcessPoolExecutor\n", "It starts another process."),
        ("from concurrent.futures import ThreadPoolExecutor\n", None),
        ("import tiktoken\n", "tiktoken has no wheel for browsers."),
        ("from agents import Runner\n", run_in_browser.UNABLE["package agents"]),
        ("from openai.resources import agents\n", None),
        ("# needs: web_app.py\n", "It serves requests on a socket."),
    ],
)
def test_the_reason_why_a_program_cannot_run_is_read_from_it(source: str, said: str | None) -> None:
    assert run_in_browser.reason(source) == said


def test_the_command_is_installed_and_explains_itself() -> None:
    command = Path(sys.executable).with_name("browser-pack")
    done = subprocess.run([command, "--help"], capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"})
    assert done.returncode == 0
    assert "Builds what pages need to run their programs" in done.stdout
