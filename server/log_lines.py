"""How the server's log looks: one line for each thing that happened, none longer than 2 kB, and no flood.

A line for people is a time, a level and a sentence with `name=value` behind it; with `log_format=json` it is one JSON
object. Both are made of the same record, so nothing is in one that is not in the other.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TextIO

MOST_LINE_BYTES = 2000
"""A longer line is cut: a client that sends long names must not fill the disk."""

MOST_TRACE_LINES = 30
"""The last lines of a traceback: those that say what happened."""

MOST_SAME_PER_MINUTE = 10
"""Of the same message; further ones are counted, and the count is told."""

MOST_MESSAGES = 500
"""Different messages that are counted at once; the oldest is forgotten."""

WINDOW_S = 60.0


_CUT = " ... (cut)"
_LIBRARIES = ("distributed", "tornado", "asyncio", "bokeh")


def configure_log(log_format: str, stream: TextIO | None = None) -> None:
    """Send every record of this process to a stream (standard error) in one form: `text` or `json`.

    Libraries that brought handlers of their own (Dask) lose them: their records take the same way. Dask tells an error
    for each connection that is lost, and waitress each moment of many requests: a classroom needs none of them.
    """
    handler = CappedHandler(stream or sys.stderr, time.monotonic)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    root = logging.getLogger()
    for old in [each for each in root.handlers if type(each) in (CappedHandler, logging.StreamHandler)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("server.journal").setLevel(logging.INFO)
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.CRITICAL)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def one_line(text: str, most_bytes: int = MOST_LINE_BYTES) -> str:
    """The same text without control characters, so that no client can forge a line, and cut where it is too long."""
    plain = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    raw = plain.encode("utf-8", "replace")
    if len(raw) <= most_bytes:
        return plain
    return raw[: most_bytes - len(_CUT)].decode("utf-8", "ignore") + _CUT


class TextLines(logging.Formatter):
    """`2026-11-21 18:05:39 INFO server.journal: Run ended. run=4f... status=finished`, then a traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as lines of text."""
        at = datetime.fromtimestamp(record.created).isoformat(" ", "seconds")
        fields = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        first = one_line(f"{at} {record.levelname} {record.name}: {record.getMessage()}{fields}")
        return "\n".join([first, *(f"  {one_line(line, MOST_LINE_BYTES - 2)}" for line in trace_of(record))])


class JsonLines(logging.Formatter):
    """`{"at": "2026-11-21T17:05:39.123Z", "level": "info", "logger": "server.journal", "message": ..., ...}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one JSON object on one line; a traceback gives up its first lines to fit."""
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        entry: dict[str, Any] = {"at": at.replace("+00:00", "Z"), "level": record.levelname.lower()}
        entry |= {"logger": record.name, "message": one_line(record.getMessage(), MOST_LINE_BYTES // 4)}
        entry |= {name: _short(value) for name, value in fields_of(record).items()}
        trace = [one_line(line, MOST_LINE_BYTES // 4) for line in trace_of(record)]
        while True:
            line = json.dumps(entry | ({"trace": trace} if trace else {}), default=str)
            if len(line) <= MOST_LINE_BYTES or not trace:
                return line
            trace = trace[1:]


def fields_of(record: logging.LogRecord) -> Mapping[str, Any]:
    """What was given as `extra={"fields": {...}}`: names and values that a machine may want to read."""
    fields = getattr(record, "fields", {})
    return fields if isinstance(fields, Mapping) else {}


def trace_of(record: logging.LogRecord) -> list[str]:
    """The last lines of the traceback."""
    if not record.exc_info:
        return []
    return logging.Formatter().formatException(record.exc_info).splitlines()[-MOST_TRACE_LINES:]


def _short(value: Any) -> Any:
    return value if isinstance(value, (bool, int, float, type(None))) else one_line(str(value), 100)


@dataclass
class _Count:
    """How often one message came in the minute that began then."""

    begun_s: float
    first: logging.LogRecord
    seen: int = 0


class CappedHandler(logging.StreamHandler):  # type: ignore[type-arg] # Python 3.10 cannot say StreamHandler[TextIO]
    """Writes records; of the same message only so many a minute, and then how many were held back.

    The same message: the same logger, level and text before its values are put in. A record says with
    `extra={"most_per_minute": 600}` that more of its kind are meant to be.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        """`clock` is monotonic, in seconds."""
        super().__init__(stream)
        self._clock = clock
        self._counts: dict[tuple[str, int, str], _Count] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or count it. Logging calls this with the handler's lock held."""
        now_s = self._clock()
        for count in [each for each in self._counts.values() if now_s - each.begun_s >= WINDOW_S]:
            self._tell(count)
        if len(self._counts) >= MOST_MESSAGES:
            self._tell(next(iter(self._counts.values())))
        count = self._counts.setdefault(_key(record), _Count(now_s, record))
        count.seen += 1
        if count.seen <= getattr(record, "most_per_minute", MOST_SAME_PER_MINUTE):
            super().emit(record)

    def close(self) -> None:
        """Tell what was held back and never told."""
        self.acquire()
        try:
            for count in list(self._counts.values()):
                self._tell(count)
        finally:
            self.release()
        super().close()

    def _tell(self, count: _Count) -> None:
        """Say how often a message was held back, and forget it."""
        del self._counts[_key(count.first)]
        first, most = count.first, getattr(count.first, "most_per_minute", MOST_SAME_PER_MINUTE)
        if count.seen > most:
            text = f"Said {count.seen - most} more times within a minute: {first.msg}"
            super().emit(logging.LogRecord(first.name, first.levelno, first.pathname, first.lineno, text, None, None))


def _key(record: logging.LogRecord) -> tuple[str, int, str]:
    return record.name, record.levelno, str(record.msg)[:200]
