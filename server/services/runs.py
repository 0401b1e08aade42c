"""What can be done with runs, in sentences."""

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from server.config import Settings
from server.datasets.bases import Bases, find_base_problems
from server.datasets.collections import complete_spec, find_image_problems
from server.domain import limits
from server.domain.controls import (
    ControlRequest,
    ControlState,
    apply_control,
    initial_controls,
    parse_control,
    parse_speed,
)
from server.domain.errors import InvalidSpec, NotFound, ServerFull, Unavailable, WrongStatus
from server.domain.events import Payload, RunEvent, thin_columns, to_json
from server.domain.shapes import weights_count
from server.domain.spec import RunSpec
from server.domain.status import RunStatus, is_terminal
from server.domain.training_task import TrainingTask
from server.domain.validation import parse_run_spec, unknown_fields, wrong_value
from server.services.admission import refuse_too_large, refuse_too_many_large
from server.services.store import Store
from server.storage import event_log, runs
from server.storage.database import Session
from server.storage.runs import Run


class RunDispatcher(Protocol):
    """The cluster, as far as runs need it."""

    def submit_training(self, task: TrainingTask) -> None:
        """Hand over a run."""

    def deliver(self, run_id: str, attempt: int, controls: ControlState) -> None:
        """Tell a run the state it should be in."""

    def cancel(self, run_id: str) -> None:
        """Take a run out of the queue."""


class RunService:
    """Start, control, read and delete runs."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        dispatcher: RunDispatcher,
        put_event: Callable[[list[RunEvent]], None],
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._store = store
        self._database = store.database
        self._dispatcher = dispatcher
        self._put_event = put_event
        self._now = now

    def start_run(self, raw_request: object) -> Run:
        """Store a run and hand it to the cluster. Raises InvalidSpec, InvalidControl, ServerFull."""
        raw_spec, paused, raw_speed = _parts_of(raw_request)
        spec = parse_run_spec(complete_spec(raw_spec, self._store.library))
        bases = Bases(self._settings.images_dir)
        if problems := [*find_image_problems(spec, self._store.library), *find_base_problems(spec, bases)]:
            raise InvalidSpec(problems)
        refuse_too_large(spec, self._settings)
        refuse_too_many_large(spec, self._live_specs, self._settings)
        controls = initial_controls(spec, paused=paused, speed=parse_speed(raw_speed))
        run = self._new_run(spec, controls)
        with self._database.write() as session:
            if runs.count_live_runs(session) >= self._settings.most_live_runs:
                raise ServerFull(
                    f"All {self._settings.most_live_runs} places for runs are taken. "
                    "Stop a run you no longer need, or try again in a moment."
                )
            runs.add_run(session, run)
            session.flush()
            event_log.append_event(session, run.run_id, "status", to_json(status_payload(run)))
        self._store.activity.note(run.run_id)
        self._submit(run)
        return run

    def _live_specs(self) -> list[RunSpec]:
        with self._database.read() as session:
            return runs.live_specs(session)

    def get_run(self, run_id: str) -> Run:
        """One run. Raises NotFound."""
        with self._database.read() as session:
            run = with_position(session, _existing(runs.find_run(session, run_id)))
        self._store.activity.note(run_id)
        return run

    def list_runs(self) -> list[Run]:
        """The newest runs first; those on own pictures are found by their id only, for with the run go the pictures."""
        with self._database.read() as session:
            listed = [run for run in runs.list_runs(session) if run.spec.dataset.images is None]
            return [with_position(session, run) for run in listed]

    def history(self, run_id: str) -> dict[str, Any]:
        """Columns of all epochs so far, thinned to 5,000 rows, with the run and the cursor they belong to.

        Raises NotFound.
        """
        with self._database.read() as session:
            run = with_position(session, _existing(runs.find_run(session, run_id)))
            columns, _ = event_log.read_metrics(session, run_id)
        thinned = thin_columns(columns, limits.MAX_HISTORY_ROWS)
        return {
            "epoch": [],
            **thinned,
            "cursor": f"{run.generation}-{run.last_seq}",
            "run": run_payload(run),
        }

    def control_run(self, run_id: str, raw_control: object) -> int:
        """Note what is asked and tell the run; returns the version. Raises InvalidControl, WrongStatus, NotFound."""
        control = parse_control(raw_control, self.get_run(run_id).spec)
        run = self._note_control(run_id, control)
        self._store.activity.note(run_id)
        self._dispatcher.deliver(run_id, run.attempt, run.controls)
        if run.status == RunStatus.QUEUED and run.position is None and run.controls.stop:
            self._end_queued(run)
        return run.controls.version

    def delete_run(self, run_id: str) -> None:
        """Stop a run and remove its rows and files. Raises NotFound."""
        run = self.get_run(run_id)
        if not is_terminal(run.status):
            # A worker that does not answer now is told to stop when it speaks of a run that is gone.
            with suppress(Unavailable):
                self._stop_training(run)
        with self._database.write() as session:
            runs.delete_run(session, run_id)
        self._store.subscriptions.drop(run_id)
        self._store.weights.forget(run_id)
        self._store.checkpoints.forget(run_id)
        self._store.artifacts.delete(run_id)

    def stop_run(self, run_id: str, code: str, reason: str) -> None:
        """Stop a run for a reason of the server's own. Raises NotFound."""
        run = self.get_run(run_id)
        # In this order: the run's own "stopped by user" then comes too late to be told.
        self.end_run(run_id, RunStatus.STOPPED, code, reason)
        self._stop_training(run)

    def end_run(self, run_id: str, status: RunStatus, code: str, reason: str) -> None:
        """End a run whose worker cannot say so itself."""
        with self._database.read() as session:
            run = runs.find_run(session, run_id)
        if run and not is_terminal(run.status):
            payload = status_payload(run) | {"status": status.value, "reason": reason, "reason_code": code}
            self._put_event([RunEvent(run_id, "status", payload, run.attempt)])

    def hand_over(self, run: Run) -> None:
        """Give a run to the cluster, from its newest checkpoint on if it has one."""
        checkpoint = self._store.checkpoints.find(run.run_id)
        # Those of earlier versions have only weights: such a run begins anew, up to where its story ends.
        # A power cut may take the last rows and leave a checkpoint that is ahead of them: nobody may go on from there.
        can_go_on = checkpoint is not None and "version" in checkpoint and checkpoint["epoch"] <= run.epoch
        self._dispatcher.submit_training(
            TrainingTask(
                run_id=run.run_id,
                spec=run.spec,
                controls=run.controls,
                limits=self._settings.run_limits,
                attempt=run.attempt,
                checkpoint=checkpoint if can_go_on else None,
                told_epoch=run.epoch,
                images_dir=str(self._settings.images_dir),
            )
        )

    def _new_run(self, spec: RunSpec, controls: ControlState) -> Run:
        return Run(
            run_id=secrets.token_hex(10),
            spec=spec,
            controls=controls,
            status=RunStatus.QUEUED,
            epoch=0,
            step=0,
            metrics={},
            reason=None,
            reason_code=None,
            generation=secrets.token_hex(4),
            last_seq=0,
            created_at=self._now(),
        )

    def _submit(self, run: Run) -> None:
        """Hand a run to the cluster; one that cannot be handed over fails at once instead of waiting for ever."""
        try:
            self.hand_over(run)
        except Exception as error:
            reason = "The cluster did not take this run. Try again in a moment."
            self.end_run(run.run_id, RunStatus.FAILED, "internal_error", reason)
            raise Unavailable(reason) from error

    def _stop_training(self, run: Run) -> None:
        """Whether the run waits in the queue or trains already: it ends."""
        self._dispatcher.cancel(run.run_id)
        self._dispatcher.deliver(run.run_id, run.attempt, apply_control(run.controls, ControlRequest(action="stop")))

    def _note_control(self, run_id: str, control: ControlRequest) -> Run:
        """Store the new wish; versions rise one by one because writers take turns."""
        with self._database.write() as session:
            run = _existing(runs.find_run(session, run_id))
            if is_terminal(run.status):
                raise WrongStatus(f"The run is {run.status.value} and cannot be controlled any more. Start a new run.")
            runs.set_controls(session, run_id, apply_control(run.controls, control))
            session.flush()
            return with_position(session, _existing(runs.find_run(session, run_id)))

    def _end_queued(self, run: Run) -> None:
        """End a run that no worker has taken yet; one that waits for a place on a worker hears of its end itself."""
        self._dispatcher.cancel(run.run_id)
        self.end_run(run.run_id, RunStatus.STOPPED, "stopped_by_user", "The run was stopped before it began.")


def run_payload(run: Run) -> Payload:
    """A run as plain data for the API."""
    return {
        "run_id": run.run_id,
        "status": run.status.value,
        "position": run.position,
        "attempt": run.attempt,
        "epoch": run.epoch,
        "step": run.step,
        "metrics": run.metrics,
        "reason": run.reason,
        "reason_code": run.reason_code,
        "controls": run.controls.to_payload(),
        "weights_count": weights_count(run.spec),
        "created_at": run.created_at.isoformat(),
        "spec": run.spec.model_dump(mode="json"),
    }


def status_payload(run: Run) -> Payload:
    """The `status` event that describes a run as it is; only a worker can tell a place in line."""
    return {
        "status": run.status.value,
        "position": None,
        "attempt": run.attempt,
        "epoch": run.epoch,
        "step": run.step,
        "reason": run.reason,
        "reason_code": run.reason_code,
        "controls": run.controls.to_payload(),
    }


def with_position(session: Session, run: Run) -> Run:
    """The run with its place in line, as its worker told it last; None before a worker has taken it."""
    if run.status != RunStatus.QUEUED:
        return run
    newest = event_log.read_newest(session, run.run_id, "status")
    return replace(run, position=json.loads(newest.data).get("position") if newest else None)


def _existing(run: Run | None) -> Run:
    if run is None:
        raise NotFound("There is no such run. It may have been deleted; start a new one.", "unknown_run")
    return run


def _parts_of(raw_request: object) -> tuple[object, bool, object]:
    """Spec, paused and speed of a request to start a run; problems of their shape all at once."""
    if not isinstance(raw_request, dict):
        raise InvalidSpec([wrong_value("", "wrong_type", "an object with spec, paused and speed", raw_request)])
    problems = unknown_fields(raw_request, ("spec", "paused", "speed"))
    paused = raw_request.get("paused", False)
    if not isinstance(paused, bool):
        problems.append(wrong_value("paused", "wrong_type", "true or false", paused))
    if problems:
        raise InvalidSpec(problems)
    return raw_request.get("spec", {}), paused, raw_request.get("speed", DEFAULT_SPEED)


DEFAULT_SPEED = 60.0
"""Epochs per second when a request names no speed: as fast as a screen shows them."""
