"""/api/runs/ID/model and /api/runs/ID/exports."""

import io
import json
import re
import zipfile
from typing import Any

import pytest

from server.app import Services
from server.config import Settings
from tests.builders import make_event, make_status
from tests.http_client import CheckedClient, strict_json
from tests.server.take_home.models import write_collection

EVIL = "</script><script>alert(1)</script>"
FLATTEN = {"kind": "flatten"}


@pytest.fixture
def run_id(services: Services) -> str:
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_event("frame", run_id)])
    return run_id


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("model.json", "application/json"),
        ("probe.json", "application/json"),
        ("group1-shard1of1.bin", "application/octet-stream"),
    ],
)
def test_a_file_of_the_model_has_its_type_and_is_never_cached(
    client: CheckedClient, run_id: str, name: str, content_type: str
) -> None:
    answer = client.get(f"/api/runs/{run_id}/model/{name}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_the_model_is_json(client: CheckedClient, run_id: str) -> None:
    assert strict_json(client.get(f"/api/runs/{run_id}/model/model.json").data)["epoch"] == 1


def test_the_archive_is_a_download(client: CheckedClient, run_id: str) -> None:
    answer = client.get(f"/api/runs/{run_id}/exports/tfjs.zip")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tfjs.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == ["README.txt", "group1-shard1of1.bin", "model.json", "probe.json"]


def test_the_keras_file_is_a_download(client: CheckedClient, run_id: str) -> None:
    answer = client.get(f"/api/runs/{run_id}/exports/model.keras")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="model.keras"'
    assert answer.data == b"keras 1"


@pytest.mark.parametrize(
    ("name", "content_type", "first"),
    [
        ("saved_model.zip", "application/zip", b"PK"),
        ("model.tflite", "application/octet-stream", b"tflite of keras 1"),
    ],
)
def test_a_format_that_takes_seconds_is_a_download(
    client: CheckedClient, run_id: str, name: str, content_type: str, first: bytes
) -> None:
    answer = client.get(f"/api/runs/{run_id}/exports/{name}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(first)


@pytest.fixture
def own_page(client: CheckedClient, services: Services, settings: Settings) -> Any:
    """The page of a network for two folders of pictures, one of them with a name that would like to be code."""
    classes = ["cat", EVIL]
    payload = {"name": "a1", "shape": [16, 16, 1], "classes": classes, "train_count": 20, "test_count": 0}
    write_collection(settings.images_dir, "a1", payload)
    spec = {"dataset": {"name": "own_images", "images": {"collection": "a1"}, "samples": 20}, "layers": [FLATTEN]}
    run_id = services.runs.start_run({"spec": spec, "speed": None}).run_id
    services.ingest.ingest([make_status("running", run_id), make_event("frame", run_id)])
    return client.get(f"/api/runs/{run_id}/exports/page.html")


def test_the_page_is_a_download_that_never_runs_here(own_page: Any) -> None:
    assert own_page.status_code == 200
    assert own_page.mimetype == "text/html"
    assert own_page.headers["Content-Disposition"] == 'attachment; filename="page.html"'
    assert own_page.headers["X-Content-Type-Options"] == "nosniff"


def test_names_in_the_page_stay_data(own_page: Any) -> None:
    text = own_page.text
    (data,) = re.findall(r'<script type="application/json" id="offline-data">(.*?)</script>', text, re.DOTALL)

    assert json.loads(data)["classes"] == ["cat", EVIL]
    assert EVIL not in text
    assert "alert(1)</script>" not in text


@pytest.mark.parametrize(
    "tail",
    [
        "model/weights.json",
        "model/model.keras",
        "model/..%2fmodel.keras",
        "model/%2e%2e%2fmodel.keras",
        "model/..%5cmodel.keras",
        "model/%00",
        "model/%252e%252e%252fmodel.keras",
        "model/../../current",
        "model/" + "x" * 5000,
        "model/",
        "exports/model.h5",
        "exports/../model.keras",
    ],
)
def test_what_is_no_file_of_the_model_answers_404(client: CheckedClient, run_id: str, tail: str) -> None:
    client.get(f"/api/runs/{run_id}/model/model.json")
    answer = client.get(f"/api/runs/{run_id}/{tail}")

    assert (answer.status_code, answer.mimetype) == (404, "application/json")


def test_a_run_that_ended_before_it_began_has_no_model(client: CheckedClient) -> None:
    run_id = client.post("/api/runs", json={}).json["run_id"]
    client.post(f"/api/runs/{run_id}/controls", json={"action": "stop"})
    answer = client.get(f"/api/runs/{run_id}/model/model.json")

    assert (answer.status_code, answer.json["error"]["code"]) == (404, "no_weights")
