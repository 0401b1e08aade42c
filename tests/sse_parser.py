"""Two independent readers of server-sent events, as oracles for what the server writes.

`parse_events` follows the words of the WHATWG specification on the whole text; `ByteReader` is a state machine that
takes one byte at a time and shares no code with the other.
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
    """Reads one byte at a time. A strict one also refuses what a browser takes but this server may never write."""

    def __init__(self, *, is_strict: bool = True) -> None:
        self.reading = Reading()
        self._is_strict = is_strict
        self._line = bytearray()
        self._is_first_line = True
        self._was_return = False
        self._pending_id = ""
        self._kind = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> None:
        """Take some bytes, cut anywhere."""
        for byte in chunk:
            if self._is_strict:
                assert byte not in (0x00, 0x0D), "a carriage return or a NUL breaks a frame"
            if byte not in (0x0A, 0x0D):
                self._line.append(byte)
            elif not (byte == 0x0A and self._was_return):
                self._end_line()
            self._was_return = byte == 0x0D

    def _end_line(self) -> None:
        line, self._line = bytes(self._line), bytearray()
        if self._is_first_line and line[:3] == b"\xef\xbb\xbf":
            line = line[3:]
        self._is_first_line = False
        if not line:
            self._dispatch()
        elif line[0] == 0x3A:
            self.reading.comments += 1
        else:
            self._take_field(*_field(line.decode("utf-8"), is_strict=self._is_strict))

    def _take_field(self, name: str, value: str) -> None:
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._kind = value
        elif name == "id":
            self._pending_id = self._pending_id if "\0" in value else value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.reading.retry_ms = int(value)

    def _dispatch(self) -> None:
        self.reading.last_id = self._pending_id
        if self._data:
            event = Received(self._kind or "message", "\n".join(self._data), self.reading.last_id)
            self.reading.events.append(event)
        self._kind, self._data = "", []


def _field(line: str, *, is_strict: bool) -> tuple[str, str]:
    """Name and value of a line."""
    place = line.find(":")
    name, value = (line, "") if place < 0 else (line[:place], line[place + 1 :])
    if is_strict:
        assert name in ("id", "event", "data", "retry"), f"unknown field {name!r}"
        assert value[:1] == " ", "one space stands before a value"
    return name, value[1:] if value[:1] == " " else value
