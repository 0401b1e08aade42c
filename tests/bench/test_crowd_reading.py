"""What the clients of a crowd received becomes rates, lateness and errors."""

import json
from itertools import pairwise

import pytest

from tests.bench.crowd_reading import Reading, Window, read_crowd, read_run

HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 2000\n: open\n\n"
WINDOW = Window(10.0, 12.0, speed=10.0)


def event(kind: str, **data: object) -> bytes:
    return f"id: 0a1b2c3d-1\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def punctual(until_epoch: int, late_s: float = 0.0, late_from: int = 0) -> list[tuple[float, bytes]]:
    """Ten epochs a second from 8 s on, one an update; from an epoch on, all are late."""
    chunks = [(7.9, HEAD)]
    for epoch in range(1, until_epoch + 1):
        at_s = 8.0 + epoch / 10 + (late_s if epoch >= late_from else 0.0)
        chunks.append((at_s + 0.001, event("metrics", epoch=[epoch])))
    return chunks


def test_rates_count_what_arrives_in_the_window() -> None:
    run = read_run(Reading(punctual(60)), WINDOW)
    assert run.updates_per_s == pytest.approx(10, abs=0.5)
    assert run.epochs_per_s == pytest.approx(10, abs=0.5)
    assert run.errors == ()


def test_a_punctual_run_is_never_late() -> None:
    run = read_run(Reading(punctual(60)), WINDOW)
    assert max(map(abs, (*run.lateness_ms, *run.window_lateness_ms))) == pytest.approx(0, abs=1e-6)


def test_what_was_lost_before_the_window_counts_from_the_start_only() -> None:
    run = read_run(Reading(punctual(60, late_s=0.3, late_from=5)), WINDOW)
    assert run.lateness_ms == pytest.approx([300] * len(run.lateness_ms))
    assert max(run.window_lateness_ms) == pytest.approx(0, abs=1e-6)


def test_a_delay_within_the_window_counts_on_both_timetables() -> None:
    run = read_run(Reading(punctual(60, late_s=0.3, late_from=30)), WINDOW)
    assert max(run.lateness_ms) == pytest.approx(300)
    assert max(run.window_lateness_ms) == pytest.approx(300)
    assert run.longest_silence_s == pytest.approx(0.4)


def test_epochs_that_travel_together_are_late_by_their_place() -> None:
    chunks = [(9.0, HEAD)]
    for turn in range(6):
        chunks.append((10.0 + 0.3 * turn, event("metrics", epoch=[3 * turn + 1, 3 * turn + 2, 3 * turn + 3])))
    assert read_run(Reading(chunks), WINDOW).lateness_ms == pytest.approx([200, 100, 0] * 6, abs=1e-6)


def test_a_run_that_tells_nothing_in_the_window_is_as_late_as_the_window_is_long() -> None:
    run = read_run(Reading([(7.9, HEAD)]), WINDOW)
    assert (run.lateness_ms, run.longest_silence_s, run.epochs_per_s) == ((2000.0,), 2.0, 0.0)


@pytest.mark.parametrize(
    ("reading", "error"),
    [
        (Reading([(9.0, b"HTTP/1.0 503 Full\r\n\r\n{}")]), "503"),
        (Reading(punctual(60), is_cut=True), "cut"),
        (Reading([*punctual(20), (11.0, event("status", status="failed"))]), "failed"),
        (Reading([*punctual(20), (11.0, event("metrics", epoch=[22]))]), "missing"),
        (Reading([*punctual(20), (11.0, event("metrics", epoch=[20]))]), "twice"),
    ],
    ids=["refused", "cut", "failed", "missing epoch", "doubled epoch"],
)
def test_what_should_not_happen_is_counted(reading: Reading, error: str) -> None:
    errors = read_run(reading, WINDOW).errors
    assert len(errors) == 1
    assert error in errors[0]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_it_does_not_matter_how_the_bytes_were_cut(size: int) -> None:
    whole = b"".join(chunk for _, chunk in punctual(30))
    pieces = [whole[start:end] for start, end in pairwise([*range(0, len(whole), size), len(whole)])]
    run = read_run(Reading([(11.0, piece) for piece in pieces]), WINDOW)
    assert run.updates_per_s * WINDOW.length_s == pytest.approx(30)
    assert run.errors == ()


def test_a_crowd_has_a_number_for_each_run() -> None:
    crowd = read_crowd([Reading(punctual(60)), Reading(punctual(60, late_s=0.3, late_from=30))], WINDOW)
    assert len(crowd.updates_per_s) == len(crowd.run_lateness_p99_ms) == 2
    assert crowd.lateness_p99_ms == pytest.approx(300)
    assert crowd.errors == []
