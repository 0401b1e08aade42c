"""First the past, then the present: no gap, no duplicate, wherever the stream is cut."""

from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.streaming.follow import MOST_ANSWER_BYTES, Follower
from server.streaming.sse import OPENING, Cursor, frame_event, frame_heartbeat
from server.streaming.subscriptions import DELETED, MOST_WRITE_BYTES, Channel, Stored
from tests.http_client import strict_json
from tests.sse_parser import ByteReader, Reading, parse_events

GENERATION = "0a1b2c3d"
PAGE = 3
RING = 4


class Story:
    """A run's story in a store (pages of 3) and in a channel (a ring of 4): small, so that readers fall behind."""

    def __init__(self, told_before: int = 0) -> None:
        self.stored: list[tuple[int, str, str]] = []
        self.pages_read = 0
        self._store(told_before)
        self.channel = Channel(Stored(told_before, False), ring_events=RING)

    def tell(
        self,
        count: int = 1,
        *,
        frame: bytes | None = None,
        gradients: bytes | None = None,
        progress: bytes | None = None,
        is_end: bool = False,
    ) -> None:
        """Store some events, then publish them together."""
        framed = [(seq, frame_event(kind, data, Cursor(GENERATION, seq))) for seq, kind, data in self._store(count)]
        self.channel.publish(framed, frame, is_end, gradients, progress)

    def follow(self, seq: int = 0, heartbeat_s: float = 0.0) -> Iterator[bytes]:
        """The bytes of a stream that has seen the story up to a number."""
        return Follower(self.channel, self._read_past, GENERATION, seq, heartbeat_s).follow()

    def catch_up(self, seq: int) -> Iterator[bytes]:
        """The bytes of an answer to who asks without waiting."""
        return Follower(self.channel, self._read_past, GENERATION, seq, 0.0).catch_up()

    def _store(self, count: int) -> Sequence[tuple[int, str, str]]:
        first = len(self.stored) + 1
        self.stored += [(seq, "metrics", f'{{"epoch":[{seq}]}}') for seq in range(first, first + count)]
        return self.stored[first - 1 :]

    def _read_past(self, seq: int) -> Sequence[tuple[int, str, str]]:
        self.pages_read += 1
        return [event for event in self.stored if event[0] > seq][:PAGE]


def _heartbeat(seq: int) -> bytes:
    return frame_heartbeat(Cursor(GENERATION, seq))


def _seqs(reading: Reading) -> list[int]:
    """Numbers of the metrics events, after checking that each says what its number says."""
    metrics = [event for event in reading.events if event.kind == "metrics"]
    numbers = [int(event.last_id.removeprefix(f"{GENERATION}-")) for event in metrics]
    assert [event.data for event in metrics] == [f'{{"epoch":[{number}]}}' for number in numbers]
    return numbers


def _read(chunks: Iterator[bytes], most: int | None = None) -> Reading:
    return parse_events(b"".join(islice(chunks, most)))


def test_a_stream_opens_before_anything_else() -> None:
    assert next(Story().follow()) == OPENING


@pytest.mark.parametrize("told_before", [0, 1, 3, 4, 20])
@pytest.mark.parametrize("told_since", [0, 1, 4, 20])
def test_a_stream_tells_the_whole_story_from_the_store_and_the_ring(told_before: int, told_since: int) -> None:
    story = Story(told_before)
    story.tell(told_since)
    story.tell(1, is_end=True)

    reading = _read(story.follow())

    assert _seqs(reading) == list(range(1, told_before + told_since + 2))
    assert reading.events[-1].kind == "bye"


@pytest.mark.parametrize("cut", range(1, 31))
def test_a_stream_cut_anywhere_goes_on_without_gap_or_duplicate(cut: int) -> None:
    story = Story(10)
    story.tell(20, is_end=True)
    framed = b"".join(story.follow()).split(b"\n\n")
    # One block opens the stream; then comes one per event. The cut leaves half an event behind.
    received = b"\n\n".join(framed[: cut + 1]) + b"\n\n" + framed[cut + 1][:5]

    before = parse_events(received)
    last_seq = int(before.last_id.rsplit("-", 1)[1])
    after = _read(story.follow(last_seq))

    assert last_seq == cut
    assert _seqs(before) + _seqs(after) == list(range(1, 31))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 12), st.lists(st.integers(0, 12), max_size=12), st.sets(st.integers(0, 12)))
def test_events_told_between_any_two_reads_are_neither_lost_nor_repeated(
    told_before: int, told: list[int], cuts: set[int]
) -> None:
    """Before each chunk that a client takes, some events happen; at some chunks its connection is cut."""
    story = Story(told_before)
    chunks = story.follow()
    received: list[int] = []
    last_seq = 0
    for turn, count in enumerate(told):
        story.tell(count)
        if turn in cuts:
            chunks = story.follow(last_seq)
        received += _seqs(parse_events(next(chunks)))
        last_seq = received[-1] if received else 0
    story.tell(1, is_end=True)
    received += _seqs(_read(chunks))

    assert received == list(range(1, told_before + sum(told) + 2))


@pytest.mark.parametrize("seed", range(5))
def test_a_reader_that_is_cut_while_events_are_published_misses_nothing(seed: int) -> None:
    story, random, count = Story(), Random(seed), 400

    def tell_all() -> None:
        pause = Random(seed + 100)
        for _ in range(count):
            story.tell(1)
            if pause.random() < 0.2:
                story.channel.wait(10**9, 10**9, 0.0002)
        story.tell(1, is_end=True)

    teller = Thread(target=tell_all)
    teller.start()
    received: list[int] = []
    is_over = False
    while not is_over:
        reading = _read(story.follow(len(received), 0.001), random.randint(1, 12))
        received += _seqs(reading)
        is_over = any(event.kind == "bye" for event in reading.events)
    teller.join()

    assert received == list(range(1, count + 2))


def test_a_reader_slower_than_the_ring_reads_what_it_missed_from_the_store() -> None:
    story = Story()
    chunks = story.follow()
    next(chunks)
    story.tell(RING + 5)

    assert story.pages_read == 0
    assert _seqs(_read(chunks, 3)) == list(range(1, RING + 6))
    assert story.pages_read > 0


def test_a_reader_that_keeps_up_never_asks_the_store() -> None:
    story = Story()
    chunks = story.follow()
    for _ in range(20):
        story.tell(1)
        next(chunks)

    assert story.pages_read == 0


def test_events_of_one_moment_leave_in_one_write() -> None:
    story = Story()
    chunks = story.follow()
    next(chunks)
    story.tell(3, frame=frame_event("frame", "{}"))

    reading = parse_events(next(chunks))
    assert [event.kind for event in reading.events] == ["metrics", "metrics", "metrics", "frame"]
    assert next(chunks) == _heartbeat(3)


def test_every_write_ends_at_the_end_of_an_event() -> None:
    story = Story(7)
    story.tell(7, frame=frame_event("frame", "{}"), is_end=True)

    assert all(chunk.endswith(b"\n\n") for chunk in story.follow())


@pytest.mark.parametrize("seen", [0, 3, 7])
@pytest.mark.parametrize("told", [0, 1, RING + 5])
@pytest.mark.parametrize("is_end", [True, False])
def test_no_write_is_empty(seen: int, told: int, is_end: bool) -> None:
    """An empty write would end a chunked answer: neither an end without news nor what the store told makes one."""
    story = Story(7)
    stream = story.follow(seen)
    chunks = [next(stream)]
    story.tell(told, is_end=is_end)
    if not is_end:
        story.channel.close()
    chunks += stream

    assert all(chunks)
    assert parse_events(b"".join(chunks)).events[-1].kind == "bye"


@pytest.mark.parametrize("seen", [0, 2])
def test_a_silent_stream_has_a_heartbeat_that_carries_its_place(seen: int) -> None:
    chunks = Story(2).follow(seen, heartbeat_s=0.002)

    assert _read(chunks, 4 - seen // 2).last_id == f"{GENERATION}-2"
    assert next(chunks) == _heartbeat(2)


def test_a_new_stream_gets_the_newest_frame_at_once_and_only_once() -> None:
    story = Story()
    story.tell(1, frame=frame_event("frame", '{"epoch":1}'))
    story.tell(1, frame=frame_event("frame", '{"epoch":2}'))

    reading = _read(story.follow(2), 4)

    assert [event.data for event in reading.events] == ['{"epoch":2}']


def test_gradients_go_to_who_is_there_and_never_to_who_comes_later() -> None:
    story = Story()
    early = story.follow()
    next(early)
    story.tell(0, gradients=frame_event("gradients", '{"epoch":1}'))
    late = story.follow()
    next(late)

    assert [event.data for event in parse_events(next(early)).events] == ['{"epoch":1}']
    assert next(early) == next(late) == _heartbeat(0)

    story.tell(0, gradients=frame_event("gradients", '{"epoch":2}'))
    assert [parse_events(next(stream)).events[0].data for stream in (early, late)] == ['{"epoch":2}'] * 2


def test_a_slow_reader_gets_the_newest_gradients_only() -> None:
    story = Story()
    chunks = story.follow()
    next(chunks)
    for epoch in (1, 2, 3):
        story.tell(1, gradients=frame_event("gradients", f'{{"epoch":{epoch}}}'))

    reading = parse_events(next(chunks))
    assert [(event.kind, event.data) for event in reading.events][-1] == ("gradients", '{"epoch":3}')
    assert _seqs(reading) == [1, 2, 3]


def test_progress_goes_to_who_is_there_and_the_newest_to_who_comes_later() -> None:
    story = Story()
    early = story.follow()
    next(early)
    for batch in (1, 2):
        story.tell(0, progress=frame_event("progress", f'{{"batch":{batch}}}'))
    late = story.follow()
    next(late)

    for reading in (parse_events(next(stream)) for stream in (early, late)):
        assert [(event.kind, event.data) for event in reading.events] == [("progress", '{"batch":2}')]
    assert next(early) == next(late) == _heartbeat(0)
    story.tell(1)
    assert [event.kind for event in parse_events(b"".join(story.catch_up(0))).events] == ["metrics"]


def test_gradients_do_not_move_the_place_of_a_reader() -> None:
    story = Story(2)
    chunks = story.follow(2)
    next(chunks)
    story.tell(0, gradients=frame_event("gradients", "{}"))

    assert parse_events(next(chunks)).last_id == ""


def test_a_stream_of_an_ended_run_ends_with_bye_and_no_new_time_to_come_back() -> None:
    story = Story()
    story.tell(2, is_end=True)

    reading = _read(story.follow(2))

    assert [event.kind for event in reading.events] == ["bye"]
    assert reading.retry_ms == 2000


def test_a_stopping_server_says_bye_and_spreads_the_return() -> None:
    story = Story(2)
    story.channel.close()

    readings = [_read(story.follow()) for _ in range(20)]

    assert all(_seqs(reading) == [1, 2] and reading.events[-1].kind == "bye" for reading in readings)
    returns = [reading.retry_ms or 0 for reading in readings]
    assert min(returns) >= 500
    assert max(returns) <= 3000
    assert len(set(returns)) > 1


def test_what_the_store_has_lost_is_told_as_a_gap_and_the_story_goes_on() -> None:
    """Rows that were taken out behind our back: never silence, never a stream that turns for ever."""
    story = Story(9)
    del story.stored[2:6]
    story.channel.publish([(10, frame_event("metrics", '{"epoch":[10]}', Cursor(GENERATION, 10)))], None, True)

    reading = _read(story.follow(), 50)

    assert [(event.kind, event.last_id.removeprefix(f"{GENERATION}-")) for event in reading.events[:-1]] == [
        ("metrics", "1"),
        ("metrics", "2"),
        ("gap", "6"),
        ("metrics", "7"),
        ("metrics", "8"),
        ("metrics", "9"),
        ("metrics", "10"),
    ]
    assert strict_json(reading.events[2].data) == {"from": 3, "to": 6}


def test_a_store_that_has_nothing_more_makes_one_gap() -> None:
    story = Story(5)
    story.stored.clear()
    story.channel.publish([], None, True)

    gap, bye = _read(story.follow(2), 50).events

    assert (gap.kind, strict_json(gap.data), bye.kind) == ("gap", {"from": 3, "to": 5}, "bye")


@pytest.mark.parametrize("seen", [0, 2, 5])
def test_a_deleted_run_closes_its_streams_and_tells_nothing_more_of_it(seen: int) -> None:
    story = Story(5)
    chunks = story.follow(seen)
    next(chunks)
    story.tell(RING + 2, frame=frame_event("frame", "{}"))
    story.stored.clear()
    story.channel.close(DELETED)

    (closed,) = _read(chunks, 50).events

    assert (closed.kind, strict_json(closed.data)) == ("closed", {"reason": "deleted"})


def _tell_long(story: Story, count: int) -> None:
    """Events of 16 kB each, as a run that trains as fast as possible makes them, in a ring that holds them all."""
    story.channel = Channel(Stored(0, False), ring_bytes=2**22)
    framed = [frame_event("metrics", "x" * 16_000, Cursor(GENERATION, seq)) for seq in range(1, count + 1)]
    story.channel.publish(list(enumerate(framed, 1)), frame_event("frame", "{}"), True)


def test_a_reader_that_lags_holds_one_write_at_a_time_and_gets_everything() -> None:
    story = Story()
    _tell_long(story, 100)

    chunks = list(story.follow())

    assert max(len(chunk) for chunk in chunks) <= MOST_WRITE_BYTES
    kinds = [event.kind for event in parse_events(b"".join(chunks)).events]
    assert kinds == ["metrics"] * 100 + ["frame", "bye"]


def test_an_event_larger_than_a_write_goes_out_alone() -> None:
    story = Story()
    large = frame_event("metrics", "x" * MOST_WRITE_BYTES, Cursor(GENERATION, 1))
    story.channel.publish([(1, large), (2, large)], None, True)

    assert [len(chunk) for chunk in story.follow()][1:3] == [len(large), len(large)]


def test_who_asks_from_far_behind_gets_an_answer_of_bounded_size_and_the_rest_with_the_next_questions() -> None:
    story, last_seq, answers = Story(), 0, list[bytes]()
    _tell_long(story, 100)
    while not answers or b"bye" not in answers[-1]:
        answers.append(b"".join(story.catch_up(last_seq)))
        last_id = parse_events(answers[-1]).last_id
        last_seq = int(last_id.rsplit("-", 1)[1]) if last_id else last_seq

    assert max(len(answer) for answer in answers) <= MOST_ANSWER_BYTES + MOST_WRITE_BYTES
    assert parse_events(b"".join(answers)).events[-2].kind == "frame"
    assert last_seq == 100


def test_both_readers_understand_a_stream_cut_into_single_bytes() -> None:
    story = Story(9)
    story.tell(9, frame=frame_event("frame", "{}"), is_end=True)
    stream = b"".join(story.follow())
    reader = ByteReader()
    for byte in stream:
        reader.feed(bytes([byte]))

    assert reader.reading == parse_events(stream)
