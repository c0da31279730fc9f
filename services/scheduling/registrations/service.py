"""Use cases of registrations; every one holds the gathering's row lock from begin to commit.

Core statements built once: this is the hub's busiest write path.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationState,
    RegistrationStatus,
    RegistrationWaitlisted,
    WaitlistPromoted,
)
from events.envelope import new_id
from services.kit.audience import only
from services.kit.errors import Forbidden, NotFound
from services.kit.identity import Identity
from services.scheduling.attendance import forgetting as attendance
from services.scheduling.gatherings.models import Gathering
from services.scheduling.models import Registration, RegistrationLink
from services.scheduling.registrations.rules import check_open, seat_for
from services.scheduling.registrations.schemas import RegistrationCreate, RegistrationRead

_G = Gathering.__table__  # type: ignore[attr-defined]
_R = Registration.__table__  # type: ignore[attr-defined]
_L = RegistrationLink.__table__  # type: ignore[attr-defined]
_GATHERING = (
    select(_G.c.id, _G.c.status, _G.c.finishes_at, _G.c.capacity, _G.c.taken, _G.c.audience)
    .where(_G.c.id == bindparam("gathering"))
    .with_for_update()
)
_TAKE_SEAT = (
    update(_G)
    .where(
        _G.c.id == bindparam("gathering"),
        or_(_G.c.capacity.is_(None), _G.c.taken < _G.c.capacity),
    )
    .values(taken=_G.c.taken + 1)
    .returning(_G.c.status, _G.c.finishes_at, _G.c.audience)
)
_SEAT = (
    update(_G).where(_G.c.id == bindparam("gathering")).values(taken=_G.c.taken + bindparam("more"))
)
_OWN = select(_R).where(
    _R.c.gathering_id == bindparam("gathering"), _R.c.contact_id == bindparam("contact")
)
_INSERT_NEW = {
    dialect: new(_R).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for dialect, new in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))
}
"""Inserts nothing when the person is known to the gathering already."""
_REVISE = (
    update(_R)
    .where(_R.c.id == bindparam("row"))
    .values(
        version=bindparam("to_version"),
        status=bindparam("to_status"),
        asked_at=bindparam("asked"),
        revised_at=bindparam("moment"),
    )
)
_DROP_LINKS = delete(_L).where(_L.c.registration_id == bindparam("row"))
_DROP = delete(_R).where(_R.c.id == bindparam("row"))
_COUNT = insert(_R).from_select(
    ["id", "version", "gathering_id", "contact_id", "status", "asked_at", "revised_at"],
    select(
        bindparam("row", type_=_R.c.id.type),
        literal(1),
        _G.c.id,
        bindparam("row", type_=_R.c.id.type),
        literal("confirmed"),
        _G.c.starts_at,
        _G.c.starts_at,
    ).where(_G.c.id == bindparam("gathering")),
)
"""A seat that was taken by somebody who is not known any more; of no use but to be counted."""
_FIRST_IN_LINE = (
    select(_R)
    .where(_R.c.gathering_id == bindparam("gathering"), _R.c.status == "waitlisted")
    .order_by(_R.c.asked_at, _R.c.id)
    .limit(1)
)
_LAST_IN_LINE = select(func.max(_R.c.asked_at)).where(
    _R.c.gathering_id == bindparam("gathering"), _R.c.status == "waitlisted"
)


def register(
    connection: Connection, *, order: RegistrationCreate, caller: Identity, moment: datetime
) -> RegistrationRead:
    """Give the person a seat or a place in line; asking twice changes nothing.

    Raises NotFound when the caller may not see the gathering, Conflict when it is not open.
    """
    contact_id = _contact_of(order, caller)
    # A free seat is taken before anything is known: an error gives it back with the transaction.
    gathering = connection.execute(_TAKE_SEAT, {"gathering": order.gathering_id}).first()
    seated = gathering is not None
    if gathering is None:
        gathering = connection.execute(_GATHERING, {"gathering": order.gathering_id}).first()
    if gathering is None or gathering.audience not in caller.grants:
        raise NotFound("This event does not exist, or it is not public.")
    check_open(status=gathering.status, finishes_at=gathering.finishes_at, moment=moment)
    if not seated and seat_for(capacity=gathering.capacity, taken=gathering.taken) == "confirmed":
        # Given up by somebody between the two statements.
        connection.execute(_SEAT, {"gathering": order.gathering_id, "more": 1})
        seated = True
    asked_at = moment
    if not seated:
        # The line is in the order of the lock, whatever the clocks of two requests say.
        last = connection.execute(_LAST_IN_LINE, {"gathering": order.gathering_id}).scalar()
        asked_at = max(moment, last + timedelta(microseconds=1)) if last else moment
    row: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "gathering_id": order.gathering_id,
        "contact_id": contact_id,
        "status": "confirmed" if seated else "waitlisted",
        "asked_at": asked_at,
        "revised_at": moment,
    }
    if not connection.execute(_INSERT_NEW[connection.dialect.name], row).rowcount:
        own = {"gathering": order.gathering_id, "contact": contact_id}
        before = connection.execute(_OWN, own).one()
        if before.status != "cancelled":
            if seated:
                connection.execute(_SEAT, {"gathering": order.gathering_id, "more": -1})
            return _read(connection, before)
        row = _revise(connection, before, row["status"], moment, asked=asked_at)
    told = RegistrationConfirmed if seated else RegistrationWaitlisted
    outbox.add(
        connection,
        _state(row),
        told(registration_id=row["id"], gathering_id=order.gathering_id, contact_id=contact_id),
    )
    read = RegistrationRead.model_validate(row)
    if not seated:
        read.position = _position(connection, order.gathering_id, asked_at, row["id"])
    return read


def cancel(session: Session, *, id: str, caller: Identity, moment: datetime) -> RegistrationRead:
    """Give up a seat or a place in line; the first in line moves up. Twice changes nothing."""
    found = session.get(Registration, id)
    if found is None or not _may_manage(found.contact_id, caller):
        raise NotFound("There is no such registration for you.")
    return _cancel(session, found.gathering_id, found.contact_id, moment)


def cancel_by_secret(session: Session, *, secret: str, moment: datetime) -> RegistrationRead:
    """The same, by the link in a mail."""
    found = _by_secret(session, secret)
    return _cancel(session, found.gathering_id, found.contact_id, moment)


def read_by_secret(session: Session, *, secret: str) -> RegistrationRead:
    """The registration a mail's link leads to; raises NotFound."""
    return _read(session.connection(), _by_secret(session, secret))


def mint_link(session: Session, *, id: str, moment: datetime) -> str:
    """A new secret for a mail about this registration; earlier ones stay valid."""
    if session.get(Registration, id) is None:
        raise NotFound("There is no such registration.")
    secret = secrets.token_urlsafe(32)
    session.add(RegistrationLink(secret_hash=_hash(secret), registration_id=id, made_at=moment))
    return secret


def of_contact(session: Session, contact_id: str) -> list[RegistrationRead]:
    """All registrations of one person, newest first."""
    return list(own(session, contact_id).values())


def own(
    session: Session, contact_id: str, gathering_ids: Sequence[str] | None = None
) -> dict[str, RegistrationRead]:
    """One person's registrations by gathering, newest first: two statements for any number."""
    wanted = select(_R).where(_R.c.contact_id == contact_id).order_by(_R.c.asked_at.desc())
    if gathering_ids is not None:
        wanted = wanted.where(_R.c.gathering_id.in_(gathering_ids))
    connection = session.connection()
    found = [RegistrationRead.model_validate(row) for row in connection.execute(wanted)]
    waiting = [read.gathering_id for read in found if read.status == "waitlisted"]
    if waiting:
        place = func.row_number().over(
            partition_by=_R.c.gathering_id, order_by=(_R.c.asked_at, _R.c.id)
        )
        line = (
            select(_R.c.id, _R.c.contact_id, place.label("place"))
            .where(_R.c.gathering_id.in_(waiting), _R.c.status == "waitlisted")
            .subquery()
        )
        places = connection.execute(
            select(line.c.id, line.c.place).where(line.c.contact_id == contact_id)
        )
        place_of = {row.id: row.place for row in places}
        for read in found:
            read.position = place_of.get(read.id)
    return {read.gathering_id: read for read in found}


def of_gathering(session: Session, gathering_id: str, caller: Identity) -> list[RegistrationRead]:
    """Everybody registered, in the order they asked; for the organiser."""
    gathering = session.get(Gathering, gathering_id)
    if gathering is None or (
        gathering.organiser_id != caller.contact_id and not caller.has("moderator")
    ):
        raise Forbidden("Only the organiser can see who is registered.")
    rows = session.connection().execute(
        select(_R)
        .where(
            _R.c.gathering_id == gathering_id,
            _R.c.status != "cancelled",
            _R.c.contact_id != _R.c.id,
        )
        .order_by(_R.c.status, _R.c.asked_at, _R.c.id)
    )
    reads = [RegistrationRead.model_validate(row) for row in rows]
    line = (read for read in reads if read.status == "waitlisted")
    for position, read in enumerate(line, 1):
        read.position = position
    return reads


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
    connection.execute(_GATHERING, {"gathering": gathering_id})
    rows = connection.execute(
        select(_R).where(_R.c.gathering_id == gathering_id, _R.c.contact_id.in_(contact_ids))
    ).fetchall()
    _remove(session, rows)
    for row in rows:
        if row.status == "confirmed":
            # Read anew each time: the seat before may have gone to nobody.
            gathering = connection.execute(_GATHERING, {"gathering": gathering_id}).one()
            _free_seat(session, gathering, moment)
    return len(rows)


def forget(session: Session, contact_id: str, moment: datetime) -> None:
    """Take a person out: a coming seat becomes free, a past one stays as a count."""
    connection = session.connection()
    own = select(_R.c.gathering_id).where(_R.c.contact_id == contact_id)
    for (gathering_id,) in connection.execute(own.order_by(_R.c.gathering_id)).fetchall():
        gathering = connection.execute(_GATHERING, {"gathering": gathering_id}).one()
        if gathering.status in ("draft", "published") and gathering.finishes_at > moment:
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


def _cancel(
    session: Session, gathering_id: str, contact_id: str, moment: datetime
) -> RegistrationRead:
    connection = session.connection()
    gathering = connection.execute(_GATHERING, {"gathering": gathering_id}).one()
    own = connection.execute(_OWN, {"gathering": gathering_id, "contact": contact_id}).one()
    if own.status == "cancelled":
        return _read(connection, own)
    ended = _revise(connection, own, "cancelled", moment)
    ids = {"registration_id": own.id, "gathering_id": gathering_id, "contact_id": contact_id}
    outbox.add(session, _state(ended), RegistrationCancelled(**ids))
    if own.status == "confirmed":
        _free_seat(session, gathering, moment)
    return RegistrationRead.model_validate(ended)


def _free_seat(session: Session, gathering: Row[*tuple[Any, ...]], moment: datetime) -> None:
    """Give a seat to the first in line, or back to the gathering."""
    connection = session.connection()
    next_up = None
    may_promote = gathering.status == "published" and gathering.finishes_at > moment
    if may_promote and (gathering.capacity is None or gathering.taken <= gathering.capacity):
        next_up = connection.execute(_FIRST_IN_LINE, {"gathering": gathering.id}).first()
    if next_up:
        promoted = _revise(connection, next_up, "confirmed", moment)
        ids = {
            "registration_id": next_up.id,
            "gathering_id": gathering.id,
            "contact_id": next_up.contact_id,
        }
        outbox.add(session, _state(promoted), WaitlistPromoted(**ids))
    else:
        connection.execute(_SEAT, {"gathering": gathering.id, "more": -1})


def _remove(session: Session, rows: Sequence[Row[Any]]) -> None:
    """Take registrations away with the links to them, and have everybody forget them."""
    connection = session.connection()
    for row in rows:
        connection.execute(_DROP_LINKS, {"row": row.id})
        attendance.forget(connection, row.id)
        connection.execute(_DROP, {"row": row.id})
        outbox.bury(session, RegistrationState, id=row.id, version=row.version + 1)


def _make_anonymous(session: Session, rows: Sequence[Row[Any]]) -> None:
    """Keep of these that a seat was taken, and nothing else: not whose, nor when it was asked for.

    A row that is nobody's bears its own id in the person's place.
    """
    connection = session.connection()
    for row in rows:
        connection.execute(_DROP_LINKS, {"row": row.id})
        attendance.forget(connection, row.id)
        if row.status == "confirmed":
            connection.execute(_DROP, {"row": row.id})
            connection.execute(_COUNT, {"row": new_id(), "gathering": row.gathering_id})
        else:
            connection.execute(_DROP, {"row": row.id})
        outbox.bury(session, RegistrationState, id=row.id, version=row.version + 1)


def _revise(
    connection: Connection,
    row: Row[Any],
    status: RegistrationStatus,
    moment: datetime,
    asked: datetime | None = None,
) -> dict[str, Any]:
    connection.execute(
        _REVISE,
        {
            "row": row.id,
            "to_version": row.version + 1,
            "to_status": status,
            "asked": asked or row.asked_at,
            "moment": moment,
        },
    )
    revised = {"version": row.version + 1, "status": status, "revised_at": moment}
    return {**row._mapping, **revised}


def _state(row: dict[str, Any]) -> RegistrationState:
    return RegistrationState(
        id=row["id"],
        version=row["version"],
        audience=only(row["contact_id"]),
        gathering_id=row["gathering_id"],
        contact_id=row["contact_id"],
        status=row["status"],
        revised_at=row["revised_at"],
    )


def _read(connection: Connection, row: Row[Any]) -> RegistrationRead:
    read = RegistrationRead.model_validate(row)
    if read.status == "waitlisted":
        read.position = _position(connection, row.gathering_id, row.asked_at, row.id)
    return read


def _position(connection: Connection, gathering_id: str, asked_at: datetime, id: str) -> int:
    ahead = (
        select(func.count())
        .select_from(_R)
        .where(
            _R.c.gathering_id == gathering_id,
            _R.c.status == "waitlisted",
            tuple_(_R.c.asked_at, _R.c.id) < tuple_(asked_at, id),
        )
    )
    return int(connection.execute(ahead).scalar_one()) + 1


def _by_secret(session: Session, secret: str) -> Row[Any]:
    row = (
        session.connection()
        .execute(
            select(_R)
            .join(_L, _L.c.registration_id == _R.c.id)
            .where(_L.c.secret_hash == _hash(secret))
        )
        .first()
    )
    if row is None:
        raise NotFound("This link does not belong to a registration.")
    return row


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _contact_of(order: RegistrationCreate, caller: Identity) -> str:
    if "hub" in caller.roles and order.contact_id:
        return order.contact_id
    if order.contact_id not in (None, caller.contact_id) or not caller.contact_id:
        raise Forbidden("You can register yourself only.")
    return caller.contact_id


def _may_manage(contact_id: str, caller: Identity) -> bool:
    return contact_id == caller.contact_id or "hub" in caller.roles
