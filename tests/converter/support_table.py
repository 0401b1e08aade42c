"""Writes the tables of converter/README.md from the models of the examination, which prove every word of them.

    python -m tests.converter.support_table

rewrites what stands between the markers; a test asserts that it is current.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import keras

from tests.converter.models.case import GRAPH, LAYERS, REFUSED, Case
from tests.converter.models.table import MODELS

README = Path(__file__).resolve().parents[2] / "converter" / "README.md"
BEGIN, END = "<!-- begin: tables of what becomes what -->", "<!-- end: tables of what becomes what -->"

_OTHER_FRAMEWORK = "code of another framework; convert a model of Keras layers"
_NO_MODELS = {
    "Equalization": "Keras 3.15 itself cannot put it into a model",
    "FlaxLayer": _OTHER_FRAMEWORK,
    "InputSpec": "no layer",
    "JaxLayer": _OTHER_FRAMEWORK,
    "MaxNumBoundingBoxes": "works on boxes around objects, while training",
    "TorchModuleWrapper": _OTHER_FRAMEWORK,
    "Wrapper": "no layer by itself: the base of wrappers",
}
"""Classes of keras.layers that no model can stand for, and why."""


def layer_names() -> dict[str, list[str]]:
    """Classes of keras.layers by the names they are known by, each with its other names."""
    names: dict[type, list[str]] = {}
    for name, kind in vars(keras.layers).items():
        if inspect.isclass(kind):
            names.setdefault(kind, []).append(name)
    known = {kind.__name__ if kind.__name__ in own else own[0]: own for kind, own in names.items()}
    return {name: sorted(set(own) - {name}) for name, own in sorted(known.items())}


def missing_layers() -> list[str]:
    """Classes of keras.layers that neither a model stands for nor a reason is given for."""
    return [name for name in layer_names() if not _cases_about(name) and name not in _NO_MODELS]


def _cases_about(name: str) -> list[Case]:
    return [case for case in MODELS.values() if case.about == name]


# ---- Layers ---------------------------------------------------------------------------------------------------


def _layer_rows() -> Iterator[str]:
    yield "| layer | layers model | graph model | refused |"
    yield "| --- | --- | --- | --- |"
    for name, others in layer_names().items():
        cases = _cases_about(name)
        cells = [_cell(cases, way) for way in (LAYERS, GRAPH)] if cases else ["", ""]
        refused = _refusals(cases) if cases else _NO_MODELS.get(name, "")
        also = f" ({', '.join(f'`{other}`' for other in others)})" if others else ""
        yield f"| `{name}`{also} | {cells[0]} | {cells[1]} | {refused} |"


def _cell(cases: Sequence[Case], way: str) -> str:
    """What goes this way: "yes" if it is the usual one, then only what is special about the others."""
    own = [case for case in cases if case.way == way]
    if not own:
        return ""
    if way != _usual_way(cases):
        return "; ".join(_told(_special(own, cases)))
    return "live, or with `--trusted`" if all(case.live_only for case in own) else "yes"


def _usual_way(cases: Sequence[Case]) -> str:
    plain = [case.way for case in cases if not case.option and case.way != REFUSED]
    ways = [case.way for case in cases if case.way != REFUSED] or [REFUSED]
    return plain[0] if plain else max((LAYERS, GRAPH, REFUSED), key=ways.count)


def _special(own: Sequence[Case], cases: Sequence[Case]) -> list[str]:
    """What these cases have that the others about the same class have not: what all of them share, or one by one."""
    elsewhere = {part for case in cases if case.way != own[0].way for part in _parts(case)}
    options = [[part for part in _parts(case) if part not in elsewhere] or _parts(case) for case in own]
    shared = [part for part in options[0] if all(part in others for others in options)]
    return [", ".join(shared)] if shared else [", ".join(parts) for parts in options]


def _parts(case: Case) -> list[str]:
    """The options one by one; commas inside brackets do not part them."""
    return re.split(r", (?![^(\[]*[)\]])", case.option)


def _told(options: Iterable[str]) -> list[str]:
    return [f"`{option}`" if "=" in option and " " not in option else option for option in dict.fromkeys(options)]


def _refusals(cases: Sequence[Case]) -> str:
    told: dict[str, list[str]] = {}
    for case in cases:
        if case.way == REFUSED:
            told.setdefault(case.why, []).append(case.option)
    return "; ".join(_refusal(why, options) for why, options in told.items())


def _refusal(why: str, options: Sequence[str]) -> str:
    named = [option for option in _told(options) if option]
    return f"{', '.join(named)}: {why}" if named else why


# ---- Functions ------------------------------------------------------------------------------------------------


def _functions(home: str) -> Mapping[str, list[str]]:
    """Functions by the way they go; one that goes both ways stands in both lists, with what makes the difference."""
    listed: dict[str, list[str]] = {LAYERS: [], GRAPH: []}
    names = sorted({case.about for case in MODELS.values() if case.about.startswith(f"{home}.")})
    for name in names:
        cases = _cases_about(name)
        ways = [way for way in (LAYERS, GRAPH) if any(case.way == way for case in cases)]
        for way in ways:
            own = [case for case in cases if case.way == way]
            options = _told(_special(own, cases)) if way != _usual_way(cases) else []
            named = [option for option in options if option]
            listed[way].append(f"`{name.partition('.')[2]}`" + (f" ({', '.join(named)})" if named else ""))
    return listed


def _function_lines(home: str) -> Iterator[str]:
    listed = _functions(home)
    yield f"- As a layers model: {', '.join(listed[LAYERS])}."
    yield f"- As a graph model: {', '.join(listed[GRAPH])}."


# ---- The file -------------------------------------------------------------------------------------------------


def tables() -> str:
    """Everything between the markers."""
    lines = [
        "### Layers",
        "",
        *_layer_rows(),
        "",
        "### Activations (`keras.activations`)",
        "",
        *_function_lines("activations"),
        "",
        "### Functions (`keras.ops`) and operators between layers",
        "",
        *_function_lines("ops"),
    ]
    return "\n".join(lines)


def with_tables(text: str) -> str:
    """The text of the README with the tables as they are now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
