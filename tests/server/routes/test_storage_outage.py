"""While the database is locked: nothing is asked for in vain, nothing that is read waits, and no metric is lost."""

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import pytest
from flask import Flask

from server.app import Services
from server.config import Settings
from server.domain.events import RunEvent
from server.scheduling.relay import Relay
from server.services.store import Store, open_store
from server.storage.database import Database
from tests.builders import make_metrics, make_status
from tests.http_client import CheckedClient


@pytest.fixture
def file(settings: Settings) -> Path:
    """Where the database lies."""
    return settings.data_dir / "playground.db"


@pytest.fixture
def store(settings: Settings, file: Path) -> Iterator[Store]:
    """A store whose database has little patience."""
    opened = open_store(settings)
    impatient = Database(f"sqlite:///{file}", patience_s=0.02)
    yield replace(opened, database=impatient)
    opened.subscriptions.close()
    opened.database.close()
    impatient.close()


@pytest.fixture
def lock(file: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """Another process' connection."""
    other = sqlite3.connect(file, isolation_level=None)
    yield other
    other.close()


def _start(client: CheckedClient) -> str:
    answer = client.post("/api/runs", json={"spec": {}})
    assert answer.status_code == 202
    return str(answer.json["run_id"])


def test_what_cannot_be_stored_is_answered_with_503_and_when_to_ask_again(
    client: CheckedClient, lock: sqlite3.Connection
) -> None:
    run_id = _start(client)
    asked = [
        lambda: client.post("/api/runs", json={"spec": {}}),
        lambda: client.post(f"/api/runs/{run_id}/controls", json={"action": "pause"}),
        lambda: client.delete(f"/api/runs/{run_id}"),
    ]
    lock.execute("BEGIN IMMEDIATE")
    for ask in asked:
        answer = ask()
        assert answer.status_code == 503
        assert answer.json["error"]["code"] == "unavailable"
        assert "cannot save" in answer.json["error"]["message"]
        assert int(answer.headers["Retry-After"]) > 0

    lock.execute("COMMIT")
    assert [ask().status_code for ask in asked] == [202, 202, 204]


def test_what_is_read_is_answered_meanwhile(client: CheckedClient, lock: sqlite3.Connection) -> None:
    run_id = _start(client)
    lock.execute("BEGIN IMMEDIATE")
    for path in ("/api/runs", f"/api/runs/{run_id}", f"/api/runs/{run_id}/history"):
        assert client.get(path).status_code == 200


def test_a_run_that_could_not_be_deleted_is_still_there(client: CheckedClient, lock: sqlite3.Connection) -> None:
    run_id = _start(client)
    lock.execute("BEGIN IMMEDIATE")
    client.delete(f"/api/runs/{run_id}")
    assert client.get(f"/api/runs/{run_id}").status_code == 200


def test_metrics_that_come_meanwhile_are_stored_afterwards(
    client: CheckedClient, services: Services, lock: sqlite3.Connection
) -> None:
    run_id = _start(client)
    failed: SimpleQueue[None] = SimpleQueue()
    stored: SimpleQueue[None] = SimpleQueue()

    def ingest(events: list[RunEvent]) -> None:
        try:
            services.ingest.ingest(events)
        except OSError:
            failed.put(None)
            raise
        stored.put(None)

    relay = Relay(ingest, retry_s=0.01)
    lock.execute("BEGIN IMMEDIATE")
    relay.put([make_status("running", run_id)])
    for epoch in range(1, 31):
        relay.put([make_metrics(epoch, run_id=run_id)])
    for _ in range(3):
        failed.get(timeout=30)
    lock.execute("COMMIT")
    while services.runs.get_run(run_id).epoch < 30:
        stored.get(timeout=30)

    assert client.get(f"/api/runs/{run_id}/history").json["epoch"] == list(range(1, 31))


def test_a_full_disk_is_told_as_one(app: Flask) -> None:
    """Files that are made for an export, for example."""
    with app.test_request_context("/api/runs"):
        answer = app.make_response(app.handle_user_exception(OSError(errno.ENOSPC, "No space left on device")))
    assert answer.status_code == 507
    assert answer.json["error"]["code"] == "disk_full"
