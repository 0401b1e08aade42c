"""The life of the web process: workers up, address printed, requests answered, everything down within 3 seconds."""

import logging
import os
import resource
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from copy import copy
from types import FrameType
from typing import Any, ClassVar
from weakref import WeakSet

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import Error as WaitressError

from server.app import Services, assemble_services, create_app
from server.collecting.limits import MAX_UPLOAD_BYTES
from server.config import Settings
from server.dependencies import too_old
from server.domain import limits
from server.routes.errors import refusal_body
from server.routes.security import trust_headers
from server.scheduling.cluster import Cluster, join_cluster, start_cluster
from server.scheduling.dispatcher import Dispatcher
from server.scheduling.encryption import UnusableCluster, security_for
from server.scheduling.mending import Mender
from server.scheduling.relay import Relay
from server.services.images import ImageService
from server.services.metrics import program_version
from server.services.store import Store, look_after_database, open_store
from server.storage.data_dir import PRIVATE_MASK, OpenToEverybody
from server.storage.ownership import DatabaseInUse

GOODBYE_S = 0.4
"""Time that open streams get to say goodbye."""

THREADS_CLOSING_S = 0.5

SWEEP_S = 30.0
"""How often runs that nobody watches are looked for."""

LOOK_S = 1.0
"""How often the workers are counted; runs without one, runs that keep silent and due checkpoints are looked for."""

KEEP_S = 300.0
"""How often it is noted which runs were opened, and runs are removed that nobody has opened for long."""

RENEW_S = 10.0
"""How often the workers are told to go on; see LEASE_S."""

GIVE_UP_S = 2.6
"""After this the process ends whatever still hangs: Ctrl-C is answered within 3 seconds."""

ORDINARY_THREADS = 16
"""Threads for requests that are not streams."""

BUFFERED_BODY_BYTES = limits.MAX_BODY_BYTES + 64_000
"""Waitress refuses what is larger before it takes it in; up to this, the application says that a body is too large.

Bodies lie on the disk while they come: all connections at once can fill a gigabyte and a half, not thirty.
"""

UPLOAD_PATH = "/api/images"
BUFFERED_UPLOAD_BYTES = MAX_UPLOAD_BYTES + 64_000
"""The same for the one address that takes large bodies; see `_Parser`."""

SPARE_DISK_BYTES = 500_000_000
"""So much stays free where bodies lie while they come."""

MOST_HEADER_BYTES = 65_536
"""Of one request; all of its settings that a page sends are in bodies."""

SPARE_CONNECTIONS = 1200
"""A class of 200 opens six each while the page loads; measured, so many idle ones cost an answer two milliseconds."""

IDLE_CONNECTION_S = 10
"""A connection without a request is closed after this time: the next pupil may wait for its place."""

LOOK_FOR_IDLE_S = 5
SEND_BUFFER_BYTES = 131_072
"""What the system keeps for a connection; Linux takes twice this, and 4 MB for one that reads nothing if left alone."""

WANTED_FILES = 8192
EVERYWHERE = ("0.0.0.0", "::")


class CannotServe(Exception):
    """The server cannot start; the sentence says why and what to do."""


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until interrupted. Raises CannotServe."""
    if old := too_old():
        raise CannotServe(" ".join(old))
    os.umask(PRIVATE_MASK)
    _check_cluster(settings)
    listener = _bind(settings.host, settings.port)
    store = _open_store(settings)
    goodbye = _Goodbye()
    begun_s = time.monotonic()
    say("Starting the workers (a few seconds) ...")
    cluster = _open_cluster(settings)
    try:
        dispatcher, services = _assemble(settings, store, cluster)
        app = create_app(settings, services)
        server = web_server(settings, app, listener)
        _every(SWEEP_S, services.idle.sweep)
        _every(LOOK_S, services.supervisor.look)
        _every(RENEW_S, services.supervisor.renew_leases)
        _every(LOOK_S, store.checkpoints.keep_due)
        _every(LOOK_S, lambda: look_after_database(store))
        _every(KEEP_S, services.retention.sweep)
        _every(KEEP_S, services.images.sweep)
        _every(LOOK_S, _look_at_workers(settings, services, Mender(cluster.mend, time.monotonic)))
        services.watch.journal.tell_start(**_told_settings(settings))
        goodbye.say_first(lambda: _say_goodbye(dispatcher, store, services.images))
        for sentence in addresses_told(settings.host, listener.getsockname()[1]):
            say(sentence)
        say("Press Ctrl-C to stop.")
        server.run()
        services.watch.journal.tell_stop(time.monotonic() - begun_s)
    finally:
        _close(store, cluster)


def addresses_told(host: str, port: int) -> list[str]:
    """Where the page is: for who started the server, and for the others in the network when it listens to them."""
    if host not in EVERYWHERE:
        return [f"Neural Playground: http://{f'[{host}]' if ':' in host else host}:{port}"]
    own = [f"Neural Playground: http://127.0.0.1:{port}"]
    names = [name for name in (_own_address(), f"{socket.gethostname().partition('.')[0]}.local") if name]
    return [*own, "For others in this network: " + " or ".join(f"http://{name}:{port}" for name in names)]


def _own_address() -> str | None:
    """Of this machine in its network, in digits; None without a network. Nothing is sent: only a way is looked up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _assemble(settings: Settings, store: Store, cluster: Cluster) -> tuple[Dispatcher, Services]:
    relay = Relay(lambda events: services.watch.take(services.ingest.ingest, events))
    dispatcher = Dispatcher(
        cluster.client,
        on_lost=lambda run_id, attempt, lost: services.supervisor.lose(run_id, attempt, lost=lost),
        images_dir=settings.images_dir,
    )
    services = assemble_services(settings, store, dispatcher, relay.put)
    services.supervisor.claim_left_over()
    relay.listen(cluster.client)
    services.supervisor.look()
    return dispatcher, services


def _bind(host: str, port: int) -> socket.socket:
    """Take the address before anything slow begins, so that a busy port is told at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Bound but not yet listening: until the workers are up a client is refused at once instead of left waiting.
        listener.bind(address)
    except OSError as error:
        raise CannotServe(
            f"Port {port} on {host} cannot be used ({error.strerror or error}). "
            f"Stop the program that uses it, or choose another port, for example PORT={port + 1}."
        ) from error
    return listener


def _open_store(settings: Settings) -> Store:
    try:
        return open_store(settings)
    except (OpenToEverybody, DatabaseInUse) as error:
        raise CannotServe(str(error)) from error
    except OSError as error:
        raise CannotServe(
            f"The data folder {settings.data_dir} or the database cannot be used ({error.strerror or error}). "
            "Make the folder writable, choose another one with --data-dir, or correct --database."
        ) from error


def _open_cluster(settings: Settings) -> Cluster:
    if settings.scheduler is None:
        return start_cluster(settings.workers, settings.most_live_runs)
    try:
        return join_cluster(settings.scheduler, settings)
    except UnusableCluster as error:
        raise CannotServe(str(error)) from error


def _check_cluster(settings: Settings) -> None:
    """Before anything is written: may this cluster be joined?"""
    try:
        if settings.scheduler is not None:
            security_for(settings.scheduler, settings)
    except UnusableCluster as error:
        raise CannotServe(str(error)) from error


def web_server(settings: Settings, app: Flask, listener: socket.socket) -> Any:
    """Waitress: it buffers slow requests, sees browsers leave, and stops quickly."""
    _raise_file_limit()
    _bound_connections(settings.stalled_s)
    dispatcher = _QuickDispatcher()
    threads = settings.most_streams + ORDINARY_THREADS
    dispatcher.set_thread_count(threads)
    server = create_server(
        app,
        _dispatcher=dispatcher,
        sockets=[listener],
        threads=threads,
        connection_limit=threads + SPARE_CONNECTIONS,
        asyncore_use_poll=True,
        channel_timeout=IDLE_CONNECTION_S,
        cleanup_interval=LOOK_FOR_IDLE_S,
        channel_request_lookahead=1,
        outbuf_high_watermark=262_144,
        max_request_body_size=BUFFERED_BODY_BYTES,
        max_request_header_size=MOST_HEADER_BYTES,
        # They stay, though nothing believes them unless a proxy is set (routes/proxies.py): they show that a proxy
        # forwards, and then /metrics is not for this machine alone.
        clear_untrusted_proxy_headers=False,
        ident=None,
    )
    server.channel_class = _Channel
    return server


class _RefusalTask(ErrorTask):  # type: ignore[misc] # waitress has no types
    """What waitress refuses before the application sees it: in the same form, with the same headers."""

    def execute(self) -> None:
        """Write the refusal and close the connection."""
        refused = self.request.error
        body = refusal_body(refused.code, refused.reason)
        self.status = f"{refused.code} {refused.reason}"
        self.response_headers.extend([("Content-Type", "application/json"), *trust_headers().items()])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _InsufficientStorage(WaitressError):  # type: ignore[misc] # waitress has no types
    """The disk on which bodies lie while they come is full."""

    code = 507
    reason = "Insufficient Storage"


class _Parser(HTTPRequestParser):  # type: ignore[misc] # waitress has no types
    """Takes in bodies of a megabyte, but archives of images up to their own limit while the disk has room for them."""

    adj: Any
    error: Any
    _coming: ClassVar[WeakSet["_Parser"]] = WeakSet()
    """Those whose archive is on its way: what they announced is counted as if it were there already."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header; decide by address and announced length what body may follow."""
        super().parse_header(header_plus)
        if self.command == "POST" and self.path == UPLOAD_PATH and self.content_length > BUFFERED_BODY_BYTES:
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = BUFFERED_UPLOAD_BYTES
            self._coming.add(self)

    def received(self, data: bytes) -> int:
        """Take bytes in; refuse an archive for which there is no room before its first byte is kept."""
        was_in_header = self.body_rcv is None
        consumed = int(super().received(data))
        if was_in_header and self in self._coming and self.error is None and not _has_room(self._announced_bytes()):
            self.error = _InsufficientStorage("no room for this body")
            self.completed = True
        return consumed

    def _announced_bytes(self) -> int:
        return sum(max(0, each.content_length - each.body_bytes_received) for each in self._coming)


def _has_room(bytes_more: int) -> bool:
    return shutil.disk_usage(tempfile.gettempdir()).free - bytes_more >= SPARE_DISK_BYTES


class _Channel(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """One connection."""

    error_task_class = _RefusalTask
    parser_class = _Parser

    def close(self) -> None:
        """The connection ends; what had come of a body is removed from the disk at once."""
        if self.request is not None:
            self.request.close()
        super().close()


class _QuickDispatcher(ThreadedTaskDispatcher):  # type: ignore[misc] # waitress has no types
    """Waitress' threads, with less patience at the end."""

    def shutdown(self, cancel_pending: bool = True, timeout: float = THREADS_CLOSING_S) -> bool:
        """Stop the threads; True when all did."""
        return bool(super().shutdown(cancel_pending, timeout))


def _raise_file_limit() -> None:
    """A stream is an open file: ask for as many as the system lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


_PLAIN_OPTIONS = tuple(Adjustments.socket_options)


def _bound_connections(stalled_s: float) -> None:
    """Little is held for a browser that reads slowly, and one that takes nothing is disconnected by the system.

    Waitress takes socket options only from this class attribute.
    """
    options = [(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES), (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(stalled_s * 1000)))
    Adjustments.socket_options = [*_PLAIN_OPTIONS, *options]


class _Goodbye:
    """Ends the process on SIGINT or SIGTERM, within 3 seconds whatever hangs."""

    def __init__(self) -> None:
        self._farewell: Callable[[], None] | None = None
        self._is_stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def say_first(self, farewell: Callable[[], None]) -> None:
        """What to do before the end, once there is somebody to say goodbye to."""
        self._farewell = farewell

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """The first signal lets the streams say goodbye, the second (ours, a moment later) ends the server."""
        if self._is_stopping or self._farewell is None:
            _after(GIVE_UP_S - GOODBYE_S, lambda: os._exit(0))
            raise SystemExit(0)
        self._is_stopping = True
        _after(GOODBYE_S, lambda: os.kill(os.getpid(), signal.SIGTERM))
        # In a thread of its own: the interrupted code below this frame may hold a lock that the farewell needs.
        threading.Thread(target=self._farewell, daemon=True).start()


def _after(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def _every(seconds: float, act: Callable[[], None]) -> None:
    """Do something again and again, in the background, whatever happens to it."""

    def act_for_ever() -> None:
        while True:
            time.sleep(seconds)
            try:
                act()
            except Exception:
                logging.getLogger(__name__).exception("A background task failed; it will be tried again.")

    threading.Thread(target=act_for_ever, daemon=True).start()


def _say_goodbye(dispatcher: Dispatcher, store: Store, images: ImageService) -> None:
    images.close()
    dispatcher.let_go()
    store.subscriptions.close()


def _close(store: Store, cluster: Cluster) -> None:
    """Keep the newest weights, then end the workers, then let go of the database."""
    store.checkpoints.keep_all()
    cluster.close()
    store.database.close()


def _look_at_workers(settings: Settings, services: Services, mender: Mender) -> Callable[[], None]:
    """Tells how many there are, and has those mended that are missing for long."""
    wanted = _wanted_workers(settings)

    def look() -> None:
        count = services.worker_count()
        services.watch.look_at_workers(count, wanted)
        mender.look(count, wanted)

    return look


def _wanted_workers(settings: Settings) -> int:
    """With fewer something is wrong. How many a scheduler elsewhere should have is not known here."""
    return settings.workers if settings.scheduler is None else 1


def _told_settings(settings: Settings) -> dict[str, object]:
    """What the log says of the settings at the start: no folder, and of the database only its kind."""
    names = ("host", "workers", "runs_per_worker", "most_live_runs", "most_streams", "metrics_for")
    told = {name: getattr(settings, name) for name in names}
    kind = settings.database_url.partition(":")[0]
    return {"version": program_version(), **told, "database": kind, "own_workers": settings.scheduler is None}
