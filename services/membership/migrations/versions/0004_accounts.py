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
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_passkeys_contact_id_contacts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_contact_id"), ["contact_id"], unique=False)
    op.create_table(
        "passkey_challenges",
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("holder_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenges")),
    )
    with op.batch_alter_table("passkey_challenges", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_passkey_challenges_expires_at"), ["expires_at"], unique=False
        )
    op.create_table(
        "identities",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_identities_contact_id_contacts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer")),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_contact_id"), ["contact_id"], unique=False)


def downgrade() -> None:
    for table in ("identities", "passkey_challenges", "passkeys"):
        op.drop_table(table)
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        for name in ("proved_at", "used_on", "system", "browser"):
            batch_op.drop_column(name)
    with op.batch_alter_table("link_secrets", schema=None) as batch_op:
        batch_op.drop_column("code_hash")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_asked_by"))
        for name in ("tries", "asked_by"):
            batch_op.drop_column(name)
