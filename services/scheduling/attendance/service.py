"""Use cases of attendance: the way in, the door, and who came."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import Arrival, AttendanceRecorded
from events.envelope import new_id
from services.kit.audience import may_see
from services.kit.errors import Conflict, Forbidden, NotFound
from services.kit.identity import Identity
from services.scheduling.attendance.models import Attendance, Ticket
from services.scheduling.attendance.rules import (
    HAS_SEAT,
    NEWCOMERS,
    Date,
    check_doors,
    date_meant,
    has_date,
    key_of,
)
from services.scheduling.attendance.schemas import (
    AttendanceRead,
    CertificateRead,
    Counted,
    EntryRead,
    Presence,
    TicketRead,
    WalkIn,
)
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.models import Gathering
from services.scheduling.models import Registration
from services.scheduling.occurrences.rules import occurrences
from services.scheduling.registrations import reading
from services.scheduling.registrations import service as registrations
from services.scheduling.registrations.schemas import RegistrationCreate

_A = Attendance.__table__  # type: ignore[attr-defined]
_T = Ticket.__table__  # type: ignore[attr-defined]
_R = Registration.__table__  # type: ignore[attr-defined]
_HUB = Identity(None, ("hub",))
_INSERT = {
    dialect: new(_A).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for dialect, new in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))
}
"""Inserts nothing when the person is written down for that date already."""


def enter(session: Session, *, gathering_id: str, caller: Identity, moment: datetime) -> EntryRead:
    """The way in for somebody with a seat, written down, or for who looks after the gathering.

    Raises Forbidden without a seat, Conflict while the doors are shut, NotFound without an
    address.
    """
    gathering = seen(session, gathering_id, caller)
    if gatherings.may_manage(gathering, caller):
        return _way_in(gathering)
    own = _own(session, gathering_id, caller.contact_id or "")
    return _enter(session, gathering, own, moment)


def enter_by_secret(session: Session, *, secret: str, moment: datetime) -> EntryRead:
    """The same by the link in a mail, for people without an account."""
    own = reading.read_by_secret(session, secret=secret)
    gathering = session.get(Gathering, own.gathering_id)
    assert gathering is not None
    return _enter(session, gathering, session.get(Registration, own.id), moment)


def walk_in(
    session: Session, *, gathering_id: str, order: WalkIn, caller: Identity, moment: datetime
) -> EntryRead:
    """Let in somebody without a registration, if a seat is left; they confirm it later.

    At the door by who looks after the gathering; online by the hub itself, from half an hour
    before the start.
    """
    by_hub = "hub" in caller.roles
    gathering = _found(session, gathering_id) if by_hub else managed(session, gathering_id, caller)
    dates = dates_of(gathering)
    date = date_meant(dates, order.occurrence, moment)
    if by_hub:
        if gathering.admits == "invited":
            raise Forbidden("This event is for people whom the organiser invites.")
        before = max(NEWCOMERS, timedelta(minutes=gathering.doors_minutes))
        check_doors(date, before=before, moment=moment)
    wish = RegistrationCreate(
        gathering_id=gathering_id, contact_id=order.contact_id, dates=[date.occurrence]
    )
    got = registrations.register(
        session.connection(), order=wish, caller=_HUB, moment=moment, at_the_door=True
    )
    if got.dates is not None and all(day.occurrence != date.occurrence for day in got.dates):
        # Registered for other dates: this one comes to them.
        got = registrations.add_date(session, id=got.id, date=date.occurrence, moment=moment)
    seated = [day.occurrence for day in got.dates or () if day.status == "confirmed"]
    if got.status not in HAS_SEAT or (got.dates is not None and date.occurrence not in seated):
        raise Conflict("All seats are taken.")
    _record(session, got.id, got.contact_id, gathering, key_of(dates, date), order.arrival, moment)
    return _way_in(gathering) if order.arrival == "online" else EntryRead(url="")


def check_in(
    session: Session,
    *,
    registration_id: str,
    occurrence: datetime | None,
    caller: Identity,
    moment: datetime,
) -> Presence:
    """Write down that somebody is here; doing it twice changes nothing."""
    row, gathering, key = _at_the_door(session, registration_id, occurrence, caller, moment)
    if row.status not in HAS_SEAT:
        raise Conflict("This person has no seat.")
    if key and not has_date(row.dates, datetime.fromisoformat(key)):
        raise Conflict("This person has no seat on this date.")
    _record(session, row.id, row.contact_id, gathering, key, "door", moment)
    return _presence(session, row, key)


def undo(
    session: Session,
    *,
    registration_id: str,
    occurrence: datetime | None,
    caller: Identity,
    moment: datetime,
) -> Presence:
    """Take a check-in back that was a mistake."""
    row, _gathering, key = _at_the_door(session, registration_id, occurrence, caller, moment)
    session.connection().execute(
        delete(_A).where(_A.c.registration_id == row.id, _A.c.occurrence == key)
    )
    return _presence(session, row, key)


def listed(
    session: Session,
    *,
    gathering_id: str,
    occurrence: datetime | None,
    caller: Identity,
    moment: datetime,
) -> AttendanceRead:
    """Everybody with a seat and whether they came, for who looks after the gathering."""
    gathering = managed(session, gathering_id, caller)
    dates = dates_of(gathering)
    date = date_meant(dates, occurrence, moment)
    key = key_of(dates, date)
    connection = session.connection()
    here = (_A.c.registration_id == _R.c.id) & (_A.c.occurrence == key)
    rows = connection.execute(
        select(_R.c.id, _R.c.contact_id, _R.c.status, _R.c.dates, _A.c.at, _A.c.arrival)
        .select_from(_R.outerjoin(_A, here))
        .where(
            _R.c.gathering_id == gathering_id,
            _R.c.status.in_(HAS_SEAT),
            _R.c.contact_id != _R.c.id,
        )
        .order_by(_R.c.asked_at, _R.c.id)
    )
    people = [
        Presence(
            registration_id=row.id,
            contact_id=row.contact_id,
            status=row.status,
            arrived_at=row.at,
            arrival=row.arrival,
        )
        for row in rows
        if has_date(row.dates, date.occurrence)
    ]
    at_all = select(func.count()).where(
        _A.c.gathering_id == gathering_id, _A.c.occurrence == key, _A.c.registration_id == _A.c.id
    )
    erased = connection.execute(at_all).scalar_one()
    came = sum(1 for person in people if person.arrived_at)
    return AttendanceRead(
        gathering_id=gathering_id,
        occurrence=date.occurrence if len(dates) > 1 else None,
        occurrences=[each.occurrence for each in dates] if len(dates) > 1 else [],
        people=people,
        came=came + erased,
        erased=erased,
        link_released=gathering.link_released,
    )


def take_over(
    session: Session,
    *,
    gathering_id: str,
    registration_ids: Sequence[str],
    occurrence: datetime | None,
    caller: Identity,
    moment: datetime,
) -> Counted:
    """Write down those of whom the video service says that they came."""
    gathering = managed(session, gathering_id, caller)
    dates = dates_of(gathering)
    key = key_of(dates, date_meant(dates, occurrence, moment))
    known = session.connection().execute(
        select(_R.c.id, _R.c.contact_id).where(
            _R.c.gathering_id == gathering_id,
            _R.c.id.in_(registration_ids),
            _R.c.contact_id != _R.c.id,
        )
    )
    rows = known.fetchall()
    new = [
        _record(session, row.id, row.contact_id, gathering, key, "import", moment) for row in rows
    ]
    return Counted(known=len(rows), new=sum(new))


def release(session: Session, *, gathering_id: str, released: bool, caller: Identity) -> None:
    """Show the direct address to everybody with a seat, or to nobody again."""
    gathering = gatherings.locked(session, gathering_id, caller)
    gathering.link_released = released
    session.add(gathering)


def direct_address(session: Session, *, gathering_id: str, caller: Identity) -> EntryRead:
    """The address itself once it is released, for those with a seat and the organiser."""
    gathering = seen(session, gathering_id, caller)
    if not gatherings.may_manage(gathering, caller):
        own = _own(session, gathering_id, caller.contact_id or "")
        if not gathering.link_released or own is None or own.status not in HAS_SEAT:
            raise NotFound("The direct address is not shown for this event.")
    return _way_in(gathering)


def ticket_of(session: Session, *, registration_id: str, caller: Identity) -> str:
    """The code that the person shows at the door, made when it is first asked for."""
    row = session.get(Registration, registration_id)
    if row is None or (row.contact_id != caller.contact_id and "hub" not in caller.roles):
        raise NotFound("There is no such registration for you.")
    return _ticket(session, row)


def ticket_by_secret(session: Session, *, secret: str) -> str:
    """The same by the link in a mail."""
    row = session.get(Registration, reading.read_by_secret(session, secret=secret).id)
    assert row is not None
    return _ticket(session, row)


def read_ticket(session: Session, *, code: str, caller: Identity, moment: datetime) -> TicketRead:
    """What a code stands for; for who looks after the gathering."""
    found = (
        session.connection().execute(select(_T.c.registration_id).where(_T.c.code == code)).scalar()
    )
    if found is None:
        raise NotFound("This code belongs to no registration.")
    row, gathering, key = _at_the_door(session, found, None, caller, moment)
    return TicketRead(
        code=code,
        registration_id=row.id,
        contact_id=row.contact_id,
        status=row.status,
        gathering_slug=gathering.slug,
        gathering_title=gathering.title,
        occurrence=datetime.fromisoformat(key) if key else None,
        arrived_at=_presence(session, row, key).arrived_at,
    )


def certificate(
    session: Session, *, gathering_id: str, caller: Identity, moment: datetime
) -> CertificateRead:
    """What may be certified of the caller's attendance; raises Conflict when there is nothing."""
    gathering = seen(session, gathering_id, caller)
    own = _own(session, gathering_id, caller.contact_id or "")
    came = (
        session.connection()
        .execute(select(_A.c.occurrence).where(_A.c.registration_id == own.id))
        .scalars()
        .all()
        if own
        else []
    )
    dates = dates_of(gathering)
    ended = {key_of(dates, date): date for date in dates if date.ends_at <= moment}
    attended = [ended[key] for key in ended if key in came]
    if not attended:
        raise Conflict("There is a certificate for those who came, once the event is over.")
    seconds = sum((date.ends_at - date.starts_at).total_seconds() for date in attended)
    return CertificateRead(
        contact_id=caller.contact_id or "",
        title=gathering.title,
        dates=[date.occurrence for date in attended],
        starts_local=gathering.starts_local,
        ends_local=gathering.ends_local,
        time_zone=gathering.time_zone,
        minutes=int(seconds // 60),
        location=gathering.location,
        organiser_id=gathering.organiser_id,
    )


def came(connection: Connection, registration_id: str) -> list[str]:
    """When one person came, as ISO 8601."""
    rows = connection.execute(
        select(_A.c.at).where(_A.c.registration_id == registration_id).order_by(_A.c.at)
    )
    return [row.at.isoformat() for row in rows]


def dates_of(gathering: Gathering) -> list[Date]:
    """Every date of a gathering that takes place."""
    return [
        Date(date.occurrence, date.starts_at, date.ends_at)
        for date in occurrences(gathering)
        if not date.cancelled
    ]


def _enter(
    session: Session, gathering: Gathering, own: Registration | None, moment: datetime
) -> EntryRead:
    if own is None or own.status not in HAS_SEAT:
        raise Forbidden("The way in is for people with a seat.")
    if gathering.status == "cancelled":
        raise Conflict("This event was cancelled.")
    way = _way_in(gathering)
    dates = dates_of(gathering)
    of_theirs = [date for date in dates if has_date(own.dates, date.occurrence)]
    if not of_theirs:
        raise Forbidden("The way in is for people with a seat.")
    date = date_meant(of_theirs, None, moment)
    if not gathering.link_released:
        check_doors(date, before=timedelta(minutes=gathering.doors_minutes), moment=moment)
    key = key_of(dates, date)
    _record(session, own.id, own.contact_id, gathering, key, "online", moment)
    return way


def _way_in(gathering: Gathering) -> EntryRead:
    if not gathering.join_url:
        raise NotFound("This event has no online address yet.")
    return EntryRead(url=gathering.join_url)


def _record(
    session: Session,
    registration_id: str,
    contact_id: str,
    gathering: Gathering,
    key: str,
    arrival: Arrival,
    moment: datetime,
) -> bool:
    """Write it down once; returns whether it is new."""
    connection = session.connection()
    row = {
        "id": new_id(),
        "gathering_id": gathering.id,
        "registration_id": registration_id,
        "occurrence": key,
        "arrival": arrival,
        "at": moment,
    }
    if not connection.execute(_INSERT[connection.dialect.name], row).rowcount:
        return False
    outbox.add(
        session,
        AttendanceRecorded(
            registration_id=registration_id,
            gathering_id=gathering.id,
            contact_id=contact_id,
            occurrence=datetime.fromisoformat(key) if key else None,
            arrival=arrival,
        ),
    )
    return True


def _presence(session: Session, row: Registration, key: str) -> Presence:
    here = (
        session.connection()
        .execute(
            select(_A.c.at, _A.c.arrival).where(
                _A.c.registration_id == row.id, _A.c.occurrence == key
            )
        )
        .first()
    )
    return Presence.model_validate(
        {
            "registration_id": row.id,
            "contact_id": row.contact_id,
            "status": row.status,
            "arrived_at": here.at if here else None,
            "arrival": here.arrival if here else None,
        }
    )


def _at_the_door(
    session: Session,
    registration_id: str,
    occurrence: datetime | None,
    caller: Identity,
    moment: datetime,
) -> tuple[Registration, Gathering, str]:
    row = session.get(Registration, registration_id)
    if row is None:
        raise NotFound("There is no such registration.")
    gathering = managed(session, row.gathering_id, caller)
    dates = dates_of(gathering)
    return row, gathering, key_of(dates, date_meant(dates, occurrence, moment))


def _ticket(session: Session, row: Registration) -> str:
    if row.status not in HAS_SEAT:
        raise Conflict("This person has no seat.")
    known = session.get(Ticket, row.id)
    if known is None:
        connection = session.connection()
        new = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        made = {"registration_id": row.id, "code": secrets.token_urlsafe(18)}
        connection.execute(new(_T).on_conflict_do_nothing(), made)
        code: str = connection.execute(
            select(_T.c.code).where(_T.c.registration_id == row.id)
        ).scalar_one()
        return code
    return known.code


def _own(session: Session, gathering_id: str, contact_id: str) -> Registration | None:
    row = (
        session.connection()
        .execute(
            select(_R.c.id)
            .where(_R.c.gathering_id == gathering_id, _R.c.contact_id == contact_id)
            .order_by(_R.c.status.in_(HAS_SEAT).desc(), _R.c.asked_at)
        )
        .first()
    )
    return session.get(Registration, row.id) if row else None


def _found(session: Session, gathering_id: str) -> Gathering:
    gathering = session.get(Gathering, gathering_id)
    if gathering is None or gathering.status not in ("published", "finished"):
        raise NotFound("This event does not exist, or it is not public.")
    return gathering


def seen(session: Session, gathering_id: str, caller: Identity) -> Gathering:
    """The gathering, if the caller may see it; raises NotFound."""
    gathering = session.get(Gathering, gathering_id)
    if gathering is None or not may_see(gathering.audience, caller.grants):
        raise NotFound("This event does not exist, or it is not public.")
    return gathering


def managed(session: Session, gathering_id: str, caller: Identity) -> Gathering:
    """The gathering, for who looks after it; raises NotFound or Forbidden."""
    gathering = session.get(Gathering, gathering_id)
    if gathering is None:
        raise NotFound("This event does not exist.")
    if not gatherings.may_manage(gathering, caller):
        raise Forbidden("Only the organiser can see who comes.")
    return gathering
