"""All runs of a worker process on one compute thread, which gives them turns.

Threads that all compute at once fight for Python's lock; taking turns is faster for each and fair to all. Who is due
first comes first; a turn is a slice of about 25 ms (125 for one that is alone, see pace.py), so a large network cannot
starve small ones; a run that is paused has no turns, no thread and no place. There are so many places for runs that
train; the others wait in a line.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import inf
from threading import Condition, Thread
from typing import Protocol

TELL_LINE_S = 1.0
"""The places in the line are told at most this often: each move changes all of them."""


class Rider(Protocol):
    """What the carousel knows of a run."""

    @property
    def is_over(self) -> bool:
        """Whether it wants no more turns."""

    @property
    def wants_place(self) -> bool:
        """Whether it wants to train."""

    @property
    def patience_s(self) -> float:
        """How long after it is due its turn may come when others want theirs."""

    def due_s(self) -> float:
        """When it wants its next turn; infinity: when it is woken."""

    def turn(self, place_in_line: int | None) -> None:
        """Do something for a slice of time; train only without a place in the line (1 is next)."""


@dataclass(eq=False)
class Seat:
    """A run on the carousel. `ticket` is that of the booking which counts."""

    rider: Rider
    on_leave: Callable[[Exception | None], None]
    ticket: int = -1
    is_woken: bool = False
    has_place: bool = False


class Carousel:
    """Gives turns until the process ends. Times are seconds of a monotonic clock that is passed in."""

    def __init__(self, clock: Callable[[], float], places: int) -> None:
        self.places = places
        self._clock = clock
        self._sleeping: list[tuple[float, int, Seat]] = []
        self._ready: list[tuple[float, int, Seat]] = []
        self._line: list[Seat] = []
        self.training = 0
        """How many train now: neither paused nor in the line."""
        self._turn_since_s: float | None = None
        self._told_line_s = -inf
        self._is_line_told = True
        self._tickets = count()
        self._changed = Condition()

    def start(self) -> None:
        """Begin to turn, in a thread of its own."""
        Thread(target=self._turn_for_ever, name="carousel", daemon=True).start()

    def enter(self, rider: Rider, on_leave: Callable[[Exception | None], None]) -> Seat:
        """Take a run on; `on_leave` is called on the compute thread when it is over, with what it raised."""
        seat = Seat(rider, on_leave)
        self.wake(seat)
        return seat

    def wake(self, seat: Seat) -> None:
        """The run wants a turn now. May be called from any thread."""
        with self._changed:
            seat.is_woken = True
            self._book(seat, self._clock())
            self._changed.notify()

    def turn(self) -> bool:
        """Give the turn that is due, if there is one."""
        with self._changed:
            seat = self._next()
        if seat:
            self._turn_since_s = self._clock()
            self._give_turn(seat)
            self._turn_since_s = None
        self._tell_line()
        return seat is not None

    def turning_s(self) -> float:
        """How long the turn that is given now takes already, in seconds; 0 between two turns."""
        since_s = self._turn_since_s
        return 0.0 if since_s is None else self._clock() - since_s

    def _turn_for_ever(self) -> None:
        while True:
            if not self.turn():
                with self._changed:
                    self._changed.wait_for(self._is_due, self._idle_s())

    def _is_due(self) -> bool:
        return bool(self._ready) or (bool(self._sleeping) and self._sleeping[0][0] <= self._clock())

    def _idle_s(self) -> float | None:
        """Seconds until something is due by itself; None: nothing is."""
        due_s = self._sleeping[0][0] if self._sleeping else inf
        if not self._is_line_told:
            due_s = min(due_s, self._told_line_s + TELL_LINE_S)
        return None if due_s == inf else max(due_s - self._clock(), 0.0)

    def _book(self, seat: Seat, due_s: float) -> None:
        """Queue the next turn of a run; an earlier booking does not count any more."""
        seat.ticket = next(self._tickets)
        if due_s < inf:
            heapq.heappush(self._sleeping, (due_s, seat.ticket, seat))

    def _next(self) -> Seat | None:
        """The due run whose patience ends first."""
        now_s = self._clock()
        while self._sleeping and self._sleeping[0][0] <= now_s:
            due_s, ticket, seat = heapq.heappop(self._sleeping)
            if ticket == seat.ticket:
                heapq.heappush(self._ready, (due_s + seat.rider.patience_s, ticket, seat))
        while self._ready:
            _, ticket, seat = heapq.heappop(self._ready)
            if ticket == seat.ticket:
                seat.is_woken = False
                return seat
        return None

    def _give_turn(self, seat: Seat) -> None:
        try:
            seat.rider.turn(self._place_of(seat))
        except Exception as error:
            self._leave(seat, error)
            return
        if seat.rider.is_over:
            self._leave(seat, None)
            return
        due_s = max(seat.rider.due_s(), self._clock())
        with self._changed:
            # A run that was woken during its turn has a booking for now, which stays.
            if not seat.is_woken:
                self._book(seat, due_s)

    def _leave(self, seat: Seat, error: Exception | None) -> None:
        self._release(seat)
        seat.on_leave(error)

    def _place_of(self, seat: Seat) -> int | None:
        """Where a run stands in the line; None when it may train, or does not want to."""
        if not seat.rider.wants_place:
            self._release(seat)
            return None
        if seat.has_place:
            return None
        if seat not in self._line:
            self._line.append(seat)
        ahead = self._line.index(seat)
        if ahead >= self.places - self.training:
            return ahead + 1
        self._line.pop(ahead)
        self.training += 1
        seat.has_place = True
        return None

    def _release(self, seat: Seat) -> None:
        """Free the place of a run, or the one it has in the line."""
        if seat.has_place:
            seat.has_place = False
            self.training -= 1
        elif seat in self._line:
            self._line.remove(seat)
        else:
            return
        self._is_line_told = not self._line
        for following in self._line[: max(self.places - self.training, 0)]:
            self.wake(following)

    def _tell_line(self) -> None:
        """Let everybody in the line hear the new places, once in a while."""
        now_s = self._clock()
        if self._is_line_told or now_s - self._told_line_s < TELL_LINE_S:
            return
        self._told_line_s, self._is_line_told = now_s, True
        for seat in self._line:
            self.wake(seat)
