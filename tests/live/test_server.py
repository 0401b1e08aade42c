"""The life of the server process: start, stop, restart, lost workers, a scheduler elsewhere."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.running_server import ROOT, RunningServer

pytestmark = pytest.mark.live


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    """Run `serve` to its end."""
    command = [sys.executable, "-m", "server", "serve", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_within_three_seconds_and_streams_hear_goodbye(tmp_path: Path, number: int) -> None:
    running = RunningServer(tmp_path, workers=2)
    stream = running.stream(running.start_run())
    next(stream)
    assert running.stop(number) < 3
    assert running.process.returncode == 0
    assert list(stream)[-1].kind == "bye"


def test_nothing_of_it_is_left_after_it_ended(tmp_path: Path) -> None:
    running = RunningServer(tmp_path, workers=2)
    group = running.process.pid
    assert len(living_processes(group)) >= 3
    running.stop()
    end_s = time.monotonic() + 5
    while living_processes(group):
        assert time.monotonic() < end_s, living_processes(group)
        time.sleep(0.05)


def living_processes(group: int) -> list[str]:
    """The processes of a group; one that has ended and only waits to be noticed does not count."""
    listing = subprocess.run(["ps", "-ww", "-eo", "pgid,stat,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()[1:]]
    return [row[2] for row in rows if int(row[0]) == group and not row[1].startswith("Z")]


def test_after_a_restart_the_whole_curve_is_there(tmp_path: Path) -> None:
    first = RunningServer(tmp_path, workers=1)
    run_id = first.start_run(spec={"epochs": 90}, speed=None)
    first.wait_for(run_id, lambda run: run["status"] == "finished")
    before = first.request("GET", f"/api/runs/{run_id}/history")[1]
    first.stop()
    second = RunningServer(tmp_path, workers=1)
    try:
        after = second.request("GET", f"/api/runs/{run_id}/history")[1]
        assert after == before
        assert after["epoch"] == list(range(1, 91))
        assert second.request("GET", f"/api/runs/{run_id}/model/model.json")[0] == 200
        assert [event.kind for event in second.stream(run_id)][-2:] == ["frame", "bye"]
    finally:
        second.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_a_restart_interrupted_says_so_and_keeps_its_weights(tmp_path: Path, number: int) -> None:
    first = RunningServer(tmp_path, workers=1)
    run_id = first.start_run()
    first.wait_for(run_id, lambda run: run["epoch"] > 20)
    first.stop(number)
    second = RunningServer(tmp_path, workers=1)
    try:
        run = second.wait_for(run_id, lambda run: run["status"] == "stopped")
        assert run["reason_code"] == "server_restarted"
        assert second.request("GET", f"/api/runs/{run_id}/model/model.json")[0] == 200
    finally:
        second.stop()


def test_a_run_whose_worker_dies_says_so_and_the_next_run_works(own_server: RunningServer) -> None:
    run_id = own_server.start_run()
    own_server.wait_for(run_id, lambda run: run["epoch"] > 5)
    os.kill(worker_pid(own_server.process.pid), signal.SIGKILL)
    run = own_server.wait_for(run_id, lambda run: run["status"] == "failed", timeout_s=5)
    assert run["reason_code"] == "worker_lost"
    again = own_server.start_run(spec={"epochs": 3})
    own_server.wait_for(again, lambda run: run["status"] == "finished")


def worker_pid(server_pid: int) -> int:
    """The worker among the children of a server."""
    listing = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines()[1:]:
        pid, parent, arguments = line.split(None, 2)
        if int(parent) == server_pid and "spawn_main" in arguments:
            return int(pid)
    raise AssertionError(f"No worker found in:\n{listing}")


def test_a_busy_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = serve("--port", str(port), "--data-dir", str(tmp_path))
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "choose another port" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unusable_data_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    done = serve("--port", "0", "--data-dir", str(in_the_way / "data"))
    assert done.returncode == 2
    assert "--data-dir" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert in_the_way.read_text() == "not a folder"


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--port", "70000"), id="port out of range"),
        pytest.param(("--workers", "0"), id="no workers"),
        pytest.param(("--scheduler", "tcp://127.0.0.1:1"), id="no scheduler there"),
        pytest.param(("--database", "nonsense"), id="not an address of a database"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path, options: tuple[str, str]) -> None:
    done = serve("--port", "0", "--data-dir", str(tmp_path), *options)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


@contextmanager
def scheduler_elsewhere() -> Iterator[str]:
    """A Dask scheduler in a process of its own."""
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen([*command, "--no-dashboard"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        address = next(match[0] for line in process.stderr if (match := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stderr.close()


def test_a_scheduler_that_runs_elsewhere_trains_the_runs(tmp_path: Path) -> None:
    with scheduler_elsewhere() as address:
        command = [sys.executable, "-m", "server", "worker", "--scheduler", address]
        worker = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        running = RunningServer(tmp_path, "--scheduler", address)
        try:
            end_s = time.monotonic() + 60
            while running.request("GET", "/healthz")[0] != 200:
                assert time.monotonic() < end_s, "the worker never joined"
                time.sleep(0.1)
            run_id = running.start_run(spec={"epochs": 50})
            running.wait_for(run_id, lambda run: run["status"] == "finished")
            assert running.request("GET", f"/api/runs/{run_id}/exports/tfjs.zip")[0] == 200
        finally:
            running.stop()
            worker.terminate()
            worker.wait(timeout=20)


def test_without_a_worker_the_server_says_it_cannot_train(tmp_path: Path) -> None:
    with scheduler_elsewhere() as address:
        running = RunningServer(tmp_path, "--scheduler", address)
        try:
            assert running.request("GET", "/healthz")[0] == 503
        finally:
            running.stop()
