"""When workers of our own that are missing are started again by hand: Dask's own care for them gives up at times."""

from collections.abc import Callable

MISSING_S = 10.0
"""So long a worker may be missing before it is mended; most are replaced by Dask, and need this to get warm."""

LONGEST_WAIT_S = 300.0
"""Each time that mending did not help the next try waits twice as long, up to this."""


class Mender:
    """Calls `mend` when too few workers have been there for long. `clock` is monotonic, in seconds."""

    def __init__(self, mend: Callable[[], None], clock: Callable[[], float]) -> None:
        self._mend = mend
        self._clock = clock
        self._wait_s = MISSING_S
        self._waits_since_s: float | None = None

    def look(self, count: int, wanted: int) -> None:
        """There are so many workers, of so many that there should be."""
        now_s = self._clock()
        if count >= wanted:
            self._waits_since_s, self._wait_s = None, MISSING_S
        elif self._waits_since_s is None:
            self._waits_since_s = now_s
        elif now_s - self._waits_since_s > self._wait_s:
            self._waits_since_s, self._wait_s = now_s, min(2 * self._wait_s, LONGEST_WAIT_S)
            self._mend()
