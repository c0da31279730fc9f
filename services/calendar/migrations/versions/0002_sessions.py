"""Sessions of agendas, each with its VEVENT"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("gathering_id", sa.String(length=64), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("vevent", sa.LargeBinary(), nullable=True),
        sa.Column("rendered_by", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_sessions")),
    )
    with op.batch_alter_table("calendar_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_sessions_gathering_id"), ["gathering_id"])
        batch_op.create_index(batch_op.f("ix_calendar_sessions_rendered_by"), ["rendered_by"])


def downgrade() -> None:
    op.drop_table("calendar_sessions")
