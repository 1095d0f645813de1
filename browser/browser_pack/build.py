"""Builds the pack from what was downloaded: compiled modules in one file, and the interpreter beside it.

The pack is a folder whose name is a digest of its content, so its files can be cached for ever::

    pyodide.mjs, pyodide.asm.mjs, pyodide.asm.wasm   the interpreter
    stdlib.zip                                       the standard library, compiled
    site.bin                                         the packages, compiled, compressed with gzip; see `packed`
    tests.bin                                        likewise, what only programs that are tests need
    NOTICE.txt                                       whose work it is
    pack.json                                        versions and sizes

Packages are compiled by the interpreter that will load them. Docstrings and assertions are left out, except where a
package needs them.
"""

import gzip
import hashlib
import json
import shutil
import struct
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from .lock import FILE as LOCK
from .lock import Lock

RUNTIME_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
COMPILER = Path(__file__).with_name("compile.mjs")
IN_BROWSER = Path(__file__).with_name("in_browser")
LOCK_FILE = "pyodide-lock.json"
LIBRARY = "python_stdlib.zip"
PACKAGES_PLACE, LIBRARY_PLACE = "/lib/python3.14/site-packages", "/lib/python3.14"
WITHOUT_CACHE = shutil.ignore_patterns("__pycache__")

WITH_SOURCE = ("anyio", "packed_modules.py")
"""What reads its own source, and what imports the rest."""

OTHER_PLATFORMS = ("-linux-gnu.so",)

NOT_NEEDED = (
    "openai_sandbox/http",
    "openai_sandbox/commands",
    "openai_sandbox/compare",
    "openai_sandbox/explain",
    "openai_sandbox/model/o200k_base.ranks",
    "openai/cli",
    "anyio/_backends/_trio",
    *("imaplib.", "mailbox.", "pickletools.", "wsgiref/", "turtle.", "xmlrpc/", "multiprocessing/dummy"),
)
"""What programs on a page do not use. The page counts tokens with its own tokenizer."""

FOR_TESTS = ("_pytest", "pytest", "pluggy", "iniconfig", "packaging", "pygments", "yaml", "_yaml")
"""What is loaded only when a reader runs a test, because it is a fifth of all packages."""

KEPT = ("openai_sandbox/http/address", "openai_sandbox/http/environment", "openai_sandbox/http/__init__")


class BuildError(RuntimeError):
    """The pack cannot be built. The message says why, and the remedy."""


def build(runtime: Path, wheels: list[Path], sandbox: Path, lock: Lock, target: Path, work: Path) -> Path:
    """Build the pack in `work` and move it to its place below `target`. Returns that place.

    Args:
        runtime: the interpreter's npm package.
        wheels: the wheels that the lock names.
        sandbox: the package `openai_sandbox`, which is put in as it is.
        lock: what these are.
        target: the folder for packs, each in a folder of its own.
        work: an empty folder on the same file system.

    Raises:
        BuildError: Node is missing, or the interpreter cannot compile something.
    """
    package, site, library = work / "package", work / "site", work / "library"
    _unpack_runtime(runtime, package)
    for wheel in wheels:
        _unpack(wheel, site)
    shutil.copytree(sandbox, site / sandbox.name, ignore=WITHOUT_CACHE)
    shutil.copytree(IN_BROWSER, site, ignore=WITHOUT_CACHE, dirs_exist_ok=True)
    _unpack(package / LIBRARY, library)
    _compile(package, {site: PACKAGES_PLACE, library: LIBRARY_PLACE})
    made = work / "pack"
    made.mkdir()
    for name in RUNTIME_FILES:
        shutil.copy(package / name, made / name)
    lockfile = json.loads((package / LOCK_FILE).read_text("utf-8"))
    (made / LOCK_FILE).write_text(json.dumps({**lockfile, "packages": {}}), "utf-8")
    _zip(library, made / "stdlib.zip")
    for name, with_tests in (("site.bin", False), ("tests.bin", True)):
        (made / name).write_bytes(gzip.compress(packed(site, with_tests), 9, mtime=0))
    (made / "NOTICE.txt").write_text(notice(package, site, lock), "utf-8")
    versions = {wheel.name: wheel.version for wheel in lock.wheels}
    sizes = {path.name: path.stat().st_size for path in sorted(made.iterdir())}
    about = {"python": lockfile["info"]["python"], "runtime": lock.runtime_version, "packages": versions}
    about |= {"sources": sources_digest(sandbox), "sizes": sizes}
    (made / "pack.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    place = target / _digest(made)
    if not place.exists():
        made.replace(place)
    return place


def _unpack_runtime(archive: Path, folder: Path) -> None:
    """Unpack the files of the interpreter that are needed."""
    folder.mkdir()
    with tarfile.open(archive) as packed:
        for name in (*RUNTIME_FILES, LOCK_FILE, LIBRARY):
            content = packed.extractfile(f"package/{name}")
            if content:
                (folder / name).write_bytes(content.read())


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack a wheel without what is compiled for another platform."""
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            if not name.endswith(OTHER_PLATFORMS):
                packed.extract(name, folder)


def sources_digest(sandbox: Path) -> str:
    """Return a digest of what of this repository is in the pack. It tells whether a pack is that of today's files."""
    key = hashlib.sha256(LOCK.read_bytes())
    for folder in (sandbox, Path(__file__).parent):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                key.update(path.relative_to(folder).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return key.hexdigest()[:16]


def _compile(runtime: Path, places: Mapping[Path, str]) -> None:
    """Compile the modules in folders, each for the place where the interpreter will have it."""
    node = shutil.which("node")
    if node is None:
        raise BuildError("node is not installed: it comes with npm, for example `apt-get install npm`")
    command = [node, str(COMPILER), str(runtime), *(f"{folder}={place}" for folder, place in places.items())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise BuildError(f"the packages cannot be compiled: {said[-1]}")


def _zip(folder: Path, place: Path) -> None:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in _kept(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def packed(folder: Path, for_tests: bool) -> bytes:
    """Return files as one: the length of a list, the list of paths and lengths as JSON, then the files.

    Args:
        folder: where the files are.
        for_tests: whether to take what only tests need, or all the rest.
    """
    kept = (path for path in _kept(folder) if (path.relative_to(folder).parts[0] in FOR_TESTS) == for_tests)
    found = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in kept]
    listed = json.dumps([[path, len(content)] for path, content in found]).encode()
    return struct.pack("<I", len(listed)) + listed + b"".join(content for _, content in found)


def _kept(folder: Path) -> Iterator[Path]:
    """Yield the files that are needed: no source of what is compiled, and nothing that only tools read."""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and _needed(place, path):
            yield path


def _needed(place: PurePath, path: Path) -> bool:
    name = place.as_posix()
    if name.startswith(NOT_NEEDED) and not name.startswith(KEPT):
        return False
    if path.suffix == ".py":
        return place.parts[0] in WITH_SOURCE or not path.with_suffix(".pyc").is_file()
    if ".dist-info" in place.parts[0]:
        return path.name in ("METADATA", "entry_points.txt")
    return path.suffix not in (".pyi", ".typed", ".md", ".rst")


def notice(runtime: Path, site: Path, lock: Lock) -> str:
    """Return the licenses of all that is in the pack."""
    parts = [f"Pyodide {lock.runtime_version}: MPL-2.0, source at github.com/pyodide/pyodide\n"]
    parts += ["Python: PSF-2.0\n"]
    for folder in sorted(site.glob("*.dist-info")):
        named = folder.name.removesuffix(".dist-info").replace("-", " ")
        texts = [path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*")) if _is_license(path)]
        parts.append(f"{named}\n\n" + "\n".join(texts))
    return ("\n" + "=" * 80 + "\n").join(parts)


def _is_license(path: Path) -> bool:
    return path.is_file() and any(word in path.name.upper() for word in ("LICEN", "NOTICE", "COPYING"))


def _digest(folder: Path) -> str:
    key = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        key.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return key.hexdigest()[:12]
