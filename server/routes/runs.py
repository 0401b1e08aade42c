"""/api/runs: start, list, read, control and delete runs."""

from dataclasses import dataclass

from flask import Blueprint, Response, url_for

from server.routes.answers import json_answer
from server.routes.request_body import json_body
from server.services.exports import ExportService
from server.services.images import ImageService
from server.services.runs import RunService, run_payload


def runs_blueprint(service: RunService, exports: ExportService, images: ImageService) -> Blueprint:
    """The routes of runs."""
    runs, routes = Blueprint("runs", __name__), RunRoutes(service, exports, images)
    runs.post("/api/runs")(routes.start)
    runs.get("/api/runs")(routes.list_all)
    runs.get("/api/runs/<run_id>")(routes.read)
    runs.delete("/api/runs/<run_id>")(routes.delete)
    runs.get("/api/runs/<run_id>/history")(routes.history)
    runs.post("/api/runs/<run_id>/controls")(routes.control)
    return runs


@dataclass(frozen=True)
class RunRoutes:
    """One method per route."""

    service: RunService
    exports: ExportService
    images: ImageService

    def start(self) -> Response:
        """Start a run."""
        run = self.service.start_run(json_body())
        if run.spec.dataset.images is not None:
            self.images.note_used(run.spec.dataset.images.collection)
        return json_answer(
            {
                "run_id": run.run_id,
                "status": run.status.value,
                "events": url_for("events.follow", run_id=run.run_id),
                "model": url_for("exports.model_file", run_id=run.run_id, name="model.json"),
            },
            202,
        )

    def list_all(self) -> Response:
        """The newest runs first."""
        return json_answer({"runs": [run_payload(run) for run in self.service.list_runs()]})

    def read(self, run_id: str) -> Response:
        """One run: status, place, metrics, spec."""
        return json_answer(run_payload(self.service.get_run(run_id)))

    def delete(self, run_id: str) -> Response:
        """Stop a run and remove its rows and files."""
        self.service.delete_run(run_id)
        self.exports.forget(run_id)
        return Response(status=204)

    def history(self, run_id: str) -> Response:
        """All metrics so far as columns, thinned past 5,000 rows, with the cursor to go on from."""
        return json_answer(self.service.history(run_id))

    def control(self, run_id: str) -> Response:
        """Pause, resume, step, stop or set; answers the version that the run will echo."""
        return json_answer({"version": self.service.control_run(run_id, json_body())}, 202)
