"""Regions of the partnership, and places by the codes of NUTS 2024"""

import sqlalchemy as sa
from alembic import op

from services.kit import regions
from services.kit.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("nuts_codes", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("name_key", name=op.f("uq_regions_name_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_regions_slug")),
    )
    op.create_table(
        "imported_organisations",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_imported_organisations_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_imported_organisations")),
    )
    op.create_table(
        "invitations",
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name=op.f("fk_invitations_contact_id_contacts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_invitations")),
    )
    for name in ("contacts", "organisations"):
        _carry_over(sa.table(name, sa.column("region_code", sa.String())))


def downgrade() -> None:
    op.drop_table("invitations")
    op.drop_table("imported_organisations")
    op.drop_table("regions")


def _carry_over(table: sa.TableClause) -> None:
    """What was called otherwise in 2021 has its new code; a place outside the list has none."""
    code = table.c.region_code
    connection = op.get_bind()
    for (old,) in connection.execute(sa.select(code).where(code.is_not(None)).distinct()):
        if (new := regions.current(old)) != old:
            connection.execute(sa.update(table).where(code == old).values(region_code=new))
