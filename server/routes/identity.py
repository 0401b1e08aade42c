"""Who is asking, and whether they may: one table of routes, methods and roles.

What is not in the table is denied. A server with a route that has no row does not start, so that nobody can forget one.
"""

from collections.abc import Iterator, Mapping

from flask import Flask, request

from server.domain.errors import NotAllowed
from server.domain.roles import Role

Permissions = Mapping[tuple[str, str], frozenset[Role]]
"""Roles by (endpoint, method). HEAD goes with GET; OPTIONS, which only names methods, is for everybody."""

_EVERYBODY = frozenset(Role)

PERMISSIONS: Permissions = {
    ("pages.playground", "GET"): _EVERYBODY,
    ("pages.images", "GET"): _EVERYBODY,
    ("static", "GET"): _EVERYBODY,
    ("health.healthz", "GET"): _EVERYBODY,
    # Only to clients on this machine, unless a setting says otherwise: the route itself looks where they are.
    ("metrics.read_metrics", "GET"): _EVERYBODY,
    ("openapi.describe", "GET"): _EVERYBODY,
    ("datasets.spec", "GET"): _EVERYBODY,
    ("datasets.offers", "GET"): _EVERYBODY,
    ("datasets.preview", "POST"): _EVERYBODY,
    ("pictures.read", "POST"): _EVERYBODY,
    ("bases.list_all", "GET"): _EVERYBODY,
    ("bases.fetch", "POST"): _EVERYBODY,
    ("images.receive", "POST"): _EVERYBODY,
    # Whoever knows the name of own pictures, which is a secret of the browser that has brought them.
    ("images.read", "GET"): _EVERYBODY,
    ("images.delete", "DELETE"): _EVERYBODY,
    ("images.fetch", "POST"): _EVERYBODY,
    ("runs.start", "POST"): _EVERYBODY,
    ("runs.list_all", "GET"): _EVERYBODY,
    ("runs.read", "GET"): _EVERYBODY,
    ("runs.delete", "DELETE"): _EVERYBODY,
    ("runs.history", "GET"): _EVERYBODY,
    ("runs.control", "POST"): _EVERYBODY,
    ("events.follow", "GET"): _EVERYBODY,
    ("exports.model_file", "GET"): _EVERYBODY,
    ("exports.tfjs_zip", "GET"): _EVERYBODY,
    ("exports.keras_file", "GET"): _EVERYBODY,
    ("exports.saved_model_zip", "GET"): _EVERYBODY,
    ("exports.tflite_file", "GET"): _EVERYBODY,
    ("exports.page", "GET"): _EVERYBODY,
    ("scripts.write", "POST"): _EVERYBODY,
    ("scripts.script", "GET"): _EVERYBODY,
    ("scripts.notebook", "GET"): _EVERYBODY,
}


class RouteWithoutPermission(Exception):
    """The table and the routes disagree: a mistake of ours, told at the start."""


def register_identity(app: Flask, permissions: Permissions = PERMISSIONS) -> None:
    """Refuse what the table does not allow. To be called once all routes are there.

    Raises RouteWithoutPermission when a route has no row, or a row no route.
    """
    routes = set(routes_of(app))
    without_row, without_route = sorted(routes - permissions.keys()), sorted(permissions.keys() - routes)
    if without_row or without_route:
        raise RouteWithoutPermission(
            "server/routes/identity.py must say who may use each route, once: "
            f"without a row {without_row}, without a route {without_route}."
        )

    @app.before_request
    def refuse_the_unentitled() -> None:
        if request.endpoint is None or request.method == "OPTIONS":
            return  # nothing there: 404 or 405 follow
        method = "GET" if request.method == "HEAD" else request.method
        if role_of_request() not in permissions.get((request.endpoint, method), frozenset()):
            raise NotAllowed("You may not do this here. Ask whoever runs this server.")


def routes_of(app: Flask) -> Iterator[tuple[str, str]]:
    """(endpoint, method) of every route of an application."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield rule.endpoint, method


def role_of_request() -> Role:
    """Who is asking. Nobody can sign in yet, so everybody is a guest."""
    return Role.GUEST
