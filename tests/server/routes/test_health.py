"""/healthz: can this server train?"""

import pytest

from server.services.store import Store
from tests.fakes import FakeCluster
from tests.http_client import CheckedClient


@pytest.mark.parametrize(("workers", "code", "status"), [(2, 200, "ok"), (1, 200, "ok"), (0, 503, "no workers")])
def test_a_server_is_healthy_while_a_worker_can_train(
    client: CheckedClient, cluster: FakeCluster, workers: int, code: int, status: str
) -> None:
    cluster.workers = workers
    answer = client.get("/healthz")

    assert (answer.status_code, answer.mimetype) == (code, "application/json")
    assert answer.json == {"status": status, "workers": workers, "problems": []}


def test_trouble_is_told_but_does_not_make_a_server_that_trains_unavailable(
    client: CheckedClient, store: Store
) -> None:
    store.health.tell("storage", False)
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json == {"status": "degraded", "workers": 2, "problems": ["storage"]}


def test_without_workers_trouble_is_still_named(client: CheckedClient, cluster: FakeCluster, store: Store) -> None:
    cluster.workers = 0
    store.health.tell("workers", False)
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json == {"status": "no workers", "workers": 0, "problems": ["workers"]}
