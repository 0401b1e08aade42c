"""/metrics: for this machine, and nothing of a client in it."""

from dataclasses import replace

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from server.app import Services, create_app
from server.config import Settings
from tests.http_client import CheckedClient


def samples(text: str) -> dict[str, float]:
    """Every sample by its name with its labels."""
    return {
        f"{each.name}{dict(sorted(each.labels.items()))}": each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def test_it_is_prometheus_text_and_never_cached(client: CheckedClient) -> None:
    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    found = samples(answer.text)
    assert found["playground_workers{}"] == 2
    assert found["playground_streams{}"] == 0
    assert found["playground_stream_places{}"] == 256


def test_requests_are_counted_by_the_template_of_their_route(client: CheckedClient) -> None:
    for number in range(20):
        client.get(f"/api/runs/{number:020}")
        client.get(f"/nowhere/{number}")
    client.post("/api/runs", json={"spec": {}})
    found = samples(client.get("/metrics").text)

    name = "playground_http_request_seconds_count"
    assert found[f"{name}{dict(method='GET', route='/api/runs/<run_id>', status='4xx')}"] == 20
    assert found[f"{name}{dict(method='GET', route='other', status='4xx')}"] == 20
    assert found[f"{name}{dict(method='POST', route='/api/runs', status='2xx')}"] == 1


def test_nothing_a_client_says_is_in_it(client: CheckedClient) -> None:
    client.get("/api/runs/secretword?secretword=1", headers={"User-Agent": "secretword"})
    client.open("/secretword", method="SECRETWORD")

    assert "secretword" not in client.get("/metrics").text.lower()


@pytest.mark.parametrize("address", ["192.168.1.7", "10.0.0.1", "2001:db8::1", "8.8.8.8"])
def test_to_others_the_address_does_not_exist(client: CheckedClient, address: str) -> None:
    answer = client.get("/metrics", environ_overrides={"REMOTE_ADDR": address})

    assert answer.status_code == 404
    assert answer.json == client.get("/nowhere").json or answer.json["error"]["code"] == "not_found"
    assert b"playground" not in answer.data


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1"])
def test_this_machine_may_read_it(client: CheckedClient, address: str) -> None:
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": address}).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_client_behind_a_proxy_on_this_machine_is_not_this_machine(client: CheckedClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_a_setting_opens_it(settings: Settings, services: Services) -> None:
    open_app: Flask = create_app(replace(settings, metrics_for="everybody"), services)
    answer = open_app.test_client().get("/metrics", environ_overrides={"REMOTE_ADDR": "192.168.1.7"})

    assert answer.status_code == 200
