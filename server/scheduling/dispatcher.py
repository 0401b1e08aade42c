"""What the web process asks of the cluster: train, obey, export. Functions travel by name."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from server.domain.controls import ControlState
from server.domain.errors import Unavailable
from server.domain.spec import RunSpec
from server.scheduling import by_name
from server.scheduling.cluster import PLAYGROUND_RESOURCE

EXPORT_TIMEOUT_S = 30.0
DELIVERY_TIMEOUT_S = 5.0

# Python 3.10 has a TimeoutError of asyncio's own, which Dask raises.
_TOO_LATE = (TimeoutError, asyncio.TimeoutError)
_NO_ANSWER = (OSError, *_TOO_LATE)


class Dispatcher:
    """Submits to a cluster through a client.

    `on_lost(run_id, is_worker_lost)` is told of a run that ended without saying how.
    """

    def __init__(self, client: Client, on_lost: Callable[[str, bool], None]) -> None:
        self._client = client
        self._on_lost = on_lost
        self._futures: dict[str, Future] = {}
        self._lock = Lock()

    def submit_training(
        self, run_id: str, spec: RunSpec, controls: ControlState, run_limits: Mapping[str, int]
    ) -> None:
        """Hand a run to the worker with the fewest tasks, which decides when it is its turn.

        `run_limits` is what a worker has to know of the settings.
        """
        arguments = (run_id, spec.model_dump(mode="json"), controls.model_dump(mode="json"), dict(run_limits))
        future = self._client.submit(
            by_name.call_async,
            "server.worker:run_training",
            *arguments,
            key=f"run-{run_id}",
            pure=False,
            retries=0,
            resources={PLAYGROUND_RESOURCE: 1},
        )
        with self._lock:
            self._futures[run_id] = future
        future.add_done_callback(lambda done: self._note_end(run_id, done))

    def deliver(self, run_id: str, controls: ControlState) -> None:
        """Put the wished state into the run's mailbox, on whichever worker it lives. Raises Unavailable."""
        try:
            self._client.run(
                by_name.call,
                "server.worker:deliver_controls",
                run_id,
                controls.model_dump(mode="json"),
                nanny=False,
                on_error="ignore",
                callback_timeout=DELIVERY_TIMEOUT_S,
            )
        except _NO_ANSWER as error:
            raise Unavailable("The workers do not answer at the moment. Try again.") from error

    def export(self, run_id: str, spec: RunSpec, moment: dict[str, Any]) -> dict[str, bytes]:
        """Files to take home, made on a worker from a spec and weights. Raises Unavailable."""
        future = self._client.submit(
            by_name.call_in_thread,
            "server.worker:run_export",
            run_id,
            spec.model_dump(mode="json"),
            moment,
            pure=False,
            priority=10,
            resources={PLAYGROUND_RESOURCE: 1},
        )
        try:
            return future.result(timeout=EXPORT_TIMEOUT_S)  # type: ignore[no-any-return]
        except _TOO_LATE as error:
            raise Unavailable("No worker made the files in time. Try again in a moment.") from error

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

    def _take_future(self, run_id: str) -> Future | None:
        with self._lock:
            return self._futures.pop(run_id, None)

    def _note_end(self, run_id: str, done: Future) -> None:
        """A run that ends by itself has said so in its events; one that was cancelled by us is not ours any more."""
        if self._take_future(run_id) is None or done.status == "finished":
            return
        error = done.exception() if done.status == "error" else None
        logging.getLogger(__name__).warning("Run %s was lost (%s): %r", run_id, done.status, error)
        self._on_lost(run_id, error is None or isinstance(error, KilledWorker))
