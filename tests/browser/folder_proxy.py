"""A proxy that shows a server below a folder, as a school's own web server may do it: streams pass through unheld."""

import re
import socket
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

FOLDER = "/school/play"
TIMEOUT_S = 60
HEAD_END = b"\r\n\r\n"


class _Passage(StreamRequestHandler):
    """One request and its answer."""

    def handle(self) -> None:
        """Pass the request on without its folder, then the answer as it comes."""
        head = b""
        while not head.endswith(HEAD_END):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        method, path, _ = head.split(b" ", 2)
        assert isinstance(self.server, FolderProxy)
        if not path.startswith(FOLDER.encode() + b"/"):
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.server.strays.append(path.decode())
            return
        with socket.create_connection(self.server.behind, TIMEOUT_S) as inner:
            inner.sendall(self._inner_head(head) + self._body(head))
            while chunk := inner.recv(65_536):
                self.wfile.write(chunk)

    def _inner_head(self, head: bytes) -> bytes:
        lines = [line for line in head[: -len(HEAD_END)].split(b"\r\n") if not line.lower().startswith(b"connection:")]
        lines[0] = lines[0].replace(FOLDER.encode(), b"", 1)
        return b"\r\n".join([*lines, b"X-Forwarded-Prefix: " + FOLDER.encode(), b"Connection: close"]) + HEAD_END

    def _body(self, head: bytes) -> bytes:
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        return self.rfile.read(int(length[1])) if length else b""


class FolderProxy(ThreadingTCPServer):
    """Listens on a free port; `strays` are the requests that did not stay in the folder."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passage)
        address = urlsplit(url)
        self.behind = (address.hostname or "", address.port or 0)
        self.strays: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}{FOLDER}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves in the middle of an answer is no fault."""

    def stop(self) -> None:
        """Let go of the port."""
        self.shutdown()
        self.server_close()
