"""Questions, answers, kinds of seats, offers"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_contacts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("helix_side", sa.String(length=16), nullable=False),
        sa.Column("region_code", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_contacts")),
    )
    op.create_table(
        "seat_pools",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("attending", sa.String(length=8), nullable=False),
        sa.Column("reserved_by", sa.String(length=8), nullable=False),
        sa.Column("reserved_for", sa.String(length=16), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name=op.f("fk_seat_pools_gathering_id_gatherings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_pools")),
        sa.UniqueConstraint(
            "gathering_id",
            "attending",
            "reserved_by",
            "reserved_for",
            name=op.f("uq_seat_pools_gathering_id"),
        ),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("help", sa.String(length=400), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name=op.f("fk_questions_gathering_id_gatherings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_table(
        "answers",
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.String(length=36), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_answers_registration_id_registrations"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_answers_question_id_questions")
        ),
        sa.PrimaryKeyConstraint("registration_id", "question_id", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_questions_gathering_id"), ["gathering_id"], unique=False
        )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_question_id"), ["question_id"], unique=False)
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        for name in ("pooled", "asks"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        for name in ("pooled", "asks"):
            batch_op.alter_column(name, server_default=None)
    # Added one by one: SQLite keeps a table without row ids only when it is not made anew.
    for column in (
        sa.Column("proved", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("attending", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("pool_id", sa.String(length=36), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("access_needs", sa.String(length=400), nullable=False, server_default=""),
    ):
        op.add_column("registrations", column)


def downgrade() -> None:
    for name in ("access_needs", "until", "pool_id", "attending", "proved"):
        op.drop_column("registrations", name)
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        for name in ("asks", "pooled"):
            batch_op.drop_column(name)
    for table in ("answers", "questions", "seat_pools", "known_contacts"):
        op.drop_table(table)
