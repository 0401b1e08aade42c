"""Who cares for runs whose worker is lost, hangs, or went down with the server: they go on from their checkpoint.

A run has one attempt at a time to train it. When it is lost the next one begins, with the next number; whatever an
earlier one still tells is not heard (see ingest.py). Repeating is harmless: the same spec from the same checkpoint
gives the same numbers, and epochs that were told are not told again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from threading import Lock
from typing import Protocol

from server.domain.errors import PublicError
from server.domain.events import Payload, RunEvent
from server.domain.status import RunStatus, is_terminal
from server.domain.training_task import Loss
from server.services.runs import RunService, status_payload, with_position
from server.services.store import Store
from server.storage import runs
from server.storage.runs import Run

MOST_LOSSES = 3
"""So many workers in a row may end with a run before anything came of it; then the run is to blame."""

BACK_OFF_S = (0.0, 2.0, 5.0)
"""Wait before the attempt after the first, second, third loss in a row."""

SILENT_S = 10.0
"""A running run that nothing is heard of for so long is told as not responding."""

GIVE_UP_S = 30.0
"""After this silence its worker process is started anew."""


class SupervisedCluster(Protocol):
    """The cluster, as far as supervision needs it."""

    def renew_leases(self) -> None:
        """Tell all workers that somebody still wants what they train."""

    def give_up_worker(self, run_id: str, attempt: int) -> None:
        """Start the worker process anew in which a run hangs."""


@dataclass
class Supervisor:
    """Looks after live runs. Times are seconds of a monotonic clock that is passed in."""

    store: Store
    runs: RunService
    cluster: SupervisedCluster
    put_event: Callable[[list[RunEvent]], None]
    clock: Callable[[], float]
    _due_s: dict[str, float] = field(default_factory=dict)
    _heard_s: dict[str, float] = field(default_factory=dict)
    _silent: set[str] = field(default_factory=set)
    _unheeded: list[tuple[str, int, Loss]] = field(default_factory=list)
    _trial: str | None = None
    _lock: Lock = field(default_factory=Lock)

    def hear(self, run_id: str) -> None:
        """A sign of life of a run; called for every event, so it only takes a note."""
        self._heard_s[run_id] = self.clock()

    def lose(self, run_id: str, attempt: int, *, lost: Loss) -> None:
        """A run ended without saying how: its worker died, the scheduler forgot it, or the training itself failed.

        While the database is out of reach this is remembered, and done at a later look.
        """
        try:
            self._lose(run_id, attempt, lost)
        except OSError:
            with self._lock:
                self._unheeded.append((run_id, attempt, lost))

    def claim_left_over(self) -> None:
        """After a start: runs that were live when the server went down get their next attempt; `look` hands them over.

        To be called before workers are heard: what an attempt of the server before still tells must find it over,
        or its torn story would cost the run one attempt more.
        """
        with self.store.database.read() as session:
            left_over = runs.live_run_ids(session)
        for run_id in left_over:
            try:
                if run := self._find(run_id):
                    self._begin_next(run_id, run.attempt, "server_restarted", counts=False)
            except ValueError:
                # Written by another version, in words this one does not know: no reason not to serve all others.
                logging.getLogger(__name__).exception("Run %s cannot be read, so it does not go on.", run_id)

    def look(self) -> None:
        """Once a second: attempts whose time has come, and runs that keep silent."""
        now_s = self.clock()
        with self._lock:
            unheeded, self._unheeded = self._unheeded, []
        for run_id, attempt, lost in unheeded:
            self.lose(run_id, attempt, lost=lost)
        with self._lock:
            due = [run_id for run_id, due_s in self._due_s.items() if due_s <= now_s]
        self._end_trial()
        for run_id in due:
            self._submit(run_id)
        self._look_for_silence(now_s)

    def renew_leases(self) -> None:
        """Every few seconds: workers may go on."""
        try:
            self.cluster.renew_leases()
        except PublicError:
            logging.getLogger(__name__).warning("The workers could not be told to go on; they will be again.")

    def _lose(self, run_id: str, attempt: int, lost: Loss) -> None:
        if lost != "training":
            # Nobody is to blame for a scheduler, nor for dying with a suspect.
            counts = lost == "worker" and self._trial in (None, run_id)
            self._begin_next(run_id, attempt, "worker_lost", counts=counts)
            if self._due_s.get(run_id, inf) <= self.clock():
                self._submit(run_id)
            return
        if (run := self._find(run_id)) is None or run.attempt != attempt:
            return
        cause = "Something went wrong on the server while this run was trained."
        self.runs.end_run(run_id, RunStatus.FAILED, "internal_error", f"{cause} {_KEPT}")

    def _begin_next(self, run_id: str, attempt: int, code: str, *, counts: bool) -> None:
        """Plan when another worker gets the run, unless it ends with each of them."""
        with self.store.database.write() as session:
            found = runs.find_run(session, run_id)
            if found is None or is_terminal(found.status) or found.attempt != attempt:
                return
            run = with_position(session, found)
            before = 0 if run.epoch > run.attempt_epoch else run.losses
            losses = _losses_after(run) if counts else before
            runs.begin_attempt(session, run_id, attempt + 1, run.epoch, losses)
            session.flush()
            following = runs.find_run(session, run_id)
        assert following is not None
        self._heard_s.pop(run_id, None)
        if losses >= MOST_LOSSES:
            self.runs.end_run(run_id, RunStatus.FAILED, "worker_lost", f"{_GAVE_UP} {_KEPT}")
            return
        self.put_event([RunEvent(run_id, "status", _waiting_payload(following, code), following.attempt)])
        with self._lock:
            self._due_s[run_id] = self.clock() + (BACK_OFF_S[min(losses, len(BACK_OFF_S)) - 1] if losses else 0.0)

    def _submit(self, run_id: str) -> None:
        """Hand the run over; when that fails it is tried again at the next look."""
        run = self._find(run_id)
        if run is not None and not self._may_go(run):
            return
        with self._lock:
            if self._due_s.pop(run_id, None) is None or run is None or is_terminal(run.status):
                return
        try:
            self.runs.hand_over(run)
        except Exception:
            logging.getLogger(__name__).exception("Run %s could not be handed over; it will be again.", run_id)
            with self._lock:
                self._due_s[run_id] = self.clock() + BACK_OFF_S[1]

    def _may_go(self, run: Run) -> bool:
        """Runs that ended with all workers but the last one allowed are tried one by one, so that one is to blame."""
        if run.losses < MOST_LOSSES - 1:
            return True
        with self._lock:
            self._trial = self._trial or run.run_id
            return self._trial == run.run_id

    def _end_trial(self) -> None:
        """A suspect that has brought something, or is over, makes way for the next."""
        run = self._find(self._trial) if self._trial else None
        if run is None or _is_idle(run) or is_terminal(run.status) or run.epoch > run.attempt_epoch:
            self._trial = None

    def _look_for_silence(self, now_s: float) -> None:
        if self.store.database.failing_s() > 0.0:
            # What cannot be stored is not heard: everybody gets the full time anew, once it can be.
            self._heard_s.clear()
            return
        with self.store.database.read() as session:
            attempts = runs.training_attempts(session)
        heard_s = self._heard_s
        # A run that waits is looked after from its first word on: before that no worker has it.
        watched = [each for each in attempts if each.status == RunStatus.RUNNING or each.run_id in heard_s]
        self._heard_s = {each.run_id: heard_s.get(each.run_id, now_s) for each in watched}
        self._silent &= self._heard_s.keys()
        for run_id, attempt, _ in watched:
            silent_s = now_s - self._heard_s[run_id]
            if silent_s > GIVE_UP_S:
                # It is silent all the same, until somebody else trains the run.
                self._heard_s[run_id] = now_s - SILENT_S
                self.cluster.give_up_worker(run_id, attempt)
            elif (silent_s > SILENT_S) != (run_id in self._silent):
                self._tell_silence(run_id, is_silent=silent_s > SILENT_S)

    def _tell_silence(self, run_id: str, *, is_silent: bool) -> None:
        (self._silent.add if is_silent else self._silent.discard)(run_id)
        run = self._find(run_id)
        if run is None or run.status != RunStatus.RUNNING:
            return
        reason = {"reason": _SILENT, "reason_code": "not_responding"} if is_silent else {}
        payload = status_payload(run) | {"reason": None, "reason_code": None} | reason
        self.put_event([RunEvent(run_id, "status", payload, run.attempt)])

    def _find(self, run_id: str) -> Run | None:
        with self.store.database.read() as session:
            found = runs.find_run(session, run_id)
            return with_position(session, found) if found else None


_KEPT = "The curve and the last weights are kept; press Run to train again."
_GAVE_UP = f"The process that trained this run ended {MOST_LOSSES} times before an epoch was done."
_SILENT = "The process that trains this run has not answered for a while. If it stays silent, another one goes on."
_CAUSES = {
    "worker_lost": "The process that trained this run ended.",
    "server_restarted": "The server was restarted.",
}


def _is_idle(run: Run) -> bool:
    """Whether it rests, or waits in the line of a worker."""
    return run.status == RunStatus.PAUSED or run.position is not None


def _losses_after(run: Run) -> int:
    """How many attempts in a row have brought nothing, the lost one included; who waits or rests loses nothing."""
    if _is_idle(run):
        return run.losses
    return 1 if run.epoch > run.attempt_epoch else run.losses + 1


def _waiting_payload(run: Run, code: str) -> Payload:
    """The run waits for a worker that goes on with it."""
    reason = f"{_CAUSES[code]} The run goes on from epoch {run.epoch}."
    return status_payload(run) | {"status": RunStatus.QUEUED.value, "reason": reason, "reason_code": code}
