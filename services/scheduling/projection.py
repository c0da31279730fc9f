"""What scheduling knows of people from the log: their side and region, for rules and for counts.

A replay may empty this table and nothing else.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session

from events.catalogue.membership import ContactState
from events.envelope import Envelope
from services.kit.forgetting import LAST_VERSION
from services.scheduling.base import Base

PEOPLE = "scheduling.people"
"""The consumer group that fills this table."""


class KnownContact(Base, table=True):
    """A person's side and region; a gone one is kept by their version alone."""

    __tablename__ = "known_contacts"

    id: str = Field(primary_key=True, max_length=36)
    version: int
    helix_side: str = Field(default="", max_length=16)
    region_code: str = Field(default="", max_length=8)


CONTACTS: Table = KnownContact.__table__  # type: ignore[attr-defined]
TABLES = (CONTACTS,)
_BY_ID = select(CONTACTS.c.helix_side, CONTACTS.c.region_code).where(
    CONTACTS.c.id == bindparam("contact")
)
_FORGET = (
    update(CONTACTS)
    .where(CONTACTS.c.id == bindparam("contact"))
    .values(version=LAST_VERSION, helix_side="", region_code="")
)


def keep(session: Session, envelopes: Sequence[Envelope[ContactState]]) -> None:
    """Keep each person's newest state."""
    newest: dict[str, dict[str, Any]] = {}
    for envelope in envelopes:
        state = envelope.data
        row = {
            "id": envelope.subject,
            "version": envelope.version,
            "helix_side": (state.helix_side if state else None) or "",
            "region_code": (state.region_code if state else None) or "",
        }
        known = newest.get(envelope.subject)
        if known is None or row["version"] > known["version"]:
            newest[envelope.subject] = row
    connection = session.connection()
    connection.execute(_upsert(connection.dialect.name), list(newest.values()))


def side_and_region(connection: Connection, contact_id: str) -> tuple[str, str]:
    """Where a person stands; both empty for guests and while nothing is known."""
    row = connection.execute(_BY_ID, {"contact": contact_id}).first()
    return (row.helix_side, row.region_code) if row else ("", "")


def forget(session: Session, contact_id: str) -> None:
    """Take an erased person out; a state of theirs that comes late changes nothing any more."""
    session.connection().execute(_FORGET, {"contact": contact_id})


@cache
def _upsert(dialect: str) -> Any:
    insert = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(CONTACTS)
    return insert.on_conflict_do_update(
        index_elements=["id"],
        set_={c.name: insert.excluded[c.name] for c in CONTACTS.c if c.name != "id"},
        where=insert.excluded.version > CONTACTS.c.version,
    )
