"""/api/images: known sets are got, own pictures are brought, looked at and removed."""

from typing import BinaryIO, cast

from flask import Blueprint, Response, request, url_for

from server.collecting.limits import MAX_UPLOAD_BYTES
from server.domain.errors import MalformedRequest
from server.routes.answers import json_answer
from server.services.images import ImageService, parse_wishes

_ROOM_BYTES = 64_000
"""Beyond the largest archive, so that one that is too large by a little gets its own sentence."""


def images_blueprint(service: ImageService) -> Blueprint:
    """The routes of labelled pictures."""
    images = Blueprint("images", __name__)

    @images.post("/api/images")
    def receive() -> Response:
        """Bring own pictures: a zip file of class folders is the body."""
        if request.mimetype != "application/zip":
            raise MalformedRequest(
                "The body must be a zip file: send it with the header 'Content-Type: application/zip'.", "not_zip"
            )
        request.max_content_length = MAX_UPLOAD_BYTES + _ROOM_BYTES
        wishes = parse_wishes(request.args.get("size"), request.args.get("colour"))
        name = service.receive(cast(BinaryIO, request.stream), request.content_length, wishes)
        state = service.read(name)["state"]
        return json_answer({"collection": name, "state": state, "url": url_for("images.read", collection=name)}, 202)

    @images.get("/api/images/<collection>")
    def read(collection: str) -> Response:
        """How far own pictures are, their classes, and the files that could not be used."""
        return json_answer(service.read(collection))

    @images.delete("/api/images/<collection>")
    def delete(collection: str) -> Response:
        """Remove own pictures and everything made of them."""
        service.delete(collection)
        return Response(status=204)

    @images.post("/api/images/<name>/fetch")
    def fetch(name: str) -> Response:
        """Get a known set, from the data folder or the internet; GET /api/datasets tells how far it is."""
        return json_answer(service.fetch(name), 202)

    return images
