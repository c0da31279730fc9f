"""What calendar knows from the log: gatherings and sessions, each with its VEVENT, who registered.

A replay may empty these tables and nothing else.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import JSON, BigInteger, Column, LargeBinary, Table, bindparam, case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session

from events.catalogue.scheduling import GatheringState, RegistrationState, SessionState
from events.envelope import Envelope, State, new_id, now
from services.calendar import ical
from services.calendar.base import Base
from services.calendar.feeds.rules import topic_slug
from services.kit.audience import only
from services.kit.db import UtcDateTime
from services.kit.forgetting import LAST_VERSION

StateT = TypeVar("StateT", bound=State)


class CalendarGathering(Base, table=True):
    """A gathering; drafts and gone ones are kept by their version alone, with no VEVENT."""

    __tablename__ = "calendar_gatherings"

    id: str = Field(primary_key=True, max_length=64)
    version: int = Field(sa_type=BigInteger)
    audience: str = Field(max_length=80)
    slug: str = Field(max_length=120, index=True)
    title: str = Field(max_length=200)
    kind: str = Field(max_length=16)
    language: str = Field(max_length=8)
    region_code: str | None = Field(max_length=8)
    topics: list[str] = Field(sa_column=Column(JSON, nullable=False))
    organiser_id: str = Field(max_length=36, index=True)
    time_zone: str = Field(max_length=64)
    starts_at: datetime | None = Field(sa_column=Column(UtcDateTime))
    state: bytes | None = Field(sa_column=Column(LargeBinary))
    vevent: bytes | None = Field(sa_column=Column(LargeBinary))
    # What the VEVENT was made with besides the state: see `rendering`.
    rendered_by: str = Field(max_length=300, index=True)


class CalendarSession(Base, table=True):
    """A session of an agenda; a gone one is kept by its version alone."""

    __tablename__ = "calendar_sessions"

    id: str = Field(primary_key=True, max_length=64)
    version: int = Field(sa_type=BigInteger)
    gathering_id: str = Field(max_length=64, index=True)
    time_zone: str = Field(max_length=64)
    starts_at: datetime | None = Field(sa_column=Column(UtcDateTime))
    state: bytes | None = Field(sa_column=Column(LargeBinary))
    vevent: bytes | None = Field(sa_column=Column(LargeBinary))
    # What the VEVENT was made with besides the state: see `rendering`.
    rendered_by: str = Field(max_length=300, index=True)


class CalendarRegistration(Base, table=True):
    """One person's registration; a gone one is kept by its version alone."""

    __tablename__ = "calendar_registrations"

    id: str = Field(primary_key=True, max_length=64)
    version: int = Field(sa_type=BigInteger)
    gathering_id: str = Field(max_length=36)
    contact_id: str = Field(max_length=36, index=True)
    status: str = Field(max_length=16)
    revised_at: datetime | None = Field(sa_column=Column(UtcDateTime))
    # The dates it is for, where people register for each; nothing when it is for all.
    dates: list[Any] | None = Field(sa_column=Column(JSON(none_as_null=True)))


class FeedChange(Base, table=True):
    """One row that every committed change replaces, so that a prepared feed knows it is old."""

    __tablename__ = "calendar_changes"

    id: int = Field(primary_key=True)
    # Never the same again, also not after a replay.
    token: str = Field(max_length=36)
    # Epoch seconds, later with every change: two in one second must not share Last-Modified.
    changed_at: int = Field(sa_type=BigInteger)


GATHERINGS: Table = CalendarGathering.__table__  # type: ignore[attr-defined]
SESSIONS: Table = CalendarSession.__table__  # type: ignore[attr-defined]
REGISTRATIONS: Table = CalendarRegistration.__table__  # type: ignore[attr-defined]
CHANGES: Table = FeedChange.__table__  # type: ignore[attr-defined]
TABLES = (GATHERINGS, SESSIONS, REGISTRATIONS, CHANGES)

_FORGET = (
    update(REGISTRATIONS)
    .where(REGISTRATIONS.c.contact_id == bindparam("contact"))
    .values(
        version=LAST_VERSION, contact_id="", gathering_id="", status="", revised_at=None, dates=None
    )
)


def rendering(address: str) -> str:
    """What a VEVENT depends on besides its state: this code and the hub's own address."""
    return f"{ical.RENDERING} {address}"


def keep_gatherings(
    session: Session, envelopes: Sequence[Envelope[GatheringState]], *, address: str
) -> None:
    """Keep each gathering's newest state, with its VEVENT rendered this once."""
    rows = [_gathering_row(envelope, address) for envelope in _newest(envelopes)]
    _upsert(session, GATHERINGS, rows)
    note_change(session)


def keep_sessions(
    session: Session, envelopes: Sequence[Envelope[SessionState]], *, address: str
) -> None:
    """Keep each session's newest state, rendered this once; its gathering may come later."""
    _upsert(session, SESSIONS, [_session_row(e, address) for e in _newest(envelopes)])
    note_change(session)


def keep_registrations(session: Session, envelopes: Sequence[Envelope[RegistrationState]]) -> None:
    """Keep each registration's newest state; its gathering may come later."""
    _upsert(session, REGISTRATIONS, [_registration_row(e) for e in _newest(envelopes)])
    note_change(session)


def forget(session: Session, contact_id: str) -> None:
    """Take an erased person out; a state of theirs that comes late changes nothing any more.

    What they organise is told anew by its own state.
    """
    session.connection().execute(_FORGET, {"contact": contact_id})
    note_change(session)


def render_stale(session: Session, *, address: str) -> int:
    """Render some VEVENTs made by older code or with another address; returns how many."""
    stale = _render_again(session, GATHERINGS, GatheringState, ical.event, address)
    stale += _render_again(session, SESSIONS, SessionState, ical.session, address)
    if stale:
        note_change(session)
    return stale


def note_change(session: Session) -> None:
    """Let prepared feeds know that they are old once this commits."""
    row = {"id": 1, "token": new_id(), "changed_at": int(now().timestamp())}
    session.connection().execute(_change_statement(session.get_bind().dialect.name), row)


def _render_again(
    session: Session,
    table: Table,
    model: type[StateT],
    render: Callable[[StateT, str], bytes],
    address: str,
) -> int:
    wanted = rendering(address)
    query = select(table.c.id, table.c.state).where(
        table.c.vevent.is_not(None), table.c.rendered_by != wanted
    )
    rows = session.connection().execute(query.limit(200)).fetchall()
    made = [
        {
            "row": row.id,
            "made": render(model.model_validate_json(row.state), address),
            "made_by": wanted,
        }
        for row in rows
    ]
    if made:
        changed = update(table).where(table.c.id == bindparam("row"))
        changed = changed.values(vevent=bindparam("made"), rendered_by=bindparam("made_by"))
        session.connection().execute(changed, made)
    return len(made)


def _newest(envelopes: Iterable[Envelope[StateT]]) -> list[Envelope[StateT]]:
    """The highest version of each aggregate in the batch."""
    highest: dict[str, Envelope[StateT]] = {}
    for envelope in envelopes:
        known = highest.get(envelope.subject)
        if known is None or envelope.version > known.version:
            highest[envelope.subject] = envelope
    return list(highest.values())


def _gathering_row(envelope: Envelope[GatheringState], address: str) -> dict[str, Any]:
    state = envelope.data
    # Drafts, also abandoned ones, are for their organiser alone and in no feed.
    if state is None or state.status == "draft" or state.audience == only(state.organiser_id):
        return {
            "id": envelope.subject,
            "version": envelope.version,
            "audience": "",
            "slug": "",
            "title": "",
            "kind": "",
            "language": "",
            "region_code": None,
            "topics": [],
            "organiser_id": "",
            "time_zone": "",
            "starts_at": None,
            "state": None,
            "vevent": None,
            "rendered_by": "",
        }
    return {
        "id": envelope.subject,
        "version": envelope.version,
        "audience": state.audience,
        "slug": state.slug,
        "title": str(ical.line(state.title)),
        "kind": state.kind,
        "language": state.language,
        "region_code": state.region_code,
        "topics": sorted({topic_slug(topic) for topic in state.topics}),
        "organiser_id": state.organiser_id,
        "time_zone": state.time_zone,
        "starts_at": state.starts_at,
        "state": state.model_dump_json().encode(),
        "vevent": ical.event(state, address),
        "rendered_by": rendering(address),
    }


def _session_row(envelope: Envelope[SessionState], address: str) -> dict[str, Any]:
    state = envelope.data
    return {
        "id": envelope.subject,
        "version": envelope.version,
        "gathering_id": state.gathering_id if state else "",
        "time_zone": state.time_zone if state else "",
        "starts_at": state.starts_at if state else None,
        "state": state.model_dump_json().encode() if state else None,
        "vevent": ical.session(state, address) if state else None,
        "rendered_by": rendering(address) if state else "",
    }


def _registration_row(envelope: Envelope[RegistrationState]) -> dict[str, Any]:
    state = envelope.data
    return {
        "id": envelope.subject,
        "version": envelope.version,
        "gathering_id": state.gathering_id if state else "",
        "contact_id": state.contact_id if state else "",
        "status": state.status if state else "",
        "revised_at": state.revised_at if state else None,
        "dates": state.model_dump(mode="json")["dates"] if state else None,
    }


def _upsert(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(_statement(table.name, session.get_bind().dialect.name), rows)


@cache
def _statement(table_name: str, dialect: str) -> Any:
    """Insert, or replace when the version is higher; built once."""
    table = next(table for table in TABLES if table.name == table_name)
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    return insert.on_conflict_do_update(
        index_elements=["id"],
        set_={c.name: insert.excluded[c.name] for c in table.c if c.name != "id"},
        where=insert.excluded.version > table.c.version,
    )


@cache
def _change_statement(dialect: str) -> Any:
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(CHANGES)
    moment = insert.excluded.changed_at
    later = case((moment > CHANGES.c.changed_at, moment), else_=CHANGES.c.changed_at + 1)
    return insert.on_conflict_do_update(
        index_elements=["id"], set_={"token": insert.excluded.token, "changed_at": later}
    )
