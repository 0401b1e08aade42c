"""The headers of trust, on every kind of answer."""

import pytest

from tests.http_client import CheckedClient


def _policy(header: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


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
    policy = _policy(answer.headers["Content-Security-Policy"])

    assert policy["default-src"] == ["'self'"]
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert policy["frame-ancestors"] == policy["connect-src"] == ["'self'"]
    assert not any("*" in values or "http" in " ".join(values) for values in policy.values())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    answer.close()


def test_a_part_of_a_page_may_load_nothing_by_itself(client: CheckedClient) -> None:
    answer = client.get("/static/js/main.js")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    answer.close()
