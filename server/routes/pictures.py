"""/api/datasets/pictures: what the pictures of a data set look like."""

from flask import Blueprint, Response

from server.datasets.collections import Library, complete_spec
from server.datasets.pictures import pictures_payload
from server.domain.validation import parse_pictures
from server.routes.answers import json_answer
from server.routes.request_body import json_body


def pictures_blueprint(library: Library) -> Blueprint:
    """The route of pictures."""
    pictures = Blueprint("pictures", __name__)

    @pictures.post("/api/datasets/pictures")
    def read() -> Response:
        """Some of the very pictures such a run trains on or is tested with, augmented if asked."""
        return json_answer(pictures_payload(parse_pictures(complete_spec(json_body(), library)), library))

    return pictures
