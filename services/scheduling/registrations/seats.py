"""Seats: taken by guarded updates under the gathering's row lock, given back, and passed on.

A simple gathering counts its seats in one column; one with kinds of seats has a row a kind, and
counts all that are taken as well. No seat is ever sold twice: the database refuses, not we.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, or_, select, update

from services.scheduling.admission.models import SeatPool
from services.scheduling.admission.rules import Kind, Standing, in_order
from services.scheduling.gatherings.models import Gathering
from services.scheduling.projection import CONTACTS
from services.scheduling.registrations.models import Registration
from services.scheduling.registrations.rows import Found
from services.scheduling.registrations.rules import HOLDS_SEAT

_G = Gathering.__table__  # type: ignore[attr-defined]
_R = Registration.__table__  # type: ignore[attr-defined]
_P = SeatPool.__table__  # type: ignore[attr-defined]
_WANTED = (
    _G.c.id, _G.c.status, _G.c.finishes_at, _G.c.starts_at, _G.c.capacity, _G.c.taken,
    _G.c.audience, _G.c.mode, _G.c.admits, _G.c.admits_sides, _G.c.admits_regions,
    _G.c.needs_approval, _G.c.opens_at, _G.c.closes_at, _G.c.offer_hours, _G.c.pooled, _G.c.asks,
    _G.c.organiser_id, _G.c.registers_for,
)  # fmt: skip
SEEN = select(*_WANTED).where(_G.c.id == bindparam("gathering"))
LOCKED = select(*_WANTED).where(_G.c.id == bindparam("gathering")).with_for_update()
LOCKED_NOW = select(*_WANTED).where(_G.c.id == bindparam("gathering")).with_for_update(nowait=True)
TAKE = (
    update(_G)
    .where(
        _G.c.id == bindparam("gathering"),
        or_(_G.c.capacity.is_(None), _G.c.taken < _G.c.capacity),
    )
    .values(taken=_G.c.taken + 1)
    .returning(*_WANTED)
)
COUNT = (
    update(_G).where(_G.c.id == bindparam("gathering")).values(taken=_G.c.taken + bindparam("more"))
)
_KINDS = select(_P).where(_P.c.gathering_id == bindparam("gathering")).order_by(_P.c.id)
_TAKE_OF_KIND = (
    update(_P)
    .where(_P.c.id == bindparam("pool"), or_(_P.c.capacity.is_(None), _P.c.taken < _P.c.capacity))
    .values(taken=_P.c.taken + 1)
    .execution_options(preserve_rowcount=True)
)
_COUNT_OF_KIND = (
    update(_P).where(_P.c.id == bindparam("pool")).values(taken=_P.c.taken + bindparam("more"))
)
_LINE = (
    select(
        *_R.c,
        case((CONTACTS.c.helix_side.is_(None), ""), else_=CONTACTS.c.helix_side).label("side"),
        case((CONTACTS.c.region_code.is_(None), ""), else_=CONTACTS.c.region_code).label("region"),
    )
    .select_from(_R.outerjoin(CONTACTS, CONTACTS.c.id == _R.c.contact_id))
    .where(
        and_(_R.c.gathering_id == bindparam("gathering"), _R.c.status == "waitlisted"),
    )
    .order_by(_R.c.asked_at, _R.c.id)
)
_FIRST = _LINE.limit(1)


def locked(connection: Connection, gathering_id: str) -> Found | None:
    """The gathering under its row lock."""
    return connection.execute(LOCKED, {"gathering": gathering_id}).first()


def take_of_kind(
    connection: Connection, gathering_id: str, *, attending: str, person: Standing
) -> str | None:
    """Take a seat of a kind that the person may have, reserved ones first; returns which."""
    rows = connection.execute(_KINDS, {"gathering": gathering_id}).fetchall()
    by_kind = {
        Kind(row.attending, row.reserved_by, row.reserved_for, row.capacity): row.id for row in rows
    }
    for kind in in_order(by_kind, attending=attending, person=person):
        pool_id: str = by_kind[kind]
        if connection.execute(_TAKE_OF_KIND, {"pool": pool_id}).rowcount:
            return pool_id
    return None


def give_back(connection: Connection, gathering_id: str, pool_id: str | None) -> None:
    """One seat fewer is taken."""
    connection.execute(COUNT, {"gathering": gathering_id, "more": -1})
    give_back_kind(connection, pool_id)


def give_back_kind(connection: Connection, pool_id: str | None) -> None:
    """One seat fewer of a kind is taken; somebody changes to another."""
    if pool_id:
        connection.execute(_COUNT_OF_KIND, {"pool": pool_id, "more": -1})


def next_in_line(connection: Connection, gathering: Found) -> tuple[Found, str | None] | None:
    """The first who waits and for whom a seat is free, with that seat taken; and its kind."""
    if not gathering.pooled:
        first = connection.execute(_FIRST, {"gathering": gathering.id}).first()
        if first and connection.execute(TAKE, {"gathering": gathering.id}).first():
            return first, None
        return None
    if not any(_has_room(row) for row in kinds(connection, gathering.id)):
        return None
    for row in connection.execute(_LINE, {"gathering": gathering.id}).fetchall():
        person = Standing(row.proved, row.side, row.region)
        pool_id = take_of_kind(connection, gathering.id, attending=row.attending, person=person)
        if pool_id:
            connection.execute(COUNT, {"gathering": gathering.id, "more": 1})
            return row, pool_id
    return None


def move_into(connection: Connection, gathering_id: str, pool_id: str) -> None:
    """All seats that are taken are of one kind from now on."""
    seated = _R.c.gathering_id == gathering_id, _R.c.status.in_(HOLDS_SEAT)
    connection.execute(update(_R).where(*seated).values(pool_id=pool_id))


def leave_kinds(connection: Connection, gathering_id: str) -> None:
    """All seats are alike from now on."""
    connection.execute(update(_R).where(_R.c.gathering_id == gathering_id).values(pool_id=None))


def kinds(connection: Connection, gathering_id: str) -> Sequence[Found]:
    """The kinds of seats and how many of each are taken."""
    return connection.execute(_KINDS, {"gathering": gathering_id}).fetchall()


def takes_seats(gathering: Found, moment: datetime) -> bool:
    """Whether seats of the gathering are still given to anybody."""
    return bool(gathering.status == "published" and gathering.finishes_at > moment)


def _has_room(row: Found) -> bool:
    return bool(row.capacity is None or row.taken < row.capacity)
