"""What one follower of a run has read: numbers in order, nothing lost, nothing twice, and how old it was on arrival."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

_FIELD = re.compile(rb"^(id|event|data): (.*)$", re.MULTILINE)

STAMP = "sent_ns"
"""The column or key in which a measuring worker says when it sent: nanoseconds of the machine's monotonic clock."""


@dataclass
class Tally:
    """What came, summed over streams. Times are milliseconds.

    `resets` counts `reset` and `gap` events, which say themselves that something is missing. `lost` counts missing
    event numbers and missing epochs, `repeated` those that came again or too late, `refused` holds the status codes of
    connections that got no stream, `failed` counts those that got no answer.
    """

    events: int = 0
    lost: int = 0
    repeated: int = 0
    resets: int = 0
    byes: int = 0
    cuts: int = 0
    cut_by_server: int = 0
    refused: list[int] = field(default_factory=list)
    failed: int = 0
    connect_ms: list[float] = field(default_factory=list)
    latency_ms: list[float] = field(default_factory=list)
    bytes: int = 0

    def to_payload(self) -> dict[str, Any]:
        """Plain data; times keep four significant digits."""
        times = {name: [float(f"{each:.4g}") for each in getattr(self, name)] for name in ("connect_ms", "latency_ms")}
        return vars(self) | times


class StoryReader:
    """Reads the events of one run, over any number of connections, and checks that they are one story."""

    def __init__(self, tally: Tally) -> None:
        self.cursor: str | None = None
        self.status: str | None = None
        self._tally = tally
        self._unread = b""
        self._seq = 0
        self._epoch: int | None = None
        self.window_ns: tuple[int, int] | None = None

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return self._seq

    def start_after(self, seq: int) -> None:
        """The story was read up to a number by somebody else."""
        self._seq = seq

    def connect(self) -> None:
        """A new connection begins: half an event of the last one is forgotten."""
        self._unread = b""

    def feed(self, chunk: bytes, now_ns: int) -> None:
        """Take bytes of the body as they arrived at that time."""
        self._tally.bytes += len(chunk)
        *blocks, self._unread = (self._unread + chunk).split(b"\n\n")
        for block in blocks:
            fields = dict(_FIELD.findall(block))
            kind = fields.get(b"event", b"").decode()
            if b"id" in fields:
                self._take_place(fields[b"id"].decode(), kind)
            if kind:
                self._take(kind, fields.get(b"data", b"{}"), now_ns)

    def _take_place(self, cursor: str, kind: str) -> None:
        """An event has the number after the last one, a heartbeat the same; a reset or a gap says what is missing."""
        seq, before = int(cursor.rpartition("-")[2]), self._seq
        if kind not in ("reset", "gap"):
            expected = before + 1 if kind else before
            self._tally.lost += max(seq - expected, 0)
            self._tally.repeated += seq < expected
        self._seq, self.cursor = seq, cursor

    def _take(self, kind: str, data: bytes, now_ns: int) -> None:
        self._tally.events += 1
        if kind == "bye":
            self._tally.byes += 1
        elif kind in ("reset", "gap"):
            self._tally.resets += 1
            self._epoch = None
        elif kind == "metrics":
            self._take_metrics(json.loads(data), now_ns)
        elif kind == "status":
            self.status = str(json.loads(data)["status"])

    def _take_metrics(self, columns: dict[str, list[int]], now_ns: int) -> None:
        for epoch in columns["epoch"]:
            if self._epoch is not None:
                self._tally.lost += max(epoch - self._epoch - 1, 0)
                self._tally.repeated += epoch <= self._epoch
            self._epoch = epoch
        begin_ns, end_ns = self.window_ns or (0, 0)
        stamps = columns.get(STAMP, [])
        self._tally.latency_ms += [(now_ns - sent_ns) / 1e6 for sent_ns in stamps if begin_ns <= sent_ns < end_ns]
