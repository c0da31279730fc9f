"""Tables of the backbone; each service keeps its own copy beside its data."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

BACKBONE = MetaData()

_Id = String(64)
_Serial = BigInteger().with_variant(Integer, "sqlite")

OUTBOX = Table(
    "outbox",
    BACKBONE,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("id", _Id, nullable=False, unique=True),
    Column("stream", String(8), nullable=False),
    Column("type", String(120), nullable=False),
    Column("key", _Id, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("time", Float, nullable=False),
    Column("correlationid", _Id, nullable=False),
    Column("causationid", _Id),
    # NULL with superseded false is a tombstone.
    Column("payload", LargeBinary),
    Column("superseded", Boolean, nullable=False),
    # Its place in the log, given by the relay; NULL until then.
    Column("number", BigInteger),
    Column("published_at", Float),
    Index(
        "ix_outbox_unpublished",
        "seq",
        sqlite_where=text("number IS NULL"),
        postgresql_where=text("number IS NULL"),
    ),
    Index(
        "uq_outbox_number",
        "number",
        unique=True,
        sqlite_where=text("number IS NOT NULL"),
        postgresql_where=text("number IS NOT NULL"),
    ),
    Index(
        "ix_outbox_live_state",
        "key",
        sqlite_where=text("stream = 'state' AND payload IS NOT NULL"),
        postgresql_where=text("stream = 'state' AND payload IS NOT NULL"),
    ),
    Index("ix_outbox_correlationid", "correlationid"),
)

INBOX = Table(
    "inbox",
    BACKBONE,
    Column("group_name", String(80), primary_key=True),
    Column("event_id", _Id, primary_key=True),
    Column("handled_at", Float, nullable=False),
    sqlite_with_rowid=False,
)

POSITIONS = Table(
    "positions",
    BACKBONE,
    Column("group_name", String(80), primary_key=True),
    Column("producer", String(120), primary_key=True),
    Column("number", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

PARKED = Table(
    "parked",
    BACKBONE,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("group_name", String(80), nullable=False),
    Column("event_id", _Id, nullable=False),
    Column("producer", String(40), nullable=False),
    Column("stream", String(8), nullable=False),
    Column("type", String(120), nullable=False),
    Column("key", _Id, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("time", Float, nullable=False),
    Column("correlationid", _Id, nullable=False),
    Column("value", LargeBinary),
    Column("error", Text, nullable=False),
    Column("parked_at", Float, nullable=False),
    Column("requeued", Boolean, nullable=False),
    Index("uq_parked_event", "group_name", "event_id", unique=True),
    sqlite_autoincrement=True,
)


def add_backbone_tables(metadata: MetaData) -> None:
    """Copy the backbone's tables into a service's metadata, for its migrations."""
    for table in BACKBONE.sorted_tables:
        table.to_metadata(metadata)
