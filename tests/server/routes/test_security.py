"""The headers of trust, on every kind of answer."""

import pytest

from server.routes.security import page_policy
from tests.http_client import CheckedClient, policy_of


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/"),
        ("GET", "/nothing"),
        ("GET", "/static/js/inference/inference.worker.js"),
        ("GET", "/api/spec"),
        ("GET", "/api/nothing"),
        ("GET", "/healthz"),
        ("DELETE", "/api/runs"),
        ("OPTIONS", "/api/runs"),
        ("HEAD", "/api/spec"),
    ],
)
def test_every_answer_tells_what_may_be_loaded(client: CheckedClient, method: str, address: str) -> None:
    answer = client.open(address, method=method)
    policy = policy_of(answer.headers["Content-Security-Policy"])

    assert policy["default-src"] == ["'self'"]
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert policy["frame-ancestors"] == policy["connect-src"] == policy["form-action"] == ["'self'"]
    assert not any("*" in values or "http" in " ".join(values) for values in policy.values())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    answer.close()


def test_a_part_of_a_page_may_load_nothing_by_itself(client: CheckedClient) -> None:
    answer = client.get("/static/js/main.js")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    answer.close()


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (("self",), ["'self'"]),
        (("none",), ["'none'"]),
        (("self", "https://moodle.school.example:8443"), ["'self'", "https://moodle.school.example:8443"]),
    ],
)
def test_the_pages_that_may_hold_ours_are_those_that_are_named(origins: tuple[str, ...], expected: list[str]) -> None:
    assert policy_of(page_policy(origins))["frame-ancestors"] == expected


def test_nothing_but_the_frame_depends_on_the_setting() -> None:
    narrow, wide = policy_of(page_policy(("none",))), policy_of(page_policy(("self", "https://a.example")))
    assert {**narrow, "frame-ancestors": []} == {**wide, "frame-ancestors": []}


def test_an_answer_is_for_no_other_origin_even_when_it_asks(client: CheckedClient) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    for method in ("GET", "OPTIONS"):
        answer = client.open("/api/runs", method=method, headers=asked)
        assert [name for name, _ in answer.headers if name.lower().startswith("access-control-")] == []
