"""/api/runs/ID/model and /api/runs/ID/exports: a run's network as files."""

from flask import Blueprint, Response, render_template

from server.services.exports import ExportService

_TYPES = {".json": "application/json", ".bin": "application/octet-stream"}


def exports_blueprint(service: ExportService) -> Blueprint:
    """The routes of files."""
    exports = Blueprint("exports", __name__)

    @exports.get("/api/runs/<run_id>/model/<name>")
    def model_file(run_id: str, name: str) -> Response:
        """A file of the TensorFlow.js model; model.json brings the newest weights."""
        content = service.model_file(run_id, name)
        suffix = name[name.rfind(".") :]
        return _file(content, _TYPES.get(suffix, "application/octet-stream"))

    @exports.get("/api/runs/<run_id>/exports/tfjs.zip")
    def tfjs_zip(run_id: str) -> Response:
        """The TensorFlow.js files in one archive."""
        return _download(service.tfjs_zip(run_id), "application/zip", "tfjs.zip")

    @exports.get("/api/runs/<run_id>/exports/model.keras")
    def keras_file(run_id: str) -> Response:
        """The network as a .keras file."""
        return _download(service.keras_file(run_id), "application/octet-stream", "model.keras")

    @exports.get("/api/runs/<run_id>/exports/saved_model.zip")
    def saved_model_zip(run_id: str) -> Response:
        """The network as TensorFlow's SavedModel; made in some seconds."""
        return _download(service.saved_model_zip(run_id), "application/zip", "saved_model.zip")

    @exports.get("/api/runs/<run_id>/exports/model.tflite")
    def tflite_file(run_id: str) -> Response:
        """The network for TensorFlow Lite; made in some seconds."""
        return _download(service.tflite_file(run_id), "application/octet-stream", "model.tflite")

    @exports.get("/api/runs/<run_id>/exports/page.html")
    def page(run_id: str) -> Response:
        """The network as one page that works from a disk, without a network."""
        text = render_template("offline.html", page=service.page_parts(run_id))
        return _download(text.encode("utf-8"), "text/html", "page.html")

    return exports


def _file(content: bytes, mimetype: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _download(content: bytes, mimetype: str, name: str) -> Response:
    answer = _file(content, mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
