"""A measured number, the samples behind it, and the target it is judged by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

Relation = Literal[">=", "<=", "<"]

_HOLDS: dict[Relation, Callable[[float, float], bool]] = {
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
    "<": lambda value, bound: value < bound,
}


@dataclass(frozen=True)
class Target:
    """What a figure should be: `>= 250`, `< 150`."""

    relation: Relation
    bound: float

    def is_met(self, value: float) -> bool:
        """Tell whether a value is as it should be."""
        return _HOLDS[self.relation](value, self.bound)


@dataclass(frozen=True)
class Figure:
    """One number of the benchmark. `subject` is what was measured (a network, a crowd), `name` what of it."""

    subject: str
    name: str
    unit: str
    value: float
    samples: tuple[float, ...] = ()
    target: Target | None = None
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """None for a figure without a target."""
        return None if self.target is None else self.target.is_met(self.value)

    def to_payload(self) -> dict[str, Any]:
        """Plain data, for the file; samples keep six significant digits."""
        target = None if self.target is None else {"relation": self.target.relation, "bound": self.target.bound}
        return {
            "subject": self.subject,
            "name": self.name,
            "unit": self.unit,
            "value": self.value,
            "target": target,
            "is_met": self.is_met,
            "samples": [float(f"{sample:.6g}") for sample in self.samples],
            **({"note": self.note} if self.note else {}),
        }


@dataclass(frozen=True)
class PartReport:
    """What a part of the benchmark found. With `subjects_across` the columns of its table are the subjects."""

    title: str
    notes: tuple[str, ...]
    figures: tuple[Figure, ...]
    subjects_across: bool = False
    skipped_because: str = ""


class Broken(Exception):
    """Something did not work, so that there is nothing to measure; the sentence says what."""


def median_figure(subject: str, name: str, unit: str, samples: Sequence[float], target: Target | None = None) -> Figure:
    """The figure whose value is the median of its samples."""
    return Figure(subject, name, unit, median(samples), tuple(samples), target)


def percentile(samples: Sequence[float], share: float) -> float:
    """The value below which a share (0 to 1) of the samples lies, interpolated between neighbours."""
    ordered = sorted(samples)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
