"""Turns: who is due first comes first, nobody starves, places are few and lines are told."""

import time
from collections.abc import Callable
from math import inf
from threading import Event

import pytest

from server.training.carousel import TELL_LINE_S, Carousel, Seat


class Clock:
    """Time goes on when a rider works."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class FakeRider:
    """Wants a turn every so often, each of which takes some time; records when it had them."""

    def __init__(self, clock: Clock, every_s: float = 0.0, takes_s: float = 0.01, patience_s: float = 0.0) -> None:
        self.clock, self.every_s, self.takes_s, self.patience_s = clock, every_s, takes_s, patience_s
        self.wants_place = True
        self.turns_left = 10**9
        self.turns_s: list[float] = []
        self.places: list[int | None] = []
        self.lateness_s: list[float] = []
        self.on_turn: Callable[[], None] = lambda: None
        self._due_s = clock()

    @property
    def is_over(self) -> bool:
        return self.turns_left == 0

    def due_s(self) -> float:
        return inf if not self.wants_place or self.places[-1] is not None else self._due_s

    def turn(self, place_in_line: int | None) -> None:
        self.on_turn()
        self.places.append(place_in_line)
        if place_in_line is None and self.wants_place:
            self.lateness_s.append(self.clock() - self._due_s)
            self.turns_s.append(self.clock())
            self.clock.now_s += self.takes_s
            self._due_s = max(self._due_s + self.every_s, self.clock())
            self.turns_left -= 1


def ride(carousel: Carousel, clock: Clock, seconds: float) -> None:
    """Give turns for some seconds; time passes by itself while nothing is due."""
    end_s = clock() + seconds
    while clock() < end_s:
        if not carousel.turn():
            clock.now_s += 0.001


def make(places: int = 10) -> tuple[Carousel, Clock]:
    clock = Clock()
    return Carousel(clock, places), clock


def enter(carousel: Carousel, rider: FakeRider) -> tuple[Seat, list[Exception | None]]:
    left: list[Exception | None] = []
    return carousel.enter(rider, left.append), left


def test_riders_that_always_want_a_turn_get_equally_many() -> None:
    carousel, clock = make()
    riders = [FakeRider(clock) for _ in range(5)]
    for rider in riders:
        enter(carousel, rider)
    ride(carousel, clock, 5.0)
    counts = [len(rider.turns_s) for rider in riders]
    assert max(counts) - min(counts) <= 1
    assert sum(counts) == pytest.approx(500, abs=5)


def test_a_rider_with_long_turns_does_not_starve_the_others() -> None:
    carousel, clock = make()
    large, small = FakeRider(clock, takes_s=0.05), FakeRider(clock, every_s=1 / 30, takes_s=0.001)
    for rider in (large, small):
        enter(carousel, rider)
    ride(carousel, clock, 10.0)
    assert max(small.lateness_s) <= 0.051
    assert len(small.turns_s) > 150


def test_who_asks_for_all_the_speed_there_is_takes_what_the_others_leave() -> None:
    carousel, clock = make(places=100)
    fast = FakeRider(clock, takes_s=0.02, patience_s=0.25)
    paced = [FakeRider(clock, every_s=0.1, takes_s=0.005) for _ in range(10)]
    for rider in (fast, *paced):
        enter(carousel, rider)
    ride(carousel, clock, 10.0)
    for rider in paced:
        assert len(rider.turns_s) == pytest.approx(100, abs=2)
    assert len(fast.turns_s) == pytest.approx(10.0 * (1 - 0.5) / 0.02, rel=0.1)


def test_even_when_nothing_is_left_a_fast_rider_moves() -> None:
    carousel, clock = make(places=100)
    fast = FakeRider(clock, takes_s=0.02, patience_s=0.25)
    paced = [FakeRider(clock, every_s=0.01, takes_s=0.005) for _ in range(10)]
    for rider in (fast, *paced):
        enter(carousel, rider)
    ride(carousel, clock, 10.0)
    assert len(fast.turns_s) >= 10


def test_a_paused_rider_gets_no_turn_until_it_is_woken() -> None:
    carousel, clock = make()
    rider = FakeRider(clock)
    seat, _ = enter(carousel, rider)
    rider.wants_place = False
    ride(carousel, clock, 1.0)
    assert (len(rider.places), rider.turns_s) == (1, [])
    rider.wants_place = True
    carousel.wake(seat)
    ride(carousel, clock, 0.1)
    assert rider.turns_s


def test_who_is_woken_during_its_turn_gets_another() -> None:
    carousel, clock = make()
    rider = FakeRider(clock)
    seat, _ = enter(carousel, rider)
    rider.wants_place = False
    rider.on_turn = lambda: carousel.wake(seat) if len(rider.places) < 3 else None
    ride(carousel, clock, 1.0)
    assert len(rider.places) == 4


def test_beyond_the_places_riders_wait_in_a_line_and_hear_where_they_stand() -> None:
    carousel, clock = make(places=2)
    riders = [FakeRider(clock) for _ in range(5)]
    for rider in riders:
        enter(carousel, rider)
    ride(carousel, clock, 0.1)
    assert [rider.places[-1] for rider in riders] == [None, None, 1, 2, 3]


@pytest.mark.parametrize("how", ["it ends", "it pauses", "it fails"])
def test_a_free_place_goes_to_the_next_in_line(how: str) -> None:
    carousel, clock = make(places=1)
    riders = [FakeRider(clock) for _ in range(4)]
    seats = [enter(carousel, rider)[0] for rider in riders]
    ride(carousel, clock, 0.1)
    free(how, riders[0])
    carousel.wake(seats[0])
    ride(carousel, clock, TELL_LINE_S * 1.5)
    assert [rider.places[-1] for rider in riders[1:]] == [None, 1, 2]
    assert riders[1].turns_s


def free(how: str, rider: FakeRider) -> None:
    def fail() -> None:
        raise ValueError("a fault")

    if how == "it ends":
        rider.turns_left = 1
    elif how == "it pauses":
        rider.wants_place = False
    else:
        rider.on_turn = fail


def test_who_leaves_the_line_lets_the_others_move_up() -> None:
    carousel, clock = make(places=1)
    riders = [FakeRider(clock) for _ in range(3)]
    seats = [enter(carousel, rider)[0] for rider in riders]
    ride(carousel, clock, 0.1)
    riders[1].wants_place = False
    carousel.wake(seats[1])
    ride(carousel, clock, TELL_LINE_S * 1.5)
    assert riders[2].places[-1] == 1
    assert riders[1].places[-1] is None
    assert riders[1].turns_s == []


def test_a_rider_that_fails_leaves_alone() -> None:
    carousel, clock = make()
    bad, good = FakeRider(clock), FakeRider(clock)
    _, left = enter(carousel, bad)
    enter(carousel, good)
    free("it fails", bad)
    ride(carousel, clock, 0.5)
    assert [str(error) for error in left] == ["a fault"]
    assert len(good.turns_s) > 40


def test_who_is_over_leaves_without_an_error() -> None:
    carousel, clock = make()
    rider = FakeRider(clock)
    rider.turns_left = 3
    _, left = enter(carousel, rider)
    ride(carousel, clock, 0.5)
    assert (left, len(rider.turns_s)) == ([None], 3)


def test_its_thread_sleeps_until_somebody_is_due() -> None:

    carousel = Carousel(time.monotonic, places=2)
    carousel.start()
    done = Event()

    class Once:
        is_over = False
        wants_place = True
        patience_s = 0.0
        turns = 0

        def due_s(self) -> float:
            return time.monotonic() + 0.05

        def turn(self, place_in_line: int | None) -> None:
            self.turns += 1
            self.is_over = self.turns == 3

    rider = Once()
    begun_s = time.monotonic()
    carousel.enter(rider, lambda error: done.set())
    assert done.wait(5.0)
    assert rider.turns == 3
    assert time.monotonic() - begun_s >= 0.1


def test_a_turn_that_hangs_can_be_seen_from_outside() -> None:
    clock = Clock()
    carousel, rider = Carousel(clock, places=1), FakeRider(clock)
    seen_s: list[float] = []

    def hang() -> None:
        seen_s.append(carousel.turning_s())
        clock.now_s += 7
        seen_s.append(carousel.turning_s())

    rider.on_turn = hang
    carousel.enter(rider, lambda error: None)
    assert carousel.turning_s() == 0.0
    carousel.turn()

    assert seen_s == [0.0, 7.0]
    assert carousel.turning_s() == 0.0
