"""What is in a feed, read from the projection and put together of finished components."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from sqlalchemy import ColumnElement, Row, bindparam, or_, select
from sqlmodel import Session

from events.catalogue.scheduling import GatheringState
from services.calendar import ical
from services.calendar.feeds.schemas import Feed, GatheringFeed, PrivateFeed, PublicFeed, QueryFeed
from services.calendar.projection import CHANGES, GATHERINGS, REGISTRATIONS, SESSIONS
from services.kit.audience import MEMBERS, PUBLIC

_G, _R, _S = GATHERINGS.c, REGISTRATIONS.c, SESSIONS.c
_CHANGE = select(CHANGES.c.token, CHANGES.c.changed_at)
_COLUMNS = (_G.id, _G.title, _G.time_zone, _G.starts_at, _G.vevent)
_SHOWN = select(*_COLUMNS, _G.topics).where(_G.vevent.is_not(None)).order_by(_G.starts_at, _G.id)
_REGISTERED = (
    select(*_COLUMNS, _R.status, _R.revised_at, _R.dates, _G.state)
    .join(REGISTRATIONS, _R.gathering_id == _G.id)
    .where(
        _R.contact_id == bindparam("contact"),
        _R.status.in_(("confirmed", "waitlisted", "offered", "requested")),
        _G.audience.in_((PUBLIC, MEMBERS)),
        _G.vevent.is_not(None),
    )
)
_ORGANISED = select(*_COLUMNS).where(
    _G.organiser_id == bindparam("contact"),
    _G.audience.in_((PUBLIC, MEMBERS)),
    _G.vevent.is_not(None),
)
_AGENDA = (
    select(_S.time_zone, _S.starts_at, _S.vevent)
    .where(_S.gathering_id == bindparam("gathering"), _S.vevent.is_not(None))
    .order_by(_S.starts_at, _S.id)
)
_Row = Row[*tuple[Any, ...]]
_NAME = "Co-creation hub"


class Change(NamedTuple):
    """The present state of the projection: a token that never comes again, and since when."""

    token: str
    changed_at: int
    """Epoch seconds; 0 when nothing ever happened."""


def change(session: Session) -> Change:
    """Which state of the projection this session sees (at least)."""
    row = session.connection().execute(_CHANGE).first()
    return Change(row.token, row.changed_at) if row else Change("", 0)


def body(session: Session, feed: Feed, *, address: str) -> bytes | None:
    """The feed's bytes; None when there is no such gathering."""
    match feed:
        case PublicFeed():
            return _public(session, feed, address)
        case QueryFeed():
            return _queried(session, feed, address)
        case GatheringFeed():
            return _gathering(session, feed, address)
        case PrivateFeed():
            return _private(session, feed, address)


def _public(session: Session, feed: PublicFeed, address: str) -> bytes:
    conditions: dict[str, ColumnElement[bool]] = {
        "kind": _G.kind == feed.value,
        "region": _G.region_code == feed.value,
        "language": _G.language == feed.value,
    }
    query = _SHOWN.where(_G.audience == PUBLIC)
    if feed.by in conditions:
        query = query.where(conditions[feed.by])
    rows = session.connection().execute(query).fetchall()
    if feed.by == "topic":
        rows = [row for row in rows if feed.value in row.topics]
    path = "public" if feed.by == "all" else f"{feed.by}/{quote(feed.value)}"
    about = {
        "all": "All public events of the hub.",
        "topic": f"Public events on the topic {feed.value}.",
        "kind": f"Public events of the kind {feed.value}.",
        "region": f"Public events in the region {feed.value}.",
        "language": f"Public events in the language {feed.value}.",
    }
    head = ical.Head(
        name=_NAME if feed.by == "all" else f"{_NAME}: {feed.value}",
        description=about[feed.by],
        url=f"{address}/events",
        source=f"{address}/feeds/{path}.ics",
    )
    return ical.calendar(head, _zones(rows), (row.vevent for row in rows))


def _queried(session: Session, feed: QueryFeed, address: str) -> bytes:
    query = _SHOWN.where(_G.audience == PUBLIC)
    if feed.kinds:
        query = query.where(_G.kind.in_(feed.kinds))
    if feed.languages:
        query = query.where(_G.language.in_(feed.languages))
    if feed.regions:
        # Codes of what lies within a region begin with its own.
        query = query.where(or_(*(_G.region_code.startswith(code) for code in feed.regions)))
    rows = session.connection().execute(query).fetchall()
    if feed.topics:
        rows = [row for row in rows if not set(feed.topics).isdisjoint(row.topics)]
    asked = [value for values in feed for value in values]
    pairs = [
        (name, value)
        for name, values in zip(("topic", "kind", "region", "language"), feed, strict=True)
        for value in values
    ]
    about = ", ".join(asked)
    head = ical.Head(
        name=f"{_NAME}: {about}" if about else _NAME,
        description=f"Public events: {about}." if about else "All public events of the hub.",
        url=f"{address}/events",
        source=f"{address}/feeds/events.ics?{urlencode(pairs)}",
    )
    return ical.calendar(head, _zones(rows), (row.vevent for row in rows))


def _gathering(session: Session, feed: GatheringFeed, address: str) -> bytes | None:
    query = _SHOWN.add_columns(_G.state).where(_G.audience == PUBLIC, _G.slug == feed.slug)
    row = session.connection().execute(query).first()
    if row is None:
        return None
    # Nothing of an agenda takes place when the whole does not.
    agenda: Sequence[_Row] = ()
    if GatheringState.model_validate_json(row.state).status not in ("cancelled", "postponed"):
        agenda = session.connection().execute(_AGENDA, {"gathering": row.id}).fetchall()
    page = f"{address}/events/{quote(feed.slug)}"
    head = ical.Head(
        name=row.title, description=f"{_NAME}: {row.title}", url=page, source=f"{page}.ics"
    )
    shown = [row, *agenda]
    return ical.calendar(head, _zones(shown), (each.vevent for each in shown))


def _private(session: Session, feed: PrivateFeed, address: str) -> bytes:
    connection = session.connection()
    wanted = {"contact": feed.contact_id}
    rows: dict[str, tuple[_Row, bytes]] = {}
    for row in connection.execute(_REGISTERED, wanted):
        if row.dates is not None:
            rows[row.id] = row, _dates(row, address)
            continue
        tentative = row.status != "confirmed"
        vevent = ical.personal(row.vevent, tentative=tentative, revised_at=row.revised_at)
        rows[row.id] = row, vevent
    # Who organises has a seat, whatever the waitlist says.
    rows |= {row.id: (row, row.vevent) for row in connection.execute(_ORGANISED, wanted)}
    found = sorted(rows.values(), key=lambda pair: (pair[0].starts_at, pair[0].id))
    # The address of this feed is a secret and stays out of it: calendars get passed on.
    head = ical.Head(
        name=f"My events ({_NAME})",
        description="What you registered for and what you organise.",
        url=f"{address}/me",
    )
    return ical.calendar(head, _zones(row for row, _ in found), (vevent for _, vevent in found))


def _dates(row: _Row, address: str) -> bytes:
    """The dates somebody registered for, each by itself."""
    state = GatheringState.model_validate_json(row.state)
    return b"".join(
        ical.personal(
            ical.single(state, address, datetime.fromisoformat(day["occurrence"])),
            tentative=row.status != "confirmed" or day["status"] != "confirmed",
            revised_at=row.revised_at,
        )
        for day in row.dates
    )


def _zones(rows: Iterable[_Row]) -> dict[str, int]:
    """The first year each zone is needed for."""
    zones: dict[str, int] = {}
    for row in rows:
        zones[row.time_zone] = min(zones.get(row.time_zone, 9999), row.starts_at.year)
    return zones
