"""Rows of registrations: Core statements built once, for this is the hub's busiest write path."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from events import outbox
from events.catalogue.scheduling import (
    RegisteredDate,
    RegistrationConfirmed,
    RegistrationHeld,
    RegistrationRequested,
    RegistrationState,
    RegistrationStatus,
    RegistrationWaitlisted,
)
from events.envelope import Fact
from services.kit.audience import only
from services.kit.timers import drop_timer, set_timer
from services.scheduling.registrations.models import Registration
from services.scheduling.registrations.schemas import RegistrationRead

_R = Registration.__table__  # type: ignore[attr-defined]
Found = Row[*tuple[Any, ...]]
"""A row as the database gave it."""

OWN = select(_R).where(
    _R.c.gathering_id == bindparam("gathering"), _R.c.contact_id == bindparam("contact")
)
INSERT_NEW = {
    dialect: new(_R).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for dialect, new in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))
}
"""Inserts nothing when the person is known to the gathering already."""
_WAITING = _R.c.gathering_id == bindparam("gathering"), _R.c.status == "waitlisted"
END_OF_LINE = select(
    select(func.max(_R.c.asked_at)).where(*_WAITING).scalar_subquery().label("last"),
    select(func.count()).select_from(_R).where(*_WAITING).scalar_subquery().label("length"),
)
"""Two questions in one statement: asked together as one, both would read the whole line."""
_AHEAD = (
    select(func.count())
    .select_from(_R)
    .where(
        *_WAITING,
        tuple_(_R.c.asked_at, _R.c.id)
        < tuple_(bindparam("since", type_=_R.c.asked_at.type), bindparam("before")),
    )
)
RELEASE = "registration.release"
"""The timer that ends the time in which a seat is held."""
_REVISE = (
    update(_R)
    .where(_R.c.id == bindparam("row"))
    .values(
        {
            name: bindparam(f"to_{name}")
            for name in (
                "version", "status", "asked_at", "revised_at", "until", "pool_id", "attending",
                "proved", "access_needs", "dates",
            )
        }
    )
)  # fmt: skip


def revise(connection: Connection, row: Found, moment: datetime, **changed: Any) -> dict[str, Any]:
    """Save a changed registration as its next version; returns it."""
    revised = {
        **row._mapping,
        "until": None,
        **changed,
        "version": row.version + 1,
        "revised_at": moment,
    }
    values = {f"to_{name}": value for name, value in revised.items()}
    connection.execute(_REVISE, {**values, "row": row.id})
    return revised


def save(connection: Connection, row: Found, moment: datetime, **changed: Any) -> dict[str, Any]:
    """The same with its state told; the timer that ends a held seat follows `until`."""
    revised = revise(connection, row, moment, **changed)
    if revised["until"] and revised["until"] != row.until:
        set_timer(connection, kind=RELEASE, key=row.id, due_at=revised["until"])
    elif row.until and not revised["until"]:
        drop_timer(connection, kind=RELEASE, key=row.id)
    outbox.add(connection, state_of(revised))
    return revised


def with_dates(connection: Connection, row: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """A registration that was written a moment ago, with what its dates made of it."""
    connection.execute(update(_R).where(_R.c.id == row["id"]).values(**changed))
    return {**row, **changed}


def by_id(connection: Connection, id: str) -> Found | None:
    """One registration."""
    return connection.execute(select(_R).where(_R.c.id == id)).first()


def state_of(row: dict[str, Any]) -> RegistrationState:
    """The snapshot other services know."""
    status: RegistrationStatus = row["status"]
    return RegistrationState(
        id=row["id"],
        version=row["version"],
        audience=only(row["contact_id"]),
        gathering_id=row["gathering_id"],
        contact_id=row["contact_id"],
        status=status,
        attending=row["attending"] or None,
        until=row["until"],
        dates=_days(row),
        revised_at=row["revised_at"],
    )


def _days(row: Mapping[str, Any]) -> tuple[RegisteredDate, ...] | None:
    """The dates a registration is for; None is all."""
    if row["dates"] is None:
        return None
    return tuple(
        RegisteredDate(occurrence=datetime.fromisoformat(day), status=status)
        for day, status in row["dates"]
    )


def ids_of(row: dict[str, Any] | Found) -> dict[str, str]:
    """What every fact about a registration carries."""
    values = row if isinstance(row, dict) else row._mapping
    return {
        "registration_id": values["id"],
        "gathering_id": values["gathering_id"],
        "contact_id": values["contact_id"],
    }


def read(
    connection: Connection, row: dict[str, Any] | Found, *, position: int | None = None
) -> RegistrationRead:
    """The registration as people see it, with the place in line, counted unless it is known."""
    values = row if isinstance(row, dict) else dict(row._mapping)
    shown = RegistrationRead.model_validate({**values, "dates": _days(values)})
    if shown.status == "waitlisted" and shown.dates is None:
        shown.position = position or _position(connection, values)
    return shown


def _position(connection: Connection, row: dict[str, Any]) -> int:
    before = {"gathering": row["gathering_id"], "since": row["asked_at"], "before": row["id"]}
    return int(connection.execute(_AHEAD, before).scalar_one()) + 1


def told(row: Mapping[str, Any], gathering: Found) -> Fact:
    """The fact of how a registration begins."""
    ids = ids_of(dict(row))
    match row["status"]:
        case "requested":
            return RegistrationRequested(**ids, organiser_id=gathering.organiser_id)
        case "waitlisted":
            return RegistrationWaitlisted(**ids)
        case "unconfirmed":
            return RegistrationHeld(**ids, until=row["until"])
        case _:
            return RegistrationConfirmed(**ids)
