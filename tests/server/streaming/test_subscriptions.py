"""Channels: the newest part of each run's story, shared by all its streams."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from server.streaming.subscriptions import RING_BYTES, RING_EVENTS, STOPPING, Channel, Stored, Subscriptions

NOTHING = Stored(last_seq=0, is_ended=False)


def _event(seq: int) -> tuple[int, bytes]:
    return seq, f"event {seq}".encode()


def _numbers(channel: Channel, after: int) -> list[int]:
    return [seq for seq, _ in channel.wait(after, 99, 0).events]


def _channel(stored: Stored = NOTHING, ring: int = 4, told: int = 0) -> Channel:
    """A channel that was told some events behind what is stored."""
    channel = Channel(stored, ring_events=ring)
    channel.publish([_event(stored.last_seq + number) for number in range(1, told + 1)], None, False)
    return channel


def test_a_channel_gives_what_came_after_a_number() -> None:
    channel = _channel(told=3)

    assert [_numbers(channel, after) for after in (0, 1, 2, 3, 4)] == [[1, 2, 3], [2, 3], [3], [], []]


def test_a_channel_keeps_only_its_newest_events() -> None:
    channel = _channel(ring=4, told=10)

    assert _numbers(channel, 0) == [7, 8, 9, 10]
    assert [channel.reaches(after) for after in (5, 6, 9, 10, 11)] == [False, True, True, True, True]


def test_a_channel_that_opens_in_the_middle_reaches_only_its_own_part() -> None:
    channel = _channel(Stored(last_seq=10, is_ended=False))
    assert [channel.reaches(after) for after in (9, 10)] == [False, True]

    channel.publish([_event(11)], None, False)
    assert [channel.reaches(after) for after in (9, 10, 11)] == [False, True, True]
    assert _numbers(channel, 10) == [11]


def test_events_that_the_store_told_already_may_come_once_more() -> None:
    """A channel may open between the commit of an event and its publication."""
    channel = _channel(Stored(last_seq=3, is_ended=False))
    channel.publish([_event(2), _event(3), _event(4)], None, False)

    assert _numbers(channel, 3) == [4]
    assert channel.last_seq == 4


def test_all_streams_share_the_bytes_of_an_event() -> None:
    channel = _channel(told=1)
    (first,), (second,) = (channel.wait(0, 0, 0).events for _ in range(2))

    assert first[1] is second[1]


def test_only_the_newest_frame_is_kept() -> None:
    channel = _channel()
    channel.publish([], b"frame 1", False)
    channel.publish([], b"frame 2", False)

    fresh = channel.wait(0, 0, 0)
    assert fresh.frame == b"frame 2"
    assert channel.wait(0, fresh.frame_number, 0).is_empty


def test_only_the_newest_gradients_are_kept() -> None:
    channel = _channel()
    channel.publish([], None, False, b"gradients 1")
    channel.publish([], None, False, b"gradients 2")

    fresh = channel.wait(0, 0, 0)
    assert (fresh.gradients, fresh.gradients_number) == (b"gradients 2", channel.gradients_number)
    assert channel.wait(0, 0, 0, fresh.gradients_number).is_empty


def test_only_the_newest_progress_is_kept_and_it_is_over_with_the_next_event() -> None:
    channel = _channel()
    channel.publish([], None, False, progress=b"progress 1")
    channel.publish([], None, False, progress=b"progress 2")

    fresh = channel.wait(0, 0, 0)
    assert fresh.progress == b"progress 2"
    assert channel.wait(0, 0, 0, 0, fresh.progress_number).is_empty
    channel.publish([_event(1)], None, False)
    assert channel.wait(0, 0, 0).progress is None
    assert channel.wait(1, 0, 0).is_empty


def test_a_stored_frame_is_there_from_the_beginning() -> None:
    channel = Channel(Stored(0, False, b"kept frame"))

    assert channel.wait(0, 0, 0).frame == b"kept frame"


def test_nothing_new_is_empty() -> None:
    assert _channel(told=2).wait(2, 0, 0).is_empty


def test_an_end_stays_an_end() -> None:
    channel = _channel()
    channel.publish([_event(1)], None, True)
    channel.publish([], b"a late frame", False)

    assert channel.wait(1, 1, 0).is_ended


@pytest.mark.parametrize("news", ["event", "frame", "gradients", "progress", "end", "close"])
def test_news_wake_who_waits(news: str) -> None:
    channel, waits = _channel(), Event()

    def wait() -> bool:
        waits.set()
        return channel.wait(0, 0, 10).is_empty

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(wait)
        waits.wait()
        if news == "close":
            channel.close()
        else:
            passing = (b"new" if news == kind else None for kind in ("frame", "gradients", "progress"))
            frame, gradients, progress = passing
            channel.publish([_event(1)] if news == "event" else [], frame, news == "end", gradients, progress)
        begun_s = time.monotonic()
        assert waiting.result(timeout=5) is False
    assert time.monotonic() - begun_s < 4


def test_a_wait_ends_with_its_time() -> None:
    begun_s = time.monotonic()

    assert _channel().wait(0, 0, 0.01).is_empty
    assert time.monotonic() - begun_s >= 0.009


class CountedNumber(int):
    """An event number that counts how often any of them is compared."""

    comparisons = 0

    def __gt__(self, other: int) -> bool:
        CountedNumber.comparisons += 1
        return int(self) > other


def test_a_stream_that_keeps_up_does_not_walk_through_the_whole_ring() -> None:
    """With hundreds of streams at 30 events a second, looking at 2048 events for each would fill a core."""
    channel = Channel(NOTHING)
    channel.publish([(CountedNumber(number), b"") for number in range(1, RING_EVENTS + 1)], None, False)
    CountedNumber.comparisons = 0

    assert len(channel.wait(RING_EVENTS - 2, 0, 0).events) == 2
    assert CountedNumber.comparisons < 10


def test_a_run_has_one_channel_made_from_what_is_stored() -> None:
    loaded: list[str] = []

    def load(run_id: str) -> Stored:
        loaded.append(run_id)
        return Stored(5, False)

    subscriptions = Subscriptions(load)
    assert subscriptions.find("a") is None
    channel = subscriptions.channel("a")

    assert subscriptions.channel("a") is channel
    assert subscriptions.find("a") is channel
    assert loaded == ["a"]
    assert channel.last_seq == 5


def test_a_dropped_channel_is_of_a_deleted_run_and_is_forgotten() -> None:
    subscriptions = Subscriptions(lambda run_id: NOTHING)
    channel = subscriptions.channel("a")
    subscriptions.drop("a")
    subscriptions.drop("never there")

    assert channel.is_deleted
    assert subscriptions.find("a") is None


def test_when_the_server_stops_every_channel_says_goodbye_also_later_ones() -> None:
    subscriptions = Subscriptions(lambda run_id: NOTHING)
    before = subscriptions.channel("before")
    subscriptions.close()

    assert before.closed_because == subscriptions.channel("after").closed_because == STOPPING


def _named(ended: str) -> Subscriptions:
    return Subscriptions(lambda run_id: Stored(1, run_id in ended.split()), most=2)


def test_the_longest_unused_channel_of_an_ended_run_is_forgotten() -> None:
    subscriptions = _named(ended="old new")
    for run_id in ("old", "new", "old", "third"):
        subscriptions.channel(run_id)

    assert [subscriptions.find(run_id) is not None for run_id in ("old", "new", "third")] == [True, False, True]


def test_channels_of_live_runs_are_never_forgotten() -> None:
    subscriptions = _named(ended="")
    for run_id in "abcd":
        subscriptions.channel(run_id)

    assert all(subscriptions.find(run_id) for run_id in "abcd")


def test_an_ended_run_can_be_watched_when_all_channels_are_of_live_runs() -> None:
    subscriptions = _named(ended="ended")
    for run_id in ("a", "b", "ended"):
        channel = subscriptions.channel(run_id)

    assert subscriptions.find("ended") is channel


def test_the_memory_of_a_run_is_bounded_by_its_size_too() -> None:
    channel = Channel(Stored(0, False))
    size = RING_BYTES // 4
    for seq in range(1, 11):
        channel.publish([(seq, bytes(size))], None, is_ended=False)

    assert channel.reaches(6)
    assert not channel.reaches(5)
    channel.publish([(11, bytes(3 * RING_BYTES))], None, is_ended=False)
    assert [seq for seq, _ in channel.wait(10, 0, 0).events] == [11]
