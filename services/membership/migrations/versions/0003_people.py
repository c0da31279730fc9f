"""What people choose and when, and what exactly they agreed to"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("visibility", sa.String(16), nullable=False, server_default="members")
        )
        batch_op.add_column(sa.Column("interests", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("coordinates", sa.JSON(), nullable=False, server_default="[]")
        )
        batch_op.add_column(sa.Column("checked_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("erase_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("consent_records", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("text_version", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(
            sa.Column("text_hash", sa.String(64), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("language", sa.String(8), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("source", sa.String(16), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("consent_records", schema=None) as batch_op:
        for name in ("source", "language", "text_hash", "text_version"):
            batch_op.drop_column(name)
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        for name in ("erase_at", "checked_at", "coordinates", "interests", "visibility"):
            batch_op.drop_column(name)
