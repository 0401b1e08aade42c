"""How often somebody may do something: counting that forgets evenly, in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

WINDOW_S = 60.0

KEPT_KEYS = 10_000
"""Keys that are remembered, in about 2 MB; beyond them the one that was not seen for longest begins anew."""


class RateLimit:
    """At most so many a minute for each key: as many at once, and a new one each `60 / most` seconds.

    One number is kept per key, the time at which all that was counted will be forgotten. Many threads may use it.
    """

    def __init__(self, most_per_minute: int, clock: Callable[[], float], kept_keys: int = KEPT_KEYS) -> None:
        """`clock` is monotonic, in seconds."""
        self._interval_s = WINDOW_S / most_per_minute
        self._clock = clock
        self._kept_keys = kept_keys
        self._forgotten_at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """Keys that are remembered."""
        return len(self._forgotten_at)

    def count(self, key: str) -> float:
        """Count one and return 0; or, when there were too many, count nothing and return the seconds to wait."""
        with self._lock:
            now_s = self._clock()
            forgotten_at = max(now_s, self._forgotten_at.get(key, now_s)) + self._interval_s
            wait_s = forgotten_at - now_s - WINDOW_S
            # A thousandth of a step: sums of floats must not cost the last one of a minute.
            if wait_s > self._interval_s / 1000:
                return wait_s
            self._forgotten_at[key] = forgotten_at
            self._forgotten_at.move_to_end(key)
            if len(self._forgotten_at) > self._kept_keys:
                self._forgotten_at.popitem(last=False)
            return 0.0
