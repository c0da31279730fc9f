"""Who is registered for what, as people and organisers see it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import Session

from services.kit.errors import Forbidden
from services.kit.identity import Identity
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.models import Gathering
from services.scheduling.registrations.models import Registration
from services.scheduling.registrations.rules import ENDED
from services.scheduling.registrations.schemas import RegistrationRead

_R = Registration.__table__  # type: ignore[attr-defined]


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
    line = (read for read in reads if read.status == "waitlisted")
    for position, read in enumerate(line, 1):
        read.position = position
    return reads
