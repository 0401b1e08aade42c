"""Stand-ins written by hand: they do as little as a test needs, and remember what they were asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from server.domain.controls import ControlState
from server.domain.events import Payload, RunEvent
from server.domain.spec import RunSpec
from server.domain.training_task import TrainingTask


@dataclass
class FakeClock:
    """A monotonic clock that only moves when it is told to."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        """The time now, in seconds."""
        return self.now_s

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds


@dataclass
class FakeCluster:
    """A cluster that trains nothing (`server.app.ClusterDispatcher`). `calls` holds the order of everything asked."""

    workers: int = 2
    submitted: list[TrainingTask] = field(default_factory=list)
    delivered: list[tuple[str, ControlState]] = field(default_factory=list)
    delivered_attempts: list[int] = field(default_factory=list)
    leases_renewed: int = 0
    given_up: list[tuple[str, int]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    exported: list[tuple[str, Payload]] = field(default_factory=list)
    deployed: list[bytes] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    on_deliver: Callable[[str, ControlState], None] = lambda run_id, controls: None
    on_export: Callable[[str], None] = lambda run_id: None
    on_deploy: Callable[[], None] = lambda: None
    undeployable: set[str] = field(default_factory=set)
    on_submit: Callable[[str], None] = lambda run_id: None

    def submit_training(self, task: TrainingTask) -> None:
        """Remember a run."""
        self.calls.append("submit_training")
        self.submitted.append(task)
        self.on_submit(task.run_id)

    def renew_leases(self) -> None:
        """Count."""
        self.leases_renewed += 1

    def give_up_worker(self, run_id: str, attempt: int) -> None:
        """Remember who hangs."""
        self.given_up.append((run_id, attempt))

    def deliver(self, run_id: str, attempt: int, controls: ControlState) -> None:
        """Remember the wished state."""
        self.calls.append("deliver")
        self.delivered_attempts.append(attempt)
        self.delivered.append((run_id, controls))
        self.on_deliver(run_id, controls)

    def cancel(self, run_id: str) -> None:
        """Remember a run that was taken out of the queue."""
        self.calls.append("cancel")
        self.cancelled.append(run_id)

    def export(self, run_id: str, spec: RunSpec, moment: Payload) -> dict[str, bytes]:
        """Files that name the moment they were made of, so that a mixed set shows."""
        self.calls.append("export")
        self.exported.append((run_id, moment))
        self.on_export(run_id)
        return exported_files(moment)

    def deploy(self, keras_file: bytes) -> dict[str, bytes]:
        """Files that name the file they were made of."""
        self.deployed.append(keras_file)
        self.on_deploy()
        files = {"model.tflite": b"tflite of " + keras_file, "saved_model/saved_model.pb": b"graph of " + keras_file}
        return {name: content for name, content in files.items() if name not in self.undeployable}

    def worker_count(self) -> int:
        """As many as the test says."""
        return self.workers


def exported_files(moment: Payload) -> dict[str, bytes]:
    """What FakeCluster makes of a moment: every file holds its epoch."""
    mark = str(moment["epoch"]).encode()
    return {
        "model.keras": b"keras " + mark,
        "tfjs/model.json": b'{"epoch":' + mark + b',"weightsManifest":[{"paths":["group1-shard1of1.bin"]}]}',
        "tfjs/group1-shard1of1.bin": b"shard " + mark,
        "tfjs/probe.json": b'{"probe":' + mark + b',"inputs":[],"outputs":[]}',
    }


@dataclass
class EventSink:
    """Takes batches of events; fails as often as it is told to before it takes one."""

    failures: int = 0
    attempts: int = 0
    batches: list[list[RunEvent]] = field(default_factory=list)

    def __call__(self, events: list[RunEvent]) -> None:
        """Take a batch, or fail."""
        self.attempts += 1
        if self.failures:
            self.failures -= 1
            raise OSError("The store is out of reach.")
        self.batches.append(list(events))

    @property
    def events(self) -> list[RunEvent]:
        """Everything that was taken, in order."""
        return [event for batch in self.batches for event in batch]


@dataclass
class FakeFuture:
    """A task of a cluster that ends when the test says so."""

    status: str = "pending"
    result_or_error: Any = None
    was_cancelled: bool = False
    timeouts: list[float | None] = field(default_factory=list)
    callbacks: list[Callable[["FakeFuture"], None]] = field(default_factory=list)

    def add_done_callback(self, callback: Callable[["FakeFuture"], None]) -> None:
        """Remember whom to tell."""
        self.callbacks.append(callback)

    def end(self, status: str, error: BaseException | None = None) -> None:
        """The task is over."""
        self.status, self.result_or_error = status, error
        for callback in self.callbacks:
            callback(self)

    def result(self, timeout: float | None = None) -> Any:
        """What the task made, or its error."""
        self.timeouts.append(timeout)
        if isinstance(self.result_or_error, BaseException):
            raise self.result_or_error
        return self.result_or_error

    def exception(self) -> BaseException | None:
        """The error of the task."""
        return self.result_or_error if isinstance(self.result_or_error, BaseException) else None

    def cancel(self) -> None:
        """Nobody wants the task any more."""
        self.was_cancelled = True
        self.end("cancelled")


@dataclass
class FakeDaskClient:
    """The few methods of `distributed.Client` that are used, with the calls they got."""

    future: FakeFuture = field(default_factory=FakeFuture)
    submissions: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    runs: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    run_error: BaseException | None = None
    workers: dict[str, object] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    asked_scheduler: list[tuple[str, str]] = field(default_factory=list)
    scheduler_error: OSError | None = None
    topics: dict[str, Callable[[tuple[float, Any]], None]] = field(default_factory=dict)

    def submit(self, *arguments: Any, **options: Any) -> FakeFuture:
        """Remember a task."""
        self.submissions.append((arguments, options))
        return self.future

    def run(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Remember a call on every worker."""
        self.runs.append((arguments, options))
        if self.run_error:
            raise self.run_error
        return {}

    def run_on_scheduler(self, function: Callable[..., Any], key: str, callback_timeout: float) -> str | None:
        """Remember what was asked of the scheduler, never without a bound; the worker that has a task."""
        assert callback_timeout > 0
        if self.scheduler_error:
            raise self.scheduler_error
        self.asked_scheduler.append((function.__name__, key))
        return self.tasks.get(key)

    def scheduler_info(self, n_workers: int = 5) -> dict[str, Any]:
        """Like Dask: no more than five workers unless asked for all with -1."""
        names = list(self.workers) if n_workers == -1 else list(self.workers)[:n_workers]
        return {"workers": {name: self.workers[name] for name in names}}

    def subscribe_topic(self, topic: str, handler: Callable[[tuple[float, Any]], None]) -> None:
        """Remember who listens."""
        self.topics[topic] = handler
