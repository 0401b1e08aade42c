"""Runs in the database, as frozen records outside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.domain.controls import ControlState
from server.domain.spec import RunSpec
from server.domain.status import TERMINAL, RunStatus
from server.storage.tables import RunEventRow, RunRow


@dataclass(frozen=True)
class Run:
    """One run as it was at the moment of reading.

    `position` is its place in line, 1 for the next; it is no column but part of the story, so who needs it looks there.
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


@dataclass(frozen=True)
class Place:
    """Where a run has come to; None leaves a value as it is."""

    epoch: int
    step: int
    metrics: Mapping[str, object] | None = None


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


def count_live_runs(session: Session) -> int:
    """How many runs are not at their end."""
    ended = [status.value for status in TERMINAL]
    return session.scalar(select(func.count()).where(RunRow.status.not_in(ended))) or 0


def set_place(session: Session, run_id: str, place: Place) -> None:
    """Note how far a run has come."""
    row = session.get_one(RunRow, run_id)
    row.epoch, row.step = place.epoch, place.step
    if place.metrics is not None:
        row.metrics = dict(place.metrics)


def set_status(
    session: Session, run_id: str, status: RunStatus, reason: str | None = None, code: str | None = None
) -> None:
    """Note a run's status, and why."""
    row = session.get_one(RunRow, run_id)
    row.status, row.reason, row.reason_code = status.value, reason, code


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
    )


def _with_zone(moment: datetime) -> datetime:
    """SQLite forgets the zone of a moment; all of ours are stored in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
