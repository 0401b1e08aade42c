"""The one compute slot of a worker process, passed round in the order of asking.

Threads that all compute at once fight for Python's lock; taking turns is faster for each and fair to all.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class ComputeSlot:
    """First come, first served. A turn should last at most 50 ms."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_taken = False
        self._waiting: deque[Event] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the slot, hold it for the block, hand it to the next in line."""
        self._take()
        try:
            yield
        finally:
            self._hand_on()

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        with self._lock:
            return len(self._waiting)

    def _take(self) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            my_turn = Event()
            self._waiting.append(my_turn)
        my_turn.wait()

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
