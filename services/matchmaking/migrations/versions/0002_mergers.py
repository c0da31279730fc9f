"""Organisations that were merged"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidate_mergers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("into_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_mergers")),
    )
    with op.batch_alter_table("demo_cases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_demo_cases_lead_organisation_id"),
            ["lead_organisation_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("demo_cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demo_cases_lead_organisation_id"))
    op.drop_table("candidate_mergers")
