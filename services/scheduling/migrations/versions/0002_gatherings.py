"""What gatherings say of dates, people, access and registration"""

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LISTS = (
    "rdates", "exdates", "demo_case_ids", "host_organisation_ids", "admits_sides", "admits_regions",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        for name in LISTS:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        for name, length, default in (
            ("registers_for", 12, "series"),
            ("access", 400, ""),
            ("costs", 200, ""),
            ("recording_url", 500, ""),
            ("admits", 12, "open"),
        ):
            batch_op.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default=default)
            )
        for name, length in (("pilot_id", 36), ("cover", 64), ("source_uid", 255)):
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=True))
        for name in ("captions", "needs_approval", "link_released"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
        for name in ("opens_at", "closes_at"):
            batch_op.add_column(sa.Column(name, UtcDateTime(), nullable=True))
        for name, default in (("offer_hours", "0"), ("doors_minutes", "15")):
            batch_op.add_column(
                sa.Column(name, sa.Integer(), nullable=False, server_default=default)
            )
        batch_op.create_unique_constraint(batch_op.f("uq_gatherings_source_uid"), ["source_uid"])
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        for name in (
            *LISTS, "registers_for", "access", "costs", "recording_url", "admits", "captions",
            "needs_approval", "link_released", "offer_hours", "doors_minutes",
        ):  # fmt: skip
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("gatherings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_gatherings_source_uid"), type_="unique")
        for name in (
            *LISTS, "registers_for", "access", "costs", "recording_url", "admits", "captions",
            "needs_approval", "link_released", "opens_at", "closes_at", "offer_hours",
            "doors_minutes", "pilot_id", "cover", "source_uid",
        ):  # fmt: skip
            batch_op.drop_column(name)
