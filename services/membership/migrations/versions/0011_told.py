"""What an organisation tells of its people: not what would show who wants to be seen by few"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = (
    "SELECT 1 FROM contacts WHERE contacts.id = expertise_claims.holder_id AND audience = 'public'"
)
MANY = """SELECT count(*) FROM expertise_claims
    WHERE counts_for = organisation_terms.organisation_id AND counts_openly
    AND term_id = organisation_terms.term_id"""


def upgrade() -> None:
    with op.batch_alter_table("expertise_claims", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("counts_openly", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("organisation_terms", schema=None) as batch_op:
        batch_op.add_column(sa.Column("openly", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        f"UPDATE expertise_claims SET counts_openly = EXISTS ({OPEN}) "  # noqa: S608
        "WHERE counts_for IS NOT NULL"
    )
    op.execute(f"UPDATE organisation_terms SET openly = ({MANY})")  # noqa: S608
    # Each tells anew what it may.
    op.execute(
        "INSERT INTO timers (kind, key, due_at) "
        "SELECT DISTINCT 'tell-organisation', organisation_id, CURRENT_TIMESTAMP "
        "FROM organisation_terms WHERE NOT EXISTS (SELECT 1 FROM timers "
        "WHERE kind = 'tell-organisation' AND key = organisation_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("organisation_terms", schema=None) as batch_op:
        batch_op.drop_column("openly")
    with op.batch_alter_table("expertise_claims", schema=None) as batch_op:
        batch_op.drop_column("counts_openly")
