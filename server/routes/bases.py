"""/api/bases: the pretrained networks that can be started from."""

from flask import Blueprint, Response

from server.routes.answers import json_answer
from server.routes.request_body import json_body
from server.services.bases import BaseService


def bases_blueprint(service: BaseService) -> Blueprint:
    """The routes of bases."""
    bases = Blueprint("bases", __name__)

    @bases.get("/api/bases")
    def list_all() -> Response:
        """Every base with its state, its parts and their numbers."""
        return json_answer({"bases": service.list_bases()})

    @bases.post("/api/bases/fetch")
    def fetch() -> Response:
        """Fetch the weights of a base; how it goes is seen in the list."""
        return json_answer(service.fetch(json_body()), 202)

    return bases
