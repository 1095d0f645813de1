"""What the pack is made of: exact versions and hashes, in `pack_lock.json`.

Versions are those of the environment that `uv` resolves as of the date in pyproject.toml. `browser-pack --lock` writes
them again, with the hashes of what the registries offer.
"""

import json
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILE = Path(__file__).with_name("pack_lock.json")

PYTHON = "3.14"
ABI = "cp314"
PLATFORM = "pyemscripten_2026_0_wasm32"

RUNTIME, RUNTIME_VERSION = "pyodide", "314.0.7"
"""The interpreter, an npm package. Its version decides Python's, and which wheels fit."""

ROOTS = (
    *("openai", "aiolimiter", "genai-prices", "python-dotenv", "stamina", "tenacity", "pytest", "looptime"),
    *("python-multipart", "pyyaml"),
)
"""The packages that programs import, and what the sandbox's core needs of its own."""

FASTER_WITH_C = ("pyyaml",)
"""Packages without a wheel for browsers that also work without their compiled part, which is left out."""

LEFT_OUT = frozenset({"certifi", "h11", "httpcore2", "httpx2-jsfetch", "truststore"})
"""What only a network connection needs. Here the sandbox answers in the same process."""


class LockError(ValueError):
    """The lock and the environment disagree. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel by its exact file name."""

    name: str
    version: str
    file: str
    sha256: str

    @property
    def is_pure(self) -> bool:
        """Tell whether it runs on any platform."""
        return self.file.endswith("-none-any.whl")


@dataclass(frozen=True, slots=True)
class Lock:
    """The interpreter with its npm integrity, and the wheels by name."""

    runtime_version: str
    runtime_integrity: str
    wheels: tuple[Wheel, ...]

    def written(self) -> str:
        """Return the lock as it is kept."""
        return json.dumps(asdict(self), indent=1) + "\n"


def read(path: Path = FILE) -> Lock:
    """Read the lock.

    Raises:
        LockError: it is damaged.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        wheels = tuple(Wheel(**wheel) for wheel in found.pop("wheels"))
        return Lock(**found, wheels=wheels)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise LockError(f"{path.name}: {problem}. Take it from the repository, or write it with --lock") from None


def wanted() -> dict[str, str]:
    """Return the packages that the pack needs, with the versions installed here.

    Raises:
        LockError: one is not installed.
    """
    found: dict[str, str] = {}
    waiting = list(ROOTS)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found or name in LEFT_OUT:
            continue
        try:
            found[name] = version(name)
            required = distribution(name).requires or []
        except PackageNotFoundError:
            raise LockError(f"{name} is not installed: run this with `uv run`") from None
        for line in required:
            requirement = Requirement(line)
            there = {"python_version": PYTHON, "sys_platform": "emscripten", "platform_system": "Emscripten"}
            if requirement.marker is None or requirement.marker.evaluate({**there, "extra": ""}):
                waiting.append(requirement.name)
    return dict(sorted(found.items()))


def disagreements(lock: Lock) -> list[str]:
    """Return what the lock has in other versions than this environment."""
    have = {wheel.name: wheel.version for wheel in lock.wheels}
    need = wanted()
    names = sorted(have.keys() | need.keys())
    return [
        f"{name}: the lock has {have.get(name, 'none')}, this environment {need.get(name, 'none')}"
        for name in names
        if have.get(name) != need.get(name)
    ]
