"""/healthz: can this server train, and is all well with it?"""

from collections.abc import Callable

from flask import Blueprint, Response

from server.routes.answers import json_answer
from server.services.health import Health


def health_blueprint(worker_count: Callable[[], int], health: Health) -> Blueprint:
    """The route that monitors ask."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        """Whether workers can train now, and which parts are in trouble."""
        workers, problems = worker_count(), health.problems()
        status = "no workers" if not workers else "degraded" if problems else "ok"
        return json_answer({"status": status, "workers": workers, "problems": problems}, 200 if workers else 503)

    return blueprint
