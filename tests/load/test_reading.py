"""The load client's reader is strict: it must see what is lost, repeated or out of order."""

import json
from typing import Any

import pytest

from tests.load.reading import StoryReader, Tally


@pytest.fixture
def tally() -> Tally:
    """What was seen."""
    return Tally()


@pytest.fixture
def story(tally: Tally) -> StoryReader:
    """A reader whose window is open from 1 s to 2 s."""
    reader = StoryReader(tally)
    reader.window_ns = (1_000_000_000, 2_000_000_000)
    return reader


def framed(kind: str, seq: int | None = None, **data: Any) -> bytes:
    """One event as the server frames it."""
    place = f"id: 0a1b2c3d-{seq}\n" if seq else ""
    return f"{place}event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def metrics(seq: int, *epochs: int, sent_ns: int = 0) -> bytes:
    """Metrics of some epochs."""
    return framed("metrics", seq, epoch=list(epochs), loss=[0.5] * len(epochs), sent_ns=[sent_ns] * len(epochs))


def test_a_whole_story_has_no_fault_however_it_is_cut(story: StoryReader, tally: Tally) -> None:
    text = b"retry: 2000\n: open\n\n" + framed("status", 1, status="running") + metrics(2, 1, 2) + metrics(3, 3)
    for place in range(len(text)):
        story.feed(text[place : place + 1], 0)

    assert (tally.events, tally.lost, tally.repeated, tally.bytes) == (3, 0, 0, len(text))
    assert (story.cursor, story.status) == ("0a1b2c3d-3", "running")


def test_a_missing_number_is_lost(story: StoryReader, tally: Tally) -> None:
    story.feed(framed("status", 1, status="running") + framed("status", 4, status="running"), 0)

    assert (tally.lost, tally.repeated) == (2, 0)


def test_a_story_that_does_not_begin_at_its_beginning_lacks_it(story: StoryReader, tally: Tally) -> None:
    story.feed(framed("status", 3, status="running"), 0)

    assert tally.lost == 2


def test_a_number_that_comes_again_or_too_late_is_repeated(story: StoryReader, tally: Tally) -> None:
    story.feed(b"".join(framed("status", seq, status="running") for seq in (1, 2, 2, 1)), 0)

    assert tally.repeated == 2


def test_a_missing_epoch_is_lost_though_the_numbers_are_whole(story: StoryReader, tally: Tally) -> None:
    story.feed(metrics(1, 1, 2) + metrics(2, 5), 0)
    assert (tally.lost, tally.repeated) == (2, 0)
    story.feed(metrics(3, 5), 0)
    assert (tally.lost, tally.repeated) == (2, 1)


def test_a_reset_begins_anew_at_its_own_place(story: StoryReader, tally: Tally) -> None:
    story.feed(metrics(1, 1) + framed("reset", 40, epoch=[]) + metrics(41, 90), 0)

    assert (tally.resets, tally.lost, tally.repeated) == (1, 0, 0)


def test_a_heartbeat_repeats_the_place_and_moves_nothing(story: StoryReader, tally: Tally) -> None:
    story.feed(metrics(1, 1) + b"id: 0a1b2c3d-1\n\n" + metrics(2, 2), 0)
    assert (tally.events, tally.lost, tally.repeated) == (2, 0, 0)
    story.feed(b"id: 0a1b2c3d-5\n\n" + b"id: 0a1b2c3d-3\n\n", 0)
    assert (tally.lost, tally.repeated) == (3, 1)


def test_a_gap_that_is_told_is_no_silent_loss(story: StoryReader, tally: Tally) -> None:
    story.feed(metrics(1, 1) + framed("gap", 7, to=7) + metrics(8, 20), 0)

    assert (tally.resets, tally.lost, tally.repeated) == (1, 0, 0)


def test_only_what_was_sent_in_the_window_is_measured(story: StoryReader, tally: Tally) -> None:
    sent_ns = (999_999_999, 1_000_000_000, 1_999_999_999, 2_000_000_000)
    for number, each in enumerate(sent_ns, 1):
        story.feed(metrics(number, number, sent_ns=each), each + 5_000_000)

    assert tally.latency_ms == pytest.approx([5.0, 5.0])


def test_half_an_event_is_forgotten_with_its_connection(story: StoryReader, tally: Tally) -> None:
    story.feed(metrics(1, 1) + metrics(2, 2)[:-5], 0)
    story.connect()
    story.feed(metrics(2, 2), 0)

    assert (tally.events, tally.lost, tally.repeated) == (2, 0, 0)
