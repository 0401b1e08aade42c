"""Text framing of server-sent events: pure functions from what happened to bytes.

Format: WHATWG HTML, section "Server-sent events". Data is JSON on one line, so no value can break a frame.
"""

import re
from dataclasses import dataclass

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
OPENING = b"retry: 2000\n: open\n\n"
BYE = b"event: bye\ndata: {}\n\n"

_CURSOR = re.compile(r"([0-9a-f]{8})-([0-9]{1,15})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """The place in a run's story up to which a client has seen it."""

    generation: str
    seq: int

    def __str__(self) -> str:
        """The form it has in `id:` lines and in `?after=`."""
        return f"{self.generation}-{self.seq}"


def parse_cursor(text: str) -> Cursor | None:
    """A cursor from what a client sent, or None when it is not one of ours."""
    match = _CURSOR.fullmatch(text)
    return Cursor(match[1], int(match[2])) if match else None


def frame_event(kind: str, data: str, cursor: Cursor | None = None) -> bytes:
    """One event, ready to send; without a cursor it does not move the client's place."""
    id_line = f"id: {cursor}\n" if cursor else ""
    return f"{id_line}event: {kind}\ndata: {data}\n\n".encode()


def frame_heartbeat(cursor: Cursor) -> bytes:
    """Sign of life of a silent stream; a browser notes the place, so that it never goes on from an older one."""
    return f"id: {cursor}\n\n".encode()


def frame_gap(first: int, cursor: Cursor) -> bytes:
    """Events from a number up to the cursor are lost: who listens asks for the whole picture."""
    return frame_event("gap", f'{{"from":{first},"to":{cursor.seq}}}', cursor)


def frame_closed(reason: str) -> bytes:
    """Nothing more will come on this address, for a reason that is no end of the run."""
    return frame_event("closed", f'{{"reason":"{reason}"}}')


def frame_goodbye(retry_ms: int) -> bytes:
    """The server is stopping: come back after this time."""
    return f"retry: {retry_ms}\n".encode() + BYE
