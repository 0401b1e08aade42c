"""The newest weights of each run, to be drawn and exported: those of its last frame, or of its checkpoint."""

from collections.abc import Callable
from threading import Condition

from server.domain.events import Payload

_REMEMBERED = 512


def picture_of(moment: Payload) -> Payload:
    """The part of a moment that is drawn and exported: `{"epoch", "step", "weights"}`, without what training needs."""
    return {name: moment[name] for name in ("epoch", "step", "weights")}


class NewestWeights:
    """Pictures `{"epoch", "step", "weights"}`; weights are base64 of float32 little-endian.

    `find_kept(run_id)` is asked for the checkpoint of a run that nobody has heard of for long.
    """

    def __init__(self, find_kept: Callable[[str], Payload | None]) -> None:
        self._find_kept = find_kept
        self._pictures: dict[str, Payload] = {}
        self._changed = Condition()

    def note(self, run_id: str, moment: Payload) -> None:
        """Take over newer weights, in memory."""
        with self._changed:
            # Taken out first, so that the first in the order is the run that was silent longest.
            self._pictures.pop(run_id, None)
            self._pictures[run_id] = picture_of(moment)
            while len(self._pictures) > _REMEMBERED:
                self._pictures.pop(next(iter(self._pictures)))
            self._changed.notify_all()

    def find(self, run_id: str) -> Payload | None:
        """The newest weights, or None when the run has shown none yet."""
        with self._changed:
            picture = self._pictures.get(run_id)
        if picture is not None:
            return picture
        kept = self._find_kept(run_id)
        return picture_of(kept) if kept else None

    def wait(self, run_id: str, timeout_s: float) -> Payload | None:
        """The newest weights; waits for the first ones of a run that is about to begin."""
        if picture := self.find(run_id):
            return picture
        with self._changed:
            self._changed.wait_for(lambda: run_id in self._pictures, timeout_s)
            return self._pictures.get(run_id)

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        with self._changed:
            self._pictures.pop(run_id, None)
