"""The newest checkpoint of each run, from which it can go on: in memory while it lives, on disk for afterwards."""

import logging
from collections import deque
from collections.abc import Callable
from threading import Lock

from server.domain.events import Payload, to_json
from server.storage.checkpoints import CheckpointFiles

KEEP_EVERY_S = 5.0
"""A run that trains is written to disk this often: so much work a crash of this process costs at most."""


class Checkpoints:
    """Takes what workers send, and writes it now and then.

    A checkpoint is noted after the rows before it were stored, so that it is never ahead of the story.
    `tell(is_well)` hears whether the last one that was written could be.
    """

    def __init__(
        self,
        files: CheckpointFiles,
        clock: Callable[[], float],
        tell: Callable[[bool], None] = lambda is_well: None,
    ) -> None:
        self._files = files
        self._clock = clock
        self._tell = tell
        self._newest: dict[str, Payload] = {}
        self._unkept: set[str] = set()
        self._kept_at_s: dict[str, float] = {}
        self._gone: deque[str] = deque(maxlen=1024)
        self._lock = Lock()
        # One run is written at a time, so that an older checkpoint never lands on a newer one.
        self._writing = Lock()

    def note(self, run_id: str, checkpoint: Payload, *, soon: bool = False) -> None:
        """Take over a newer one, in memory; `soon`: it is due, whenever the last one was written."""
        with self._lock:
            if run_id in self._gone:
                return
            self._newest[run_id] = checkpoint
            self._unkept.add(run_id)
            if soon:
                self._kept_at_s.pop(run_id, None)

    def find(self, run_id: str) -> Payload | None:
        """The newest one, or None when the run has not begun."""
        with self._lock:
            checkpoint = self._newest.get(run_id)
        return checkpoint or self._files.read(run_id)

    def keep(self, run_id: str) -> None:
        """Write the noted one to disk now. One that cannot be written stays in memory, to be tried again."""
        with self._writing:
            with self._lock:
                checkpoint = self._newest.get(run_id) if run_id in self._unkept else None
                self._kept_at_s[run_id] = self._clock()
            if checkpoint is not None:
                self._write(run_id, checkpoint)

    def keep_due(self) -> None:
        """Write those whose last time is long enough ago."""
        now_s = self._clock()
        with self._lock:
            last_s = {run_id: self._kept_at_s.get(run_id, float("-inf")) for run_id in self._unkept}
        for run_id, kept_at_s in last_s.items():
            if now_s - kept_at_s >= KEEP_EVERY_S:
                self.keep(run_id)

    def keep_all(self) -> None:
        """Write what is only in memory: the server stops."""
        with self._lock:
            run_ids = sorted(self._unkept)
        for run_id in run_ids:
            self.keep(run_id)

    def rest(self, run_id: str) -> None:
        """The run is over: write its last one and let the memory go, unless it could not be written."""
        self.keep(run_id)
        with self._lock:
            if run_id not in self._unkept:
                self._drop(run_id)

    def forget(self, run_id: str) -> None:
        """The run is gone: what still comes of it is not written."""
        with self._writing, self._lock:
            self._gone.append(run_id)
            self._drop(run_id)

    def _write(self, run_id: str, checkpoint: Payload) -> None:
        try:
            self._files.write(run_id, to_json(checkpoint))
        except OSError:
            logging.getLogger(__name__).exception("The newest checkpoint of run %s could not be kept.", run_id)
            self._tell(False)
            return
        self._tell(True)
        with self._lock:
            if self._newest.get(run_id) is checkpoint:
                self._unkept.discard(run_id)

    def _drop(self, run_id: str) -> None:
        self._newest.pop(run_id, None)
        self._kept_at_s.pop(run_id, None)
        self._unkept.discard(run_id)
