"""How many failures and starts one address has, and that a class in ordinary use never meets either limit."""

from dataclasses import replace

import pytest
from flask import Flask

from server.app import Services, create_app
from server.config import Settings
from server.routes.rate_limits import address_of, register_rate_limits
from tests.fakes import FakeClock
from tests.http_client import CheckedClient

FAILURES, STARTS = 5, 3
PUPILS = 200


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Small limits."""
    return replace(settings, most_failures_per_minute=FAILURES, most_starts_per_minute=STARTS)


def _fail(client: CheckedClient, address: str = "10.0.0.1") -> int:
    answer = client.get("/api/runs/unknown", environ_overrides={"REMOTE_ADDR": address})
    return int(answer.status_code)


def _start(client: CheckedClient, address: str = "10.0.0.1") -> int:
    answer = client.post("/api/runs", json={"spec": {}}, environ_overrides={"REMOTE_ADDR": address})
    return int(answer.status_code)


def test_so_many_failures_are_told_their_reason_and_the_next_is_told_to_wait(client: CheckedClient) -> None:
    assert [_fail(client) for _ in range(FAILURES)] == [404] * FAILURES
    answer = client.get("/api/runs/unknown", environ_overrides={"REMOTE_ADDR": "10.0.0.1"})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 60 / FAILURES
    assert answer.json["error"]["code"] == "too_many_requests"
    assert "Wait 12 seconds" in answer.json["error"]["message"]


def test_what_works_goes_on_working_for_an_address_that_failed_too_often(client: CheckedClient) -> None:
    for _ in range(FAILURES * 3):
        _fail(client)
    assert _fail(client) == 429
    assert _start(client) == 202
    for address in ("/", "/api/spec", "/api/runs"):
        assert client.get(address, environ_overrides={"REMOTE_ADDR": "10.0.0.1"}).status_code == 200


def test_another_address_has_failures_of_its_own(client: CheckedClient) -> None:
    for _ in range(FAILURES + 1):
        _fail(client)
    assert _fail(client, "10.0.0.1") == 429
    assert _fail(client, "10.0.0.2") == 404


@pytest.mark.parametrize(
    ("method", "address", "options"),
    [
        pytest.param("GET", "/api/nothing", {}, id="no such address"),
        pytest.param("DELETE", "/api/runs/unknown", {}, id="no such run"),
        pytest.param("POST", "/api/spec", {}, id="wrong method"),
        pytest.param("POST", "/api/scripts", {"data": b"{"}, id="not JSON"),
        pytest.param("POST", "/api/scripts", {"data": b"{}", "content_type": "text/plain"}, id="another type"),
        pytest.param("POST", "/api/scripts", {"data": b" " * 1_000_001}, id="too large"),
        pytest.param(
            "POST", "/api/scripts", {"json": {}, "headers": {"Origin": "http://evil.example"}}, id="other page"
        ),
        pytest.param("GET", "/", {"headers": {"Host": "evil.example"}}, id="a stranger's name"),
    ],
)
def test_a_request_that_no_page_makes_is_counted(
    client: CheckedClient, method: str, address: str, options: dict[str, object]
) -> None:
    for _ in range(FAILURES):
        assert 400 <= client.open(address, method=method, **options).status_code < 429
    assert client.open(address, method=method, **options).status_code == 429


@pytest.mark.parametrize(
    ("method", "address", "options", "status"),
    [
        pytest.param("GET", "/static/js/gone.js", {}, 404, id="a file that is not there"),
        pytest.param("GET", "/apple-touch-icon.png", {}, 404, id="an icon that browsers ask for by themselves"),
        pytest.param("POST", "/api/datasets/preview", {"json": {"dataset": 1}}, 422, id="a pupil's mistake"),
        pytest.param("POST", "/api/runs/{stopped}/controls", {"json": {"action": "pause"}}, 409, id="a late control"),
    ],
)
def test_what_a_page_causes_in_ordinary_use_is_free(
    client: CheckedClient, services: Services, method: str, address: str, options: dict[str, object], status: int
) -> None:
    run_id = services.runs.start_run({}).run_id
    services.runs.control_run(run_id, {"action": "stop"})
    for _ in range(FAILURES * 3):
        assert client.open(address.format(stopped=run_id), method=method, **options).status_code == status
    assert _fail(client, "127.0.0.1") == 404


def test_so_many_starts_pass_and_the_next_is_told_to_wait(client: CheckedClient) -> None:
    assert [_start(client) for _ in range(STARTS)] == [202] * STARTS
    answer = client.post("/api/runs", json={}, environ_overrides={"REMOTE_ADDR": "10.0.0.1"})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 60 / STARTS
    assert _start(client, "10.0.0.2") == 202


def test_a_start_that_another_page_asks_for_uses_nothing_up(client: CheckedClient) -> None:
    for _ in range(STARTS * 2):
        client.post("/api/runs", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert client.post("/api/runs", json={}).status_code == 202


def test_so_many_pretrained_networks_are_asked_for_and_the_next_is_told_to_wait(
    settings: Settings, services: Services
) -> None:
    client = create_app(replace(settings, most_uploads_per_minute=STARTS), services).test_client()
    answers = [client.post("/api/bases/fetch", json={"base": {}}).status_code for _ in range(STARTS + 1)]
    assert answers == [202] * STARTS + [429]


def test_time_gives_failures_back() -> None:
    clock = FakeClock()
    app = Flask(__name__, static_folder=None)
    register_rate_limits(app, Settings(most_failures_per_minute=FAILURES), clock)
    client = app.test_client()
    assert [client.get("/api/nothing").status_code for _ in range(FAILURES + 1)] == [404] * FAILURES + [429]
    clock.advance(60 / FAILURES)
    assert [client.get("/api/nothing").status_code for _ in range(2)] == [404, 429]


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-Ip", "Forwarded", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip"]
)
def test_nobody_gets_new_failures_by_saying_that_he_is_somebody_else(client: CheckedClient, header: str) -> None:
    answers = [client.get("/api/nothing", headers={header: f"10.0.0.{number}"}) for number in range(FAILURES + 1)]
    assert [answer.status_code for answer in answers] == [404] * FAILURES + [429]


@pytest.mark.parametrize(
    ("remote_address", "counted_as"),
    [
        ("192.168.1.5", "192.168.1.5"),
        ("::ffff:192.168.1.5", "192.168.1.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::ffff", "2001:0db8:0001:0002"),
        ("2001:db8:1:3::1", "2001:0db8:0001:0003"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("::1", "0000:0000:0000:0000"),
        (None, "unknown"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_one_household_counts_as_one(remote_address: str | None, counted_as: str) -> None:
    """Of version 6 a household has 2^64 addresses: each of them for itself would make any limit none."""
    assert address_of(remote_address) == counted_as


def test_a_class_behind_one_address_meets_no_limit_in_ordinary_use() -> None:
    """200 pupils for two minutes: each makes a run every three seconds and finds a run gone twice a minute."""
    clock = FakeClock()
    app = Flask(__name__, static_folder=None)
    app.post("/api/runs", endpoint="runs.start")(lambda: ("", 202))
    register_rate_limits(app, Settings(), clock)
    client = app.test_client()
    seen = set()
    for second in range(120):
        for pupil in range(PUPILS):
            clock.advance(1 / PUPILS)
            if (second + pupil) % 3 == 0:
                seen.add(client.post("/api/runs").status_code)
            if (second + pupil) % 30 == 0:
                seen.add(client.get("/api/runs/gone").status_code)
    assert seen == {202, 404}


def test_a_class_that_starts_all_at_once_meets_no_limit() -> None:
    app = Flask(__name__, static_folder=None)
    app.post("/api/runs", endpoint="runs.start")(lambda: ("", 202))
    register_rate_limits(app, Settings(), FakeClock())
    client = app.test_client()
    assert {client.post("/api/runs").status_code for _ in range(PUPILS * 10)} == {202}


def test_two_applications_count_each_for_itself(settings: Settings, services: Services, client: CheckedClient) -> None:
    for _ in range(FAILURES + 1):
        _fail(client)
    other = create_app(settings, services).test_client()
    assert other.get("/api/runs/unknown", environ_overrides={"REMOTE_ADDR": "10.0.0.1"}).status_code == 404
