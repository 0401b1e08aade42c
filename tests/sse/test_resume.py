"""Whatever cuts a stream, and wherever: who comes back knows what a fresh page knows."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from server.app import Services, assemble_services
from server.config import Settings
from server.domain.events import RunEvent
from server.services.store import open_store
from server.streaming.follow import Follower
from server.streaming.sse import BYE, OPENING, Cursor, frame_event
from server.streaming.subscriptions import Channel, Stored
from tests.builders import make_event, make_metrics, make_status
from tests.fakes import FakeCluster
from tests.http_client import strict_json
from tests.sse_parser import ByteReader

GENERATION = "0a1b2c3d"
EVENTS = 1000


class FaithfulClient:
    """Reads as a browser does, and knows what a page knows: columns, status, place. `state` is what counts."""

    def __init__(self) -> None:
        self.last_id = ""
        self.columns: dict[str, list[Any]] = {}
        self.status: Any = None
        self.kinds: list[str] = []

    def listen(self, chunks: Iterator[bytes], most_bytes: int) -> None:
        """Take so many bytes of a stream; half an event at the cut is lost, with its id."""
        reader, taken = ByteReader(), b""
        for chunk in chunks:
            taken += chunk
            if len(taken) >= most_bytes:
                break
        reader.feed(taken[:most_bytes])
        self.last_id = reader.reading.last_id or self.last_id
        for event in reader.reading.events:
            self._take(event.kind, strict_json(event.data))

    @property
    def state(self) -> dict[str, Any]:
        """What a page shows of a run."""
        return {"columns": self.columns, "status": self.status, "place": self.last_id}

    def _take(self, kind: str, told: dict[str, Any]) -> None:
        self.kinds.append(kind)
        if kind == "metrics":
            for name, column in told.items():
                self.columns.setdefault(name, []).extend(column)
        elif kind == "status":
            self.status = told["status"]
        elif kind == "reset":
            names = set(told) - {"cursor", "run"}
            self.columns = {name: list(told[name]) for name in names if told[name]}
            self.status = told["run"]["status"]


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    """Services that all examples of a property share: each has a run of its own."""
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), heartbeat_s=0.001)
        store = open_store(settings)
        assembled: Services = assemble_services(settings, store, FakeCluster(), lambda events: None)
        yield assembled
        store.subscriptions.close()
        store.database.close()


def _batches(run_id: str, random: Random) -> Iterator[list[RunEvent]]:
    """A run that is told in batches as workers send them: some epochs, a frame, a pause in between."""
    epoch = 0
    for _ in range(random.randint(1, 12)):
        epochs = random.randint(1, 30)
        batch = [make_metrics(epoch + 1, epochs, run_id)]
        epoch += epochs
        if random.random() < 0.5:
            batch.append(make_event("frame", run_id, epoch=epoch, step=25 * epoch, weights="AA=="))
        if random.random() < 0.3:
            batch += [make_status(status, run_id, epoch=epoch) for status in ("paused", "running")]
        yield batch
    yield [make_status("finished", run_id, epoch=epoch)]


@hypothesis_settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([0.0, 0.2]))
def test_after_any_schedule_of_cuts_a_client_knows_what_a_fresh_page_knows(
    services: Services, random: Random, foreign: float
) -> None:
    """Cuts at any byte; some clients come back with a place that is not of this story, or with none they may keep."""
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id)])
    client = FaithfulClient()
    for batch in _batches(run_id, random):
        services.ingest.ingest(batch)
        asked = "ffffffff-7" if random.random() < foreign else client.last_id
        client.listen(services.streams.follow(services.runs.get_run(run_id), asked), random.randint(0, 4000))
    client.listen(services.streams.follow(services.runs.get_run(run_id), client.last_id), 10**9)
    fresh = FaithfulClient()
    fresh.listen(services.streams.follow(services.runs.get_run(run_id), None), 10**9)

    assert client.state == fresh.state
    assert client.kinds[-1] == fresh.kinds[-1] == "bye"
    history = services.runs.history(run_id)
    assert (fresh.columns["epoch"], fresh.last_id) == (history["epoch"], history["cursor"])


def test_a_stream_cut_behind_any_of_a_thousand_events_goes_on_with_the_next() -> None:
    channel = Channel(Stored(0, False))
    framed = [frame_event("metrics", f'{{"epoch":[{seq}]}}', Cursor(GENERATION, seq)) for seq in range(1, EVENTS + 1)]
    channel.publish(list(enumerate(framed, 1)), None, True)

    for cut in range(EVENTS + 1):
        stream = b"".join(Follower(channel, lambda _: [], GENERATION, cut, 0.0).follow())
        assert stream == OPENING + b"".join(framed[cut:]) + BYE


def test_a_client_that_heard_only_heartbeats_comes_back_to_its_place(services: Services) -> None:
    """A browser sends the id of a heartbeat, too: nothing is told again, and nothing is lost."""
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_metrics(1, 5, run_id)])
    client = FaithfulClient()
    history = services.runs.history(run_id)
    client.listen(services.streams.follow(services.runs.get_run(run_id), history["cursor"]), 90)
    assert (client.kinds, client.last_id) == ([], history["cursor"])

    services.ingest.ingest([make_metrics(6, 1, run_id), make_status("finished", run_id)])
    client.listen(services.streams.follow(services.runs.get_run(run_id), client.last_id), 10**9)

    assert (client.columns["epoch"], client.kinds) == ([6], ["metrics", "status", "bye"])
