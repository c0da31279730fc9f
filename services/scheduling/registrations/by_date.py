"""Registering where people choose dates of a series: what `service` does, by date.

Everything here holds the gathering's row lock; `days` counts the seats.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import RegistrationHeld, WaitlistPromoted
from events.envelope import Fact
from services.kit.errors import Conflict, NotFound
from services.kit.identity import Identity
from services.scheduling.admission.rules import check_admitted, check_window
from services.scheduling.occurrences.rules import Occurrence
from services.scheduling.registrations import days, seats
from services.scheduling.registrations.rows import (
    Found,
    by_id,
    ids_of,
    read,
    save,
    told,
    with_dates,
)
from services.scheduling.registrations.rules import begins_as
from services.scheduling.registrations.schemas import DateOpen, RegistrationRead
from services.scheduling.registrations.standing import standing_of


def begin(
    connection: Connection,
    row: Mapping[str, Any],
    gathering: Found,
    dates: Sequence[Occurrence],
    wanted: Sequence[str],
    moment: datetime,
) -> dict[str, Any]:
    """A registration that was just written, with its dates: confirmed when one has a seat."""
    wish = row["status"] == "requested"
    got = days.ask(connection, gathering, row["id"], wanted, moment, wish=wish)
    status, until = row["status"], row["until"]
    if not wish:
        status, until = begins_as(_has_seat(got), False, not row["proved"], moment)
    days.recount(connection, gathering.id, dates, moment)
    return with_dates(connection, row, dates=_kept(got), status=status, until=until)


def decide(
    session: Session, row: Found, gathering: Found, dates: Sequence[Occurrence], moment: datetime
) -> RegistrationRead:
    """Give somebody who asked a seat, or a place in line, on each of their dates to come."""
    connection = session.connection()
    coming = {days.key_of(d.occurrence) for d in dates if not d.cancelled and d.ends_at > moment}
    asked = [day.occurrence for day in days.of(connection, row.id) if day.occurrence in coming]
    if not asked:
        raise Conflict("One of these dates is over or was called off.")
    days.leave(connection, gathering.id, row.id)
    got = days.ask(connection, gathering, row.id, asked, moment)
    days.recount(connection, gathering.id, dates, moment)
    status, until = begins_as(_has_seat(got), False, not row.proved, moment)
    given = save(connection, row, moment, status=status, until=until, dates=_kept(got))
    outbox.add(session, told(given, gathering))
    return read(connection, given)


def choose(
    connection: Connection,
    row: Found,
    gathering: Found,
    dates: Sequence[Occurrence],
    wanted: Sequence[datetime],
    moment: datetime,
) -> dict[str, Any]:
    """Have the registration be for these coming dates; those that are over stay as they are."""
    chosen = days.check_wanted(dates, wanted, moment)
    before = {day.occurrence for day in days.of(connection, row.id)}
    gone = {days.key_of(d.occurrence) for d in dates if d.cancelled or d.ends_at <= moment}
    if set(chosen) == before - gone:
        return {}
    if not before.issuperset(chosen):
        check_window(gathering, moment)
        check_admitted(gathering, standing_of(connection, row))
        if gathering.needs_approval and row.status != "requested":
            raise Conflict(
                "The organiser decides who comes on which date: cancel, and register anew."
            )
    days.leave(connection, gathering.id, row.id, before - gone - set(chosen))
    days.ask(
        connection,
        gathering,
        row.id,
        [date for date in chosen if date not in before],
        moment,
        wish=row.status == "requested",
    )
    days.recount(connection, gathering.id, dates, moment)
    got = days.of(connection, row.id)
    changed: dict[str, Any] = {"dates": _kept(got)}
    if row.status in ("confirmed", "waitlisted", "unconfirmed"):
        status, until = begins_as(_has_seat(got), False, not row.proved, moment)
        # Who has time to confirm keeps that time, however often the dates change.
        changed["status"], changed["until"] = status, until and (row.until or until)
    return changed


def add(
    connection: Connection, row: Found, gathering: Found, date: datetime, moment: datetime
) -> dict[str, Any]:
    """Have a registration be for one more date."""
    dates = days.series(connection, gathering)
    assert dates is not None
    days.ask(connection, gathering, row.id, days.check_wanted(dates, [date], moment), moment)
    days.recount(connection, gathering.id, dates, moment)
    got = days.of(connection, row.id)
    status, until = row.status, row.until
    if status == "waitlisted":
        status, until = begins_as(_has_seat(got), False, not row.proved, moment)
    return save(connection, row, moment, status=status, until=until, dates=_kept(got))


def fill(session: Session, gathering: Found, dates: Sequence[Occurrence], moment: datetime) -> int:
    """Give free seats of each date to those in its line, at once; returns how many people."""
    connection = session.connection()
    given: list[str] = []
    if seats.takes_seats(gathering, moment):
        given = days.promote(connection, gathering, dates, moment)
    days.recount(connection, gathering.id, dates, moment)
    for id in given:
        row = by_id(connection, id)
        assert row is not None
        status, until = row.status, row.until
        fact: Fact = WaitlistPromoted(**ids_of(row))
        if status == "waitlisted":
            status, until = begins_as(True, False, not row.proved, moment)
        if until and not row.until:
            fact = RegistrationHeld(**ids_of(row), until=until)
        kept = _kept(days.of(connection, id))
        save(connection, row, moment, status=status, until=until, dates=kept)
        outbox.add(session, fact)
    return len(given)


def open_dates(
    session: Session, *, gathering_id: str, caller: Identity, moment: datetime
) -> list[DateOpen]:
    """The dates that can be chosen; none where one registration is for all."""
    connection = session.connection()
    gathering = connection.execute(seats.SEEN, {"gathering": gathering_id}).first()
    if gathering is None or gathering.audience not in caller.grants:
        raise NotFound("This event does not exist, or it is not public.")
    dates = days.series(connection, gathering)
    if dates is None:
        return []
    # Whoever tries an address could see by the seats whether it is invited.
    capacity = None if gathering.admits == "invited" else gathering.capacity
    return days.choices(connection, gathering_id, dates, capacity, moment)


def _has_seat(got: Sequence[days.Day]) -> bool:
    return any(day.status == "confirmed" for day in got)


def _kept(got: Sequence[days.Day]) -> list[list[str]]:
    return [list(day) for day in got]


def none_left(row: Found) -> list[Any] | None:
    """No dates any more, where a registration is for single ones."""
    return None if row.dates is None else []
