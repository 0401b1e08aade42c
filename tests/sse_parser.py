"""Two independent readers of server-sent events, as oracles for what the server writes.

`parse_events` follows the words of the WHATWG specification on the whole text; `ByteReader` is a state machine that
takes one byte at a time and was written without looking at the other.
"""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Received:
    """An event as a browser dispatches it, with the last event id at that moment."""

    kind: str
    data: str
    last_id: str


@dataclass
class Reading:
    """Everything a stream meant to a browser."""

    events: list[Received] = field(default_factory=list)
    retry_ms: int | None = None
    last_id: str = ""
    comments: int = 0


def parse_events(stream: bytes) -> Reading:
    """WHATWG HTML, "Interpreting an event stream": split into lines, then field by field."""
    reading = Reading()
    text = stream.decode("utf-8").removeprefix("\ufeff")
    complete = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    data: list[str] = []
    kind, pending_id = "", ""
    for line in re.split(r"\r\n|\n|\r", complete)[:-1]:
        if line == "":
            reading.last_id = pending_id
            if data:
                reading.events.append(Received(kind or "message", "\n".join(data), pending_id))
            data, kind = [], ""
            continue
        name, colon, value = line.partition(":")
        value = value.removeprefix(" ")
        if colon and not name:
            reading.comments += 1
        elif name == "data":
            data.append(value)
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            pending_id = value
        elif name == "retry" and re.fullmatch("[0-9]+", value):
            reading.retry_ms = int(value)
    return reading


class ByteReader:
    """Reads one byte at a time; lines end with LF only, which is all this server may write."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._line = bytearray()
        self._fields: dict[str, list[str]] = {}

    def feed(self, chunk: bytes) -> None:
        """Take some bytes, cut anywhere."""
        for byte in chunk:
            assert byte not in (0x00, 0x0D), "a carriage return or a NUL breaks a frame"
            if byte == 0x0A:
                self._end_line(self._line.decode("utf-8"))
                self._line.clear()
            else:
                self._line.append(byte)

    def _end_line(self, line: str) -> None:
        if line.startswith(":"):
            self.reading.comments += 1
        elif line:
            name, _, value = line.partition(": ")
            assert name in ("id", "event", "data", "retry"), f"unknown field {name!r}"
            self._fields.setdefault(name, []).append(value)
        else:
            self._dispatch()

    def _dispatch(self) -> None:
        fields, self._fields = self._fields, {}
        if "retry" in fields:
            self.reading.retry_ms = int(fields["retry"][-1])
        if "id" in fields:
            self.reading.last_id = fields["id"][-1]
        if "data" in fields:
            kind = fields.get("event", ["message"])[-1]
            self.reading.events.append(Received(kind, "\n".join(fields["data"]), self.reading.last_id))
