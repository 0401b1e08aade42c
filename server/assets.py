"""Where templates and static files lie: beside the package in a checkout, inside it in an installed wheel."""

import os.path
import re
from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).parent

_IMPORT = re.compile(r"""^(?:import|export|\})[^"';]*?(?:from )?["'](\.{1,2}/[^"']+\.js)["'];""", re.MULTILINE)


def assets_dir(name: str) -> Path:
    """The folder `static` or `templates`. Raises FileNotFoundError when neither place has it."""
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"The folder {name!r} is missing: install the package again.")


def modules_of(entry: Path) -> list[Path]:
    """The JavaScript modules that a module needs, and theirs: nearest first, without the entry itself.

    A browser finds a module only when it has read the one that imports it; told all of them, it asks for all at once.
    """
    found = {entry: None}
    for module in (line := [entry]):
        for imported in _imports_of(module, module.stat().st_mtime_ns):
            if imported not in found and imported.is_file():
                found[imported] = None
                line.append(imported)
    return list(found)[1:]


@lru_cache(maxsize=2048)
def _imports_of(module: Path, modified_ns: int) -> tuple[Path, ...]:
    """Read once for each time the file was written."""
    names = _IMPORT.findall(module.read_text(encoding="utf-8"))
    return tuple(Path(os.path.normpath(module.parent / name)) for name in names)
