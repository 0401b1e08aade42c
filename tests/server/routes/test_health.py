"""/healthz: can this server train?"""

import pytest

from tests.fakes import FakeCluster
from tests.http_client import CheckedClient


@pytest.mark.parametrize(("workers", "code", "status"), [(2, 200, "ok"), (1, 200, "ok"), (0, 503, "no workers")])
def test_a_server_is_healthy_while_a_worker_can_train(
    client: CheckedClient, cluster: FakeCluster, workers: int, code: int, status: str
) -> None:
    cluster.workers = workers
    answer = client.get("/healthz")

    assert (answer.status_code, answer.mimetype) == (code, "application/json")
    assert answer.json == {"status": status, "workers": workers}
