"""Runs in the database, as frozen records outside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from typing import NamedTuple

from sqlalchemy import Update, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from server.domain.controls import ControlState
from server.domain.spec import RunSpec
from server.domain.status import TERMINAL, RunStatus
from server.storage.tables import RunEventRow, RunRow


@dataclass(frozen=True)
class Run:
    """One run as it was at the moment of reading.

    `position` is its place in line, 1 for the next; it is no column but part of the story, so who needs it looks there.
    `attempt` counts who has trained it, 1 for the first worker; the newest began at `attempt_epoch`. So many `losses`
    in a row have brought nothing.
    """

    run_id: str
    spec: RunSpec
    controls: ControlState
    status: RunStatus
    epoch: int
    step: int
    metrics: dict[str, object]
    reason: str | None
    reason_code: str | None
    generation: str
    last_seq: int
    created_at: datetime
    position: int | None = None
    attempt: int = 1
    attempt_epoch: int = 0
    losses: int = 0


@dataclass(frozen=True)
class Head:
    """As much of a run as its next event needs; `version` is that of the newest controls."""

    generation: str
    attempt: int
    epoch: int
    step: int
    status: RunStatus
    last_seq: int
    version: int


@dataclass
class Progress:
    """What new events change in a run; None leaves a value as it is, but a status comes with its reasons."""

    run_id: str
    last_seq: int
    epoch: int | None = None
    step: int | None = None
    metrics: Mapping[str, object] | None = None
    status: RunStatus | None = None
    reason: str | None = None
    reason_code: str | None = None


def add_run(session: Session, run: Run) -> None:
    """Store a new run."""
    session.add(
        RunRow(
            run_id=run.run_id,
            spec=run.spec.model_dump(mode="json"),
            controls=run.controls.model_dump(mode="json"),
            status=run.status.value,
            epoch=run.epoch,
            step=run.step,
            metrics=run.metrics,
            generation=run.generation,
            last_seq=run.last_seq,
            created_at=run.created_at,
        )
    )


def find_run(session: Session, run_id: str) -> Run | None:
    """The run, or None."""
    row = session.get(RunRow, run_id)
    return _run_from(row) if row else None


def list_runs(session: Session, most: int = 200) -> list[Run]:
    """The newest runs first."""
    newest = select(RunRow).order_by(RunRow.created_at.desc(), RunRow.run_id).limit(most)
    return [_run_from(row) for row in session.scalars(newest)]


def live_run_ids(session: Session) -> list[str]:
    """Runs that are not at their end."""
    ended = [status.value for status in TERMINAL]
    return list(session.scalars(select(RunRow.run_id).where(RunRow.status.not_in(ended))))


def live_specs(session: Session) -> list[RunSpec]:
    """What the runs that are not at their end train."""
    ended = [status.value for status in TERMINAL]
    rows = session.scalars(select(RunRow).where(RunRow.status.not_in(ended)))
    return [_run_from(row).spec for row in rows]


class Attempt(NamedTuple):
    """Who trains a run, or will."""

    run_id: str
    attempt: int
    status: RunStatus


def training_attempts(session: Session) -> list[Attempt]:
    """The runs that train now, wait to, or may train steps while they are paused."""
    columns = (RunRow.run_id, RunRow.attempt, RunRow.status)
    wanted = [status.value for status in (RunStatus.RUNNING, RunStatus.QUEUED, RunStatus.PAUSED)]
    rows = session.execute(select(*columns).where(RunRow.status.in_(wanted)))
    return [Attempt(run_id, attempt, RunStatus(status)) for run_id, attempt, status in rows]


def count_live_runs(session: Session) -> int:
    """How many runs are not at their end."""
    ended = [status.value for status in TERMINAL]
    return session.scalar(select(func.count()).where(RunRow.status.not_in(ended))) or 0


def read_heads(session: Session, run_ids: Collection[str]) -> dict[str, Head]:
    """The heads of those runs that exist."""
    place = (RunRow.generation, RunRow.attempt, RunRow.epoch, RunRow.step)
    # The controls themselves are rarely needed and cost more to read than all the rest.
    state = (RunRow.status, RunRow.last_seq, RunRow.controls["version"].as_integer())
    rows = session.execute(select(RunRow.run_id, *place, *state).where(RunRow.run_id.in_(run_ids)))
    return {
        run_id: Head(generation, attempt, epoch, step, RunStatus(status), seq, version)
        for run_id, generation, attempt, epoch, step, status, seq, version in rows
    }


def note_progress(session: Session, changes: Sequence[Progress]) -> None:
    """Store how far runs have come. A statement for each kind of change, not for each run: batches come often."""
    by_names: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for change in changes:
        names = _changed_names(change)
        row = {"changed_run": change.run_id} | {f"new_{name}": getattr(change, name) for name in names}
        by_names.setdefault(names, []).append(row)
    for names, rows in by_names.items():
        session.connection().execute(_update_of(names), rows)


def _changed_names(change: Progress) -> tuple[str, ...]:
    place = ("epoch", "step") if change.epoch is not None else ()
    metrics = ("metrics",) if change.metrics is not None else ()
    status = ("status", "reason", "reason_code") if change.status is not None else ()
    return ("last_seq", *place, *metrics, *status)


@cache
def _update_of(names: tuple[str, ...]) -> Update:
    """A plain statement, made once: the session's own way to update many rows takes several times as long."""
    columns = RunRow.__table__.c
    values = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in names}
    return update(RunRow).where(RunRow.run_id == bindparam("changed_run")).values(values)


def begin_attempt(session: Session, run_id: str, attempt: int, epoch: int, losses: int) -> None:
    """Note that somebody else trains a run from now on, which has come to that epoch."""
    row = session.get_one(RunRow, run_id)
    row.attempt, row.attempt_epoch, row.losses = attempt, epoch, losses


def set_controls(session: Session, run_id: str, controls: ControlState) -> None:
    """Note what was asked of a run."""
    session.get_one(RunRow, run_id).controls = controls.model_dump(mode="json")


def delete_run(session: Session, run_id: str) -> bool:
    """Remove a run and its events; False when there was none."""
    session.execute(delete(RunEventRow).where(RunEventRow.run_id == run_id))
    result = session.execute(delete(RunRow).where(RunRow.run_id == run_id).returning(RunRow.run_id))
    return result.first() is not None


def _run_from(row: RunRow) -> Run:
    return Run(
        run_id=row.run_id,
        spec=RunSpec.model_validate(row.spec),
        controls=ControlState.model_validate(row.controls),
        status=RunStatus(row.status),
        epoch=row.epoch,
        step=row.step,
        metrics=row.metrics,
        reason=row.reason,
        reason_code=row.reason_code,
        generation=row.generation,
        last_seq=row.last_seq,
        created_at=_with_zone(row.created_at),
        attempt=row.attempt,
        attempt_epoch=row.attempt_epoch,
        losses=row.losses,
    )


def _with_zone(moment: datetime) -> datetime:
    """SQLite forgets the zone of a moment; all of ours are stored in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
