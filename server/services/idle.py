"""Paused runs that nobody watches any more give their place back."""

from dataclasses import dataclass

from server.domain.status import RunStatus
from server.services.runs import RunService
from server.services.store import Store
from server.storage import runs


@dataclass(frozen=True)
class IdleRuns:
    """Ends paused runs after some seconds without anybody; a running one is never touched."""

    store: Store
    runs: RunService
    after_s: float

    def sweep(self) -> None:
        """Stop what was trained and left; remove what was never trained, since nothing is lost with it."""
        for run_id in self._forgotten():
            if self.runs.get_run(run_id).epoch == 0:
                self.runs.delete_run(run_id)
            else:
                self.runs.stop_run(
                    run_id,
                    "idle",
                    "The run was paused and nobody watched it, so it gave its place to others. "
                    "Its curve and its weights are kept; press Run to train again.",
                )

    def _forgotten(self) -> list[str]:
        with self.store.database.read() as session:
            paused = runs.run_ids_with_status(session, RunStatus.PAUSED)
            self.store.activity.keep_only(set(runs.live_run_ids(session)))
        return [run_id for run_id in paused if self.store.activity.idle_s(run_id) > self.after_s]
