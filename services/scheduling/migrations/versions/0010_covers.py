"""Pictures of gatherings, and who is invited to those that are not for everybody"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cover_small", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("cover_alt", sa.String(length=200), nullable=False, server_default="")
        )
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.alter_column("cover_alt", server_default=None)
    op.create_table(
        "invitations",
        sa.Column("gathering_id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name=op.f("fk_invitations_gathering_id_gatherings")
        ),
        sa.PrimaryKeyConstraint("gathering_id", "contact_id", name=op.f("pk_invitations")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_contact_id"), ["contact_id"], unique=False)


def downgrade() -> None:
    op.drop_table("invitations")
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.drop_column("cover_alt")
        batch_op.drop_column("cover_small")
