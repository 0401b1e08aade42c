"""Places for streams: bounded, and each given back exactly once."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.streaming.places import PlacedStream, StreamPlaces


def _chunks() -> Generator[bytes, None, None]:
    yield b"one"
    yield b"two"


def _free(places: StreamPlaces) -> int:
    """How many places can be taken; takes them."""
    count = 0
    while places.take():
        count += 1
    return count


def test_there_are_as_many_places_as_allowed() -> None:
    assert _free(StreamPlaces(3)) == 3


def test_a_place_given_back_can_be_taken_again() -> None:
    places = StreamPlaces(1)
    assert places.take()
    assert not places.take()
    places.give_back()

    assert places.take()


def test_threads_never_take_more_than_there_are() -> None:
    places = StreamPlaces(50)

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: places.take(), range(200)))

    assert sum(taken) == 50


@pytest.mark.parametrize("read", [0, 1, 2])
def test_a_closed_stream_gives_its_place_back_once(read: int) -> None:
    """Also one that never began, and one that was read to its end."""
    places = StreamPlaces(1)
    assert places.take()
    stream = PlacedStream(_chunks(), places)
    for _ in range(read):
        next(stream)

    stream.close()
    stream.close()

    assert _free(places) == 1


def test_a_stream_hands_its_chunks_on() -> None:
    assert list(PlacedStream(_chunks(), StreamPlaces(1))) == [b"one", b"two"]


def test_closing_a_stream_ends_what_makes_its_chunks() -> None:
    closed = []

    def chunks() -> Generator[bytes, None, None]:
        try:
            yield b"one"
        finally:
            closed.append(True)

    stream = PlacedStream(chunks(), StreamPlaces(1))
    next(stream)
    stream.close()

    assert closed == [True]
