"""The installed `tensorflowjs` package, one piece at a time.

Importing the package as a whole loads decision forests, TensorFlow Hub and JAX: seconds and hundreds of megabytes for
files that need none of them. Single modules are loaded here under a package that is only a list of folders, and the
list is taken away again: `import tensorflowjs` elsewhere still finds the whole package.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

_PACKAGE = "tensorflowjs"
_LOADING = threading.Lock()


def package_folder() -> Path:
    """Find the folder of the installed package without running any of it. Raises ModuleNotFoundError without it."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {_PACKAGE!r}", name=_PACKAGE)
    return Path(spec.submodule_search_locations[0])


@cache
def load_submodule(name: str) -> ModuleType:
    """Load one module of the package, such as "quantization" or "converters.fuse_prelu", and what that imports itself.

    Raises ModuleNotFoundError when the package or the module is not there.
    """
    if _whole_package_is_loaded():
        return importlib.import_module(f"{_PACKAGE}.{name}")
    with _LOADING, _hollow_packages():
        return importlib.import_module(f"{_PACKAGE}.{name}")


def _whole_package_is_loaded() -> bool:
    return getattr(sys.modules.get(_PACKAGE), "__file__", None) is not None


@contextmanager
def _hollow_packages() -> Iterator[None]:
    """Stand-ins for the package and its subpackages: they have folders, but run nothing."""
    folder = package_folder()
    before = {known: module for known, module in sys.modules.items() if _is_of_the_package(known)}
    sys.modules[_PACKAGE] = _hollow(_PACKAGE, folder)
    for subpackage in _subpackages(folder):
        sys.modules[f"{_PACKAGE}.{subpackage}"] = _hollow(f"{_PACKAGE}.{subpackage}", folder / subpackage)
    try:
        yield
    finally:
        for loaded in [known for known in sys.modules if _is_of_the_package(known)]:
            del sys.modules[loaded]
        sys.modules.update(before)


def _is_of_the_package(module_name: str) -> bool:
    return module_name == _PACKAGE or module_name.startswith(f"{_PACKAGE}.")


def _subpackages(folder: Path) -> list[str]:
    return [entry.parent.name for entry in folder.glob("*/__init__.py")]


def _hollow(name: str, folder: Path) -> ModuleType:
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    return module
