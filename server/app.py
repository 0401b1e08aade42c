"""The front door of the web process: assembles everything, and serves it. It never loads TensorFlow."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol

from flask import Flask

from server.assets import assets_dir
from server.config import Settings
from server.datasets.bases import Bases
from server.datasets.collections import Library
from server.domain import limits
from server.domain.events import Payload, RunEvent
from server.domain.spec import RunSpec
from server.routes.bases import bases_blueprint
from server.routes.compression import register_compression
from server.routes.datasets import datasets_blueprint
from server.routes.errors import register_errors
from server.routes.events import events_blueprint
from server.routes.exports import exports_blueprint
from server.routes.health import health_blueprint
from server.routes.hosts import known_hosts, register_hosts
from server.routes.identity import register_identity
from server.routes.images import images_blueprint
from server.routes.metrics import count_requests, metrics_blueprint
from server.routes.openapi import openapi
from server.routes.origins import register_origins
from server.routes.pages import pages
from server.routes.pictures import pictures_blueprint
from server.routes.proxies import register_proxies
from server.routes.rate_limits import register_rate_limits
from server.routes.runs import runs_blueprint
from server.routes.scripts import scripts_blueprint
from server.routes.security import register_security
from server.services.bases import BaseService, Fetch, Line, fetch_in_process
from server.services.exports import ExportService
from server.services.idle import IdleRuns
from server.services.images import ImageService, open_images
from server.services.ingest import Ingest
from server.services.redelivery import Redelivery
from server.services.retention import Retention
from server.services.runs import RunDispatcher, RunService
from server.services.store import Store
from server.services.streams import StreamService
from server.services.supervisor import Supervisor
from server.services.watch import Watch, open_watch
from server.streaming.places import StreamPlaces


class ClusterDispatcher(RunDispatcher, Protocol):
    """Everything the web process asks of a cluster."""

    def export(self, run_id: str, spec: RunSpec, moment: Payload) -> dict[str, bytes]:
        """Files made from a spec and weights."""

    def deploy(self, keras_file: bytes) -> dict[str, bytes]:
        """The formats that take seconds, of a `.keras` file."""

    def worker_count(self) -> int:
        """Workers that can train now."""

    def renew_leases(self) -> None:
        """Tell all workers that somebody still wants what they train."""

    def give_up_worker(self, run_id: str, attempt: int) -> None:
        """Start the worker process anew in which a run hangs."""


@dataclass(frozen=True)
class Services:
    """What the product can do."""

    runs: RunService
    bases: BaseService
    exports: ExportService
    images: ImageService
    streams: StreamService
    ingest: Ingest
    idle: IdleRuns
    retention: Retention
    supervisor: Supervisor
    worker_count: Callable[[], int]
    watch: Watch


def assemble_services(
    settings: Settings,
    store: Store,
    dispatcher: ClusterDispatcher,
    put_event: Callable[[list[RunEvent]], None],
    fetch_base: Fetch = fetch_in_process,
) -> Services:
    """Put the pieces together; `put_event` takes events that arise in this process, `fetch_base` asks the internet."""
    runs = RunService(settings, store, dispatcher, put_event, lambda: datetime.now(timezone.utc))
    supervisor = Supervisor(store, runs, dispatcher, put_event, time.monotonic)
    ingest = Ingest(
        store,
        redeliver=Redelivery(dispatcher.deliver).want,
        hear=supervisor.hear,
        on_torn=lambda run_id, attempt: supervisor.lose(run_id, attempt, lost="worker"),
    )
    return Services(
        runs=runs,
        bases=BaseService(Bases(settings.images_dir), fetch_base, Line().begin),
        exports=ExportService(runs, store, dispatcher),
        images=open_images(settings),
        streams=StreamService(store, runs, settings.heartbeat_s),
        ingest=ingest,
        idle=IdleRuns(store, runs, settings.unwatched_minutes * 60, settings.idle_minutes * 60),
        retention=Retention(store, runs, timedelta(days=settings.keep_days), lambda: datetime.now(timezone.utc)),
        supervisor=supervisor,
        worker_count=dispatcher.worker_count,
        watch=open_watch(store, dispatcher.worker_count),
    )


def create_app(settings: Settings, services: Services) -> Flask:
    """The WSGI application."""
    app = Flask(
        __name__,
        static_folder=str(assets_dir("static")),
        template_folder=str(assets_dir("templates")),
    )
    app.config["MAX_CONTENT_LENGTH"] = limits.MAX_BODY_BYTES
    # `//name` would be answered with a redirect to what the client wrote; nothing here redirects.
    app.url_map.merge_slashes = False
    places = StreamPlaces(settings.most_streams)
    metrics = services.watch.metrics
    metrics.watch("playground_streams", "Open event streams", lambda: places.taken)
    metrics.watch("playground_stream_places", "Event streams that may be open at once", lambda: places.most)
    for blueprint in (
        pages,
        datasets_blueprint(services.images),
        pictures_blueprint(Library(settings.images_dir)),
        images_blueprint(services.images),
        openapi,
        bases_blueprint(services.bases),
        runs_blueprint(services.runs, services.exports, services.images),
        events_blueprint(services.runs, services.streams, places),
        exports_blueprint(services.exports),
        scripts_blueprint(services.runs, Library(settings.images_dir)),
        health_blueprint(services.worker_count, services.watch.health),
        metrics_blueprint(metrics, settings.metrics_for),
    ):
        app.register_blueprint(blueprint)
    count_requests(app, metrics)
    register_errors(app)
    register_security(app, settings.frame_ancestors)
    _register_doors(app, settings)
    register_compression(app)
    return app


def _register_doors(app: Flask, settings: Settings) -> None:
    """What a request has to pass, in this order, before a route sees it."""
    register_proxies(app, settings.behind_proxy)
    register_hosts(app, known_hosts(settings))
    register_origins(app)
    register_identity(app)
    register_rate_limits(app, settings)
