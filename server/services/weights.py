"""The newest weights of each run: in memory while it lives, on disk for afterwards."""

import json
import logging
from collections.abc import Callable
from threading import Condition

from server.domain.events import Payload, to_json
from server.storage.artifacts import Artifacts

KEEP_EVERY_S = 5.0
"""A running network is written to disk this often, so that a crash costs no more than this."""

_REMEMBERED = 512


def picture_of(moment: Payload) -> Payload:
    """The part of a moment that is drawn and exported: `{"epoch", "step", "weights"}`, without what training needs."""
    return {name: moment[name] for name in ("epoch", "step", "weights")}


class NewestWeights:
    """Moments `{"epoch", "step", "weights"}`; weights are base64 of float32 little-endian.

    Moments of rest also have the `slots` of the optimizer, from which the run could go on.
    """

    def __init__(self, artifacts: Artifacts, clock: Callable[[], float]) -> None:
        self._artifacts = artifacts
        self._clock = clock
        self._moments: dict[str, Payload] = {}
        self._unkept: set[str] = set()
        self._kept_at_s: dict[str, float] = {}
        self._changed = Condition()

    def note(self, run_id: str, moment: Payload) -> None:
        """Take over newer weights, in memory."""
        with self._changed:
            # Taken out first, so that the first in the order is the run that was silent longest.
            self._moments.pop(run_id, None)
            self._moments[run_id] = moment
            self._unkept.add(run_id)
            self._forget_oldest()
            self._changed.notify_all()

    def keep(self, run_id: str, *, now: bool) -> None:
        """Write the noted weights to disk: at once, or only when the last time is long enough ago.

        Weights that cannot be written stay in memory and are tried again with the next ones.
        """
        with self._changed:
            moment = self._moments.get(run_id) if run_id in self._unkept else None
        now_s = self._clock()
        is_due = now or now_s - self._kept_at_s.get(run_id, float("-inf")) >= KEEP_EVERY_S
        if moment is None or not is_due:
            return
        self._kept_at_s[run_id] = now_s
        self._try_to_keep(run_id, moment)

    def find(self, run_id: str) -> Payload | None:
        """The newest weights, or None when the run has shown none yet."""
        with self._changed:
            moment = self._moments.get(run_id)
        if moment is not None:
            return moment
        text = self._artifacts.read_weights(run_id)
        return json.loads(text) if text else None

    def wait(self, run_id: str, timeout_s: float) -> Payload | None:
        """The newest weights; waits for the first ones of a run that is about to begin."""
        if moment := self.find(run_id):
            return moment
        with self._changed:
            self._changed.wait_for(lambda: run_id in self._moments, timeout_s)
            return self._moments.get(run_id)

    def keep_all(self) -> None:
        """Write what is only in memory: the server stops."""
        with self._changed:
            moments = {run_id: self._moments[run_id] for run_id in self._unkept}
        for run_id, moment in moments.items():
            self._try_to_keep(run_id, moment)

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        with self._changed:
            self._drop(run_id)

    def _try_to_keep(self, run_id: str, moment: Payload) -> None:
        try:
            self._keep(run_id, moment)
        except OSError:
            logging.getLogger(__name__).exception("The newest weights of run %s could not be kept.", run_id)

    def _keep(self, run_id: str, moment: Payload) -> None:
        self._artifacts.write_weights(run_id, to_json(moment))
        with self._changed:
            if self._moments.get(run_id) is moment:
                self._unkept.discard(run_id)

    def _drop(self, run_id: str) -> None:
        self._moments.pop(run_id, None)
        self._kept_at_s.pop(run_id, None)
        self._unkept.discard(run_id)

    def _forget_oldest(self) -> None:
        while len(self._moments) > _REMEMBERED:
            self._drop(next(iter(self._moments)))
