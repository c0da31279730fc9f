"""Dates of a series that somebody registered for"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("known_registrations", sa.Column("dates", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("known_registrations", "dates")
