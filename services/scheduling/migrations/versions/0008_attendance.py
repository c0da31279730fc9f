"""Who came, how it was, and what was left for them"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES = (
    ("attendances", "gathering_id"),
    ("feedback", "contact_id"),
    ("feedback", "gathering_id"),
    ("feedback_given", "contact_id"),
    ("materials", "gathering_id"),
)


def _gathering(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["gathering_id"], ["gatherings.id"], name=op.f(f"fk_{table}_gathering_id_gatherings")
    )


def upgrade() -> None:
    op.create_table(
        "attendances",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("occurrence", sa.String(length=19), nullable=False),
        sa.Column("arrival", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _gathering("attendances"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint(
            "registration_id", "occurrence", name=op.f("uq_attendances_registration_id")
        ),
    )
    op.create_table(
        "tickets",
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_tickets_registration_id_registrations"),
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("code", name=op.f("uq_tickets_code")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=True),
        _gathering("feedback"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_table(
        "feedback_given",
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        _gathering("feedback_given"),
        sa.PrimaryKeyConstraint("gathering_id", "contact_id", name=op.f("pk_feedback_given")),
    )
    op.create_table(
        "materials",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("file_id", sa.String(length=64), nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        _gathering("materials"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
    )
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("materials", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.alter_column("materials", server_default=None)
    for table, column in INDEXES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.drop_column("materials")
    for table in ("materials", "feedback_given", "feedback", "tickets", "attendances"):
        op.drop_table(table)
