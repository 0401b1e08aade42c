"""Failures: one JSON shape, a sentence that names cause and cure, and a page for people outside /api."""

import json
import logging
from typing import Any

import pytest
from flask import Flask

from server.domain import errors
from server.domain.errors import Unavailable
from server.domain.limits import MAX_BODY_BYTES
from server.routes.errors import _STATUS_CODES
from tests.fakes import FakeCluster
from tests.http_client import CheckedClient

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
POSTS = [
    "/api/runs",
    "/api/datasets/preview",
    "/api/datasets/pictures",
    "/api/bases/fetch",
    "/api/scripts",
    "/api/runs/{run_id}/controls",
]

TAKING_NO_JSON = {"/api/images", "/api/images/<name>/fetch"}
"""A zip file, or nothing at all: tests/server/routes/test_images.py."""


@pytest.fixture(params=POSTS)
def post_address(request: pytest.FixtureRequest, client: CheckedClient) -> str:
    """Every address that takes a body."""
    run_id = client.post("/api/runs", json={}).json["run_id"]
    return str(request.param).format(run_id=run_id)


def test_every_address_that_takes_a_body_is_in_the_table(app: Flask) -> None:
    taking = {rule.rule for rule in app.url_map.iter_rules() if rule.methods and rule.methods & {"POST", "PUT"}}

    assert taking - TAKING_NO_JSON == {address.replace("{", "<").replace("}", ">") for address in POSTS}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"", "application/json", id="empty"),
        pytest.param(b"{", "application/json", id="half an object"),
        pytest.param(b"{} {}", "application/json", id="two objects"),
        pytest.param(b"action=pause", "application/json", id="a form called JSON"),
        pytest.param(b'{"speed": NaN}', "application/json", id="NaN"),
        pytest.param(b'{"speed": -Infinity}', "application/json", id="infinity"),
        pytest.param(b'{"a": "\xff\xfe"}', "application/json", id="not UTF-8"),
        pytest.param(b"[" * 100_000, "application/json", id="deep"),
        pytest.param(b'{"seed": ' + b"9" * 5000 + b"}", "application/json", id="a number of 5000 digits"),
        pytest.param(b"\0", "application/json", id="NUL"),
        pytest.param(b"{}", "text/plain", id="text"),
        pytest.param(b"{}", "application/x-www-form-urlencoded", id="form"),
        pytest.param(b"{}", "", id="no content type"),
    ],
)
def test_a_body_that_is_not_json_answers_400(
    client: CheckedClient, post_address: str, body: bytes, content_type: str
) -> None:
    answer = client.post(post_address, data=body, content_type=content_type or None)

    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "not_json"


@pytest.mark.parametrize("depth", [50, 190, 210, 500, 900, 950, 990, 1500])
def test_a_deep_body_is_a_clear_refusal(client: CheckedClient, post_address: str, depth: int) -> None:
    """Also where the parser lets it through and the check of the value does not."""
    nested = "[" * depth + "]" * depth
    for body in (nested, f'{{"spec": {nested}}}', f'{{"spec": {{"layers": {nested}}}}}', f'{{"action": {nested}}}'):
        answer = client.post(post_address, data=body, content_type="application/json")
        assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "body", [r'{"\ud800": 1}', r'{"spec": {"loss": "\ud800\u0000\r\n"}}', r'{"action": "\udfff"}', '{"a": 1, "a": 2}']
)
def test_a_hostile_body_is_a_clear_refusal(client: CheckedClient, post_address: str, body: str) -> None:
    answer = client.post(post_address, data=body, content_type="application/json")

    assert answer.status_code == 422


def test_a_body_too_large_answers_413(client: CheckedClient, post_address: str) -> None:
    body = json.dumps({"spec": "x" * MAX_BODY_BYTES})
    answer = client.post(post_address, data=body, content_type="application/json")

    assert answer.status_code == 413
    assert "1 MB" in answer.json["error"]["message"]


def test_a_body_below_the_limit_is_read(client: CheckedClient) -> None:
    body = json.dumps({"spec": "x" * (MAX_BODY_BYTES - 100)})

    assert client.post("/api/runs", data=body, content_type="application/json").status_code == 422


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("DELETE", "/api/runs", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("POST", "/api/runs/x", {"GET", "HEAD", "OPTIONS", "DELETE"}),
        ("GET", "/api/runs/x/controls", {"POST", "OPTIONS"}),
        ("POST", "/api/runs/x/history", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/api/runs/x/model/model.json", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", "/api/spec", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/api/datasets/preview", {"POST", "OPTIONS"}),
        ("POST", "/healthz", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_that_is_not_known_answers_405_with_those_that_are(
    client: CheckedClient, method: str, address: str, allowed: set[str]
) -> None:
    answer = client.open(address, method=method)

    assert (answer.status_code, answer.json["error"]["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("headers", [{}, BROWSER, {"Accept": "application/json"}], ids=["any", "browser", "json"])
@pytest.mark.parametrize("address", ["/api", "/api/", "/api/nothing", "/api/runs/nobody", "/api/runs/a/b/c"])
def test_under_api_every_error_is_json(client: CheckedClient, address: str, headers: dict[str, str]) -> None:
    answer = client.get(address, headers=headers)

    assert (answer.status_code, answer.mimetype) == (404, "application/json")


@pytest.mark.parametrize("address", ["/nothing", "/static/nothing.js", "/static/../server/app.py", "/index.php"])
def test_outside_api_a_person_gets_a_page(client: CheckedClient, address: str) -> None:
    answer = client.get(address, headers=BROWSER)

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert b"There is nothing at this address" in answer.data


def test_outside_api_a_program_gets_json(client: CheckedClient) -> None:
    answer = client.get("/nothing", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")


def test_a_mistyped_address_is_not_written_into_the_page(client: CheckedClient) -> None:
    answer = client.get("/<script>alert(1)</script>", headers=BROWSER)

    assert b"<script>alert" not in answer.data


def test_a_fault_of_ours_answers_500_and_tells_nobody_but_the_log(
    app: Flask, client: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    def fault() -> Any:
        raise RuntimeError("secret detail")

    app.view_functions["datasets.spec"] = fault
    with caplog.at_level(logging.ERROR):
        answer = client.get("/api/spec")

    assert (answer.status_code, answer.json["error"]["code"]) == (500, "internal_error")
    assert b"secret detail" not in answer.data
    assert "secret detail" in caplog.text


def test_a_cluster_that_does_not_answer_is_503_with_a_time_to_come_back(
    client: CheckedClient, cluster: FakeCluster
) -> None:
    run_id = client.post("/api/runs", json={}).json["run_id"]

    def fail(*_: object) -> None:
        raise Unavailable("The workers do not answer at the moment. Try again.", 7)

    cluster.on_deliver = fail
    answer = client.post(f"/api/runs/{run_id}/controls", json={"action": "pause"})

    assert (answer.status_code, answer.json["error"]["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "7"


def test_every_error_for_people_has_a_status_code() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.PublicError)]
    listed = tuple(kind for kind, _ in _STATUS_CODES)

    assert len(kinds) > 5
    assert [kind for kind in kinds if not issubclass(kind, listed)] == [errors.PublicError]
