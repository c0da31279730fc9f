"""Dates of a series that somebody registered for"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calendar_registrations", sa.Column("dates", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("calendar_registrations", "dates")
