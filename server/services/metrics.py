"""Numbers of the server for Prometheus. Every label has few values, and none is ever a client's word."""

import platform
import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.domain.events import RunEvent
from server.services.health import PARTS, Part

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

REASONS = frozenset(
    {
        "diverged",
        "early_stopped",
        "epochs_reached",
        "idle",
        "internal_error",
        "not_responding",
        "server_restarted",
        "stopped_by_user",
        "worker_lost",
    }
)
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST"})
OTHER = "other"

INGEST_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
REQUEST_BUCKETS_S = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """What was counted since the server started, and what is asked for when somebody reads it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._asked: dict[str, _Asked] = {}
        ProcessCollector(registry=self._registry)
        about = Gauge("playground_build_info", "Always 1", ["version", "python"], registry=self._registry)
        about.labels(program_version(), platform.python_version()).set(1)
        self._events = Counter("playground_events", "Events stored or published", ["kind"], registry=self._registry)
        self._batches = Histogram(
            "playground_ingest_seconds",
            "Storing and publishing one batch of events",
            buckets=INGEST_BUCKETS_S,
            registry=self._registry,
        )
        self._failures = Counter(
            "playground_storage_failures", "Batches that could not be stored at once", registry=self._registry
        )
        self._ended = Counter("playground_runs_ended", "Runs that ended", ["status", "reason"], registry=self._registry)
        self._lost = Counter("playground_runs_lost", "Times a run lost its worker", ["reason"], registry=self._registry)
        self._requests = Histogram(
            "playground_http_request_seconds",
            "Until an answer begins; of an event stream, until it is open",
            ["route", "method", "status"],
            buckets=REQUEST_BUCKETS_S,
            registry=self._registry,
        )

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """A number that is asked for at each reading; one that cannot be had then is left out.

        Watching the same name again takes the place of the first.
        """
        self._ask(_Asked(name, what, None, lambda: {"": value()}))

    def watch_by(self, label: str, name: str, what: str, values: Callable[[], Mapping[str, float]]) -> None:
        """The same for several numbers, by the values of a label."""
        self._ask(_Asked(name, what, label, values))

    def count_batch(self, events: Sequence[RunEvent], seconds: float) -> None:
        """A batch was taken in this time."""
        self._batches.observe(seconds)
        for kind, count in Tally(event.kind for event in events).items():
            self._events.labels(kind).inc(count)
        for event in events:
            if event.kind == "status":
                self._count_status(event.payload["status"], event.payload["reason_code"])

    def count_failure(self) -> None:
        """A batch could not be stored."""
        self._failures.inc()

    def count_request(self, route: str | None, method: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is the template of its address, None when there is none."""
        known_method = method if method in METHODS else OTHER
        self._requests.labels(route or OTHER, known_method, f"{status // 100}xx").observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)

    def _ask(self, asked: "_Asked") -> None:
        if asked.name in self._asked:
            self._registry.unregister(self._asked[asked.name])
        self._asked[asked.name] = asked
        self._registry.register(asked)

    def _count_status(self, status: str, reason: str | None) -> None:
        known_reason = reason if reason in REASONS else OTHER
        if status in ("finished", "failed", "stopped"):
            self._ended.labels(status, known_reason).inc()
        elif status == "queued" and reason:
            self._lost.labels(known_reason).inc()


class _Asked(Collector):
    """Gauges whose values are asked for at each reading. A reading never fails for one of them."""

    def __init__(self, name: str, what: str, label: str | None, values: Callable[[], Mapping[str, float]]) -> None:
        self.name, self._what, self._label, self._values = name, what, label, values

    def collect(self) -> Iterator[Metric]:
        """The gauges as they are now."""
        family = GaugeMetricFamily(self.name, self._what, labels=[self._label] if self._label else [])
        try:
            values = self._values()
        except Exception:  # a database that is out of reach must not hide all other numbers
            return
        for label, value in values.items():
            family.add_metric([label] if self._label else [], value)
        yield family

    def describe(self) -> list[Metric]:
        """Names only: nothing is asked for when it is registered."""
        return [GaugeMetricFamily(self.name, self._what)]


def troubles(problems: Sequence[Part]) -> dict[str, float]:
    """1 for each part in trouble, 0 for the others."""
    return {part: float(part in problems) for part in PARTS}


def thread_count() -> float:
    """Threads of this process."""
    return float(threading.active_count())


def program_version() -> str:
    """The version of this program."""
    try:
        return version("neural-playground")
    except PackageNotFoundError:
        return "unknown"
