"""The directory, and who was given which role"""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from services.kit.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revised", sa.BigInteger(), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_clock")),
    )
    op.create_table(
        "directory_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=True),
        sa.Column("revised", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("facets", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_directory_entries")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_directory_entries_subject_id")),
    )
    with op.batch_alter_table("directory_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directory_entries_revised"), ["revised"], unique=False)
    op.create_table(
        "directory_exports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_exports")),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("region_code", sa.String(length=8), nullable=True),
        sa.Column("granted_by", sa.String(length=36), nullable=True),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
    )
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grants_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grants_role"), ["role"], unique=False)
    op.create_table(
        "suspensions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspended_by", sa.String(length=36), nullable=True),
        sa.Column("suspended_at", UtcDateTime(), nullable=False),
        sa.Column("reinstated_by", sa.String(length=36), nullable=True),
        sa.Column("reinstated_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspensions_contact_id"), ["contact_id"], unique=False)
    _begin()


def _begin() -> None:
    """The clock stands; roles that were given before get their rows; entries follow by a timer."""
    connection = op.get_bind()
    metadata = sa.MetaData()
    clock = sa.Table("directory_clock", metadata, autoload_with=connection)
    connection.execute(clock.insert().values(id=1, revised=0, numbers=0))
    contacts = sa.table(
        "contacts",
        sa.column("id"),
        sa.column("roles", sa.JSON()),
        sa.column("region_code"),
        sa.column("created_at", UtcDateTime()),
    )
    grants = sa.table(
        "role_grants",
        *(sa.column(name) for name in ("id", "contact_id", "role", "region_code")),
        sa.column("granted_at", UtcDateTime()),
    )
    rows = connection.execute(sa.select(contacts)).fetchall()
    held = [
        {
            "id": str(uuid.uuid4()),
            "contact_id": row.id,
            "role": role,
            "region_code": row.region_code if role == "coordinator" else None,
            "granted_at": row.created_at,
        }
        for row in rows
        for role in row.roles
        if role != "member"
    ]
    if held:
        connection.execute(grants.insert(), held)
    if rows:
        timers = sa.table(
            "timers", sa.column("kind"), sa.column("key"), sa.column("due_at", UtcDateTime())
        )
        due = {"kind": "directory.fill", "key": "", "due_at": datetime.now(UTC)}
        connection.execute(timers.insert(), [due])


def downgrade() -> None:
    for name in (
        "suspensions",
        "role_grants",
        "directory_exports",
        "directory_entries",
        "directory_clock",
    ):
        op.drop_table(name)
