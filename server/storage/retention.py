"""Which runs nobody has opened for long."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from server.domain.status import TERMINAL
from server.storage.tables import RunRow

_ENDED = [status.value for status in TERMINAL]


def note_opened(session: Session, run_ids: Collection[str], now: datetime) -> None:
    """Somebody has opened these runs; those that are gone are passed over."""
    session.execute(update(RunRow).where(RunRow.run_id.in_(run_ids)).values(opened_at=now))


def note_live_as_opened(session: Session, now: datetime, unless_since: datetime) -> None:
    """A run that is not at its end counts as opened; written only where the last note is older than `unless_since`."""
    is_older = or_(RunRow.opened_at.is_(None), RunRow.opened_at < unless_since)
    session.execute(update(RunRow).where(RunRow.status.not_in(_ENDED), is_older).values(opened_at=now))


def unopened_since(session: Session, moment: datetime, most: int) -> list[str]:
    """Ended runs that were neither started nor opened since a moment, the oldest first."""
    is_older = or_(RunRow.opened_at.is_(None), RunRow.opened_at < moment)
    found = (
        select(RunRow.run_id)
        .where(RunRow.created_at < moment, RunRow.status.in_(_ENDED), is_older)
        .order_by(RunRow.created_at)
        .limit(most)
    )
    return list(session.scalars(found))
