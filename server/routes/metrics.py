"""/metrics for Prometheus, and the count and the time of every request."""

import time
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, g, request

from server.domain.errors import NotFound
from server.services.metrics import CONTENT_TYPE, Metrics

_FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")


def metrics_blueprint(metrics: Metrics, metrics_for: str) -> Blueprint:
    """The route that Prometheus reads; `metrics_for` is the setting of that name."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def read_metrics() -> Response:
        """Every number of the server in Prometheus' text format."""
        if metrics_for != "everybody" and not _is_from_here():
            # To others the address does not exist.
            raise NotFound("There is nothing at this address. The addresses are listed in /api/openapi.json.")
        answer = Response(metrics.text(), content_type=CONTENT_TYPE)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return blueprint


def count_requests(app: Flask, metrics: Metrics) -> None:
    """Count every answer by the template of its route: a client's own words never become a label."""

    @app.before_request
    def begin() -> None:
        g.begun_s = time.monotonic()

    @app.after_request
    def count(answer: Response) -> Response:
        begun_s = g.get("begun_s")
        seconds = 0.0 if begun_s is None else time.monotonic() - begun_s
        route = request.url_rule.rule if request.url_rule else None
        metrics.count_request(route, request.method, answer.status_code, seconds)
        return answer


def _is_from_here() -> bool:
    """Whether the client is on this machine; one that a proxy forwards for is not, wherever the proxy runs."""
    if any(name in request.headers for name in _FORWARDING):
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
