"""Sessions of agendas"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda_sessions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("starts_local", sa.DateTime(), nullable=False),
        sa.Column("ends_local", sa.DateTime(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("track", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=80), nullable=False),
        sa.Column("speakers", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source_uid", sa.String(length=255), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revised_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["gatherings.id"],
            name=op.f("fk_agenda_sessions_gathering_id_gatherings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_sessions")),
        sa.UniqueConstraint("slug", name=op.f("uq_agenda_sessions_slug")),
        sa.UniqueConstraint(
            "gathering_id", "source_uid", name=op.f("uq_agenda_sessions_gathering_id")
        ),
    )
    with op.batch_alter_table("agenda_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agenda_sessions_gathering_id"), ["gathering_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("agenda_sessions")
