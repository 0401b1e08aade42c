"""When somebody last cared about a run: watched it, or asked something of it."""

from collections.abc import Callable, Collection
from threading import Lock


class Activity:
    """Times are seconds of a monotonic clock that is passed in; a run never noted counts from the first look."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._noted_s: dict[str, float] = {}
        self._opened: set[str] = set()
        self._lock = Lock()

    def note(self, run_id: str) -> None:
        """Somebody cares now."""
        with self._lock:
            self._noted_s[run_id] = self._clock()
            self._opened.add(run_id)

    def take_opened(self) -> set[str]:
        """The runs that somebody cared about since the last time this was asked."""
        with self._lock:
            opened, self._opened = self._opened, set()
            return opened

    def give_back_opened(self, run_ids: Collection[str]) -> None:
        """They could not be noted: `take_opened` tells them again."""
        with self._lock:
            self._opened.update(run_ids)

    def idle_s(self, run_id: str) -> float:
        """Seconds since somebody last cared."""
        with self._lock:
            now_s = self._clock()
            return now_s - self._noted_s.setdefault(run_id, now_s)

    def keep_only(self, run_ids: Collection[str]) -> None:
        """Forget every other run: they are over or gone."""
        with self._lock:
            self._noted_s = {run_id: noted_s for run_id, noted_s in self._noted_s.items() if run_id in run_ids}
