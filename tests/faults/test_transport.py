"""Whatever the way from a worker does to its events, the story has every epoch once, in order, with its own numbers."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.app import Services, assemble_services
from server.config import Settings
from server.domain.events import RunEvent
from server.domain.status import RunStatus
from server.domain.training_task import TrainingTask
from server.services.store import open_store
from tests.builders import make_status
from tests.fakes import FakeCluster
from tests.faults.fake_trainer import expected_losses, following

EPOCHS = 30
SEED = 11


def told_by(task: TrainingTask) -> list[RunEvent]:
    """Everything a worker tells of a run, from the checkpoint of its task to the end."""
    epoch = task.checkpoint["epoch"] if task.checkpoint else 0
    state = task.checkpoint["state"] if task.checkpoint else SEED
    while epoch < task.told_epoch:
        epoch, state = epoch + 1, following(state)
    events = [_status(task, "running", epoch)]
    while epoch < EPOCHS:
        epoch, state = epoch + 1, following(state)
        row = {"epoch": [epoch], "step": [25 * epoch], "loss": [state / 2**31]}
        events.append(RunEvent(task.run_id, "metrics", row, task.attempt))
        if epoch % 4 == 0:
            events.append(RunEvent(task.run_id, "checkpoint", _checkpoint(epoch, state), task.attempt))
    return [*events, _status(task, "finished", epoch)]


def _status(task: TrainingTask, status: str, epoch: int) -> RunEvent:
    return replace(make_status(status, task.run_id, epoch=epoch, step=25 * epoch), attempt=task.attempt)


def _checkpoint(epoch: int, state: int) -> dict[str, object]:
    moment = {"epoch": epoch, "step": 25 * epoch, "weights": "AACAPwAAAEA=", "slots": "", "version": 0}
    return moment | {"state": state, "is_at_rest": False}


@dataclass
class Transport:
    """Loses, repeats, delays and shuffles the events of the first attempts, and mixes in those of earlier ones."""

    seed: int
    bad_attempts: int
    late: list[RunEvent] = field(default_factory=list)

    def batches(self, events: list[RunEvent]) -> list[list[RunEvent]]:
        """What arrives of an attempt, in batches."""
        chance = Random(self.seed + events[0].attempt)
        if events[0].attempt <= self.bad_attempts:
            events = self._mistreated(events, chance)
        batches = []
        while events:
            count = chance.randint(1, 6)
            batches.append(events[:count] + chance.sample(self.late, min(len(self.late), chance.randint(0, 2))))
            events = events[count:]
        self.late += [event for batch in batches for event in batch]
        return batches

    @staticmethod
    def _mistreated(events: list[RunEvent], chance: Random) -> list[RunEvent]:
        kind = chance.choice(["lost", "twice", "shuffled", "cut"])
        if kind == "lost":
            return [event for event in events if chance.random() < 0.8]
        if kind == "twice":
            return [event for event in events for _ in range(chance.choice([1, 1, 2]))]
        if kind == "cut":
            return events[: chance.randrange(len(events))]
        places = [(number + chance.uniform(0, 5), number) for number in range(len(events))]
        return [events[number] for _, number in sorted(places)]


@given(seed=st.integers(0, 10**6), bad_attempts=st.integers(0, 2))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_story_has_every_epoch_once_whatever_the_way_does_to_its_events(seed: int, bad_attempts: int) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(Settings(data_dir=Path(folder) / "data", workers=2))
        cluster = FakeCluster()

        def put_event(events: list[RunEvent]) -> None:
            services.ingest.ingest(events)

        services = assemble_services(store_settings(folder), store, cluster, put_event)
        run_id = services.runs.start_run({"spec": {"epochs": EPOCHS, "dataset": {"seed": SEED}}}).run_id
        try:
            _train(services, cluster, run_id, Transport(seed, bad_attempts))
            run, history = services.runs.get_run(run_id), services.runs.history(run_id)
        finally:
            store.subscriptions.close()
            store.database.close()
    assert (run.status, run.epoch) == (RunStatus.FINISHED, EPOCHS)
    assert history["epoch"] == list(range(1, EPOCHS + 1))
    assert history["loss"] == expected_losses(SEED, EPOCHS)


def store_settings(folder: str) -> Settings:
    """Those of a server whose files lie there."""
    return Settings(data_dir=Path(folder) / "data", workers=2)


def _train(services: Services, cluster: FakeCluster, run_id: str, transport: Transport) -> None:
    """Attempt after attempt, until the run is over; what is silent at the end of its events has lost its worker."""
    for _ in range(6):
        task = cluster.submitted[-1]
        for batch in transport.batches(told_by(task)):
            services.ingest.ingest(batch)
        if services.runs.get_run(run_id).status == RunStatus.FINISHED:
            return
        services.supervisor.lose(run_id, task.attempt, lost="worker")
        services.supervisor._due_s = dict.fromkeys(services.supervisor._due_s, 0.0)
        services.supervisor.look()
