"""The story of each run: events numbered 1, 2, 3 …, the truth that streams replay."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.domain.events import Columns, join_columns
from server.storage.tables import RunEventRow, RunRow


@dataclass(frozen=True)
class LoggedEvent:
    """An event in its place; `data` is strict JSON on one line."""

    seq: int
    kind: str
    data: str


def append_events(session: Session, events: Sequence[tuple[str, LoggedEvent]]) -> None:
    """Store events of several runs, already numbered; the runs' own `last_seq` is noted by who numbered them."""
    rows = [{"run_id": run_id, "seq": each.seq, "kind": each.kind, "payload": each.data} for run_id, each in events]
    if rows:
        session.execute(insert(RunEventRow), rows)


def append_event(session: Session, run_id: str, kind: str, data: str) -> LoggedEvent:
    """Give an event the next number of its run and store it."""
    seq = session.execute(
        update(RunRow).where(RunRow.run_id == run_id).values(last_seq=RunRow.last_seq + 1).returning(RunRow.last_seq)
    ).scalar_one()
    session.add(RunEventRow(run_id=run_id, seq=seq, kind=kind, payload=data))
    return LoggedEvent(seq, kind, data)


def read_after(session: Session, run_id: str, seq: int, most: int = 500) -> list[LoggedEvent]:
    """The next events after a number, in order."""
    following = (
        select(RunEventRow)
        .where(RunEventRow.run_id == run_id, RunEventRow.seq > seq)
        .order_by(RunEventRow.seq)
        .limit(most)
    )
    return [LoggedEvent(row.seq, row.kind, row.payload) for row in session.scalars(following)]


def read_newest(session: Session, run_id: str, kind: str) -> LoggedEvent | None:
    """The last event of one kind in a run's story."""
    newest = (
        select(RunEventRow)
        .where(RunEventRow.run_id == run_id, RunEventRow.kind == kind)
        .order_by(RunEventRow.seq.desc())
        .limit(1)
    )
    row = session.scalars(newest).first()
    return LoggedEvent(row.seq, row.kind, row.payload) if row else None


def read_metrics(session: Session, run_id: str) -> tuple[Columns, int]:
    """All metrics of a run as columns, and the number of the last event they cover."""
    stored = (
        select(RunEventRow.seq, RunEventRow.payload)
        .where(RunEventRow.run_id == run_id, RunEventRow.kind == "metrics")
        .order_by(RunEventRow.seq)
    )
    rows = session.execute(stored).all()
    columns = join_columns(json.loads(payload) for _, payload in rows)
    return columns, rows[-1].seq if rows else 0
