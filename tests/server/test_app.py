"""The web process as a whole: assembled, and a run from the first request to its files."""

import logging

import pytest
from flask import Flask

from server.app import Services, create_app
from server.config import Settings
from server.domain.errors import Unavailable
from tests.builders import make_event, make_metrics, make_status
from tests.fakes import FakeCluster
from tests.http_client import CheckedClient
from tests.sse_parser import parse_events
from tests.waiting import wait_until

# Every address, with the methods that mean something there.
ROUTES = {
    "/": {"GET"},
    "/images": {"GET"},
    "/healthz": {"GET"},
    "/metrics": {"GET"},
    "/static/<path:filename>": {"GET"},
    "/api/openapi.json": {"GET"},
    "/api/spec": {"GET"},
    "/api/datasets": {"GET"},
    "/api/datasets/preview": {"POST"},
    "/api/datasets/pictures": {"POST"},
    "/api/bases": {"GET"},
    "/api/bases/fetch": {"POST"},
    "/api/images": {"POST"},
    "/api/images/<collection>": {"GET", "DELETE"},
    "/api/images/<name>/fetch": {"POST"},
    "/api/runs": {"GET", "POST"},
    "/api/runs/<run_id>": {"GET", "DELETE"},
    "/api/runs/<run_id>/history": {"GET"},
    "/api/runs/<run_id>/controls": {"POST"},
    "/api/runs/<run_id>/events": {"GET"},
    "/api/runs/<run_id>/model/<name>": {"GET"},
    "/api/runs/<run_id>/exports/tfjs.zip": {"GET"},
    "/api/runs/<run_id>/exports/model.keras": {"GET"},
    "/api/runs/<run_id>/exports/saved_model.zip": {"GET"},
    "/api/runs/<run_id>/exports/model.tflite": {"GET"},
    "/api/runs/<run_id>/exports/page.html": {"GET"},
    "/api/runs/<run_id>/exports/script.py": {"GET"},
    "/api/runs/<run_id>/exports/notebook.ipynb": {"GET"},
    "/api/scripts": {"POST"},
}


def test_the_routes_are_those_of_the_table(app: Flask) -> None:
    """A new route without a line here has no test of its shape either."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.rule, set()).update(rule.methods or ())

    assert {rule: methods - {"HEAD", "OPTIONS"} for rule, methods in found.items()} == ROUTES


def test_every_route_answers_options(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert "OPTIONS" in (rule.methods or ()), rule.rule


def test_a_run_can_be_followed_from_its_start_to_its_files(client: CheckedClient, services: Services) -> None:
    started = client.post("/api/runs", json={"spec": {"epochs": 2}}).json
    run_id = started["run_id"]
    services.ingest.ingest([make_status("running", run_id), make_event("checkpoint", run_id)])
    services.ingest.ingest([make_metrics(1, 2, run_id), make_status("finished", run_id, epoch=2, step=50)])

    stream = client.get(started["events"])
    kinds = [event.kind for event in parse_events(b"".join(stream.response)).events]
    stream.close()

    assert kinds == ["status", "status", "metrics", "status", "frame", "bye"]
    assert client.get(started["model"]).status_code == 200
    assert client.get(f"/api/runs/{run_id}").json["status"] == "finished"
    assert client.delete(f"/api/runs/{run_id}").status_code == 204


def test_a_control_sent_before_the_run_began_is_sent_again(
    client: CheckedClient, services: Services, cluster: FakeCluster
) -> None:
    run_id = client.post("/api/runs", json={}).json["run_id"]
    client.post(f"/api/runs/{run_id}/controls", json={"action": "pause"})
    cluster.delivered.clear()
    services.ingest.ingest([make_status("running", run_id)])

    wait_until(lambda: cluster.delivered)
    ((told, controls),) = cluster.delivered
    assert (told, controls.version, controls.paused) == (run_id, 1, True)


@pytest.mark.parametrize("error", [OSError("gone"), TimeoutError(), Unavailable("Later.")])
def test_a_cluster_that_cannot_be_told_again_is_logged(
    client: CheckedClient,
    services: Services,
    cluster: FakeCluster,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    run_id = client.post("/api/runs", json={}).json["run_id"]
    client.post(f"/api/runs/{run_id}/controls", json={"action": "pause"})

    def fail(*_: object) -> None:
        raise error

    cluster.on_deliver = fail
    with caplog.at_level(logging.WARNING):
        services.ingest.ingest([make_status("running", run_id)])
        wait_until(lambda: f"Controls of run {run_id} could not be delivered" in caplog.text)

    assert client.get(f"/api/runs/{run_id}").json["status"] == "running"


def test_two_applications_do_not_share_their_places_for_streams(settings: Settings, services: Services) -> None:
    assert create_app(settings, services) is not create_app(settings, services)


def test_the_largest_body_is_the_documented_one(app: Flask) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 1_000_000
