"""The lines of the log that tell a server's day: runs that began, went on and ended, workers, trouble, start and stop.

Nothing of a pupil is in them: no data, no names, no addresses; a run is its id.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

from server.domain.events import Payload, RunEvent
from server.domain.status import RunStatus, is_terminal
from server.services.health import Part

KEPT_RUNS = 4096
"""Runs whose last status is remembered, so that a repeated status is not told again."""

SILENT = "not_responding"
"""The reason code of a run whose worker does not answer at the moment."""

MOST_LINES_PER_MINUTE = 600
"""Of one kind: a school that starts its runs together is no flood."""


class Note(Protocol):
    """Takes a sentence, and what a machine may want to read of it."""

    def __call__(self, sentence: str, **fields: Any) -> None:
        """Write it down."""


def write_line(sentence: str, **fields: Any) -> None:
    """A line in the log of the server."""
    extra = {"fields": fields, "most_per_minute": MOST_LINES_PER_MINUTE}
    logging.getLogger("server.journal").info(sentence, extra=extra)


@dataclass
class _Known:
    """A run as the journal last told of it; `begun_s` is when it began to train."""

    status: RunStatus
    attempt: int
    begun_s: float | None = None
    why: str | None = None
    is_silent: bool = False


class Journal:
    """Notes what is worth a line; `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float], note: Note = write_line) -> None:
        self._clock = clock
        self._note = note
        self._runs: OrderedDict[str, _Known] = OrderedDict()
        self._workers: int | None = None
        self._lock = Lock()

    def tell_events(self, events: Sequence[RunEvent]) -> None:
        """Look for what is of note in events that were just stored."""
        for event in events:
            if event.kind == "status":
                with self._lock:
                    self._tell_status(event.run_id, event.attempt, event.payload)

    def tell_workers(self, count: int) -> None:
        """How many workers there are now; a line when it is another number than the last time."""
        with self._lock:
            before, self._workers = self._workers, count
        if before is not None and count != before:
            self._note("A worker joined." if count > before else "A worker was lost.", workers=count, before=before)

    def tell_trouble(self, part: Part, is_well: bool) -> None:
        """Trouble of a part of the server began or ended."""
        self._note("Trouble ended." if is_well else "Trouble began.", part=part)

    def tell_start(self, **settings: Any) -> None:
        """The server answers from now on; `settings` are those that matter and hold no secret."""
        self._note("The server started.", **settings)

    def tell_stop(self, up_s: float) -> None:
        """The server ends."""
        self._note("The server stopped.", seconds=round(up_s, 1))

    def _tell_status(self, run_id: str, attempt: int, payload: Payload) -> None:
        status = RunStatus(payload["status"])
        known = self._runs.get(run_id)
        if known and (is_terminal(known.status) or attempt < known.attempt):
            return
        known = known or _Known(RunStatus.QUEUED, 1)
        if status == RunStatus.QUEUED and payload["reason_code"]:
            known.why = payload["reason_code"]
            self._note("A run was interrupted.", run=run_id, attempt=attempt, epoch=payload["epoch"], why=known.why)
        elif status in (RunStatus.RUNNING, RunStatus.PAUSED) and (known.begun_s is None or known.why):
            self._tell_begin(run_id, known, attempt, payload)
        elif is_terminal(status):
            self._tell_end(run_id, known, attempt, payload)
        elif known.is_silent != (payload["reason_code"] == SILENT):
            self._note("A run answers again." if known.is_silent else "A run does not answer.", run=run_id)
        known.is_silent = payload["reason_code"] == SILENT
        known.status, known.attempt = status, attempt
        self._remember(run_id, known)

    def _tell_begin(self, run_id: str, known: _Known, attempt: int, payload: Payload) -> None:
        sentence = "A run started." if known.why is None else "A run was resumed."
        why = {} if known.why is None else {"why": known.why}
        self._note(sentence, run=run_id, attempt=attempt, epoch=payload["epoch"], **why)
        known.begun_s = self._clock() if known.begun_s is None else known.begun_s
        known.why = None

    def _tell_end(self, run_id: str, known: _Known, attempt: int, payload: Payload) -> None:
        seconds = 0.0 if known.begun_s is None else round(self._clock() - known.begun_s, 1)
        ending = {"status": payload["status"], "reason": payload["reason_code"]}
        self._note("A run ended.", run=run_id, attempt=attempt, **ending, epochs=payload["epoch"], seconds=seconds)

    def _remember(self, run_id: str, known: _Known) -> None:
        self._runs[run_id] = known
        self._runs.move_to_end(run_id)
        if len(self._runs) > KEPT_RUNS:
            self._runs.popitem(last=False)
