"""Registrations that go: with their gathering, with their person, or when their term is over."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, literal, select, update
from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import RegistrationState
from events.envelope import new_id
from services.kit.timers import drop_timer
from services.scheduling.attendance import forgetting as attendance
from services.scheduling.gatherings.models import Gathering
from services.scheduling.models import Registration, RegistrationLink
from services.scheduling.questions import service as questions
from services.scheduling.registrations import days, seats
from services.scheduling.registrations.rows import RELEASE, Found
from services.scheduling.registrations.rules import HOLDS_SEAT
from services.scheduling.registrations.service import fill

_G = Gathering.__table__  # type: ignore[attr-defined]
_R = Registration.__table__  # type: ignore[attr-defined]
_L = RegistrationLink.__table__  # type: ignore[attr-defined]
_DROP_LINKS = delete(_L).where(_L.c.registration_id == bindparam("row"))
_DROP = delete(_R).where(_R.c.id == bindparam("row"))
_COUNT = insert(_R).from_select(
    [
        "id", "version", "gathering_id", "contact_id", "status", "asked_at", "revised_at",
        "proved", "attending", "access_needs",
    ],
    select(
        bindparam("row", type_=_R.c.id.type),
        literal(1),
        _G.c.id,
        bindparam("row", type_=_R.c.id.type),
        literal("confirmed"),
        _G.c.starts_at,
        _G.c.starts_at,
        literal(True),
        literal(""),
        literal(""),
    ).where(_G.c.id == bindparam("gathering")),
)  # fmt: skip
"""A seat that was taken by somebody who is not known any more; of no use but to be counted."""


def remove_all(session: Session, gathering_id: str) -> int:
    """Take away every registration for a gathering that goes; returns how many."""
    connection = session.connection()
    rows = connection.execute(select(_R).where(_R.c.gathering_id == gathering_id)).fetchall()
    _remove(session, rows)
    return len(rows)


def remove_people(
    session: Session, gathering_id: str, contact_ids: Collection[str], *, moment: datetime
) -> int:
    """Take away these people's registrations for a gathering that stays; returns how many."""
    connection = session.connection()
    seats.locked(connection, gathering_id)
    rows = connection.execute(
        select(_R).where(_R.c.gathering_id == gathering_id, _R.c.contact_id.in_(contact_ids))
    ).fetchall()
    for row in rows:
        if row.dates is not None:
            days.leave(connection, gathering_id, row.id)
    _remove(session, rows)
    for row in rows:
        if row.dates is None and row.status in HOLDS_SEAT:
            seats.give_back(connection, gathering_id, row.pool_id)
    fill(session, gathering_id=gathering_id, moment=moment)
    return len(rows)


def forget(session: Session, contact_id: str, moment: datetime) -> None:
    """Take a person out: a coming seat becomes free, a past one stays as a count."""
    connection = session.connection()
    own = select(_R.c.gathering_id).where(_R.c.contact_id == contact_id)
    for (gathering_id,) in connection.execute(own.order_by(_R.c.gathering_id)).fetchall():
        gathering = seats.locked(connection, gathering_id)
        assert gathering is not None
        if gathering.status not in ("cancelled", "finished") and gathering.finishes_at > moment:
            remove_people(session, gathering_id, (contact_id,), moment=moment)
        else:
            mine = _R.c.contact_id == contact_id, _R.c.gathering_id == gathering_id
            _make_anonymous(session, connection.execute(select(_R).where(*mine)).fetchall())


def expire(session: Session, moment: datetime, *, term: timedelta, most: int = 500) -> int:
    """Make counts of some registrations for gatherings that were over this long ago."""
    old = (
        select(_R)
        .join(_G, _G.c.id == _R.c.gathering_id)
        .where(_G.c.finishes_at <= moment - term, _R.c.contact_id != _R.c.id)
        .order_by(_R.c.gathering_id, _R.c.id)
        .limit(most)
    )
    rows = session.connection().execute(old).fetchall()
    _make_anonymous(session, rows)
    return len(rows)


def expire_needs(session: Session, moment: datetime, *, most: int = 500) -> int:
    """Forget what people needed to take part in gatherings that are over."""
    old = (
        select(_R.c.id)
        .join(_G, _G.c.id == _R.c.gathering_id)
        .where(_G.c.finishes_at <= moment, _R.c.access_needs != "")
        .limit(most)
    )
    connection = session.connection()
    ids = connection.execute(old).scalars().all()
    connection.execute(update(_R).where(_R.c.id.in_(ids)).values(access_needs=""))
    return len(ids)


def _drop_what_hangs_on(session: Session, registration_id: str) -> None:
    """Links, answers, the code for the door; that somebody came stays as a count."""
    connection = session.connection()
    connection.execute(_DROP_LINKS, {"row": registration_id})
    questions.forget(connection, registration_id)
    attendance.forget(connection, registration_id)
    days.drop_of(connection, registration_id)
    drop_timer(session, kind=RELEASE, key=registration_id)


def _remove(session: Session, rows: Sequence[Found]) -> None:
    """Take registrations away with the links to them, and have everybody forget them."""
    connection = session.connection()
    for row in rows:
        _drop_what_hangs_on(session, row.id)
        connection.execute(_DROP, {"row": row.id})
        outbox.bury(session, RegistrationState, id=row.id, version=row.version + 1)


def _make_anonymous(session: Session, rows: Sequence[Found]) -> None:
    """Keep of these that a seat was taken, and nothing else: not whose, nor when it was asked for.

    A row that is nobody's bears its own id in the person's place.
    """
    connection = session.connection()
    for row in rows:
        _drop_what_hangs_on(session, row.id)
        if row.status in HOLDS_SEAT:
            connection.execute(_DROP, {"row": row.id})
            connection.execute(_COUNT, {"row": new_id(), "gathering": row.gathering_id})
        else:
            connection.execute(_DROP, {"row": row.id})
        outbox.bury(session, RegistrationState, id=row.id, version=row.version + 1)
