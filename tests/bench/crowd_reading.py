"""From what the clients of a crowd received to numbers. Pure; times are seconds of one monotonic clock.

Lateness: a run at 60 epochs a second has a timetable, anchored at a client's first `metrics` event, which tells of an
epoch at a time; each epoch after it is due a sixtieth of a second later than the one before. How long after that the
epoch is there at the client is its lateness; epochs that travel together in one update are late by their place in it,
too. In the window: the same on the timetable of the run's most punctual event in the window, so that what the start of
the crowd has cost is left out, and what the eye would see while it runs remains.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from tests.bench.event_stream import Arrival, read_arrivals, read_status_line
from tests.bench.figures import percentile

BAD_STATUSES = {"failed", "stopped", "finished"}


@dataclass(frozen=True)
class Window:
    """When was measured, and the epochs a second that were asked for."""

    begin_s: float
    end_s: float
    speed: float

    @property
    def length_s(self) -> float:
        """How long it lasted."""
        return self.end_s - self.begin_s

    def holds(self, at_s: float) -> bool:
        """Whether a moment lies in it."""
        return self.begin_s <= at_s < self.end_s


@dataclass(frozen=True)
class Reading:
    """What one client received: chunks with their times."""

    received: Sequence[tuple[float, bytes]]
    is_cut: bool = False


@dataclass(frozen=True)
class RunReading:
    """What one client saw in the window; lateness in milliseconds, one number for each epoch."""

    updates_per_s: float
    epochs_per_s: float
    longest_silence_s: float
    lateness_ms: tuple[float, ...]
    window_lateness_ms: tuple[float, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class CrowdReading:
    """What all clients saw: a number for each run, and percentiles over the epochs of all runs."""

    updates_per_s: list[float]
    epochs_per_s: list[float]
    longest_silence_s: list[float]
    lateness_p99_ms: float
    window_lateness_p99_ms: float
    run_lateness_p99_ms: list[float]
    run_window_lateness_p99_ms: list[float]
    errors: list[str]

    def to_payload(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def read_crowd(readings: Sequence[Reading], window: Window) -> CrowdReading:
    """Gather what the clients saw."""
    runs = [read_run(reading, window) for reading in readings]
    return CrowdReading(
        updates_per_s=[run.updates_per_s for run in runs],
        epochs_per_s=[run.epochs_per_s for run in runs],
        longest_silence_s=[run.longest_silence_s for run in runs],
        lateness_p99_ms=percentile([late for run in runs for late in run.lateness_ms], 0.99),
        window_lateness_p99_ms=percentile([late for run in runs for late in run.window_lateness_ms], 0.99),
        run_lateness_p99_ms=[percentile(run.lateness_ms, 0.99) for run in runs],
        run_window_lateness_p99_ms=[percentile(run.window_lateness_ms, 0.99) for run in runs],
        errors=[error for run in runs for error in run.errors],
    )


def read_run(reading: Reading, window: Window) -> RunReading:
    """What one client saw."""
    arrivals = [arrival for arrival in read_arrivals(reading.received) if arrival.at_s < window.end_s]
    metrics = [(arrival.at_s, arrival.epochs()) for arrival in arrivals if arrival.kind == "metrics"]
    inside = [(at_s, epochs) for at_s, epochs in metrics if window.holds(at_s)]
    offsets, inside_offsets = ([_offset_s(at, epochs[-1], window.speed) for at, epochs in m] for m in (metrics, inside))
    return RunReading(
        updates_per_s=len(inside) / window.length_s,
        epochs_per_s=sum(len(epochs) for _, epochs in inside) / window.length_s,
        longest_silence_s=_longest_silence_s([at_s for at_s, _ in inside], window),
        lateness_ms=_lateness_ms(inside, offsets[:1], window),
        window_lateness_ms=_lateness_ms(inside, inside_offsets, window),
        errors=tuple(_errors(reading, arrivals, [epoch for _, epochs in metrics for epoch in epochs])),
    )


def _offset_s(at_s: float, epoch: int, speed: float) -> float:
    """When epoch 0 would have been due, had this epoch come in time."""
    return at_s - epoch / speed


def _lateness_ms(
    metrics: Sequence[tuple[float, list[int]]], offsets: Sequence[float], window: Window
) -> tuple[float, ...]:
    """Of each epoch, on the earliest of the timetables; a run that told nothing is as late as the window is long."""
    if not metrics:
        return (1000 * window.length_s,)
    anchor_s = min(offsets)
    return tuple(
        1000 * (_offset_s(at_s, epoch, window.speed) - anchor_s) for at_s, epochs in metrics for epoch in epochs
    )


def _longest_silence_s(times: Sequence[float], window: Window) -> float:
    moments = [window.begin_s, *times, window.end_s]
    return max(after - before for before, after in pairwise(moments))


def _errors(reading: Reading, arrivals: Sequence[Arrival], epochs: Sequence[int]) -> Iterator[str]:
    status_line = read_status_line(reading.received)
    if " 200 " not in status_line:
        yield f"the stream was answered with {status_line!r}"
    if reading.is_cut:
        yield "the stream was cut"
    for status in (arrival.status() for arrival in arrivals if arrival.kind == "status"):
        if status in BAD_STATUSES:
            yield f"the run ended: {status}"
    if list(epochs) != list(range(1, len(epochs) + 1)):
        yield "epochs were missing or came twice"
