"""Use cases of registrations; every one holds the gathering's row lock from begin to commit."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationDeclined,
    RegistrationHeld,
    RegistrationLapsed,
    RegistrationOffered,
    WaitlistPromoted,
)
from events.envelope import Fact, new_id
from services.kit.errors import Conflict, Forbidden, NotFound
from services.kit.identity import Identity
from services.kit.timers import set_timer
from services.scheduling.admission.rules import (
    check_admitted,
    check_attending,
    check_window,
)
from services.scheduling.gatherings import service as gatherings
from services.scheduling.models import Registration, RegistrationLink
from services.scheduling.questions import service as questions
from services.scheduling.registrations import by_date, days, seats
from services.scheduling.registrations.reading import details, is_theirs
from services.scheduling.registrations.rows import (
    END_OF_LINE,
    INSERT_NEW,
    OWN,
    RELEASE,
    Found,
    by_id,
    ids_of,
    read,
    revise,
    save,
    state_of,
    told,
)
from services.scheduling.registrations.rules import (
    ENDED,
    HOLDS_SEAT,
    begins_as,
    check_open,
    seat_for,
    seated_as,
)
from services.scheduling.registrations.schemas import (
    RegistrationCreate,
    RegistrationDetails,
    RegistrationRead,
    RegistrationUpdate,
)
from services.scheduling.registrations.standing import standing, standing_of


def register(
    connection: Connection,
    *,
    order: RegistrationCreate,
    caller: Identity,
    moment: datetime,
    at_the_door: bool = False,
) -> RegistrationRead:
    """Give the person a seat or a place in line; asking twice changes nothing.

    Raises NotFound when the caller may not see the gathering, Conflict when it is not open,
    Forbidden when it is not meant for the person, Invalid for answers that do not fit. Who is let
    in at the door is asked nothing.
    """
    contact_id = _contact_of(order, caller)
    # A free seat is taken before anything is known: an error gives it back with the transaction.
    gathering: Found | None = connection.execute(
        seats.TAKE, {"gathering": order.gathering_id}
    ).first()
    seated = gathering is not None
    if gathering is None:
        gathering = seats.locked(connection, order.gathering_id)
    if gathering is None or gathering.audience not in caller.grants:
        raise NotFound("This event does not exist, or it is not public.")
    check_open(status=gathering.status, finishes_at=gathering.finishes_at, moment=moment)
    if order.unproved and gathering.asks:
        # The same is said whether the address is known here, invited or neither.
        questions.check(connection, gathering_id=gathering.id, given=order.answers)
    dates = days.series(connection, gathering)
    wanted = [] if dates is None else days.check_wanted(dates, order.dates, moment)
    if dates is not None:
        # Seats of dates are counted by date.
        connection.execute(seats.COUNT, {"gathering": gathering.id, "more": -int(seated)})
        seated = False
    elif not seated and seat_for(capacity=gathering.capacity, taken=gathering.taken) == "confirmed":
        # Given up by somebody between the two statements.
        connection.execute(seats.COUNT, {"gathering": gathering.id, "more": 1})
        seated = True
    own = {"gathering": gathering.id, "contact": contact_id}
    row: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "gathering_id": gathering.id,
        "contact_id": contact_id,
        "proved": not order.unproved,
        "attending": check_attending(order.attending, gathering.mode) if gathering.pooled else "",
        "pool_id": None,
        "until": None,
        "access_needs": order.access_needs,
        "dates": None,
        "revised_at": moment,
    }
    known = connection.execute(OWN, own).first() if _is_special(gathering) else None
    if known is None or known.status in ENDED:
        asks = gathering.needs_approval and not at_the_door
        if _is_special(gathering):
            person = standing(
                connection,
                gathering_id=gathering.id,
                contact_id=contact_id,
                proved=not order.unproved,
            )
            if not at_the_door:
                check_window(gathering, moment)
                check_admitted(gathering, person)
            if gathering.pooled and seated and not asks:
                row["pool_id"] = seats.take_of_kind(
                    connection, gathering.id, attending=row["attending"], person=person
                )
        no_seat = asks or (gathering.pooled and row["pool_id"] is None)
        if seated and no_seat:
            connection.execute(seats.COUNT, {"gathering": gathering.id, "more": -1})
            seated = False
        row["status"], row["until"] = begins_as(seated, asks, order.unproved, moment)
        row["asked_at"], position = moment, None
        if not seated and dates is None:
            row["asked_at"], position = _end_of_line(connection, gathering.id, moment)
        if known is not None:
            row = _again(connection, known, row, moment)
            known = None
        elif not connection.execute(INSERT_NEW[connection.dialect.name], row).rowcount:
            known = connection.execute(OWN, own).one()
            if known.status in ENDED:
                row = _again(connection, known, row, moment)
                known = None
    if known is not None:
        if seated:
            seats.give_back(connection, gathering.id, row["pool_id"])
        return _known_already(connection, known, order)
    if dates is not None:
        row = by_date.begin(connection, row, gathering, dates, wanted, moment)
    if gathering.asks and not at_the_door:
        questions.keep(
            connection,
            registration_id=row["id"],
            gathering_id=gathering.id,
            given=order.answers,
        )
    if row["until"]:
        set_timer(connection, kind=RELEASE, key=row["id"], due_at=row["until"])
    outbox.add(connection, state_of(row), told(row, gathering))
    return read(connection, row, position=position)


def take_up(
    session: Session, *, id: str, caller: Identity | None, moment: datetime
) -> RegistrationRead:
    """Confirm a seat that is held, or take one that is offered; doing it twice changes nothing."""
    row, _gathering = _own_locked(session, id, caller)
    connection = session.connection()
    if row.status not in ("unconfirmed", "offered"):
        if row.status in ENDED:
            raise Conflict("This seat is not held any more. You can register again.")
        return read(connection, row)
    taken = save(connection, row, moment, status="confirmed", proved=True)
    outbox.add(session, RegistrationConfirmed(**ids_of(taken)))
    return read(connection, taken)


def decide(
    session: Session, *, id: str, approved: bool, caller: Identity, moment: datetime
) -> RegistrationRead:
    """Give somebody who asked a seat (or a place in line), or decline; by the organiser."""
    connection = session.connection()
    found = by_id(connection, id)
    if found is None:
        raise NotFound("There is no such registration.")
    gatherings.locked(session, found.gathering_id, caller)
    gathering = seats.locked(connection, found.gathering_id)
    row = by_id(connection, id)
    assert gathering is not None
    assert row is not None
    if row.status != "requested":
        raise Conflict("This was decided already.")
    if not approved:
        if row.dates is not None:
            days.leave(connection, gathering.id, row.id)
        declined = save(connection, row, moment, status="declined", dates=by_date.none_left(row))
        outbox.add(session, RegistrationDeclined(**ids_of(declined)))
        return read(connection, declined)
    dates = days.series(connection, gathering)
    if dates is not None:
        return by_date.decide(session, row, gathering, dates, moment)
    person = standing_of(connection, row)
    pool_id = None
    seat = connection.execute(seats.TAKE, {"gathering": gathering.id}).first() is not None
    if seat and gathering.pooled:
        pool_id = seats.take_of_kind(
            connection, gathering.id, attending=row.attending, person=person
        )
        if pool_id is None:
            seats.give_back(connection, gathering.id, None)
            seat = False
    asked = row.asked_at if seat else _end_of_line(connection, gathering.id, moment)[0]
    status, until = begins_as(seat, False, not row.proved, moment)
    given = save(
        connection, row, moment, status=status, until=until, pool_id=pool_id, asked_at=asked
    )
    outbox.add(session, told(given, gathering))
    return read(connection, given)


def change(
    session: Session,
    *,
    id: str,
    caller: Identity | None,
    wanted: RegistrationUpdate,
    moment: datetime,
) -> RegistrationDetails:
    """Change answers, needs, or where somebody takes part; raises Conflict when that is full."""
    row, gathering = _own_locked(session, id, caller)
    connection = session.connection()
    if row.status in ENDED:
        raise Conflict("This registration is cancelled. You can register again.")
    check_open(status=gathering.status, finishes_at=gathering.finishes_at, moment=moment)
    if wanted.answers is not None:
        questions.keep(
            connection, registration_id=id, gathering_id=gathering.id, given=wanted.answers
        )
    changed: dict[str, Any] = {}
    if wanted.access_needs is not None and wanted.access_needs != row.access_needs:
        changed["access_needs"] = wanted.access_needs
    moved = wanted.attending and gathering.pooled and wanted.attending != row.attending
    if moved:
        changed["attending"] = check_attending(wanted.attending or "", gathering.mode)
        if row.status in HOLDS_SEAT:
            pool_id = seats.take_of_kind(
                connection,
                gathering.id,
                attending=changed["attending"],
                person=standing_of(connection, row),
            )
            if pool_id is None:
                raise Conflict("All seats of this kind are taken. You keep the one you have.")
            seats.give_back_kind(connection, row.pool_id)
            changed["pool_id"] = pool_id
    dates = days.series(connection, gathering)
    if wanted.dates is not None and dates is not None:
        changed |= by_date.choose(connection, row, gathering, dates, wanted.dates, moment)
    if changed:
        revised = save(connection, row, moment, **{"until": row.until, **changed})
        if revised["until"] and not row.until:
            outbox.add(session, RegistrationHeld(**ids_of(revised), until=revised["until"]))
    if moved or "dates" in changed:
        fill(session, gathering_id=gathering.id, moment=moment)
    return details(session, id=id, caller=caller)


def add_date(session: Session, *, id: str, date: datetime, moment: datetime) -> RegistrationRead:
    """Have a registration be for one more date; who is at the door is let in for it."""
    row, gathering = _own_locked(session, id, None)
    connection = session.connection()
    return read(connection, by_date.add(connection, row, gathering, date, moment))


def cancel(
    session: Session, *, id: str, caller: Identity | None, moment: datetime
) -> RegistrationRead:
    """Give up a seat or a place in line; the first in line moves up. Twice changes nothing."""
    row, gathering = _own_locked(session, id, caller)
    connection = session.connection()
    if row.status in ENDED:
        return read(connection, row)
    ended = save(
        connection, row, moment, status="cancelled", pool_id=None, dates=by_date.none_left(row)
    )
    outbox.add(session, RegistrationCancelled(**ids_of(ended)))
    _vacate(session, row, gathering, moment)
    return read(connection, ended)


def fill(session: Session, *, gathering_id: str, moment: datetime) -> int:
    """Give free seats to those who wait, in order; returns how many. Takes the row lock."""
    connection = session.connection()
    gathering = seats.locked(connection, gathering_id)
    given = 0
    dates = days.series(connection, gathering) if gathering is not None else None
    if gathering is not None and dates is not None:
        return by_date.fill(session, gathering, dates, moment)
    while gathering is not None and seats.takes_seats(gathering, moment):
        found = seats.next_in_line(connection, gathering)
        if found is None:
            break
        row, pool_id = found
        status, until = seated_as(
            proved=row.proved,
            offer_hours=gathering.offer_hours,
            starts_at=gathering.starts_at,
            moment=moment,
        )
        seated = save(connection, row, moment, status=status, until=until, pool_id=pool_id)
        facts: dict[str, Fact] = {"confirmed": WaitlistPromoted(**ids_of(seated))}
        if until:
            facts["unconfirmed"] = RegistrationHeld(**ids_of(seated), until=until)
            facts["offered"] = RegistrationOffered(**ids_of(seated), until=until)
        outbox.add(session, facts[status])
        given += 1
    return given


def release(session: Session, id: str, moment: datetime) -> None:
    """What the timer does when nobody took up a seat that was held for them."""
    connection = session.connection()
    found = by_id(connection, id)
    if found is None:
        return
    # Whoever holds the gathering may be about to drop this timer, which is held here.
    gathering = connection.execute(seats.LOCKED_NOW, {"gathering": found.gathering_id}).first()
    row = by_id(connection, id)
    if gathering is None or row is None or row.until is None or row.until > moment:
        return
    if row.status not in ("unconfirmed", "offered") or not seats.takes_seats(gathering, moment):
        return
    lapsed = save(
        connection, row, moment, status="cancelled", pool_id=None, dates=by_date.none_left(row)
    )
    outbox.add(session, RegistrationLapsed(**ids_of(lapsed)))
    _vacate(session, row, gathering, moment)


def mint_link(session: Session, *, id: str, moment: datetime) -> str:
    """A new secret for a mail about this registration; earlier ones stay valid."""
    if session.get(Registration, id) is None:
        raise NotFound("There is no such registration.")
    secret = secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    session.add(RegistrationLink(secret_hash=digest, registration_id=id, made_at=moment))
    return secret


def _own_locked(session: Session, id: str, caller: Identity | None) -> tuple[Found, Found]:
    """A person's registration with its gathering under the row lock; None is a mail's link."""
    connection = session.connection()
    found = by_id(connection, id)
    if found is None or not is_theirs(found, caller):
        raise NotFound("There is no such registration for you.")
    gathering = seats.locked(connection, found.gathering_id)
    row = by_id(connection, id)
    if gathering is None or row is None:
        raise NotFound("There is no such registration for you.")
    return row, gathering


def _vacate(session: Session, row: Found, gathering: Found, moment: datetime) -> None:
    """Give a seat back that the row held, and to the next in line."""
    if row.dates is not None:
        days.leave(session.connection(), gathering.id, row.id)
        fill(session, gathering_id=gathering.id, moment=moment)
    elif row.status in HOLDS_SEAT:
        seats.give_back(session.connection(), gathering.id, row.pool_id)
        fill(session, gathering_id=gathering.id, moment=moment)


def _again(
    connection: Connection, before: Found, row: Mapping[str, Any], moment: datetime
) -> dict[str, Any]:
    """Somebody who had left comes back, at the end of the line if there is one."""
    kept = ("status", "asked_at", "until", "pool_id", "attending", "access_needs", "dates")
    proved = before.proved or row["proved"]
    status, until = row["status"], row["until"]
    if status == "unconfirmed" and proved:
        status, until = "confirmed", None
    changed = {name: row[name] for name in kept} | {"status": status, "until": until}
    return revise(connection, before, moment, **changed, proved=proved)


def _known_already(
    connection: Connection, row: Found, order: RegistrationCreate
) -> RegistrationRead:
    """Nothing changes; who lost the mail that asks to confirm gets another."""
    if row.status == "unconfirmed" and order.unproved and row.until:
        outbox.add(connection, RegistrationHeld(**ids_of(row), until=row.until))
    return read(connection, row)


def _end_of_line(
    connection: Connection, gathering_id: str, moment: datetime
) -> tuple[datetime, int]:
    """Since when the next one waits, and the place.

    The line is in the order of the lock, whatever the clocks of two requests say.
    """
    last, length = connection.execute(END_OF_LINE, {"gathering": gathering_id}).one()
    return max(moment, last + timedelta(microseconds=1)) if last else moment, length + 1


def _is_special(gathering: Found) -> bool:
    """Whether anything has to be looked at beyond the number of seats."""
    return bool(
        gathering.pooled
        or gathering.asks
        or gathering.needs_approval
        or gathering.admits != "open"
        or gathering.admits_sides
        or gathering.admits_regions
        or gathering.opens_at
        or gathering.closes_at
    )


def _contact_of(order: RegistrationCreate, caller: Identity) -> str:
    if "hub" in caller.roles:
        if order.contact_id:
            return order.contact_id
    elif order.unproved:
        raise Forbidden("You can register yourself only.")
    if order.contact_id not in (None, caller.contact_id) or not caller.contact_id:
        raise Forbidden("You can register yourself only.")
    return caller.contact_id
