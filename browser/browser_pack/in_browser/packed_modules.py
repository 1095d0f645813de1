"""Imports modules from the pack's one block of code, which takes less time than a file for each of them."""

import json
import marshal
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourcelessFileLoader
from types import CodeType, ModuleType
from typing import Any, ClassVar

HEADER = 16
"""How many bytes of a .pyc file come before its code."""


class PackedLoader(SourcelessFileLoader):
    """Loads one module. Its `path` is where its file would be, so data files beside it are found."""

    def __init__(self, name: str, path: str, code: memoryview) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the module."""
        code: CodeType = marshal.loads(self._code)  # noqa: S302 - built with the page
        return code


class PackedModules:
    """Finds the modules of all packs that were added."""

    modules: ClassVar[dict[str, tuple[str, memoryview]]] = {}

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to import a module, or None if it is not in a pack or a file of the program comes before it."""
        if name not in cls.modules or (path is None and cls._is_shadowed(name)):
            return None
        file, code = cls.modules[name]
        loader = PackedLoader(name, file, code)
        spec = ModuleSpec(name, loader, origin=file, is_package=loader.is_package(name))
        spec.has_location = True
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(file.rpartition("/")[0])
        return spec

    @classmethod
    def _is_shadowed(cls, name: str) -> bool:
        other = PathFinder.find_spec(name)  # a folder with data files only is a namespace, which has no location
        return other is not None and other.has_location and other.origin != cls.modules[name][0]

    @classmethod
    def add(cls, folder: str, index: str, content: Any) -> None:
        """Add the modules of a pack.

        Args:
            folder: where their files would be.
            index: path, start and length in bytes of each module, as JSON.
            content: the pack, as a buffer of the page.
        """
        block = memoryview(content.to_bytes())
        for path, start, length in json.loads(index):
            name = path.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")
            cls.modules[name] = (f"{folder}/{path}", block[start + HEADER : start + length])
        if cls not in sys.meta_path:
            sys.meta_path.insert(sys.meta_path.index(PathFinder), cls)
