"""Who speaks for an organisation, and which are one"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime
from services.membership.organisations.rules import derived

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STANDS = sa.text("merged_into IS NULL")
_UNIQUE = ("ror_id", "vat_id")
_INDEXED = ("alike", "domain", "merged_into", "sounds")
_COLUMNS = (
    "website", "ror_id", "vat_id", "verified_at", "verified_by", "merged_into", "domain", "alike",
    "sounds", "folded_name",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("website", sa.String(500), nullable=True))
        batch_op.add_column(sa.Column("ror_id", sa.String(9), nullable=True))
        batch_op.add_column(sa.Column("vat_id", sa.String(20), nullable=True))
        batch_op.add_column(sa.Column("verified_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("verified_by", sa.String(36), nullable=True))
        batch_op.add_column(sa.Column("merged_into", sa.String(36), nullable=True))
        batch_op.add_column(sa.Column("domain", sa.String(253), nullable=True))
        batch_op.add_column(sa.Column("alike", sa.String(200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("sounds", sa.String(40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("folded_name", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        for name in _INDEXED:
            batch_op.create_index(batch_op.f(f"ix_organisations_{name}"), [name], unique=False)
        for name in _UNIQUE:
            batch_op.create_index(
                f"uq_organisations_{name}",
                [name],
                unique=True,
                sqlite_where=_STANDS,
                postgresql_where=_STANDS,
            )
    _fill()
    op.create_table(
        "organisations_apart",
        sa.Column("first_id", sa.String(36), nullable=False),
        sa.Column("second_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["organisations.id"],
            name=op.f("fk_organisations_apart_first_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["organisations.id"],
            name=op.f("fk_organisations_apart_second_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_organisations_apart")),
    )
    op.create_index(op.f("ix_organisations_apart_second_id"), "organisations_apart", ["second_id"])
    op.create_table(
        "representatives",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("contact_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_representatives_contact_id_contacts")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_representatives_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representatives")),
        sa.UniqueConstraint(
            "organisation_id",
            "contact_id",
            "status",
            name=op.f("uq_representatives_organisation_id"),
        ),
    )
    op.create_index(op.f("ix_representatives_contact_id"), "representatives", ["contact_id"])


def downgrade() -> None:
    op.drop_table("representatives")
    op.drop_table("organisations_apart")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        for name in _UNIQUE:
            batch_op.drop_index(f"uq_organisations_{name}")
        for name in _INDEXED:
            batch_op.drop_index(batch_op.f(f"ix_organisations_{name}"))
        for name in reversed(_COLUMNS):
            batch_op.drop_column(name)


def _fill() -> None:
    """What is derived from the names of organisations that are known already."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, name FROM organisations")).all()
    if rows:
        connection.execute(
            sa.text(
                "UPDATE organisations SET alike = :alike, sounds = :sounds, "
                "folded_name = :folded_name WHERE id = :id"
            ),
            [{"id": id, **derived(name, None)} for id, name in rows],
        )
