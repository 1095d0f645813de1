"""In a page, modules come from one block of code, as if each had its file."""

import importlib
import importlib.resources
import importlib.util
import json
import marshal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from docs._tools.data.as_of import ROOT

FILE = ROOT / "browser" / "browser_pack" / "in_browser" / "packed_modules.py"


class Block:
    """Compiled modules one after the other, as the page hands them over."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.index: list[tuple[str, int, int]] = []
        self.content = b""
        for path, source in sources.items():
            compiled = bytes(16) + marshal.dumps(compile(source, f"/packed/{path}", "exec"))
            self.index.append((path, len(self.content), len(compiled)))
            self.content += compiled

    def to_bytes(self) -> bytes:
        return self.content


@pytest.fixture
def packed(tmp_path: Path) -> Iterator[Any]:
    """What imports modules from blocks. What it has imported is forgotten."""
    spec = importlib.util.spec_from_file_location("packed_modules", FILE)
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    before, found_by = set(sys.modules), sys.meta_path[:]
    yield module.PackedModules
    sys.meta_path[:] = found_by
    for name in set(sys.modules) - before:
        if name.startswith("packed_example"):
            del sys.modules[name]


def added(packed: Any, folder: Path) -> None:
    block = Block(
        {
            "packed_example/__init__.pyc": "from .inner import VALUE",
            "packed_example/inner.pyc": "VALUE = 'from the block'",
        }
    )
    packed.add(str(folder), json.dumps(block.index), block)


def imported() -> ModuleType:
    importlib.invalidate_caches()
    return importlib.import_module("packed_example")


def test_a_package_comes_from_the_block_and_its_data_from_its_folder(packed: Any, tmp_path: Path) -> None:
    added(packed, tmp_path)
    package: Any = imported()
    assert package.VALUE == "from the block"
    assert package.__file__ == f"{tmp_path}/packed_example/__init__.pyc"
    assert list(package.__path__) == [f"{tmp_path}/packed_example"]
    (tmp_path / "packed_example").mkdir()
    (tmp_path / "packed_example" / "data.json").write_text("{}")
    assert importlib.resources.files("packed_example").joinpath("data.json").read_text() == "{}"


def test_a_file_of_the_program_comes_before_the_block(
    packed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(packed, tmp_path / "site-packages")
    (tmp_path / "packed_example.py").write_text("VALUE = 'from the program'\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert imported().VALUE == "from the program"


def test_a_folder_with_data_only_does_not_hide_the_block(
    packed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(packed, tmp_path)
    (tmp_path / "packed_example").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert imported().VALUE == "from the block"
