"""When somebody last opened a run, so that old ones can be removed; and an index that finds the newest runs."""

from datetime import datetime, timezone

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Runs that are there already count as opened now: nobody could know that they would be removed."""
    op.add_column("runs", sa.Column("opened_at", sa.DateTime(timezone=True)))
    runs = sa.table("runs", sa.column("opened_at", sa.DateTime(timezone=True)))
    op.execute(runs.update().values(opened_at=datetime.now(timezone.utc)))
    op.create_index("ix_runs_created_at", "runs", ["created_at"])
