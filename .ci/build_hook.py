"""Build hook: a wheel and an sdist carry the page and its browser libraries, an editable install only fetches them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from browser_libraries import bring_browser_libraries  # noqa: E402 - lies beside this file, which no package holds

# Tools for developers, in static/ beside the page.
TOOL_FOLDER = "node_modules"
TOOL_FILES = (".json", ".d.ts", ".stamp", ".npmrc")


def is_of_the_page(file: Path) -> bool:
    """Tell whether a file, given relative to static/, is part of the page; at the top level JSON configures tools."""
    if file.parts[0] == TOOL_FOLDER:
        return False
    tool_files = TOOL_FILES if len(file.parts) == 1 else TOOL_FILES[1:]
    return not file.name.endswith(tool_files)


def page_files(root: Path) -> dict[str, str]:
    """Return where each file of the page lies (absolute) and its place in a wheel."""
    found = {}
    for name in ("static", "templates"):
        folder = root / name
        for file in sorted(folder.rglob("*")):
            place = file.relative_to(folder)
            if file.is_file() and is_of_the_page(place):
                found[str(file)] = f"server/{name}/{place.as_posix()}"
    return found


class BrowserLibrariesHook(BuildHookInterface):  # type: ignore[type-arg]
    """Brings the browser libraries before hatchling looks at the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill static/vendor; for a standard wheel, add the page (`version` is "standard" or "editable")."""
        root = Path(self.root)
        # Standard output belongs to the front end that asked for the build.
        bring_browser_libraries(root / "static", say=lambda text: print(text, file=sys.stderr))
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"].update(page_files(root))
