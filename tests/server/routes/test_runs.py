"""/api/runs: the shape of every answer, to the letter."""

import json
from dataclasses import replace
from typing import Any

import pytest

from server.app import Services, assemble_services, create_app
from server.config import Settings
from server.services.store import Store
from tests.builders import make_metrics, make_status
from tests.fakes import EventSink, FakeCluster
from tests.http_client import CheckedClient

RUN_KEYS = [
    "run_id",
    "status",
    "position",
    "attempt",
    "epoch",
    "step",
    "metrics",
    "reason",
    "reason_code",
    "controls",
    "weights_count",
    "created_at",
    "spec",
]


@pytest.fixture
def run_id(client: CheckedClient) -> str:
    return str(client.post("/api/runs", json={}).json["run_id"])


def _error(answer: Any) -> dict[str, Any]:
    error: dict[str, Any] = answer.json["error"]
    return error


def test_a_started_run_answers_202_with_its_addresses(client: CheckedClient) -> None:
    answer = client.post("/api/runs", json={"spec": {"seed": 3}, "paused": False, "speed": 60})

    assert answer.status_code == 202
    run_id = answer.json["run_id"]
    assert answer.json == {
        "run_id": run_id,
        "status": "queued",
        "events": f"/api/runs/{run_id}/events",
        "model": f"/api/runs/{run_id}/model/model.json",
    }
    assert client.get(f"/api/runs/{run_id}").json["spec"]["seed"] == 3


def test_the_addresses_keep_the_prefix_of_a_proxy(client: CheckedClient) -> None:
    answer = client.post("/api/runs", json={}, environ_overrides={"SCRIPT_NAME": "/play"})

    assert answer.json["events"].startswith("/play/api/runs/")


def test_an_invalid_spec_answers_422_with_every_problem(client: CheckedClient, cluster: FakeCluster) -> None:
    spec = {"layers": [{"units": 4}, {"units": 500}], "batch_size": 0}
    answer = client.post("/api/runs", json={"spec": spec})

    assert answer.status_code == 422
    error = _error(answer)
    assert error["code"] == "invalid_spec"
    assert [problem["field"] for problem in error["problems"]] == ["layers[1].units", "batch_size"]
    assert error["problems"][0] == {
        "field": "layers[1].units",
        "code": "less_than_equal",
        "message": "layers[1].units must be a whole number, 1 to 64, but 500 was received.",
        "expected": "1 to 64",
        "received": 500,
    }
    assert cluster.calls == []


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        pytest.param([], "invalid_spec", [""], id="a list"),
        pytest.param(None, "invalid_spec", [""], id="null"),
        pytest.param({"speed": "fast"}, "invalid_control", ["speed"], id="speed"),
        pytest.param({"paused": 0}, "invalid_spec", ["paused"], id="paused"),
        pytest.param({"colour": 1}, "invalid_spec", ["colour"], id="unknown field"),
    ],
)
def test_a_request_that_cannot_be_used_answers_422(
    client: CheckedClient, body: object, code: str, fields: list[str]
) -> None:
    answer = client.post("/api/runs", data=json.dumps(body), content_type="application/json")

    assert answer.status_code == 422
    assert _error(answer)["code"] == code
    assert [problem["field"] for problem in _error(answer)["problems"]] == fields


def test_a_full_server_answers_503_and_says_when_to_come_back(
    settings: Settings, store: Store, cluster: FakeCluster
) -> None:
    narrow = replace(settings, most_live_runs=1)
    app = create_app(narrow, assemble_services(narrow, store, cluster, EventSink()))
    app.test_client_class = CheckedClient
    client = app.test_client()
    client.post("/api/runs", json={})
    answer = client.post("/api/runs", json={})

    assert (answer.status_code, _error(answer)["code"]) == (503, "server_full")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_run_has_the_keys_of_the_contract(client: CheckedClient, services: Services, run_id: str) -> None:
    services.ingest.ingest([make_status("running", run_id), make_metrics(1, 2, run_id)])
    answer = client.get(f"/api/runs/{run_id}")

    assert answer.status_code == 200
    assert list(answer.json) == RUN_KEYS
    assert (answer.json["status"], answer.json["epoch"], answer.json["step"]) == ("running", 2, 50)
    assert answer.json["metrics"] == {"loss": 0.5, "val_loss": 1.0}
    assert answer.headers["Cache-Control"] == "no-store"


def test_runs_are_listed(client: CheckedClient, run_id: str) -> None:
    answer = client.get("/api/runs")

    assert answer.status_code == 200
    assert [list(run) for run in answer.json["runs"]] == [RUN_KEYS]


def test_the_history_is_columns_with_a_cursor(client: CheckedClient, services: Services, run_id: str) -> None:
    services.ingest.ingest([make_status("running", run_id), make_metrics(1, 3, run_id)])
    answer = client.get(f"/api/runs/{run_id}/history")

    assert answer.status_code == 200
    assert answer.json["epoch"] == [1, 2, 3]
    assert answer.json["loss"] == [1, 1 / 2, 1 / 3]
    assert answer.json["cursor"] == f"{services.runs.get_run(run_id).generation}-3"
    assert list(answer.json["run"]) == RUN_KEYS


def test_a_diverging_loss_is_null_in_every_answer(client: CheckedClient, services: Services, run_id: str) -> None:
    metrics = make_metrics(1, 1, run_id)
    metrics.payload["loss"] = [float("nan")]
    services.ingest.ingest([metrics])

    assert client.get(f"/api/runs/{run_id}/history").json["loss"] == [None]
    assert client.get(f"/api/runs/{run_id}").json["metrics"]["loss"] is None


@pytest.mark.parametrize(
    "control",
    [
        {"action": "pause"},
        {"action": "resume"},
        {"action": "step"},
        {"action": "step", "epochs": 10},
        {"action": "stop"},
        {"action": "set", "learning_rate": 0.1, "l1": 0.1, "l2": 0, "speed": None},
        {"action": "set", "weight": {"layer": 0, "row": 0, "unit": 1, "value": 0.5}},
        {"action": "set", "bias": {"layer": 2, "unit": 0, "value": -1}},
    ],
    ids=lambda control: "-".join(control),
)
def test_a_control_answers_202_with_its_version(client: CheckedClient, run_id: str, control: dict[str, Any]) -> None:
    answer = client.post(f"/api/runs/{run_id}/controls", json=control)

    assert (answer.status_code, answer.json) == (202, {"version": 1})


def test_a_control_that_cannot_be_used_answers_422(client: CheckedClient, run_id: str) -> None:
    answer = client.post(f"/api/runs/{run_id}/controls", json={"action": "set", "learning_rate": 11, "l1": -1})

    assert (answer.status_code, _error(answer)["code"]) == (422, "invalid_control")
    assert [problem["field"] for problem in _error(answer)["problems"]] == ["learning_rate", "l1"]


def test_a_control_of_an_ended_run_answers_409(client: CheckedClient, services: Services, run_id: str) -> None:
    services.ingest.ingest([make_status("running", run_id), make_status("finished", run_id)])
    answer = client.post(f"/api/runs/{run_id}/controls", json={"action": "pause"})

    assert (answer.status_code, _error(answer)["code"]) == (409, "wrong_status")
    assert "finished" in _error(answer)["message"]


def test_a_deleted_run_answers_204_and_is_gone(client: CheckedClient, run_id: str) -> None:
    answer = client.delete(f"/api/runs/{run_id}")

    assert (answer.status_code, answer.data) == (204, b"")
    assert client.get(f"/api/runs/{run_id}").status_code == 404
    assert client.delete(f"/api/runs/{run_id}").status_code == 404
    assert client.get("/api/runs").json == {"runs": []}


@pytest.mark.parametrize("run_id", ["nobody", "%00", "%2e%2e", "..%2f..", "a" * 3000, "é", "%ff", "' OR 1=1 --"])
@pytest.mark.parametrize(
    ("method", "tail"),
    [
        ("GET", ""),
        ("GET", "/history"),
        ("GET", "/events"),
        ("GET", "/model/model.json"),
        ("GET", "/model/probe.json"),
        ("GET", "/exports/tfjs.zip"),
        ("GET", "/exports/model.keras"),
        ("POST", "/controls"),
        ("DELETE", ""),
    ],
)
def test_a_run_that_does_not_exist_answers_404(client: CheckedClient, run_id: str, method: str, tail: str) -> None:
    body = {"json": {"action": "pause"}} if method == "POST" else {}
    answer = client.open(f"/api/runs/{run_id}{tail}", method=method, **body)

    assert answer.status_code == 404
    assert _error(answer)["code"] in ("unknown_run", "not_found")
