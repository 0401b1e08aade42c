"""`neural-playground worker`: real processes on two addresses of this machine, whose workers only wait."""

import re
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from server.config import Settings
from server.scheduling import worker_host
from server.scheduling.cluster import Cluster, join_cluster
from server.scheduling.encryption import UnusableCluster
from server.scheduling.worker_host import WorkerHost, serve_workers
from tests.cluster_processes import WAITING_WORKER, HostProcess, SchedulerProcess
from tests.loops import run_apart
from tests.waiting import wait_until


@pytest.fixture
def scheduler() -> Iterator[SchedulerProcess]:
    started = SchedulerProcess()
    yield started
    started.stop()


@pytest.fixture
def cluster(scheduler: SchedulerProcess) -> Iterator[Cluster]:
    joined = join_cluster(scheduler.address, Settings())
    yield joined
    joined.close()


@pytest.fixture
def hosts(scheduler: SchedulerProcess) -> Iterator[Callable[..., HostProcess]]:
    """Starts hosts that end with the test."""
    with ExitStack() as stack:

        def start(*options: str) -> HostProcess:
            host = HostProcess(scheduler.address, *options, command=WAITING_WORKER)
            stack.callback(host.stop)
            return host

        yield start


def workers_of(cluster: Cluster) -> dict[str, Any]:
    """The workers by name."""
    return {worker["name"]: worker for worker in cluster.client.scheduler_info(n_workers=-1)["workers"].values()}


def test_hosts_join_lose_a_worker_and_outlive_their_scheduler(
    scheduler: SchedulerProcess, cluster: Cluster, hosts: Callable[..., HostProcess]
) -> None:
    """One story, for each beginning costs seconds: two hosts of two workers each, told apart by their address."""
    one = hosts("--name", "one", "--host", "127.0.0.2", "--processes", "2")
    two = hosts("--name", "two", "--host", "127.0.0.3")
    for host, name in ((one, "one-1|one-2"), (one, "one-1|one-2"), (two, "two-1")):
        assert scheduler.address in host.hear(f"Worker ({name}) trains for")
    before = workers_of(cluster)
    assert before.keys() == {"one-1", "one-2", "two-1"}
    assert {name: worker["host"] for name, worker in before.items()} == {
        "one-1": "127.0.0.2",
        "one-2": "127.0.0.2",
        "two-1": "127.0.0.3",
    }
    assert all(worker["memory_limit"] == 0 for worker in before.values())

    two.stop(signal.SIGKILL)
    wait_until(lambda: workers_of(cluster).keys() == {"one-1", "one-2"})

    scheduler.stop()
    for _ in range(2):
        one.hear("has lost")
    scheduler.start()
    for _ in range(2):
        one.hear("trains for")
    assert workers_of(cluster).keys() == {"one-1", "one-2"}

    assert one.stop(signal.SIGTERM) == 0
    wait_until(lambda: not workers_of(cluster))
    assert scheduler.stop(signal.SIGTERM) == 0


def test_nothing_listens_where_nobody_asked_for_it(
    scheduler: SchedulerProcess, hosts: Callable[..., HostProcess]
) -> None:
    """A port that is open on other addresses, too, could not be taken there once more."""
    first_port = free_ports(2)
    host = hosts("--host", "127.0.0.2", "--first-port", str(first_port), "--name", "one")
    host.hear("trains for")
    for port in (first_port, first_port + 1):
        assert is_taken("127.0.0.2", port)
        assert not is_taken("127.0.0.3", port)
    assert not is_taken("127.0.0.3", int(scheduler.address.rpartition(":")[2]))


def free_ports(count: int) -> int:
    """The first of so many ports in a row that nobody listens on."""
    return next(
        port for port in range(20_000, 30_000, count) if not any(is_taken("0.0.0.0", port + i) for i in range(count))
    )


def is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there, on this address or on all."""
    with socket.socket() as trying:
        try:
            trying.bind((host, port))
        except OSError:
            return True
        return False


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        (WorkerHost("tcp://127.0.0.1:1", "one"), "No scheduler answers at tcp://127.0.0.1:1"),
        (WorkerHost("tcp://127.0.0.1:1", "one", processes=0), "--processes must be 1 or more, but 0 was given"),
        (WorkerHost("tcp://127.0.0.1:1", "one", host="0.0.0.0"), "tcp://0.0.0.0:0 is open to other machines"),
        (WorkerHost("tcp://10.0.0.1:8786", "one"), "tcp://10.0.0.1:8786 is open to other machines"),
    ],
)
def test_a_host_that_cannot_join_is_told_why(monkeypatch: pytest.MonkeyPatch, offer: WorkerHost, reason: str) -> None:
    monkeypatch.setattr(worker_host, "FIRST_ANSWER_S", 0.2)
    with pytest.raises(UnusableCluster, match=re.escape(reason)):
        run_apart(serve_workers(offer, Settings(), print))
