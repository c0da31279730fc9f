"""The directory: what messages need to know of people and things, derived from states."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, Column, DateTime, Table, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session, col, select

from events.envelope import Envelope, State
from services.kit.db import UtcDateTime
from services.kit.forgetting import LAST_VERSION
from services.notification.base import Base

ACTIVE = ("requested", "unconfirmed", "confirmed", "waitlisted", "offered")
"""What a registration is while the person wishes to come."""
DIRECTORY = "notification.directory"
"""The consumer group that fills these tables."""

_CHUNK = 1000


class Known(Base):
    """What is kept of one state; when it is gone, only its id and version are."""

    id: str = Field(primary_key=True, max_length=36)
    version: int
    gone: bool = False


class KnownContact(Known, table=True):
    """A person, and where to reach them."""

    __tablename__ = "known_contacts"

    status: str = Field(default="", max_length=16)
    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254)
    language: str = Field(default="", max_length=8)
    time_zone: str = Field(default="", max_length=64)


class KnownGathering(Known, table=True):
    """A gathering: what, when and where."""

    __tablename__ = "known_gatherings"

    slug: str = Field(default="", max_length=130)
    status: str = Field(default="", max_length=16)
    mode: str = Field(default="", max_length=16)
    title: str = Field(default="", max_length=200)
    location: str = Field(default="", max_length=200)
    starts_local: datetime | None = Field(default=None, sa_column=Column(DateTime()))
    ends_local: datetime | None = Field(default=None, sa_column=Column(DateTime()))
    time_zone: str = Field(default="", max_length=64)
    rrule: str | None = Field(default=None, max_length=200)
    # When this version was published, and by which request: tells whether it is the one that
    # a fact speaks of.
    published_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    correlationid: str = Field(default="", max_length=64)
    made_up: bool = False


class KnownRegistration(Known, table=True):
    """Who is registered for a gathering."""

    __tablename__ = "known_registrations"

    gathering_id: str = Field(default="", max_length=36, index=True)
    contact_id: str = Field(default="", max_length=36)
    status: str = Field(default="", max_length=16)
    revised_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    # The dates it is for, where people register for each; nothing when it is for all.
    dates: list[Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )


class KnownPost(Known, table=True):
    """A post: its title and address."""

    __tablename__ = "known_posts"

    slug: str = Field(default="", max_length=130)
    title: str = Field(default="", max_length=200)
    made_up: bool = False


class KnownDemoCase(Known, table=True):
    """A demo-case: its title and address."""

    __tablename__ = "known_demo_cases"

    slug: str = Field(default="", max_length=130)
    title: str = Field(default="", max_length=200)
    made_up: bool = False


class KnownOrganisation(Known, table=True):
    """An organisation: its name and address."""

    __tablename__ = "known_organisations"

    slug: str = Field(default="", max_length=130)
    name: str = Field(default="", max_length=200)
    made_up: bool = False

    @property
    def title(self) -> str:
        """What messages call it."""
        return self.name


class KnownPoll(Known, table=True):
    """A poll for a date: what it is called and until when people can answer."""

    __tablename__ = "known_polls"

    title: str = Field(default="", max_length=200)
    closes_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    time_zone: str = Field(default="", max_length=64)

    @property
    def slug(self) -> str:
        """What its pages are addressed by."""
        return self.id


class KnownCommunity(Known, table=True):
    """What the hub is called and speaks; there is one."""

    __tablename__ = "known_community"

    name: str = Field(default="", max_length=200)
    languages: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


KnownT = TypeVar("KnownT", bound=Known)

_CONTACTS: Table = Base.metadata.tables["known_contacts"]
_REGISTRATIONS: Table = Base.metadata.tables["known_registrations"]
_FIRST = KnownContact.__tablename__
TABLES: tuple[Table, ...] = tuple(
    Base.metadata.tables[str(known.__tablename__)]
    for known in (
        KnownContact, KnownGathering, KnownRegistration, KnownPost, KnownDemoCase,
        KnownOrganisation, KnownPoll, KnownCommunity,
    )
)  # fmt: skip


def write_lock(session: Session) -> None:
    """Take turns with all who write the directory or decide by it, until the commit.

    A message that lacks a state is written as waiting, and a state that arrives looks for
    waiting messages: were both under way at once, neither would see the other. On SQLite
    writers take turns anyway. On PostgreSQL this is the first lock of every writer, a replay
    included, so that no two wait for each other.
    """
    _lock(session, "SHARE ROW EXCLUSIVE")


def read_lock(session: Session) -> None:
    """The same for those who only decide by the directory; they do not exclude each other."""
    _lock(session, "SHARE")


def _lock(session: Session, mode: str) -> None:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'LOCK TABLE "{_FIRST}" IN {mode} MODE'))


def keep(session: Session, known: type[KnownT], envelopes: Sequence[Envelope[Any]]) -> list[KnownT]:
    """Bring the directory to the newest version of each state; returns how they stand now."""
    write_lock(session)
    connection = session.connection()
    table = Base.metadata.tables[str(known.__tablename__)]
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = insert(table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={c.name: statement.excluded[c.name] for c in table.columns if c.name != "id"},
            where=statement.excluded.version > table.c.version,
        ),
        [_row(known, envelope) for envelope in envelopes],
    )
    return list(by_id(session, known, {envelope.subject for envelope in envelopes}).values())


def forget(session: Session, contact_id: str) -> None:
    """Take an erased person out; a state of theirs that comes late changes nothing any more."""
    write_lock(session)
    connection = session.connection()
    blank = KnownContact(id=contact_id, version=LAST_VERSION, gone=True).model_dump()
    connection.execute(_CONTACTS.delete().where(_CONTACTS.c.id == contact_id))
    connection.execute(_CONTACTS.insert().values(blank))
    nobody = {"version": LAST_VERSION, "gone": True, "contact_id": "", "gathering_id": ""}
    connection.execute(
        _REGISTRATIONS.update()
        .where(_REGISTRATIONS.c.contact_id == contact_id)
        .values(**nobody, status="", revised_at=None, dates=None)
    )


def by_id(session: Session, known: type[KnownT], ids: Collection[str]) -> dict[str, KnownT]:
    """Those of these ids that the directory has, also when they are gone."""
    found: dict[str, KnownT] = {}
    for some in chunks(sorted(ids)):
        query = select(known).where(col(known.id).in_(some))
        # What this transaction wrote by Core must be read anew.
        rows = session.exec(query.execution_options(populate_existing=True))
        found.update((row.id, row) for row in rows)
    return found


def is_gone(session: Session, contact_id: str) -> bool:
    """Whether a person was there and is not any more."""
    query = select(KnownContact.gone).where(KnownContact.id == contact_id)
    return bool(session.exec(query).first())


def registered(session: Session, gathering_id: str) -> list[KnownRegistration]:
    """Everybody with a seat or a place in line."""
    query = select(KnownRegistration).where(
        KnownRegistration.gathering_id == gathering_id,
        col(KnownRegistration.status).in_(ACTIVE),
    )
    return list(session.exec(query.order_by(col(KnownRegistration.id))))


def community(session: Session) -> KnownCommunity:
    """What the hub is called and speaks; empty while it has not said so."""
    found = session.exec(select(KnownCommunity).where(~col(KnownCommunity.gone))).first()
    return found or KnownCommunity(id="", version=0)


def chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many ids at a time as one statement can take on either database."""
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def _row(known: type[Known], envelope: Envelope[State]) -> Mapping[str, Any]:
    blank = known(id=envelope.subject, version=envelope.version, gone=True).model_dump()
    if envelope.data is None:
        return blank
    told = {"published_at": envelope.time, "correlationid": envelope.correlationid}
    row = {**blank, **told, **envelope.data.model_dump(), "gone": False}
    if row.get("dates"):
        row["dates"] = envelope.data.model_dump(mode="json")["dates"]
    return {name: row[name] for name in blank}
