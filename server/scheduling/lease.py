"""How long a worker may train without a sign of life from the web process that asked for it."""

from collections.abc import Callable
from threading import Lock

LEASE_S = 60.0


class LeaseLost(Exception):
    """Nobody has asked for this run for so long that somebody else may train it by now."""


class Lease:
    """Renewed by every sign of life. Times are seconds of a monotonic clock that is passed in."""

    def __init__(self, clock: Callable[[], float], lasts_s: float = LEASE_S) -> None:
        self._clock = clock
        self._lasts_s = lasts_s
        self._renewed_s = clock()
        self._lock = Lock()

    def renew(self) -> None:
        """The web process is there."""
        with self._lock:
            self._renewed_s = self._clock()

    @property
    def is_over(self) -> bool:
        """Whether the web process has been silent for too long."""
        with self._lock:
            return self._clock() - self._renewed_s > self._lasts_s
