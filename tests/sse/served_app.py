"""The web process' own server around an application without workers: real connections, a story told by the test."""

import http.client
import socket
from threading import Event, Thread
from typing import Any

from waitress import wasyncore

from server.app import Services, create_app
from server.config import Settings
from server.serving import web_server
from tests.http_client import check_trust
from tests.waiting import PATIENCE_S


class ServedApp:
    """Serves on a free port of this machine, or on the given one, in a thread of the test."""

    def __init__(self, settings: Settings, services: Services, port: int = 0) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        self.port = int(listener.getsockname()[1])
        self.services = services
        self._server = web_server(settings, create_app(settings, services), listener)
        self._is_stopping = Event()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End every connection and every thread."""
        self._is_stopping.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the server did not stop"

    def connect(self, path: str, *, receive_buffer_bytes: int | None = None, **headers: str) -> socket.socket:
        """A connection on which one GET was sent and nothing was read."""
        connection = socket.socket()
        if receive_buffer_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        connection.settimeout(PATIENCE_S)
        connection.connect(("127.0.0.1", self.port))
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *(f"{k}: {v}" for k, v in headers.items())]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return connection

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str]]:
        """Status and headers of an answer; its body is not read, and the connection is closed."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            asked.request("GET", path, headers=headers)
            answer = asked.getresponse()
            check_trust(answer.status, answer.headers)
            return answer.status, dict(answer.getheaders())
        finally:
            asked.close()

    def read_all(self, path: str) -> bytes:
        """The body of an answer to its end; raises IncompleteRead when it does not end as it should."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            asked.request("GET", path)
            return asked.getresponse().read()
        finally:
            asked.close()

    def held_bytes(self) -> int:
        """The most that the server holds for one of its connections, waiting to be sent."""
        channels = list(self._server._map.values())
        return max((getattr(channel, "total_outbufs_len", 0) for channel in channels), default=0)

    def _serve(self) -> None:
        connections: dict[int, Any] = self._server._map
        while not self._is_stopping.is_set():
            wasyncore.loop(timeout=0.1, use_poll=True, map=connections, count=1)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(connections)
