"""The life of the server process: start, stop, restart, lost workers."""

import signal
import socket
import subprocess
import sys
import time
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
