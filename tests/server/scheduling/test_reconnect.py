"""A client whose scheduler, a real one, is killed and comes back."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from distributed import Future

from server.config import Settings
from server.scheduling.cluster import Cluster, join_cluster
from server.scheduling.reconnect import ReturningClient, SchedulerAway
from server.scheduling.rules import HUNG_WORKER_S, KEPT_MESSAGES
from tests.cluster_processes import DASK_SCHEDULER, SchedulerProcess
from tests.waiting import wait_until

TOPIC = "neural-playground"


@pytest.fixture(params=[pytest.param(DASK_SCHEDULER, id="dask scheduler")])
def scheduler(request: pytest.FixtureRequest) -> Iterator[SchedulerProcess]:
    started = SchedulerProcess(command=request.param)
    yield started
    started.stop()


@pytest.fixture
def cluster(scheduler: SchedulerProcess) -> Iterator[Cluster]:
    joined = join_cluster(scheduler.address, Settings())
    yield joined
    joined.close()


def rules_of(dask_scheduler: Any = None) -> list[object]:
    """Run on a scheduler: what it goes by."""
    watch = dask_scheduler.periodic_callbacks["worker-ttl"]
    kept = dask_scheduler._broker._topics[TOPIC].events.maxlen
    is_stealing = "stealing" in dask_scheduler.periodic_callbacks
    return [dask_scheduler.allowed_failures, dask_scheduler.worker_ttl, watch.callback_time, kept, is_stealing]


RULES = [0, HUNG_WORKER_S, HUNG_WORKER_S * 1000, KEPT_MESSAGES, False]


def test_all_is_as_before_when_the_scheduler_comes_back(scheduler: SchedulerProcess, cluster: Cluster) -> None:
    client, arrived, returned = cluster.client, [], threading.Event()
    assert isinstance(client, ReturningClient)
    client.on_reconnected(returned.set)
    client.subscribe_topic(TOPIC, lambda event: arrived.append(event[1]))
    # A subscription travels on its own way: what is told just now may be too early for it.
    wait_until(lambda: client.log_event(TOPIC, "before") or "before" in arrived)
    assert client.run_on_scheduler(rules_of) == RULES
    waiting = client.submit(print, resources={"playground": 1}, pure=False)

    scheduler.stop()
    wait_until(lambda: waiting.status == "cancelled")
    with pytest.raises(SchedulerAway):
        client.run(print)
    with pytest.raises(SchedulerAway):
        client.run_on_scheduler(print)
    assert client.scheduler_info() == {"workers": {}}
    again = client.submit(print, resources={"playground": 1}, pure=False)
    assert not returned.is_set()

    scheduler.start()
    assert returned.wait(timeout=20)
    assert client.run_on_scheduler(rules_of) == RULES
    client.log_event(TOPIC, "afterwards")
    wait_until(lambda: "afterwards" in arrived)
    assert again.status == "pending"
    assert client.run_on_scheduler(tasks_of) == [again.key]


def tasks_of(dask_scheduler: Any = None) -> list[str]:
    """Run on a scheduler: what it has to do."""
    return list(dask_scheduler.tasks)


def test_a_future_made_while_the_connection_breaks_is_not_forgotten(
    scheduler: SchedulerProcess, cluster: Cluster
) -> None:
    """As a run is that is submitted again as soon as the first ones are known to be lost."""
    client = cluster.client
    again: list[Future] = []

    def submit_again(_: Future) -> None:
        again.append(client.submit(print, resources={"playground": 1}, pure=False))

    waiting = [client.submit(print, index, resources={"playground": 1}, pure=False) for index in range(50)]
    for future in waiting:
        future.add_done_callback(submit_again)
    scheduler.stop()
    wait_until(lambda: len(again) == len(waiting))
    scheduler.start()

    wait_until(lambda: client.status == "running" and len(client.run_on_scheduler(tasks_of)) == len(waiting))
    assert {future.key for future in again} == set(client.futures)
    assert all(future.status == "pending" for future in again)
