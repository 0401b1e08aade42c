"""A real server trains real runs: the whole way from a request to the files to take home."""

import io
import json
import random
import time
import zipfile
from itertools import islice
from typing import Any

import pytest

from tests.live.running_server import RunningServer, StreamedEvent

pytestmark = pytest.mark.live


def epochs_of(events: list[StreamedEvent]) -> list[int]:
    return [epoch for event in events if event.kind == "metrics" for epoch in event.data["epoch"]]


def test_the_server_is_healthy_once_it_has_told_its_address(server: RunningServer) -> None:
    assert server.request("GET", "/healthz") == (200, {"status": "ok", "workers": 2, "problems": []})


def test_a_run_streams_its_whole_story(server: RunningServer) -> None:
    run_id = server.start_run(spec={"epochs": 120}, speed=None)
    events = list(server.stream(run_id))
    assert epochs_of(events) == list(range(1, 121))
    assert [event.data["status"] for event in events if event.kind == "status"] == ["queued", "running", "finished"]
    assert any(event.kind == "frame" for event in events)
    assert events[-1].kind == "bye"


def test_every_event_of_the_story_is_numbered_and_nothing_else_is(server: RunningServer) -> None:
    run_id = server.start_run(spec={"epochs": 60})
    events = list(server.stream(run_id))
    numbers = [int(event.cursor.rpartition("-")[2]) for event in events if event.has_id and event.cursor]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {event.kind for event in events if not event.has_id} <= {"frame", "bye"}


def test_the_default_run_solves_the_circle(server: RunningServer) -> None:
    run_id = server.start_run(spec={"epochs": 300}, speed=None)
    run = server.wait_for(run_id, lambda run: run["status"] == "finished")
    assert run["metrics"]["val_loss"] < 0.1


@pytest.mark.parametrize("seed", range(5))
def test_a_stream_that_is_cut_anywhere_goes_on_without_gap_or_duplicate(server: RunningServer, seed: int) -> None:
    cuts = random.Random(seed)
    run_id = server.start_run(spec={"epochs": 200}, speed=200)
    seen: list[StreamedEvent] = []
    is_over = False
    while not is_over:
        stream = server.stream(run_id, seen[-1].cursor if seen else None)
        part = list(islice(stream, cuts.randrange(1, 25)))
        stream.close()
        seen += part
        # Cut right before the goodbye, the server answers 204: nothing more to come.
        is_over = not part or part[-1].kind == "bye"
    assert epochs_of(seen) == list(range(1, 201))
    numbered = [event.cursor for event in seen if event.has_id]
    assert len(numbered) == len(set(numbered))


def test_who_has_seen_the_end_is_told_not_to_come_back(server: RunningServer) -> None:
    run_id = server.start_run(spec={"epochs": 3})
    last = [event.cursor for event in server.stream(run_id)][-1]
    status, _ = server.request("GET", f"/api/runs/{run_id}/events", **{"Last-Event-ID": last or ""})
    assert status == 204


def test_pause_step_resume_set_and_stop_work_while_it_trains(server: RunningServer) -> None:
    run_id = server.start_run()
    server.wait_for(run_id, lambda run: run["epoch"] >= 5)
    server.control(run_id, action="pause")
    paused = server.wait_for(run_id, lambda run: run["status"] == "paused")
    server.control(run_id, action="step", epochs=2)
    stepped = server.wait_for(run_id, lambda run: run["epoch"] >= paused["epoch"] + 2)
    assert (stepped["status"], stepped["epoch"]) == ("paused", paused["epoch"] + 2)
    server.control(run_id, action="set", learning_rate=0.3)
    server.control(run_id, action="resume")
    running = server.wait_for(run_id, lambda run: run["status"] == "running" and run["epoch"] > stepped["epoch"])
    assert running["controls"]["learning_rate"] == 0.3
    server.control(run_id, action="stop")
    assert server.wait_for(run_id, lambda run: run["status"] == "stopped")["reason_code"] == "stopped_by_user"


def test_a_control_is_echoed_in_the_stream_with_its_version(server: RunningServer) -> None:
    run_id = server.start_run()
    stream = server.stream(run_id)
    for event in stream:
        if event.kind == "metrics":
            break
    version = server.control(run_id, action="set", learning_rate=0.1)
    echoed = next(event for event in stream if event.kind == "status")
    assert (echoed.data["controls"]["version"], echoed.data["controls"]["learning_rate"]) == (version, 0.1)
    server.control(run_id, action="stop")
    stream.close()


def test_an_ended_run_cannot_be_controlled(server: RunningServer) -> None:
    run_id = server.start_run(spec={"epochs": 1})
    server.wait_for(run_id, lambda run: run["status"] == "finished")
    status, answer = server.request("POST", f"/api/runs/{run_id}/controls", {"action": "pause"})
    assert (status, answer["error"]["code"]) == (409, "wrong_status")


def test_a_diverging_run_fails_with_a_reason_and_its_last_finite_weights(server: RunningServer) -> None:
    spec = {"dataset": {"name": "plane"}, "optimizer": {"name": "sgd", "learning_rate": 10}}
    run_id = server.start_run(spec=spec)
    events = list(server.stream(run_id))
    last = [event for event in events if event.kind == "status"][-1]
    assert (last.data["status"], last.data["reason_code"]) == ("failed", "diverged")
    status, probe = server.request("GET", f"/api/runs/{run_id}/model/probe.json")
    assert status == 200
    assert all(isinstance(number, float) for number in probe["outputs"][0]["data"])


def test_the_model_of_a_new_run_is_there_at_once(server: RunningServer) -> None:
    begun_s = time.monotonic()
    run_id = server.start_run(paused=True)
    status, model = server.request("GET", f"/api/runs/{run_id}/model/model.json")
    took_s = time.monotonic() - begun_s
    assert status == 200
    assert model["format"] == "layers-model"
    print(f"from the request to the model: {took_s * 1000:.0f} ms")


def test_the_files_to_take_home_belong_together(server: RunningServer) -> None:
    run_id = server.start_run(spec={"epochs": 20})
    server.wait_for(run_id, lambda run: run["status"] == "finished")
    _, content = server.request("GET", f"/api/runs/{run_id}/exports/tfjs.zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files: dict[str, Any] = {name: archive.read(name) for name in archive.namelist()}
    model, probe = json.loads(files["model.json"]), json.loads(files["probe.json"])
    assert model["userDefinedMetadata"]["epoch"] == 20
    assert model["userDefinedMetadata"]["weights_sha256"] == probe["weights_sha256"]
    status, keras_file = server.request("GET", f"/api/runs/{run_id}/exports/model.keras")
    assert status == 200
    assert zipfile.is_zipfile(io.BytesIO(keras_file))


def test_the_model_of_a_running_run_has_its_newest_weights(server: RunningServer) -> None:
    run_id = server.start_run()
    epochs = []
    for _ in range(3):
        server.wait_for(run_id, lambda run: run["epoch"] > max(epochs, default=0) + 5)
        _, model = server.request("GET", f"/api/runs/{run_id}/model/model.json")
        epochs.append(model["userDefinedMetadata"]["epoch"])
    assert epochs == sorted(set(epochs))
    server.control(run_id, action="stop")


def test_a_deleted_run_is_gone_and_its_stream_ends(server: RunningServer) -> None:
    run_id = server.start_run()
    stream = server.stream(run_id)
    next(stream)
    assert server.request("DELETE", f"/api/runs/{run_id}") == (204, b"")
    assert list(stream)[-1].kind == "closed"
    assert server.request("GET", f"/api/runs/{run_id}")[0] == 404
    assert not (server.data_dir / "runs" / run_id).exists()


def test_the_same_spec_gives_the_same_curve_beside_other_runs(server: RunningServer) -> None:
    run_ids = [server.start_run(spec={"epochs": 80}, speed=None) for _ in range(6)]
    curves = []
    for run_id in run_ids:
        server.wait_for(run_id, lambda run: run["status"] == "finished")
        curves.append(server.request("GET", f"/api/runs/{run_id}/history")[1]["loss"])
    assert all(curve == curves[0] for curve in curves)
