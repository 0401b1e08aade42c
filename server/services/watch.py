"""Whoever keeps an eye on the server: counts and times what comes in, tells what is of note, notices trouble."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from server.domain.events import RunEvent
from server.services.health import Health
from server.services.journal import Journal
from server.services.metrics import Metrics, thread_count, troubles
from server.services.store import Store
from server.storage.run_counts import count_by_status


@dataclass(frozen=True)
class Watch:
    """Health, journal and metrics of one server; `clock` is monotonic, in seconds."""

    health: Health
    journal: Journal
    metrics: Metrics
    clock: Callable[[], float]

    def take(self, ingest: Callable[[list[RunEvent]], None], events: list[RunEvent]) -> None:
        """Let a batch be stored and published. Raises what `ingest` raises; after an OSError nothing was stored.

        That is counted, and told as trouble by `look_after_database` once it lasts; that it is over is told here.
        """
        begun_s = self.clock()
        try:
            ingest(events)
        except OSError:
            self.metrics.count_failure()
            raise
        self.health.tell("storage", True)
        self.metrics.count_batch(events, self.clock() - begun_s)
        self.journal.tell_events(events)

    def look_at_workers(self, count: int, wanted: int) -> None:
        """How many workers there are, of so many that there should be."""
        self.health.tell("workers", count >= wanted)
        self.journal.tell_workers(count)


def open_watch(store: Store, worker_count: Callable[[], int]) -> Watch:
    """Watch a store and the workers; what has a number now is asked for whenever the metrics are read."""
    watch = Watch(store.health, Journal(time.monotonic), Metrics(), time.monotonic)
    store.health.listen(watch.journal.tell_trouble)

    def runs_by_status() -> dict[str, float]:
        with store.database.read() as session:
            return {status.value: float(count) for status, count in count_by_status(session).items()}

    metrics = watch.metrics
    metrics.watch_by("status", "playground_runs", "Runs that are stored", runs_by_status)
    metrics.watch_by(
        "part", "playground_trouble", "1 while a part is in trouble", lambda: troubles(store.health.problems())
    )
    metrics.watch("playground_workers", "Worker processes that can train", worker_count)
    metrics.watch("playground_threads", "Threads of the web process", thread_count)
    return watch
