"""The regions of what is coming are found by an index"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX = "ix_gatherings_region_code_finishes_at"


def upgrade() -> None:
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.create_index(INDEX, ["region_code", "finishes_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.drop_index(INDEX)
