"""A lost worker, a killed server: runs go on from their checkpoints and end with the numbers of undisturbed ones."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.live.processes import worker_pids
from tests.live.running_server import RunningServer

pytestmark = pytest.mark.live

PATIENCE_S = 90
"""A worker that replaces another one loads TensorFlow first, on a machine that may be busy."""

SPEC = {"epochs": 400, "layers": [{"units": 4}, {"units": 2}], "optimizer": {"name": "adam", "learning_rate": 0.01}}


@pytest.fixture(scope="module")
def undisturbed(server: RunningServer) -> dict[str, Any]:
    """The history of the run when nothing happens to it."""
    run_id = server.start_run(spec=SPEC, speed=None)
    server.wait_for(run_id, lambda run: run["status"] == "finished")
    return story_of(server, run_id)


def story_of(server: RunningServer, run_id: str) -> dict[str, Any]:
    """The columns of a run, and the weights of its model."""
    history = server.request("GET", f"/api/runs/{run_id}/history")[1]
    columns = {name: column for name, column in history.items() if name not in ("cursor", "run")}
    _, model = server.request("GET", f"/api/runs/{run_id}/model/model.json")
    shard = model["weightsManifest"][0]["paths"][0]
    return columns | {"weights": server.request("GET", f"/api/runs/{run_id}/model/{shard}")[1]}


def test_a_killed_worker_costs_nothing_but_time(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    own = RunningServer(tmp_path, workers=2)
    try:
        run_id = own.start_run(spec=SPEC, speed=100)
        stream = own.stream(run_id)
        # Wherever it trains: the first loss or the second one hits it, or both do.
        for epoch, pid in zip((40, 200), worker_pids(own.process.pid), strict=True):
            own.wait_for(run_id, lambda run, epoch=epoch: run["epoch"] > epoch, PATIENCE_S)  # type: ignore[misc]
            os.kill(pid, signal.SIGKILL)
        told = list(stream)
        own.wait_for(run_id, lambda run: run["status"] == "finished", PATIENCE_S)
        assert story_of(own, run_id) == undisturbed
    finally:
        own.stop()
    epochs = [epoch for event in told if event.kind == "metrics" for epoch in event.data["epoch"]]
    assert epochs == list(range(1, 401))
    waits = [event.data for event in told if event.kind == "status" and event.data["reason_code"] == "worker_lost"]
    assert {wait["status"] for wait in waits} == {"queued"}
    assert [wait["attempt"] for wait in waits] in ([2], [2, 3])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_restarted_server_goes_on_with_its_runs(tmp_path: Path, undisturbed: dict[str, Any], number: int) -> None:
    first = RunningServer(tmp_path, workers=1)
    run_id = first.start_run(spec=SPEC, speed=60)
    first.wait_for(run_id, lambda run: run["epoch"] > 60)
    first.stop(number)
    time.sleep(0.2)
    second = RunningServer(tmp_path, workers=1)
    try:
        second.control(run_id, action="set", speed=None)
        run = second.wait_for(run_id, lambda run: run["status"] == "finished", PATIENCE_S)
        assert run["attempt"] == 2
        assert story_of(second, run_id) == undisturbed
    finally:
        second.stop()
