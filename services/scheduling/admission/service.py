"""Use cases of admission: who may register, when, and for which seats."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session

from events import outbox
from events.envelope import new_id
from services.kit.errors import Conflict, Invalid
from services.kit.identity import Identity
from services.kit.language import _
from services.scheduling.admission.models import SeatPool
from services.scheduling.admission.rules import Kind, kinds_of
from services.scheduling.admission.schemas import Admission, AdmissionRead, Pool, Reserved
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.access import managed
from services.scheduling.gatherings.models import Gathering
from services.scheduling.occurrences.rules import is_series
from services.scheduling.registrations import days, seats
from services.scheduling.registrations import service as registrations

_P = SeatPool.__table__  # type: ignore[attr-defined]
_COLUMNS = (
    "admits", "admits_sides", "admits_regions", "needs_approval", "opens_at", "closes_at",
    "offer_hours",
)  # fmt: skip


def read(session: Session, *, gathering_id: str, caller: Identity) -> AdmissionRead:
    """How it is now, for who looks after the gathering."""
    return _read(session, managed(session, gathering_id, caller))


def set(
    session: Session, *, gathering_id: str, order: Admission, caller: Identity, moment: datetime
) -> AdmissionRead:
    """Have it so from now on; seats that are added go to those who wait.

    Raises Invalid when fewer seats are wanted than are taken; whoever has a seat keeps it.
    """
    gathering = gatherings.locked(session, gathering_id, caller)
    if gathering.status not in ("draft", "published", "postponed"):
        raise Conflict("An event that is over or cancelled cannot be changed.")
    kinds = kinds_of(order, gathering.mode)
    if kinds and gathering.registers_for == "occurrence" and is_series(gathering):
        raise Invalid(
            "Where people register for each date, all seats of a date are alike.",
            field="reserved",
        )
    for name in _COLUMNS:
        setattr(gathering, name, getattr(order, name))
    if kinds or gathering.pooled:
        _set_kinds(session, gathering, kinds)
    if not kinds:
        by_date = days.most_taken(session.connection(), gathering.id)
        _check_room(order.capacity, max(gathering.taken, by_date), "capacity")
    gathering.capacity = _total(kinds) if kinds else order.capacity
    gathering.pooled = bool(kinds)
    gathering.version += 1
    gathering.revised_at = moment
    session.add(gathering)
    session.flush()
    outbox.add(session, gatherings.state_of(gathering))
    registrations.fill(session, gathering_id=gathering.id, moment=moment)
    session.refresh(gathering)
    return _read(session, gathering)


def _set_kinds(session: Session, gathering: Gathering, wanted: list[Kind]) -> None:
    """Bring the kinds of seats to what is wanted; one with seats taken cannot go."""
    connection = session.connection()
    before = {
        (row.attending, row.reserved_by, row.reserved_for): row
        for row in seats.kinds(connection, gathering.id)
    }
    if not before and gathering.taken and wanted:
        _move_in(session, gathering, wanted)
        return
    for kind in wanted:
        row = before.pop((kind.attending, kind.reserved_by, kind.reserved_for), None)
        if row is None:
            session.add(_pool(gathering.id, kind))
            continue
        _check_room(kind.capacity, row.taken, _field_of(kind))
        pool = session.get_one(SeatPool, row.id)
        pool.capacity = kind.capacity
        session.add(pool)
    for key, row in before.items():
        if row.taken and wanted:
            raise Invalid(
                "These seats are taken already; they can be reserved no more, but not fewer.",
                field="reserved" if key[1] else _field_of(Kind(*key, None)),
            )
    session.flush()
    gone = [row.id for row in before.values()]
    if not wanted:
        seats.leave_kinds(connection, gathering.id)
    connection.execute(delete(_P).where(_P.c.id.in_(gone)))


def _move_in(session: Session, gathering: Gathering, wanted: list[Kind]) -> None:
    """Seats that were all alike become kinds: those taken are of the kind for everybody."""
    if gathering.mode == "hybrid":
        raise Conflict(
            "People are registered already: seats in person and online cannot be told apart now."
        )
    for kind in wanted:
        pool = _pool(gathering.id, kind)
        if not kind.reserved_by:
            _check_room(kind.capacity, gathering.taken, "capacity")
            pool.taken = gathering.taken
            seats.move_into(session.connection(), gathering.id, pool.id)
        session.add(pool)
    session.flush()


def _total(kinds: list[Kind]) -> int | None:
    """How many seats there are of all kinds, None when one has no limit."""
    known = [kind.capacity for kind in kinds if kind.capacity is not None]
    return sum(known) if len(known) == len(kinds) else None


def _pool(gathering_id: str, kind: Kind) -> SeatPool:
    return SeatPool(
        id=new_id(),
        gathering_id=gathering_id,
        attending=kind.attending,
        reserved_by=kind.reserved_by,
        reserved_for=kind.reserved_for,
        capacity=kind.capacity,
    )


def _check_room(capacity: int | None, taken: int, field: str) -> None:
    if capacity is not None and capacity < taken:
        raise Invalid(
            _("{taken} people have a seat already: there cannot be fewer seats.").format(
                taken=taken
            ),
            field=field,
        )


def _field_of(kind: Kind) -> str:
    if kind.reserved_by:
        return "reserved"
    return f"capacity_{kind.attending}" if kind.attending else "capacity"


def _read(session: Session, gathering: Gathering) -> AdmissionRead:
    pools = [Pool.model_validate(row) for row in seats.kinds(session.connection(), gathering.id)]
    values: dict[str, Any] = {name: getattr(gathering, name) for name in _COLUMNS}
    reserved = [
        Reserved(
            attending=pool.attending, by=pool.reserved_by, value=pool.reserved_for,
            seats=pool.capacity,
        )
        for pool in pools
        if pool.reserved_by
    ]  # fmt: skip
    totals: dict[str, int | None] = {}
    for pool in pools:
        known = totals.get(pool.attending, 0)
        both = known is not None and pool.capacity is not None
        totals[pool.attending] = (known or 0) + (pool.capacity or 0) if both else None
    return AdmissionRead(
        **values,
        capacity=totals.get("") if gathering.pooled else gathering.capacity,
        capacity_online=totals.get("online"),
        capacity_onsite=totals.get("onsite"),
        reserved=reserved,
        pools=pools,
    )
