"""Who looks after a gathering besides its organiser, and what it was before"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gathering_people",
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["gatherings.id"],
            name=op.f("fk_gathering_people_gathering_id_gatherings"),
        ),
        sa.PrimaryKeyConstraint(
            "gathering_id", "contact_id", "role", name=op.f("pk_gathering_people")
        ),
    )
    with op.batch_alter_table("gathering_people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gathering_people_contact_id"), ["contact_id"], unique=False
        )
    op.create_table(
        "gathering_versions",
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["gatherings.id"],
            name=op.f("fk_gathering_versions_gathering_id_gatherings"),
        ),
        sa.PrimaryKeyConstraint("gathering_id", "version", name=op.f("pk_gathering_versions")),
    )


def downgrade() -> None:
    op.drop_table("gathering_versions")
    op.drop_table("gathering_people")
