"""Downloads what the lock names, and checks every hash. Nothing is kept that does not match."""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from packaging.utils import parse_wheel_filename

from .lock import ABI, FASTER_WITH_C, PLATFORM, PYTHON, RUNTIME, RUNTIME_VERSION, Lock, Wheel

PIP = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
ANY_LINUX = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64")


class DownloadError(RuntimeError):
    """Something cannot be downloaded, or is not what the lock names. The message says what, and the remedy."""


def runtime(lock: Lock, folder: Path) -> Path:
    """Return the interpreter's npm package as a file in a folder; download it unless it is there.

    Raises:
        DownloadError: npm is missing or fails, or the integrity is wrong.
    """
    path = folder / f"{RUNTIME}-{lock.runtime_version}.tgz"
    if not path.is_file():
        with tempfile.TemporaryDirectory(dir=folder) as elsewhere:
            _npm_pack(lock.runtime_version, Path(elsewhere)).replace(path)
    found = integrity(path)
    if found != lock.runtime_integrity:
        path.unlink()
        raise DownloadError(_wrong(path.name, lock.runtime_integrity, found))
    return path


def wheels(lock: Lock, folder: Path) -> list[Path]:
    """Return the wheels as files in a folder; download those that are not there.

    Raises:
        DownloadError: pip fails, or a hash is wrong.
    """
    missing = [wheel for wheel in lock.wheels if not (folder / wheel.file).is_file()]
    if missing:
        with tempfile.TemporaryDirectory(dir=folder) as elsewhere:
            for path in pip_download({wheel.name: wheel.version for wheel in missing}, Path(elsewhere)):
                path.replace(folder / path.name)
    return [_checked(folder / wheel.file, wheel) for wheel in lock.wheels]


def _checked(path: Path, wheel: Wheel) -> Path:
    if not path.is_file():
        raise DownloadError(f"{wheel.file}: pip downloaded another file for {wheel.name} {wheel.version}: run --lock")
    found = sha256(path)
    if found != wheel.sha256:
        path.unlink()
        raise DownloadError(_wrong(path.name, wheel.sha256, found))
    return path


def locked(versions: dict[str, str], folder: Path) -> Lock:
    """Download packages in these versions and return the lock of what came.

    Raises:
        DownloadError: npm or pip is missing or fails.
    """
    package = _npm_pack(RUNTIME_VERSION, folder)
    found = []
    for path in pip_download(versions, folder):
        name = parse_wheel_filename(path.name)[0]
        found.append(Wheel(name, versions[name], path.name, sha256(path)))
    return Lock(RUNTIME_VERSION, integrity(package), tuple(sorted(found, key=lambda wheel: wheel.name)))


def _npm_pack(version: str, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise DownloadError("npm is not installed: it comes with Node.js, for example `apt-get install npm`")
    _run([npm, "pack", "--silent", f"{RUNTIME}@{version}", "--pack-destination", str(folder)], f"{RUNTIME} {version}")
    return folder / f"{RUNTIME}-{version}.tgz"


def pip_download(versions: dict[str, str], folder: Path) -> list[Path]:
    """Download wheels for the browser's platform, without what they depend on.

    Raises:
        DownloadError: pip fails.
    """
    theirs = {name: version for name, version in versions.items() if name in FASTER_WITH_C}
    for platforms, group in (([PLATFORM], versions.keys() - theirs.keys()), (ANY_LINUX, theirs.keys())):
        pinned = [f"{name}=={versions[name]}" for name in sorted(group)]
        if pinned:
            target = [word for platform in platforms for word in ("--platform", platform)]
            target += ["--python-version", PYTHON, "--implementation", "cp", "--abi", ABI]
            _run([*PIP, "--no-deps", "--only-binary", ":all:", *target, "--dest", str(folder), *pinned], _listed(group))
    return sorted(folder.glob("*.whl"))


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()
        telling = next((line for line in said if re.search(r"ERROR|npm error|code E", line)), said[-1])
        raise DownloadError(f"cannot download {what}: {telling}. Is the network there?")


def _listed(versions: Iterable[str]) -> str:
    names = list(versions)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more packages" if len(names) > 3 else "")


def _wrong(name: str, wanted: str, found: str) -> str:
    return f"{name}: the hash is {found}, and the lock has {wanted}. The file was deleted; run this again"


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def integrity(path: Path) -> str:
    """Return a file's SHA-512 as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
