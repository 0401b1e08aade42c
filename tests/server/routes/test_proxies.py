"""What a proxy says is believed when one is set, and from nobody else."""

from dataclasses import replace

import pytest
from flask import Flask, request, url_for

from server.app import Services, create_app
from server.config import Settings
from server.routes.proxies import register_proxies
from tests.http_client import CheckedClient

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Scheme": "https",
    "X-Script-Name": "/evil",
    "X-Original-Url": "/api/runs",
    "X-Rewrite-Url": "/api/runs",
    "X-Http-Method-Override": "DELETE",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
}


def _seen(count: int, headers: dict[str, str]) -> dict[str, object]:
    """What an application behind so many proxies sees of a request."""
    app = Flask(__name__, static_folder=None)

    @app.get("/here")
    def here() -> dict[str, object]:
        return {
            "address": request.remote_addr,
            "scheme": request.scheme,
            "host": request.environ["HTTP_HOST"],
            "path": url_for("here"),
        }

    register_proxies(app, count)
    seen: dict[str, object] = app.test_client().get("/here", headers=headers).json
    return seen


def test_without_a_proxy_nothing_that_is_said_changes_anything() -> None:
    assert _seen(0, FORGED) == _seen(0, {})


@pytest.mark.parametrize("name", FORGED)
def test_the_page_is_the_same_whatever_is_forged(client: CheckedClient, name: str) -> None:
    plain, forged = client.get("/"), client.get("/", headers={name: FORGED[name]})
    assert (forged.status_code, forged.data) == (plain.status_code, plain.data)


def test_behind_one_proxy_its_word_counts_and_that_of_those_before_does_not() -> None:
    told = {
        "X-Forwarded-For": "203.0.113.9, 192.168.1.5",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/playground",
    }
    assert _seen(1, told) == {
        "address": "192.168.1.5",
        "scheme": "https",
        "host": "localhost",
        "path": "/playground/here",
    }


def test_behind_two_proxies_the_word_of_the_outer_one_counts() -> None:
    assert _seen(2, {"X-Forwarded-For": "203.0.113.9, 192.168.1.5, 10.0.0.1"})["address"] == "192.168.1.5"


def test_no_proxy_tells_the_name_of_the_server() -> None:
    """A stranger's page could send this header itself, through a proxy that passes on what it does not know."""
    assert _seen(1, {"X-Forwarded-Host": "localhost", "Host": "evil.example"})["host"] == "evil.example"
    assert _seen(1, {"X-Forwarded-Port": "443"})["host"] == "localhost"


@pytest.mark.parametrize("value", ["", ",", "a" * 10_000, "\xff", "unknown", "[", "1.2.3.4\t,"])
def test_a_header_that_makes_no_sense_is_no_fault(settings: Settings, services: Services, value: str) -> None:
    client = create_app(replace(settings, behind_proxy=1), services).test_client()
    for name in ("X-Forwarded-For", "X-Forwarded-Proto"):
        assert client.get("/api/spec", headers={name: value}).status_code == 200


def test_our_page_may_act_behind_a_proxy_that_speaks_https(settings: Settings, services: Services) -> None:
    changed = replace(settings, behind_proxy=1, trusted_hosts=("playground.example",))
    client = create_app(changed, services).test_client()
    told = {"Host": "playground.example", "Origin": "https://playground.example"}
    assert client.post("/api/runs", json={}, headers=told).status_code == 403
    assert client.post("/api/runs", json={}, headers=told | {"X-Forwarded-Proto": "https"}).status_code == 202
