"""/healthz: can this server train?"""

from collections.abc import Callable

from flask import Blueprint, Response

from server.routes.answers import json_answer


def health_blueprint(worker_count: Callable[[], int]) -> Blueprint:
    """The route that monitors ask."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        """Whether workers can train now."""
        workers = worker_count()
        status = "ok" if workers else "no workers"
        return json_answer({"status": status, "workers": workers}, 200 if workers else 503)

    return health
