"""Terms of expertise and who claims them"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms",
        sa.Column("id", sa.String(length=48), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("scheme", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("mapped_to", sa.String(length=48), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("key", name=op.f("uq_terms_key")),
    )
    op.create_table(
        "expertise_claims",
        sa.Column("holder_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("term_id", sa.String(length=48), nullable=False),
        sa.Column("holder", sa.String(length=12), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=True),
        sa.Column("proof", sa.String(length=500), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("counts_for", sa.String(length=36), nullable=True),
        sa.Column("counts_as", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("holder_id", "kind", "term_id", name=op.f("pk_expertise_claims")),
    )
    op.create_index(op.f("ix_expertise_claims_term_id"), "expertise_claims", ["term_id"])
    op.create_table(
        "endorsements",
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("term_id", sa.String(length=48), nullable=False),
        sa.Column("endorser_id", sa.String(length=36), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "contact_id", "term_id", "endorser_id", name=op.f("pk_endorsements")
        ),
    )
    op.create_index(op.f("ix_endorsements_endorser_id"), "endorsements", ["endorser_id"])
    op.create_table(
        "organisation_terms",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("term_id", sa.String(length=48), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("learning", sa.Integer(), nullable=False),
        sa.Column("practising", sa.Integer(), nullable=False),
        sa.Column("leading", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "term_id", name=op.f("pk_organisation_terms")),
    )
    op.create_index(op.f("ix_organisation_terms_term_id"), "organisation_terms", ["term_id"])
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expertise", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("sought_term_ids", sa.JSON(), nullable=False, server_default="[]")
        )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("term_ids", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("knows", sa.JSON(), nullable=False, server_default="[]"))
    # What people wrote before there were terms is taken up by the service itself: a timer that is
    # due at once (services/membership/expertise/adopting.py).
    op.execute(
        sa.text(
            "INSERT INTO timers (kind, key, due_at) "
            "SELECT 'adopt-expertise', '', CURRENT_TIMESTAMP "
            "WHERE EXISTS (SELECT 1 FROM contacts) OR EXISTS (SELECT 1 FROM organisations)"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM timers WHERE kind = 'adopt-expertise'"))
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_column("knows")
        batch_op.drop_column("term_ids")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("sought_term_ids")
        batch_op.drop_column("expertise")
    op.drop_table("organisation_terms")
    op.drop_table("endorsements")
    op.drop_table("expertise_claims")
    op.drop_table("terms")
