"""Bounds that are narrower for points than for pictures.

The schema has one bound for a field whatever the data are. These look at the decoded spec before it is parsed, so that
their problems come together with all others.
"""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from server.domain import limits
from server.domain.errors import Problem
from server.domain.spec import DatasetName, kind_of, most_samples


def find_plane_problems(raw_spec: object) -> list[Problem]:
    """Too many samples, layers or units for a data set of points; what is of another kind is left to the parser."""
    if not isinstance(raw_spec, dict):
        return []
    raw_dataset = raw_spec.get("dataset", {})
    if not isinstance(raw_dataset, dict):
        return []
    name: Any = raw_dataset.get("name", "circle")
    if name not in get_args(DatasetName) or kind_of(name) == "image":
        return []
    return [*_samples(name, raw_dataset), *_layers(raw_spec.get("layers"))]


def _samples(name: DatasetName, raw_dataset: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _outside("dataset.samples", raw_dataset.get("samples"), limits.MIN_SAMPLES, most_samples(name))


def _layers(raw_layers: object) -> Iterator[Problem]:
    if not isinstance(raw_layers, list):
        return
    if len(raw_layers) > limits.MAX_LAYERS:
        expected, count = f"a list of 0 to {limits.MAX_LAYERS} entries", len(raw_layers)
        message = f"layers must be {expected}, but {count} entries were received."
        yield Problem("layers", "too_long", message, expected, count)
    for index, raw_layer in enumerate(raw_layers):
        units = raw_layer.get("units") if isinstance(raw_layer, dict) else None
        yield from _outside(f"layers[{index}].units", units, 1, limits.MAX_UNITS)


def _outside(field: str, received: object, fewest: int, most: int) -> Iterator[Problem]:
    is_whole = isinstance(received, int) and not isinstance(received, bool)
    if not is_whole or fewest <= received <= most:  # type: ignore[operator]
        return
    code = "less_than_equal" if received > most else "greater_than_equal"  # type: ignore[operator]
    expected = f"{fewest} to {most}"
    message = f"{field} must be a whole number, {expected}, but {received} was received."
    yield Problem(field, code, message, expected, received if abs(received) < 1e18 else str(received)[:200])  # type: ignore[arg-type]
