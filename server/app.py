"""The front door of the web process: assembles everything, and serves it. It never loads TensorFlow."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Protocol

from flask import Flask

from server.assets import assets_dir
from server.config import Settings
from server.domain import limits
from server.domain.controls import ControlState
from server.domain.errors import PublicError
from server.domain.events import Payload, RunEvent
from server.domain.spec import RunSpec
from server.domain.status import RunStatus
from server.routes.compression import register_compression
from server.routes.datasets import datasets
from server.routes.errors import register_errors
from server.routes.events import events_blueprint
from server.routes.exports import exports_blueprint
from server.routes.health import health_blueprint
from server.routes.openapi import openapi
from server.routes.pages import pages
from server.routes.runs import runs_blueprint
from server.routes.scripts import scripts_blueprint
from server.routes.security import register_security
from server.services.exports import ExportService
from server.services.idle import IdleRuns
from server.services.ingest import Ingest
from server.services.runs import RunDispatcher, RunService
from server.services.store import Store
from server.services.streams import StreamService
from server.streaming.places import StreamPlaces


class ClusterDispatcher(RunDispatcher, Protocol):
    """Everything the web process asks of a cluster."""

    def export(self, run_id: str, spec: RunSpec, moment: Payload) -> dict[str, bytes]:
        """Files made from a spec and weights."""

    def worker_count(self) -> int:
        """Workers that can train now."""


@dataclass(frozen=True)
class Services:
    """What the product can do."""

    runs: RunService
    exports: ExportService
    streams: StreamService
    ingest: Ingest
    idle: IdleRuns
    worker_count: Callable[[], int]


def assemble_services(
    settings: Settings,
    store: Store,
    dispatcher: ClusterDispatcher,
    put_event: Callable[[list[RunEvent]], None],
) -> Services:
    """Put the pieces together; `put_event` takes events that arise in this process."""
    runs = RunService(settings, store, dispatcher, put_event, lambda: datetime.now(timezone.utc))
    return Services(
        runs=runs,
        exports=ExportService(runs, store, dispatcher),
        streams=StreamService(store, runs, settings.heartbeat_s),
        ingest=Ingest(store, lambda run_id, controls: _redeliver(dispatcher, run_id, controls)),
        idle=IdleRuns(store, runs, settings.unwatched_minutes * 60, settings.idle_minutes * 60),
        worker_count=dispatcher.worker_count,
    )


def create_app(settings: Settings, services: Services) -> Flask:
    """The WSGI application."""
    app = Flask(
        __name__,
        static_folder=str(assets_dir("static")),
        template_folder=str(assets_dir("templates")),
    )
    app.config["MAX_CONTENT_LENGTH"] = limits.MAX_BODY_BYTES
    places = StreamPlaces(settings.most_streams)
    for blueprint in (
        pages,
        datasets,
        openapi,
        runs_blueprint(services.runs, services.exports),
        events_blueprint(services.runs, services.streams, places),
        exports_blueprint(services.exports),
        scripts_blueprint(services.runs),
        health_blueprint(services.worker_count),
    ):
        app.register_blueprint(blueprint)
    register_errors(app)
    register_security(app)
    register_compression(app)
    return app


def lose_run(runs: RunService, run_id: str, *, is_worker_lost: bool) -> None:
    """A run ended without saying how: its worker died, or the training itself failed."""
    if is_worker_lost:
        code, cause = "worker_lost", "The process that trained this run ended unexpectedly."
    else:
        code, cause = "internal_error", "Something went wrong on the server while this run was trained."
    kept = "The curve and the last weights are kept; press Run to train again."
    runs.end_run(run_id, RunStatus.FAILED, code, f"{cause} {kept}")


def _redeliver(dispatcher: ClusterDispatcher, run_id: str, controls: ControlState) -> None:
    """A run that began after a control was sent gets it again."""
    try:
        dispatcher.deliver(run_id, controls)
    except (OSError, TimeoutError, PublicError):
        logging.getLogger(__name__).warning("Controls of run %s could not be delivered.", run_id)
