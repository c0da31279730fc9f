"""Who is registered for what, as people and organisers see it."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from services.kit.errors import Forbidden, NotFound
from services.kit.identity import Identity
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.models import Gathering
from services.scheduling.questions import service as questions
from services.scheduling.registrations import days
from services.scheduling.registrations.models import Registration, RegistrationLink
from services.scheduling.registrations.rows import Found, by_id, read
from services.scheduling.registrations.rules import ENDED
from services.scheduling.registrations.schemas import RegistrationDetails, RegistrationRead

_R = Registration.__table__  # type: ignore[attr-defined]
_L = RegistrationLink.__table__  # type: ignore[attr-defined]


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
    waiting = [each.gathering_id for each in found if each.status == "waitlisted"]
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
        for each in found:
            each.position = place_of.get(each.id)
    return {each.gathering_id: each for each in found}


def of_gathering(session: Session, gathering_id: str, caller: Identity) -> list[RegistrationRead]:
    """Everybody registered, in the order they asked; for the organiser."""
    gathering = session.get(Gathering, gathering_id)
    if gathering is None or not gatherings.may_manage(gathering, caller):
        raise Forbidden("Only the organiser can see who is registered.")
    rows = session.connection().execute(
        select(_R)
        .where(
            _R.c.gathering_id == gathering_id,
            _R.c.status.not_in(ENDED),
            _R.c.contact_id != _R.c.id,
        )
        .order_by(_R.c.status, _R.c.asked_at, _R.c.id)
    )
    reads = [RegistrationRead.model_validate(row) for row in rows]
    line = (each for each in reads if each.status == "waitlisted")
    for position, each in enumerate(line, 1):
        each.position = position
    return reads


def details(session: Session, *, id: str, caller: Identity | None) -> RegistrationDetails:
    """A registration with what the person answered and needs; for themselves alone."""
    connection = session.connection()
    row = by_id(connection, id)
    if row is None or not is_theirs(row, caller):
        raise NotFound("There is no such registration for you.")
    shown = read(connection, row)
    return RegistrationDetails(
        **shown.model_dump(),
        answers=questions.given_by(connection, id),
        access_needs=row.access_needs,
        lines={
            day.occurrence: days.position(connection, id, days.key_of(day.occurrence))
            for day in shown.dates or ()
            if day.status == "waitlisted"
        },
    )


def read_by_secret(session: Session, *, secret: str) -> RegistrationDetails:
    """The registration a mail's link leads to; raises NotFound."""
    return details(session, id=id_behind(session, secret), caller=None)


def id_behind(session: Session, secret: str) -> str:
    """The registration that a mail's link leads to; raises NotFound."""
    found = session.connection().execute(
        select(_L.c.registration_id).where(
            _L.c.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
        )
    )
    id: str | None = found.scalar()
    if id is None:
        raise NotFound("This link does not belong to a registration.")
    return id


def any_registered(connection: Connection, gathering_id: str) -> bool:
    """Whether somebody has a seat, waits or asks."""
    found = select(_R.c.id).where(_R.c.gathering_id == gathering_id, _R.c.status.not_in(ENDED))
    return connection.execute(found.limit(1)).first() is not None


def is_theirs(row: Found, caller: Identity | None) -> bool:
    """Whether a registration is the caller's own; None is a mail's link."""
    return caller is None or row.contact_id == caller.contact_id or "hub" in caller.roles
