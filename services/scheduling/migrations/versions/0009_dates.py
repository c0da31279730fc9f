"""A step that registration for single dates has"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration_dates",
        sa.Column("registration_id", sa.String(length=36), nullable=False),
        sa.Column("occurrence", sa.String(length=19), nullable=False),
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_registration_dates_registration_id_registrations"),
        ),
        sa.PrimaryKeyConstraint(
            "registration_id", "occurrence", name=op.f("pk_registration_dates")
        ),
    )
    op.create_index(
        "ix_registration_dates_line",
        "registration_dates",
        ["gathering_id", "occurrence", "status", "asked_at"],
    )
    op.create_table(
        "date_seats",
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("occurrence", sa.String(length=19), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["gatherings.id"],
            name=op.f("fk_date_seats_gathering_id_gatherings"),
        ),
        sa.PrimaryKeyConstraint("gathering_id", "occurrence", name=op.f("pk_date_seats")),
    )
    # Not in a batch: SQLite keeps a table without row ids only when it is not made anew.
    op.add_column("registrations", sa.Column("dates", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("registrations", "dates")
    op.drop_table("date_seats")
    op.drop_table("registration_dates")
