"""Who may do what: one table, and nothing outside it."""

from collections import defaultdict

import pytest
from flask import Flask

from server.app import Services, create_app
from server.config import Settings
from server.domain.roles import Role
from server.routes.errors import register_errors
from server.routes.identity import PERMISSIONS, RouteWithoutPermission, register_identity, role_of_request, routes_of

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"]

GUEST_MAY = {
    "GET /",
    "GET /images",
    "GET /static/<path:filename>",
    "GET /healthz",
    "GET /metrics",
    "GET /api/openapi.json",
    "GET /api/spec",
    "GET /api/datasets",
    "POST /api/datasets/preview",
    "POST /api/datasets/pictures",
    "GET /api/bases",
    "POST /api/bases/fetch",
    "POST /api/images",
    "GET /api/images/<collection>",
    "DELETE /api/images/<collection>",
    "POST /api/images/<name>/fetch",
    "POST /api/runs",
    "GET /api/runs",
    "GET /api/runs/<run_id>",
    "DELETE /api/runs/<run_id>",
    "GET /api/runs/<run_id>/history",
    "POST /api/runs/<run_id>/controls",
    "GET /api/runs/<run_id>/events",
    "GET /api/runs/<run_id>/model/<name>",
    "GET /api/runs/<run_id>/exports/tfjs.zip",
    "GET /api/runs/<run_id>/exports/model.keras",
    "GET /api/runs/<run_id>/exports/saved_model.zip",
    "GET /api/runs/<run_id>/exports/model.tflite",
    "GET /api/runs/<run_id>/exports/page.html",
    "GET /api/runs/<run_id>/exports/script.py",
    "GET /api/runs/<run_id>/exports/notebook.ipynb",
    "POST /api/scripts",
}
MAY = {Role.GUEST: GUEST_MAY}
"""Written down a second time, by address: whoever opens a route says so in two places."""


def test_every_role_has_its_list() -> None:
    assert MAY.keys() == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_its_list_says_and_no_more(app: Flask, role: Role) -> None:
    may = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if role in PERMISSIONS[rule.endpoint, method]
    }
    assert may == MAY[role]


@pytest.mark.parametrize("method", METHODS)
def test_an_address_knows_the_methods_of_its_rows_and_no_other(app: Flask, method: str) -> None:
    known = defaultdict(set)
    for rule in app.url_map.iter_rules():
        known[rule.rule] |= rule.methods or set()
    client = app.test_client()
    for path, methods in known.items():
        address = path.replace("<path:filename>", "js/main.js").replace("<run_id>", "0" * 20)
        answer = client.open(address.replace("<name>", "model.json"), method=method)
        expected = (200, 400, 404) if method in methods else (405,)
        assert answer.status_code in expected, f"{method} {path} answered {answer.status_code}"
        answer.close()


def _small_app(*, with_row: bool, roles: frozenset[Role]) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.get("/secret", endpoint="secret")(lambda: "told")
    register_errors(app)
    register_identity(app, {("secret", "GET"): roles} if with_row else {})
    return app


def test_a_route_without_a_row_stops_the_start() -> None:
    with pytest.raises(RouteWithoutPermission, match=r"without a row \[\('secret', 'GET'\)\]"):
        _small_app(with_row=False, roles=frozenset())


def test_a_row_without_a_route_stops_the_start() -> None:
    app = Flask(__name__, static_folder=None)
    with pytest.raises(RouteWithoutPermission, match=r"without a route \[\('gone', 'GET'\)\]"):
        register_identity(app, {("gone", "GET"): frozenset(Role)})


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("roles", "status"), [(frozenset(), 403), (frozenset(Role), 200)])
def test_a_role_that_is_not_in_the_row_is_refused(method: str, roles: frozenset[Role], status: int) -> None:
    answer = _small_app(with_row=True, roles=roles).test_client().open("/secret", method=method)
    assert answer.status_code == status
    assert b"told" not in answer.data or status == 200


def test_a_route_that_came_after_the_start_is_denied(settings: Settings, services: Services) -> None:
    app = create_app(settings, services)
    app.add_url_rule("/late", "late", lambda: "told")
    assert app.test_client().get("/late").status_code == 403


def test_nobody_signs_in_so_everybody_is_a_guest(app: Flask) -> None:
    with app.test_request_context("/", headers={"Authorization": "Bearer teacher", "Cookie": "role=teacher"}):
        assert role_of_request() is Role.GUEST
    assert len(set(routes_of(app))) == len(PERMISSIONS)
