"""Seats of single dates, where people register for each date of a series.

Every date has as many seats as the gathering says, and a line of its own. A registration lists
its dates; these tables count and order them. All of it happens under the gathering's row lock, and
the guarded update refuses a seat too many whatever happens.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from services.kit.errors import Conflict, Invalid
from services.scheduling.gatherings.models import Gathering
from services.scheduling.occurrences.rules import Occurrence, is_series, occurrences
from services.scheduling.registrations.models import DateSeats, RegistrationDate
from services.scheduling.registrations.rows import Found
from services.scheduling.registrations.schemas import DateOpen

_G = Gathering.__table__  # type: ignore[attr-defined]
_D = RegistrationDate.__table__  # type: ignore[attr-defined]
_S = DateSeats.__table__  # type: ignore[attr-defined]
_SERIES = select(
    _G.c.starts_local, _G.c.ends_local, _G.c.time_zone, _G.c.rrule, _G.c.rdates, _G.c.exdates,
    _G.c.overrides,
).where(_G.c.id == bindparam("gathering"))  # fmt: skip
_BEGIN = {
    dialect: new(_S).on_conflict_do_nothing()
    for dialect, new in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))
}
_THIS = _S.c.gathering_id == bindparam("gathering"), _S.c.occurrence == bindparam("date")
_TAKE_ANY = (
    update(_S).where(*_THIS).values(taken=_S.c.taken + 1).execution_options(preserve_rowcount=True)
)
_TAKE_LEFT = (
    update(_S)
    .where(*_THIS, _S.c.taken < bindparam("capacity"))
    .values(taken=_S.c.taken + 1)
    .execution_options(preserve_rowcount=True)
)
_GIVE_BACK = update(_S).where(*_THIS).values(taken=_S.c.taken - 1)
_LINE = (
    select(_D)
    .where(_D.c.gathering_id == bindparam("gathering"), _D.c.status == "waitlisted")
    .order_by(_D.c.occurrence, _D.c.asked_at, _D.c.registration_id)
)
_SEAT = (
    update(_D)
    .where(_D.c.registration_id == bindparam("row"), _D.c.occurrence == bindparam("date"))
    .values(status="confirmed")
)


_STEP = timedelta(microseconds=1)


class Day(NamedTuple):
    """One date of a registration: its local start by the rule, and whether there is a seat."""

    occurrence: str
    status: str


def series(connection: Connection, gathering: Found) -> list[Occurrence] | None:
    """All dates where people register for each; None where one registration is for all."""
    if gathering.registers_for != "occurrence":
        return None
    row: Any = connection.execute(_SERIES, {"gathering": gathering.id}).one()
    return occurrences(row) if is_series(row) else None


def check_wanted(
    dates: Sequence[Occurrence], wanted: Iterable[datetime], moment: datetime
) -> list[str]:
    """The dates somebody asks for, in order; raises Invalid, or Conflict when one is over."""
    by_start = {date.occurrence: date for date in dates}
    chosen = sorted(set(wanted))
    if not chosen:
        raise Invalid("Please choose at least one date.", field="dates")
    for start in chosen:
        date = by_start.get(start)
        if date is None:
            raise Invalid("This event does not take place on that date.", field="dates")
        if date.cancelled or date.ends_at <= moment:
            raise Conflict("One of these dates is over or was called off.")
    return [key_of(start) for start in chosen]


def key_of(occurrence: datetime) -> str:
    """How tables name a date."""
    return occurrence.isoformat(timespec="seconds")


def ask(
    connection: Connection,
    gathering: Found,
    registration_id: str,
    wanted: Iterable[str],
    moment: datetime,
    *,
    wish: bool = False,
) -> list[Day]:
    """Take a seat, or a place in line, on each of these dates; a `wish` takes neither yet."""
    days = []
    for date in wanted:
        status, asked_at = "requested", moment
        if not wish:
            seat = not _waits(connection, gathering.id, date) and _take(connection, gathering, date)
            status = "confirmed" if seat else "waitlisted"
            asked_at = moment if seat else _end_of_line(connection, gathering.id, date, moment)
        connection.execute(
            _D.insert(),
            {
                "registration_id": registration_id,
                "occurrence": date,
                "gathering_id": gathering.id,
                "status": status,
                "asked_at": asked_at,
            },
        )
        days.append(Day(date, status))
    return days


def leave(
    connection: Connection,
    gathering_id: str,
    registration_id: str,
    dates: Collection[str] | None = None,
) -> None:
    """Give up these dates of a registration, or all."""
    own = _D.c.registration_id == registration_id
    for row in connection.execute(select(_D).where(own)).fetchall():
        if dates is not None and row.occurrence not in dates:
            continue
        if row.status == "confirmed":
            connection.execute(_GIVE_BACK, {"gathering": gathering_id, "date": row.occurrence})
        connection.execute(delete(_D).where(own, _D.c.occurrence == row.occurrence))


def promote(
    connection: Connection, gathering: Found, dates: Sequence[Occurrence], moment: datetime
) -> list[str]:
    """Give free seats of coming dates to those in line; returns whose registrations they are."""
    open_dates = {key_of(d.occurrence) for d in dates if not d.cancelled and d.ends_at > moment}
    full: set[str] = set()
    given: dict[str, None] = {}
    for row in connection.execute(_LINE, {"gathering": gathering.id}).fetchall():
        if row.occurrence not in open_dates or row.occurrence in full:
            continue
        if _take(connection, gathering, row.occurrence):
            connection.execute(_SEAT, {"row": row.registration_id, "date": row.occurrence})
            given[row.registration_id] = None
        else:
            full.add(row.occurrence)
    return list(given)


def of(connection: Connection, registration_id: str) -> list[Day]:
    """The dates of a registration."""
    rows = connection.execute(
        select(_D.c.occurrence, _D.c.status)
        .where(_D.c.registration_id == registration_id)
        .order_by(_D.c.occurrence)
    )
    return [Day(row.occurrence, row.status) for row in rows]


def position(connection: Connection, registration_id: str, occurrence: str) -> int:
    """The place in the line of one date; 1 is next."""
    own = connection.execute(
        select(_D).where(_D.c.registration_id == registration_id, _D.c.occurrence == occurrence)
    ).one()
    before = select(func.count()).where(
        _D.c.gathering_id == own.gathering_id,
        _D.c.occurrence == occurrence,
        _D.c.status == "waitlisted",
        tuple_(_D.c.asked_at, _D.c.registration_id) < tuple_(own.asked_at, registration_id),
    )
    return int(connection.execute(before).scalar_one()) + 1


def any_registered(connection: Connection, gathering_id: str) -> bool:
    """Whether somebody is registered for single dates, or waits for one."""
    found = select(_D.c.occurrence).where(_D.c.gathering_id == gathering_id).limit(1)
    return connection.execute(found).first() is not None


def most_taken(connection: Connection, gathering_id: str) -> int:
    """How many seats are taken on the date that has most."""
    most = select(func.max(_S.c.taken)).where(_S.c.gathering_id == gathering_id)
    return int(connection.execute(most).scalar() or 0)


def recount(
    connection: Connection, gathering_id: str, dates: Sequence[Occurrence], moment: datetime
) -> None:
    """Let the gathering's own count be that of the coming date with most seats left.

    Lists and searches for what "still has seats" look at it.
    """
    taken = _taken(connection, gathering_id)
    coming = [d for d in dates if not d.cancelled and d.ends_at > moment]
    least = min((taken.get(key_of(date.occurrence), 0) for date in coming), default=0)
    connection.execute(update(_G).where(_G.c.id == gathering_id).values(taken=least))


def choices(
    connection: Connection, gathering_id: str, dates: Sequence[Occurrence],
    capacity: int | None, moment: datetime,
) -> list[DateOpen]:  # fmt: skip
    """The dates that people can register for now, with how many seats each has left."""
    taken = _taken(connection, gathering_id)
    return [
        DateOpen(
            occurrence=date.occurrence,
            starts_local=date.starts_local,
            title=date.title,
            seats_left=None
            if capacity is None
            else max(0, capacity - taken.get(key_of(date.occurrence), 0)),
        )
        for date in dates
        if not date.cancelled and date.ends_at > moment
    ]


def drop_of(connection: Connection, registration_id: str) -> None:
    """Forget which dates a registration was for; seats that were taken stay counted."""
    connection.execute(delete(_D).where(_D.c.registration_id == registration_id))


def _take(connection: Connection, gathering: Found, date: str) -> bool:
    key = {"gathering": gathering.id, "date": date}
    connection.execute(
        _BEGIN[connection.dialect.name],
        {"gathering_id": gathering.id, "occurrence": date, "taken": 0},
    )
    if gathering.capacity is None:
        return bool(connection.execute(_TAKE_ANY, key).rowcount)
    return bool(connection.execute(_TAKE_LEFT, {**key, "capacity": gathering.capacity}).rowcount)


def _waits(connection: Connection, gathering_id: str, date: str) -> bool:
    return _last_in_line(connection, gathering_id, date) is not None


def _end_of_line(
    connection: Connection, gathering_id: str, date: str, moment: datetime
) -> datetime:
    """Since when the next one waits: in the order of the lock, whatever the clocks say."""
    last = _last_in_line(connection, gathering_id, date)
    return max(moment, last + _STEP) if last else moment


def _last_in_line(connection: Connection, gathering_id: str, date: str) -> datetime | None:
    last = select(func.max(_D.c.asked_at)).where(
        _D.c.gathering_id == gathering_id,
        _D.c.occurrence == date,
        _D.c.status == "waitlisted",
    )
    found: datetime | None = connection.execute(last).scalar()
    return found


def _taken(connection: Connection, gathering_id: str) -> dict[str, int]:
    rows = connection.execute(
        select(_S.c.occurrence, _S.c.taken).where(_S.c.gathering_id == gathering_id)
    )
    return {row.occurrence: row.taken for row in rows}
