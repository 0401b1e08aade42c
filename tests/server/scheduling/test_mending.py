"""Workers that are missing for long are started again, more and more rarely when that does not help."""

import pytest

from server.scheduling.mending import LONGEST_WAIT_S, MISSING_S, Mender
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def mended_s(clock: FakeClock) -> list[float]:
    """When it was mended, in seconds since the begin."""
    return []


@pytest.fixture
def mender(clock: FakeClock, mended_s: list[float]) -> Mender:
    begun_s = clock()
    return Mender(lambda: mended_s.append(clock() - begun_s), clock)


def _pass(mender: Mender, clock: FakeClock, seconds: int, count: int) -> None:
    """Look once a second; so many of two workers are there."""
    for _ in range(seconds):
        mender.look(count, 2)
        clock.advance(1)


def test_a_worker_that_is_replaced_in_time_is_left_to_dask(
    mender: Mender, clock: FakeClock, mended_s: list[float]
) -> None:
    for _ in range(5):
        _pass(mender, clock, 5, 2)
        _pass(mender, clock, int(MISSING_S), 1)

    assert mended_s == []


def test_one_that_is_missing_for_long_is_mended_again_and_again_more_and_more_rarely(
    mender: Mender, clock: FakeClock, mended_s: list[float]
) -> None:
    _pass(mender, clock, 2000, 1)

    waits = [after - before for before, after in zip([0.0, *mended_s], mended_s, strict=False)]
    assert waits[:4] == [MISSING_S + 1, 2 * MISSING_S + 1, 4 * MISSING_S + 1, 8 * MISSING_S + 1]
    assert set(waits[5:]) == {LONGEST_WAIT_S + 1}


def test_when_all_are_back_the_waits_are_short_again(mender: Mender, clock: FakeClock, mended_s: list[float]) -> None:
    _pass(mender, clock, 200, 0)
    _pass(mender, clock, 1, 2)
    before = len(mended_s)
    _pass(mender, clock, int(MISSING_S) + 2, 1)

    assert len(mended_s) == before + 1
