"""The life of the web process: workers up, address printed, requests answered, everything down within 3 seconds."""

import logging
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from server.app import Services, assemble_services, create_app, lose_run
from server.config import Settings
from server.scheduling.cluster import Cluster, join_cluster, start_cluster
from server.scheduling.dispatcher import Dispatcher
from server.scheduling.relay import Relay
from server.services.store import Store, open_store

GOODBYE_S = 0.4
"""Time that open streams get to say goodbye."""

THREADS_CLOSING_S = 0.5

SWEEP_S = 30.0
"""How often runs that nobody watches are looked for."""

GIVE_UP_S = 2.6
"""After this the process ends whatever still hangs: Ctrl-C is answered within 3 seconds."""

ORDINARY_THREADS = 16
"""Threads for requests that are not streams."""

BUFFERED_BODY_BYTES = 16_000_000
"""Waitress cuts off what is larger; up to this, the application itself says that a body is too large."""

SPARE_CONNECTIONS = 200
USER_TIMEOUT_MS = 20_000
"""A browser that takes no byte for this long is disconnected (Linux)."""

WANTED_FILES = 8192


class CannotServe(Exception):
    """The server cannot start; the sentence says why and what to do."""


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until interrupted. Raises CannotServe."""
    listener = _bind(settings.host, settings.port)
    store = _open_store(settings)
    goodbye = _Goodbye()
    _quieten_libraries()
    say("Starting the workers (a few seconds) ...")
    cluster = _open_cluster(settings)
    try:
        dispatcher, services = _assemble(settings, store, cluster)
        app = create_app(settings, services)
        server = _web_server(settings, app, listener)
        _every(SWEEP_S, services.idle.sweep)
        goodbye.say_first(lambda: _say_goodbye(dispatcher, store))
        say(f"Neural Playground: http://{settings.host}:{listener.getsockname()[1]}")
        say("Press Ctrl-C to stop.")
        server.run()
    finally:
        _close(store, cluster)


def _assemble(settings: Settings, store: Store, cluster: Cluster) -> tuple[Dispatcher, Services]:
    relay = Relay(lambda events: services.ingest.ingest(events))
    dispatcher = Dispatcher(
        cluster.client,
        on_lost=lambda run_id, is_worker_lost: lose_run(services.runs, run_id, is_worker_lost=is_worker_lost),
    )
    services = assemble_services(settings, store, dispatcher, relay.put)
    relay.listen(cluster.client)
    services.runs.end_left_over_runs()
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
    except OSError as error:
        raise CannotServe(
            f"The data folder {settings.data_dir} or the database cannot be used ({error.strerror or error}). "
            "Make the folder writable, choose another one with --data-dir, or correct --database."
        ) from error


def _open_cluster(settings: Settings) -> Cluster:
    if settings.scheduler is None:
        return start_cluster(settings.workers, settings.most_live_runs)
    try:
        return join_cluster(settings.scheduler)
    except (OSError, ValueError, TimeoutError) as error:
        raise CannotServe(
            f"No scheduler answers at {settings.scheduler}. Start it there with 'dask scheduler', "
            "and workers with 'neural-playground worker', or leave --scheduler out."
        ) from error


def _web_server(settings: Settings, app: Flask, listener: socket.socket) -> Any:
    """Waitress: it buffers slow requests, sees browsers leave, and stops quickly."""
    _raise_file_limit()
    dispatcher = _QuickDispatcher()
    threads = settings.most_streams + ORDINARY_THREADS
    dispatcher.set_thread_count(threads)
    return create_server(
        app,
        _dispatcher=dispatcher,
        sockets=[listener],
        threads=threads,
        connection_limit=threads + SPARE_CONNECTIONS,
        asyncore_use_poll=True,
        channel_request_lookahead=1,
        outbuf_high_watermark=262_144,
        max_request_body_size=BUFFERED_BODY_BYTES,
        clear_untrusted_proxy_headers=True,
        ident=None,
    )


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


if hasattr(socket, "TCP_USER_TIMEOUT"):
    # Waitress takes socket options only from this class attribute.
    Adjustments.socket_options = [
        *Adjustments.socket_options,
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    ]


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


def _say_goodbye(dispatcher: Dispatcher, store: Store) -> None:
    dispatcher.let_go()
    store.subscriptions.close()


def _close(store: Store, cluster: Cluster) -> None:
    """Keep the newest weights, then end the workers, then let go of the database."""
    store.weights.keep_all()
    cluster.close()
    store.database.close()


def _quieten_libraries() -> None:
    """Dask logs one error per lost connection; a classroom needs none of them."""
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
