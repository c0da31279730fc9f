"""Devices, passkeys and other identities"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_by", sa.String(64), nullable=True))
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_links_asked_by"), ["asked_by"], unique=False)
    with op.batch_alter_table("link_secrets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code_hash", sa.String(64), nullable=True))
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("system", sa.String(40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("used_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("proved_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE sessions SET proved_at = started_at, used_on = date(started_at)")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.alter_column("used_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("proved_at", existing_type=UtcDateTime(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        for name in ("proved_at", "used_on", "system", "browser"):
            batch_op.drop_column(name)
    with op.batch_alter_table("link_secrets", schema=None) as batch_op:
        batch_op.drop_column("code_hash")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_asked_by"))
        for name in ("tries", "asked_by"):
            batch_op.drop_column(name)
