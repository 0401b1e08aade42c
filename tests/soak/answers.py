"""R15 and R16: every route says who may use it, and every answer says to the browser what it may do with it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from server.app import assemble_services, create_app
from server.config import Settings
from server.domain.events import RunEvent
from server.routes.identity import PERMISSIONS, RouteWithoutPermission, register_identity, routes_of
from server.services.store import open_store
from tests.bench.figures import Figure
from tests.fakes import FakeCluster
from tests.soak.servers import all_answers
from tests.soak.targets import none, percent

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def measure() -> list[Figure]:
    """The table against the routes; every route in every way, and every answer that a soaked server gave."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        settings = Settings(data_dir=Path(folder) / "data", workers=2, most_failures_per_minute=1_000_000)
        store = open_store(settings)

        def put_event(events: list[RunEvent]) -> None:
            services.ingest.ingest(events)

        services = assemble_services(settings, store, FakeCluster(), put_event)
        app = create_app(settings, services)
        answers = all_answers() + _asked_everywhere(app)
        store.database.close()
    routes = set(routes_of(app))
    good = sum(_is_good(status, headers) for status, headers in answers)
    return [
        percent("R15", "routes with a row in the table of roles", len(routes & PERMISSIONS.keys()), len(routes)),
        none("R15", "new routes without a row that a server started with", _forgotten()),
        percent("R16", "answers with type, nosniff and policy", good, len(answers)),
    ]


def _forgotten() -> int:
    """1 when an application with a route that has no row starts."""
    app = Flask("soak")
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    try:
        register_identity(app)
    except RouteWithoutPermission:
        return 0
    return 1


def _asked_everywhere(app: Flask) -> list[tuple[int, Mapping[str, str]]]:
    """Every route with every method, with and without a body, for a run that is and one that is not."""
    client = app.test_client()
    made = client.post("/api/runs", json={}).json
    assert made is not None
    answers = []
    for rule in [*app.url_map.iter_rules()]:
        for run_id in (made["run_id"], "0" * 20, "%2e%2e", "nobody"):
            address = rule.rule.replace("<run_id>", run_id).replace("<name>", "model.json")
            address = address.replace("<path:filename>", "css/tokens.css")
            for method in METHODS:
                for options in ({}, {"json": {}}, {"data": b"{", "content_type": "application/json"}):
                    # An open stream would never end; `wait=0` is the same route.
                    answer = client.open(address, method=method, query_string="wait=0", **options)
                    headers = {name.lower(): value for name, value in answer.headers.items()}
                    answers.append((answer.status_code, headers))
                    answer.close()
    return answers


def _is_good(status: int, headers: Mapping[str, str]) -> bool:
    has_type = status in (204, 304) or bool(headers.get("content-type"))
    has_policy = headers.get("content-security-policy", "").startswith(("default-src 'self'", "default-src 'none'"))
    return has_type and has_policy and headers.get("x-content-type-options") == "nosniff"
