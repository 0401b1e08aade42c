"""What happens in a run, as plain data; not-a-number becomes null here and nowhere else."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, TypeAlias

EventKind = Literal["status", "metrics", "frame", "gradients", "progress", "checkpoint", "pulse"]
Payload: TypeAlias = dict[str, Any]
Columns: TypeAlias = dict[str, list[float | int | None]]

LOGGED_KINDS: frozenset[EventKind] = frozenset({"status", "metrics"})
"""Kinds that belong to the story of a run: stored, numbered and replayed. The others only matter when new."""


@dataclass(frozen=True)
class RunEvent:
    """Something that happened in one run.

    kind `status`: the run changed its status or its controls; `metrics`: columns of ended epochs;
    `frame`: the weights of this moment, to be drawn; `checkpoint`: the weights of this moment, to be kept;
    `gradients`: how strongly each layer learns at this moment; `progress`: how far a long epoch has come;
    `pulse`: whoever trains the run is alive.
    `attempt` counts who has trained the run: what an earlier attempt still tells is not heard any more.
    """

    run_id: str
    kind: EventKind
    payload: Payload
    attempt: int = 1


def to_json(payload: Mapping[str, Any] | list[Any]) -> str:
    """Strict JSON on one line: no NaN, no infinity, no line breaks."""
    try:
        return _strict(payload)
    except ValueError:  # rare, so that the others need not be looked through
        return _strict(finite_only(payload))


def _strict(payload: Mapping[str, Any] | list[Any]) -> str:
    return json.dumps(payload, allow_nan=False, separators=(",", ":"))


def finite_only(value: Any) -> Any:
    """The same data with every not-a-number and infinity replaced by None."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite_only(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite_only(entry) for entry in value]
    return value


def join_columns(parts: Iterable[Columns]) -> Columns:
    """The rows of several metrics payloads in one."""
    joined: Columns = {}
    for part in parts:
        for name, column in part.items():
            joined.setdefault(name, []).extend(column)
    return joined


def last_row(columns: Columns) -> dict[str, float | int | None]:
    """The newest value of each metric, without epoch and step."""
    return {name: column[-1] for name, column in columns.items() if name not in ("epoch", "step")}


def thin_columns(columns: Columns, most_rows: int) -> Columns:
    """At most `most_rows` rows, evenly chosen, always with the first and the last."""
    count = len(columns.get("epoch", []))
    if count <= most_rows:
        return columns
    chosen = [round(place * (count - 1) / (most_rows - 1)) for place in range(most_rows)]
    return {name: [column[row] for row in chosen] for name, column in columns.items()}
