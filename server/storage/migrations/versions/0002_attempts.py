"""A run can be tried again after its worker is lost: which attempt this is, and how often it was lost in a row."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Runs that are there already are at their first attempt."""
    op.add_column("runs", sa.Column("attempt", sa.Integer, nullable=False, server_default="1"))
    op.add_column("runs", sa.Column("attempt_epoch", sa.Integer, nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("losses", sa.Integer, nullable=False, server_default="0"))
