"""An event stream as a lean client sees it: the connection, and the metrics in what arrives."""

import json
import re
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_KIND = re.compile(rb"^event: (\w+)$", re.MULTILINE)
_DATA = re.compile(rb"^data: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Arrival:
    """An event, its data as it came, and when, in seconds of a monotonic clock."""

    at_s: float
    kind: str
    data: bytes

    def epochs(self) -> list[int]:
        """The epochs a `metrics` event tells of."""
        return list(json.loads(self.data)["epoch"])

    def status(self) -> str:
        """What a `status` event says."""
        return str(json.loads(self.data)["status"])


def open_stream(host: str, port: int, run_id: str) -> socket.socket:
    """Ask for the events of a run; HTTP 1.0, so that they come without the framing of chunks."""
    stream = socket.create_connection((host, port), timeout=30)
    stream.sendall(f"GET /api/runs/{run_id}/events HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
    return stream


def read_status_line(received: Iterable[tuple[float, bytes]]) -> str:
    """The first line of the answer: `HTTP/1.0 200 OK`."""
    return b"".join(chunk for _, chunk in received).partition(b"\r\n")[0].decode("latin-1")


def read_arrivals(received: Iterable[tuple[float, bytes]]) -> Iterator[Arrival]:
    """The events in chunks of an answer, each with the time its last byte came."""
    unread, is_head_read = b"", False
    for at_s, chunk in received:
        unread += chunk
        if not is_head_read:
            head, end, rest = unread.partition(b"\r\n\r\n")
            if not end:
                continue
            unread, is_head_read = rest, True
        *blocks, unread = unread.split(b"\n\n")
        for block in blocks:
            kind, data = _KIND.search(block), _DATA.search(block)
            if kind and data:
                yield Arrival(at_s, kind[1].decode(), data[1])
