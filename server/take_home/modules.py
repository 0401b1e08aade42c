"""ES modules joined to one script, for a page that may load nothing.

Each module becomes a function that is called once and gives its exports; what it imports comes before it. Only the
forms our own code has are known; any other raises, so that nothing is joined wrongly in silence.
"""

import os.path
import re
from pathlib import Path

_IMPORT = re.compile(r"""^import (?:\{(?P<names>[^}]*)\} from )?"(?P<path>\.{1,2}/[^"]+\.js)";$""", re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?P<rest>(?:async function|function\*?|class|const) ?(?P<name>[A-Za-z_$][\w$]*))", re.MULTILINE
)
_COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
"""One that has its lines for itself."""

_NOTHING = re.compile(r"^export \{\};$", re.MULTILINE)
_UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class CannotJoin(Exception):
    """A module has a form that is not known here, or modules import each other in a circle."""


def joined_modules(entry: Path) -> str:
    """One script that does what the module `entry` does, in strict mode, without any global name."""
    order: dict[Path, str] = {}
    _visit(entry, order, ())
    body = "\n".join(_as_function(module, text, order) for module, text in order.items())
    return f'"use strict";\n(() => {{\n{body}\n}})();\n'


def _visit(module: Path, order: dict[Path, str], above: tuple[Path, ...]) -> None:
    """Put a module behind those that it imports."""
    if module in above:
        raise CannotJoin(f"{module.name} imports itself through {above[-1].name}.")
    if module in order:
        return
    text = _COMMENT.sub("", module.read_text(encoding="utf-8"))
    for found in _IMPORT.finditer(text):
        _visit(_target(module, found["path"]), order, (*above, module))
    order[module] = text


def _target(module: Path, path: str) -> Path:
    return Path(os.path.normpath(module.parent / path))


def _as_function(module: Path, text: str, order: dict[Path, str]) -> str:
    places = {path: f"module{index}" for index, path in enumerate(order)}
    exported = [found["name"] for found in _EXPORT.finditer(text)]

    def take(found: re.Match[str]) -> str:
        if found["names"] is None:
            return ""
        names = found["names"].replace(" as ", ": ")
        return f"const {{{names}}} = {places[_target(module, found['path'])]};"

    plain = _EXPORT.sub(lambda found: found["rest"], _NOTHING.sub("", _IMPORT.sub(take, text)))
    if unknown := _UNKNOWN.search(plain):
        raise CannotJoin(f"{module.name} has a line that cannot be joined: {unknown.group()}")
    return f"const {places[module]} = (() => {{\n{plain}\nreturn {{ {', '.join(exported)} }};\n}})();"
