"""/api/scripts and the scripts among a run's exports: the Keras code behind the page."""

from flask import Blueprint, Response

from server.datasets.collections import Library
from server.routes.answers import json_answer
from server.routes.request_body import json_body
from server.services.runs import RunService
from server.services.scripts import notebook_of_run, script_of_request, script_of_run


def scripts_blueprint(service: RunService, library: Library) -> Blueprint:
    """The routes of scripts."""
    scripts = Blueprint("scripts", __name__)

    @scripts.post("/api/scripts")
    def write() -> Response:
        """The script and the notebook of a spec, for a number of epochs."""
        return json_answer(script_of_request(json_body(), library))

    @scripts.get("/api/runs/<run_id>/exports/script.py")
    def script(run_id: str) -> Response:
        """A run as a Python script."""
        return _download(script_of_run(service.get_run(run_id)), "text/x-python", "script.py")

    @scripts.get("/api/runs/<run_id>/exports/notebook.ipynb")
    def notebook(run_id: str) -> Response:
        """A run as a Jupyter notebook."""
        return _download(notebook_of_run(service.get_run(run_id)), "application/x-ipynb+json", "notebook.ipynb")

    return scripts


def _download(text: str, mimetype: str, name: str) -> Response:
    answer = Response(text, mimetype=mimetype)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
