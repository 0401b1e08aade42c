"""Runs that nobody watches any more: an endless one is paused, a paused one gives its place back."""

import logging
from dataclasses import dataclass

from server.domain.errors import PublicError
from server.domain.status import RunStatus
from server.services.runs import RunService
from server.services.store import Store
from server.storage import runs
from server.storage.runs import Run


@dataclass(frozen=True)
class IdleRuns:
    """Pauses, and later ends, what was left; a run with a number of epochs was asked to finish and may."""

    store: Store
    runs: RunService
    pause_after_s: float
    end_after_s: float

    def sweep(self) -> None:
        """Look at every live run once."""
        with self.store.database.read() as session:
            live = [run for run_id in runs.live_run_ids(session) if (run := runs.find_run(session, run_id))]
        self.store.activity.keep_only({run.run_id for run in live})
        for run in live:
            try:
                self._care_for(run)
            except PublicError:
                logging.getLogger(__name__).warning("The idle run %s was not reached; it will be again.", run.run_id)

    def _care_for(self, run: Run) -> None:
        idle_s = self.store.activity.idle_s(run.run_id)
        is_endless = run.spec.epochs is None
        if run.status == RunStatus.RUNNING and is_endless and idle_s > self.pause_after_s:
            self.runs.control_run(run.run_id, {"action": "pause"})
        elif run.status == RunStatus.PAUSED and idle_s > self.end_after_s:
            self._end(run)

    def _end(self, run: Run) -> None:
        """Stop what was trained; remove what was never trained, since nothing is lost with it."""
        if run.epoch == 0:
            self.runs.delete_run(run.run_id)
            return
        self.runs.stop_run(
            run.run_id,
            "idle",
            "The run was paused and nobody watched it, so it gave its place to others. "
            "Its curve and its weights are kept; press Run to train again.",
        )
