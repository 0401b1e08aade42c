"""What the web process asks of the cluster: train, obey, export. Functions travel by name."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Lock
from typing import Any

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from server.domain.controls import ControlState
from server.domain.errors import Unavailable
from server.domain.spec import RunSpec
from server.domain.training_task import Loss, TrainingTask
from server.scheduling import by_name
from server.scheduling.cluster import PLAYGROUND_RESOURCE
from server.scheduling.hung_worker import address_of, give_up_worker
from server.scheduling.lease import LeaseLost

EXPORT_TIMEOUT_S = 30.0
DEPLOYMENT_TIMEOUT_S = 300.0
DELIVERY_TIMEOUT_S = 5.0

# Python 3.10 has a TimeoutError of asyncio's own, which Dask raises.
_TOO_LATE = (TimeoutError, asyncio.TimeoutError)
_NO_ANSWER = (OSError, *_TOO_LATE)
_WORKER_LOST = (KilledWorker, CancelledError)
_SILENT = "The workers do not answer at the moment. Try again."


class Dispatcher:
    """Submits to a cluster through a client.

    `on_lost(run_id, attempt, lost)` is told of a run that ended without saying how. `images_dir` is where the bases are
    that networks start from.
    """

    def __init__(
        self, client: Client, on_lost: Callable[[str, int, Loss], None], images_dir: Path | None = None
    ) -> None:
        self._client = client
        self._images_dir = str(images_dir) if images_dir else None
        self._on_lost = on_lost
        self._futures: dict[str, tuple[int, Future]] = {}
        self._lock = Lock()

    def submit_training(self, task: TrainingTask) -> None:
        """Hand a run to the worker with the fewest tasks, which decides when it is its turn."""
        future = self._client.submit(
            by_name.call_async,
            "server.worker:run_training",
            task.to_payload(),
            key=_key(task.run_id, task.attempt),
            pure=False,
            retries=0,
            resources={PLAYGROUND_RESOURCE: 1},
        )
        with self._lock:
            self._futures[task.run_id] = task.attempt, future
        future.add_done_callback(lambda done: self._note_end(task.run_id, task.attempt, done))

    def deliver(self, run_id: str, attempt: int, controls: ControlState) -> None:
        """Put the wished state into the run's mailbox, on whichever worker it lives. Raises Unavailable.

        Only that worker is asked, so that another one that hangs delays nobody; who trains a run that the scheduler
        does not know of any more may be anywhere.
        """
        try:
            key, patience = _key(run_id, attempt), DELIVERY_TIMEOUT_S
            address = self._client.run_on_scheduler(address_of, key, callback_timeout=patience)
        except _NO_ANSWER as error:
            raise Unavailable(_SILENT) from error
        raw_controls = controls.model_dump(mode="json")
        self._tell_workers([address] if address else None, "deliver_controls", run_id, attempt, raw_controls)

    def renew_leases(self) -> None:
        """Tell all workers that somebody still wants what they train. Raises Unavailable."""
        self._tell_workers(None, "renew_lease")

    def give_up_worker(self, run_id: str, attempt: int) -> None:
        """Start the worker process anew in which a run hangs; all its runs are told as lost.

        One that no worker has is lost as well: its end was not heard.
        """
        try:
            key, patience = _key(run_id, attempt), DELIVERY_TIMEOUT_S
            if self._client.run_on_scheduler(give_up_worker, key, callback_timeout=patience):
                return
        except _NO_ANSWER:
            logging.getLogger(__name__).warning("The worker of run %s could not be started anew.", run_id)
            return
        self._on_lost(run_id, attempt, "worker")

    def _tell_workers(self, addresses: list[str] | None, function: str, *arguments: object) -> None:
        """Call a function of the front door on some workers; None: on all."""
        try:
            self._client.run(
                by_name.call,
                f"server.worker:{function}",
                *arguments,
                workers=addresses,
                nanny=False,
                on_error="ignore",
                callback_timeout=DELIVERY_TIMEOUT_S,
            )
        except _NO_ANSWER as error:
            raise Unavailable(_SILENT) from error

    def export(self, run_id: str, spec: RunSpec, moment: dict[str, Any]) -> dict[str, bytes]:
        """Files to take home, made on a worker from a spec and weights. Raises Unavailable."""
        base = [self._images_dir] if spec.base else []
        raw_spec = spec.model_dump(mode="json")
        return self._made("run_export", run_id, raw_spec, moment, *base, timeout_s=EXPORT_TIMEOUT_S)

    def deploy(self, keras_file: bytes) -> dict[str, bytes]:
        """The formats that take seconds, made by a child of a worker of a `.keras` file of ours. Raises Unavailable."""
        return self._made("run_deployment", keras_file, timeout_s=DEPLOYMENT_TIMEOUT_S)

    def _made(self, function: str, *arguments: object, timeout_s: float) -> dict[str, bytes]:
        """Files that a worker makes, before it takes a run that waits. Raises Unavailable."""
        future = self._client.submit(
            by_name.call_in_thread,
            f"server.worker:{function}",
            *arguments,
            pure=False,
            priority=10,
            resources={PLAYGROUND_RESOURCE: 1},
        )
        try:
            return future.result(timeout=timeout_s)  # type: ignore[no-any-return]
        except _TOO_LATE as error:
            raise Unavailable("No worker made the files in time. Try again in a moment.") from error
        except _WORKER_LOST as error:
            raise Unavailable("The worker that made the files ended. Try again in a moment.") from error

    def worker_count(self) -> int:
        """Workers that can train now."""
        try:
            return len(self._client.scheduler_info(n_workers=-1)["workers"])
        except (*_NO_ANSWER, KeyError):
            return 0

    def cancel(self, run_id: str) -> None:
        """Take a run out of the queue; one that trains already is stopped by its controls."""
        future = self._take_future(run_id)
        if future is not None:
            future.cancel()

    def let_go(self) -> None:
        """The server stops: what ends from now on ends with it, and its next start tells so."""
        with self._lock:
            self._futures.clear()

    def _take_future(self, run_id: str, attempt: int | None = None) -> Future | None:
        """The task of a run, of that attempt if one is named; from now on it is not ours any more."""
        with self._lock:
            found = self._futures.get(run_id)
            if found is None or attempt not in (None, found[0]):
                return None
            del self._futures[run_id]
            return found[1]

    def _note_end(self, run_id: str, attempt: int, done: Future) -> None:
        """A run that ends by itself has said so in its events; one that was cancelled by us is not ours any more."""
        if self._take_future(run_id, attempt) is None or done.status == "finished":
            return
        error = done.exception() if done.status == "error" else None
        logging.getLogger(__name__).warning("Run %s was lost (%s): %r", run_id, done.status, error)
        self._on_lost(run_id, attempt, _cause_of(error))


def _key(run_id: str, attempt: int) -> str:
    """The name of a task in the cluster."""
    return f"run-{run_id}-a{attempt}"


def _cause_of(error: BaseException | None) -> Loss:
    """Without an error nobody knows of the task any more."""
    if error is None:
        return "scheduler"
    return "worker" if isinstance(error, (KilledWorker, LeaseLost)) else "training"
