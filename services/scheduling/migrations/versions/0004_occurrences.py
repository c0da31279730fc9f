"""Dates of a series that are not as the rule says"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("overrides", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.alter_column("overrides", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.drop_column("overrides")
