"""The web side as the server assembles it, in the process of the test, in front of worker processes that pretend."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from server.app import assemble_services
from server.config import Settings
from server.scheduling import by_name
from server.scheduling.cluster import Cluster
from server.scheduling.dispatcher import Dispatcher
from server.scheduling.mending import Mender
from server.scheduling.relay import Relay
from server.services.store import open_store
from server.storage import event_log
from server.storage.event_log import LoggedEvent
from server.storage.runs import Run
from tests.faults.fake_trainer import Mode, expected_losses
from tests.http_client import strict_json
from tests.waiting import wait_until

PRELOAD = str(Path(__file__).with_name("fake_trainer.py"))
SHORTER = 1 / 8
"""Of the time after which missing workers are mended."""

LOOK_S = 0.02
"""The server looks once a second; these tests are shorter."""


class Web:
    """One web process' worth of services, at work on a cluster until it is closed."""

    def __init__(self, settings: Settings, cluster: Cluster) -> None:
        self.client = cluster.client
        self.cluster = cluster
        self.store = open_store(settings)
        relay = Relay(lambda events: self.services.watch.take(self.services.ingest.ingest, events))
        self.dispatcher = Dispatcher(
            cluster.client,
            on_lost=lambda run_id, attempt, lost: self.services.supervisor.lose(run_id, attempt, lost=lost),
        )
        self.put = relay.put
        self.services = assemble_services(settings, self.store, self.dispatcher, relay.put)
        self.runs = self.services.runs
        self.services.supervisor.claim_left_over()
        relay.listen(cluster.client)
        self._over = threading.Event()
        self._loop = threading.Thread(target=self._look_for_ever)
        self._loop.start()

    def _look_for_ever(self) -> None:
        while not self._over.wait(LOOK_S):
            self.services.supervisor.look()
            self.store.checkpoints.keep_due()

    def start(self, mode: Mode = Mode.TRAIN, epochs: int | None = 60, **changes: Any) -> str:
        """Start a run of that mode; its id."""
        return self.runs.start_run({"spec": {"seed": int(mode), "epochs": epochs, **changes}, "speed": None}).run_id

    def run(self, run_id: str) -> Run:
        """A run as it is now."""
        return self.runs.get_run(run_id)

    def story(self, run_id: str) -> list[LoggedEvent]:
        """All stored events of a run."""
        with self.store.database.read() as session:
            return list(event_log.read_after(session, run_id, 0, 100_000))

    def statuses(self, run_id: str) -> list[dict[str, Any]]:
        """All status events of a run."""
        return [strict_json(event.data) for event in self.story(run_id) if event.kind == "status"]

    def told(self, run_id: str, reason_code: str) -> list[dict[str, Any]]:
        """The status events with that reason."""
        return [status for status in self.statuses(run_id) if status["reason_code"] == reason_code]

    def wait_for(self, run_id: str, status: str) -> Run:
        """Wait for a status; the run then."""
        wait_until(lambda: self.run(run_id).status.value == status)
        return self.run(run_id)

    def wait_for_epoch(self, run_id: str, epoch: int) -> None:
        """Wait until a run has come so far."""
        wait_until(lambda: self.run(run_id).epoch >= epoch)

    def living(self) -> dict[str, list[tuple[str, int]]]:
        """The runs that live in each worker that answers, with their attempts."""
        seen: dict[str, list[tuple[str, int]]] = self.client.run(
            by_name.call, "fake_trainer:addresses", on_error="ignore"
        )
        return seen

    def worker_pids(self) -> dict[str, int]:
        """The process of each worker."""
        pids: dict[str, int] = self.client.run(os.getpid, on_error="ignore")
        return pids

    def home(self, run_id: str) -> int:
        """The process of the worker in which a run lives; waits until it lives somewhere."""
        wait_until(lambda: self._homes(run_id))
        return self._homes(run_id)[0]

    def _homes(self, run_id: str) -> list[int]:
        living, pids = self.living(), self.worker_pids()
        homes = [worker for worker, runs in living.items() for name, _ in runs if name == run_id]
        return [pids[worker] for worker in homes if worker in pids]

    def address(self, run_id: str) -> str:
        """Under which Dask knows the worker of a run that lives."""
        return next(worker for worker, runs in self.living().items() if run_id in dict(runs))

    def wait_for_workers(self, count: int = 2) -> None:
        """Until so many are there and answer; those that Dask has given up are mended, as the server does."""
        mender = Mender(self.cluster.mend, lambda: time.monotonic() / SHORTER)

        def are_there() -> bool:
            mender.look(self.dispatcher.worker_count(), count)
            return self.dispatcher.worker_count() == count and len(self.worker_pids()) == count

        wait_until(are_there)

    def mend(self) -> None:
        """Wait until a nanny has given up, then do what the server does ten seconds later."""
        own = self.cluster.own
        assert own is not None
        wait_until(lambda: not all(nanny.is_alive() for nanny in own.workers.values()))
        self.cluster.mend()

    def kill(self, run_id: str) -> None:
        """End the worker of a run with SIGKILL."""
        os.kill(self.home(run_id), signal.SIGKILL)

    def stop(self, run_id: str) -> int:
        """Stop a run and wait for its end; how many epochs it has told."""
        self.runs.control_run(run_id, {"action": "stop"})
        return self.wait_for(run_id, "stopped").epoch

    def close(self, *, leave: bool = False) -> None:
        """End as the server does; with `leave`, what trains is left alone, as by a server that was killed."""
        if not leave:
            for run in self.runs.list_runs():
                self.runs.delete_run(run.run_id)
            wait_until(lambda: not any(self.living().values()))
        self._over.set()
        self._loop.join()
        self.dispatcher.let_go()
        if not leave:
            self.store.checkpoints.keep_all()
        self.store.subscriptions.close()
        self.store.database.close()


def assert_undisturbed(web: Web, run_id: str, seed: int, epochs: int) -> None:
    """The run has told every epoch once, in order, with the numbers of one that nothing happened to."""
    history = web.runs.history(run_id)
    assert history["epoch"] == list(range(1, epochs + 1)), [event.data[:200] for event in web.story(run_id)]
    assert history["loss"] == expected_losses(seed, epochs)
    assert [event.seq for event in web.story(run_id)] == list(range(1, web.run(run_id).last_seq + 1))


def wait_for_end(pid: int) -> None:
    """Until a process is gone."""
    wait_until(lambda: not Path(f"/proc/{pid}").exists() or _is_dead(pid))


def _is_dead(pid: int) -> bool:
    """Whether it has ended and only waits to be noticed by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2].startswith(("Z", "X"))
    except OSError:
        return True
