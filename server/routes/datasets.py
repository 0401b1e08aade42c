"""/api/spec and /api/datasets: what can be chosen, and what it looks like."""

from flask import Blueprint, Response

from server.datasets.preview import preview_payload
from server.datasets.registry import offers_payload
from server.domain.spec import FEATURE_NAMES, RunSpec
from server.domain.validation import parse_preview
from server.routes.answers import json_answer
from server.routes.request_body import json_body
from server.services.images import ImageService


def datasets_blueprint(images: ImageService) -> Blueprint:
    """The routes of data sets; `images` knows which pictures are on this server."""
    datasets = Blueprint("datasets", __name__)

    @datasets.get("/api/spec")
    def spec() -> Response:
        """The default spec, and the JSON schema the sliders are made from."""
        return json_answer({"default": RunSpec().model_dump(mode="json"), "schema": RunSpec.model_json_schema()})

    @datasets.get("/api/datasets")
    def offers() -> Response:
        """The data sets and features that can be chosen."""
        offered = [images.complete_offer(offer) for offer in offers_payload()]
        return json_answer({"datasets": offered, "features": list(FEATURE_NAMES)})

    @datasets.post("/api/datasets/preview")
    def preview() -> Response:
        """The very samples such a run trains on and is tested with."""
        return json_answer(preview_payload(parse_preview(json_body())))

    return datasets
