"""Counting by key: what is allowed at once, what comes back with time, and how much memory that takes."""

import threading

import pytest

from server.services.rate_limits import KEPT_KEYS, RateLimit
from tests.fakes import FakeClock


@pytest.mark.parametrize("most", [1, 2, 7, 60, 600, 6000])
def test_a_minutes_number_passes_at_once_and_one_more_does_not(most: int) -> None:
    limit = RateLimit(most, FakeClock())
    assert [limit.count("a") for _ in range(most)] == [0.0] * most
    assert limit.count("a") == pytest.approx(60 / most)


def test_what_is_refused_is_not_counted() -> None:
    clock = FakeClock()
    limit = RateLimit(60, clock)
    for _ in range(1000):
        limit.count("a")
    clock.advance(1.0)
    assert limit.count("a") == 0
    assert limit.count("a") > 0


@pytest.mark.parametrize("most", [1, 7, 600])
def test_who_waits_as_long_as_told_passes(most: int) -> None:
    clock = FakeClock()
    limit = RateLimit(most, clock)
    waits = 0
    for _ in range(most * 3):
        if wait_s := limit.count("a"):
            waits += 1
            clock.advance(wait_s)
            assert limit.count("a") == 0
    assert waits == most * 2


def test_an_even_pace_at_the_limit_passes_for_ever() -> None:
    clock = FakeClock()
    limit = RateLimit(600, clock)
    for _ in range(600):
        limit.count("a")
    for _ in range(5_000):
        clock.advance(60 / 600)
        assert limit.count("a") == 0


def test_after_a_quiet_minute_all_is_forgotten() -> None:
    clock = FakeClock()
    limit = RateLimit(5, clock)
    for _ in range(5):
        limit.count("a")
    clock.advance(60)
    assert [limit.count("a") for _ in range(5)] == [0.0] * 5
    assert limit.count("a") > 0


def test_one_does_not_use_up_what_another_has() -> None:
    limit = RateLimit(2, FakeClock())
    limit.count("a")
    limit.count("a")
    assert limit.count("a") > 0
    assert limit.count("b") == 0


def test_it_remembers_no_more_keys_than_it_may_and_forgets_who_was_away_longest() -> None:
    limit = RateLimit(1, FakeClock(), kept_keys=3)
    for key in ("a", "b", "c", "d"):
        assert limit.count(key) == 0
    assert len(limit) == 3
    assert limit.count("b") > 0
    assert limit.count("a") == 0


def test_who_came_again_is_not_the_one_who_was_away_longest() -> None:
    limit = RateLimit(2, FakeClock(), kept_keys=3)
    for key in ("a", "b", "c", "a", "d"):
        assert limit.count(key) == 0
    assert limit.count("a") > 0
    assert [limit.count("b") for _ in range(2)] == [0, 0]


def test_a_flood_of_addresses_takes_no_more_memory() -> None:
    limit = RateLimit(10, FakeClock())
    for number in range(KEPT_KEYS + 500):
        limit.count(f"10.{number >> 8}.0.{number & 255}")
    assert len(limit) == KEPT_KEYS


def test_many_threads_together_get_exactly_what_one_would() -> None:
    limit = RateLimit(1000, FakeClock())
    passed: list[int] = []

    def count_many() -> None:
        passed.append(sum(limit.count("a") == 0 for _ in range(500)))

    threads = [threading.Thread(target=count_many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 1000
