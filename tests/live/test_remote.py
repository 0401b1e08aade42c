"""A scheduler and two hosts of workers, on addresses of their own: runs are spread, and outlive each of the three."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.config import Settings
from server.scheduling.cluster import Cluster, join_cluster
from tests.cluster_processes import DASK_SCHEDULER, HostProcess, SchedulerProcess
from tests.live.running_server import RunningServer
from tests.waiting import wait_until

pytestmark = pytest.mark.live

PATIENCE_S = 60
"""New workers load TensorFlow first, on a machine that may be busy."""

HOSTS = {"one": "127.0.0.2", "two": "127.0.0.3"}


class Site:
    """A `dask scheduler`, two hosts with a worker each, the server, and a look behind the scenes."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self.scheduler = SchedulerProcess(command=DASK_SCHEDULER)
        self.server = self.start_server()
        self.health_without_workers = self.server.request("GET", "/healthz")[0]
        self.hosts = {name: self.start_host(name) for name in HOSTS}
        self.cluster: Cluster = join_cluster(self.scheduler.address, Settings())

    def start_server(self) -> RunningServer:
        """The web process, with what it has stored before."""
        return RunningServer(self._data_dir, "--scheduler", self.scheduler.address)

    def start_host(self, name: str) -> HostProcess:
        """A host with one worker."""
        return HostProcess(self.scheduler.address, "--name", name, "--host", HOSTS[name])

    def wait_for_workers(self, count: int) -> None:
        """Until the server has so many."""
        wait_until(lambda: self.server.request("GET", "/healthz")[1]["workers"] == count)

    def runs_by_host(self) -> dict[str, list[str]]:
        """Which runs train on which host."""
        names = {address: name for name, address in HOSTS.items()}
        processing = self.cluster.client.processing()
        return {
            names[worker.split("//")[1].split(":")[0]]: [str(key).split("-")[1] for key in keys]
            for worker, keys in processing.items()
        }

    def close(self) -> None:
        """End everything."""
        self.cluster.close()
        self.server.stop()
        for host in self.hosts.values():
            host.send(signal.SIGCONT)
            host.stop()
        self.scheduler.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("data"))
    yield made
    made.close()


@pytest.fixture
def run_ids(site: Site) -> Iterator[list[str]]:
    """Four runs without an end, on two hosts that are well."""
    site.wait_for_workers(2)
    started = [site.server.start_run(spec={"seed": seed}, speed=60) for seed in range(4)]
    for run_id in started:
        site.server.wait_for(run_id, lambda run: run["epoch"] > 5, PATIENCE_S)
    yield started
    for run_id in started:
        site.server.request("DELETE", f"/api/runs/{run_id}")


def epochs_of(site: Site, run_id: str) -> list[int]:
    history: dict[str, Any] = site.server.request("GET", f"/api/runs/{run_id}/history")[1]
    return list(history["epoch"])


def goes_on(site: Site, run_id: str, attempt: int) -> None:
    """The run trains as that attempt, and tells every epoch once."""
    known = epochs_of(site, run_id)
    run = site.server.wait_for(
        run_id, lambda run: run["status"] == "running" and run["epoch"] > known[-1] + 20, PATIENCE_S
    )
    assert run["attempt"] == attempt
    epochs = epochs_of(site, run_id)
    assert epochs == list(range(1, len(epochs) + 1))


def test_without_a_worker_the_server_says_it_cannot_train(site: Site) -> None:
    assert site.health_without_workers == 503


def test_runs_are_spread_over_the_hosts_and_files_are_made(site: Site, run_ids: list[str]) -> None:
    spread = site.runs_by_host()
    assert {name: len(found) for name, found in spread.items()} == {"one": 2, "two": 2}
    assert sorted(spread["one"] + spread["two"]) == sorted(run_ids)
    assert site.server.request("GET", f"/api/runs/{run_ids[0]}/exports/tfjs.zip")[0] == 200


def test_the_runs_of_a_host_that_dies_go_on_at_the_other(site: Site, run_ids: list[str]) -> None:
    lost = site.runs_by_host()["one"]
    site.hosts["one"].stop(signal.SIGKILL)

    for run_id in run_ids:
        goes_on(site, run_id, attempt=2 if run_id in lost else 1)
    assert sorted(site.runs_by_host()["two"]) == sorted(run_ids)
    site.hosts["one"] = site.start_host("one")


async def forget_worker(host: str, dask_scheduler: Any = None) -> None:
    """Run on the scheduler: what it does when the system tells that a host's cable is cut."""
    for address in [address for address in dask_scheduler.workers if host in address]:
        await dask_scheduler.remove_worker(address, stimulus_id="cut", close=False)


def test_a_host_that_comes_back_is_not_heard_with_its_old_runs(site: Site, run_ids: list[str]) -> None:
    lost = site.runs_by_host()["two"]
    site.hosts["two"].send(signal.SIGSTOP)
    site.cluster.client.run_on_scheduler(forget_worker, HOSTS["two"])
    for run_id in lost:
        goes_on(site, run_id, attempt=2)

    site.hosts["two"].send(signal.SIGCONT)
    site.wait_for_workers(2)
    for run_id in run_ids:
        goes_on(site, run_id, attempt=2 if run_id in lost else 1)


def test_a_server_that_was_killed_takes_up_its_runs_again(site: Site, run_ids: list[str]) -> None:
    site.server.stop(signal.SIGKILL)
    site.server = site.start_server()

    for run_id in run_ids:
        goes_on(site, run_id, attempt=2)


def test_a_scheduler_that_comes_back_finds_everybody_again(site: Site, run_ids: list[str]) -> None:
    site.scheduler.stop(signal.SIGKILL)
    for run_id in run_ids:
        run = site.server.wait_for(run_id, lambda run: run["status"] == "queued", PATIENCE_S)
        assert run["reason_code"] == "worker_lost"
    assert site.server.request("GET", "/healthz")[0] == 503

    site.scheduler.start()
    for run_id in run_ids:
        goes_on(site, run_id, attempt=2)
    site.wait_for_workers(2)
