"""Use cases of statistics: counted by the database, for who looks after a gathering."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from services.kit.identity import Identity
from services.scheduling.attendance.rules import HAS_SEAT
from services.scheduling.attendance.service import managed
from services.scheduling.gatherings.access import helped_with
from services.scheduling.gatherings.models import Gathering
from services.scheduling.models import Registration
from services.scheduling.projection import CONTACTS
from services.scheduling.statistics.schemas import DayCount, SeatCounts, StatisticsRead

_R = Registration.__table__  # type: ignore[attr-defined]
_ASKING = ("requested", "offered")


def seat_counts(
    session: Session, *, gathering_ids: Sequence[str], caller: Identity
) -> list[SeatCounts]:
    """How each gathering stands that the caller looks after; others are left out."""
    found = select(col(Gathering.id)).where(col(Gathering.id).in_(gathering_ids))
    if not caller.has("moderator"):
        theirs = caller.contact_id or ""
        found = found.where(
            or_(
                col(Gathering.organiser_id) == theirs,
                col(Gathering.id).in_(helped_with(theirs)),
            )
        )
    connection = session.connection()
    ids = list(connection.execute(found).scalars())
    counted = _counted(connection, ids)
    return [_counts_of(id, counted.get(id, Counter())) for id in ids]


def statistics(session: Session, *, gathering_id: str, caller: Identity) -> StatisticsRead:
    """How one gathering fills, and with whom; raises NotFound or Forbidden."""
    managed(session, gathering_id, caller)
    connection = session.connection()
    counted = _counted(connection, [gathering_id]).get(gathering_id, Counter())
    seated = (_R.c.gathering_id == gathering_id, _R.c.status.in_(HAS_SEAT))
    day = _day(connection)
    new = connection.execute(
        select(day, func.count()).where(*seated).group_by(day).order_by(day)
    ).fetchall()
    by = select(CONTACTS.c.helix_side, CONTACTS.c.region_code, func.count())
    people = connection.execute(
        by.select_from(_R.outerjoin(CONTACTS, CONTACTS.c.id == _R.c.contact_id))
        .where(*seated)
        .group_by(CONTACTS.c.helix_side, CONTACTS.c.region_code)
    ).fetchall()
    sides: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    for side, region, number in people:
        sides[side or ""] += number
        regions[region or ""] += number
    sums = accumulate(number for _when, number in new)
    return StatisticsRead(
        **_counts_of(gathering_id, counted).model_dump(),
        days=[
            # SQLite has no type for days and gives their ISO form.
            DayCount(day=date.fromisoformat(str(when)), seats=seats)
            for (when, _number), seats in zip(new, sums, strict=True)
        ],
        sides=dict(sorted(sides.items())),
        regions=dict(sorted(regions.items())),
    )


def _counted(connection: Connection, ids: Sequence[str]) -> dict[str, Counter[str]]:
    """How many registrations there are of each status, by gathering."""
    rows = connection.execute(
        select(_R.c.gathering_id, _R.c.status, func.count())
        .where(_R.c.gathering_id.in_(ids))
        .group_by(_R.c.gathering_id, _R.c.status)
    )
    counted: dict[str, Counter[str]] = {}
    for id, status, number in rows:
        counted.setdefault(id, Counter())[status] = number
    return counted


def _counts_of(id: str, counted: Counter[str]) -> SeatCounts:
    return SeatCounts(
        gathering_id=id,
        seats=sum(counted[status] for status in HAS_SEAT),
        waiting=counted["waitlisted"],
        asking=sum(counted[status] for status in _ASKING),
    )


def _day(connection: Connection) -> ColumnElement[date]:
    """The day on which somebody registered, in UTC on both databases."""
    asked_at = _R.c.asked_at
    if connection.dialect.name == "postgresql":
        asked_at = func.timezone("UTC", asked_at)
    return func.date(asked_at)
