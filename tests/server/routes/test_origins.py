"""A page of another address cannot make a browser change anything here."""

from typing import Any

import pytest
from flask import Flask

from server.app import Services
from server.datasets.collections import Collection
from server.domain.events import to_json
from server.routes.origins import is_from_elsewhere
from server.services.store import Store
from server.storage import event_log, runs
from tests.builders import make_event, make_status
from tests.fakes import FakeCluster
from tests.http_client import CheckedClient

OWN = "http://192.168.1.5:8000"


@pytest.mark.parametrize(
    ("site", "origin", "is_refused"),
    [
        pytest.param("same-origin", None, False, id="our page"),
        pytest.param("same-origin", OWN, False, id="our page, both headers"),
        pytest.param("none", None, False, id="the person themselves"),
        pytest.param("same-site", None, True, id="a neighbour under the same name"),
        pytest.param("cross-site", None, True, id="another page"),
        pytest.param("cross-site", OWN, True, id="another page that claims our origin"),
        pytest.param("same-origin", "http://evil.example", False, id="the browser's own word wins over the origin"),
        pytest.param("", None, True, id="site empty"),
        pytest.param("SAME-ORIGIN", None, True, id="site in capitals, as no browser writes it"),
        pytest.param("same-origin, none", None, True, id="site twice"),
        pytest.param("\xff\x00", None, True, id="site of strange bytes"),
        pytest.param("s" * 10_000, None, True, id="site very long"),
        pytest.param(None, None, False, id="a program"),
        pytest.param(None, OWN, False, id="our page on a plain address"),
        pytest.param(None, OWN.upper(), False, id="capitals"),
        pytest.param(None, "http://192.168.1.5", True, id="another port"),
        pytest.param(None, "http://192.168.1.5:8001", True, id="another server of this machine"),
        pytest.param(None, "https://192.168.1.5:8000", True, id="another scheme"),
        pytest.param(None, "http://192.168.1.5:8000.evil.example", True, id="a name that begins like ours"),
        pytest.param(None, "http://evil.example", True, id="another origin"),
        pytest.param(None, "null", True, id="a page without an origin"),
        pytest.param(None, "", True, id="origin empty"),
        pytest.param(None, f"{OWN}, {OWN}", True, id="origin twice"),
        pytest.param(None, f"{OWN}/", True, id="an origin with a path"),
        pytest.param(None, "\x00\xff", True, id="origin of strange bytes"),
        pytest.param(None, "http://[", True, id="half an address"),
        pytest.param(None, "o" * 10_000, True, id="origin very long"),
    ],
)
def test_who_asks_is_told_by_two_headers(site: str | None, origin: str | None, is_refused: bool) -> None:
    assert is_from_elsewhere(site, origin, OWN) is is_refused


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("https://playground.example", "https://playground.example:443"),
        ("http://playground.example:80", "http://playground.example"),
    ],
)
def test_the_usual_port_may_be_left_out(origin: str, own: str) -> None:
    assert not is_from_elsewhere(None, origin, own)
    assert is_from_elsewhere(None, origin.replace("http", "x"), own)


def _unsafe_routes(app: Flask) -> list[tuple[str, str]]:
    return [
        (rule.rule.replace("<run_id>", "{run_id}"), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "\xff"},
        {"Sec-Fetch-Site": "\xff", "Origin": "http://localhost"},
    ],
    ids=str,
)
def test_no_route_changes_anything_for_another_page(
    app: Flask, client: CheckedClient, services: Services, cluster: FakeCluster, headers: dict[str, str]
) -> None:
    run_id = services.runs.start_run({}).run_id
    before = list(cluster.calls)
    for address, method in _unsafe_routes(app):
        answer = client.open(address.format(run_id=run_id), method=method, headers=headers, json={})
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "other_origin"), address
    assert cluster.calls == before
    assert services.runs.get_run(run_id).run_id == run_id


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://192.168.1.5:8000", "Host": "192.168.1.5:8000"},
        {"Origin": "http://teacher.example", "Host": "[::1]", "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_our_own_page_and_programs_may(client: CheckedClient, headers: dict[str, str]) -> None:
    assert client.post("/api/runs", json={}, headers=headers).status_code == 202


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_may_link_to_ours(client: CheckedClient, site: str) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": site, "Origin": "http://moodle.example"}).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_what_a_form_of_another_page_can_send_is_not_read(
    client: CheckedClient, cluster: FakeCluster, content_type: str | None
) -> None:
    """Three types of body cross origins without being asked about first; none of them is JSON."""
    answer = client.post("/api/runs", data=b"{}", content_type=content_type)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "not_json")
    assert cluster.submitted == []


def _snapshot(store: Store, cluster: FakeCluster, run_id: str) -> dict[str, Any]:
    """All that a request could change, but for the files made for a download and the note that somebody watches."""
    asked = [call for call in cluster.calls if call != "export"]
    with store.database.read() as session:
        newest = event_log.read_newest(session, run_id, "status")
        return {"runs": runs.list_runs(session), "asked": asked, "newest": newest, "live": runs.live_run_ids(session)}


def _put_collection(store: Store) -> str:
    """The name of own pictures that are told about, though none of them is there."""
    name = "0123456789abcdef0123"
    assert store.library.root is not None
    folder = store.library.root / name
    folder.mkdir(parents=True)
    about = Collection(name, (8, 8, 1), ("cats", "dogs"), 20, 0).to_payload()
    (folder / "collection.json").write_text(to_json(about))
    return name


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_changes_nothing(
    app: Flask, client: CheckedClient, services: Services, store: Store, cluster: FakeCluster, method: str
) -> None:
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_event("frame", run_id)])
    collection = _put_collection(store)
    before = _snapshot(store, cluster, run_id)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        address = rule.rule.replace("<path:filename>", "js/main.js").replace("<run_id>", run_id)
        address = address.replace("<name>", "model.json").replace("/events", "/events?wait=0")
        answer = client.open(address.replace("<collection>", collection), method=method)
        assert answer.status_code == 200, address
        answer.close()
    assert _snapshot(store, cluster, run_id) == before
