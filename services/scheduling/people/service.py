"""Use cases of a gathering's people: naming those who help to run it and those who host it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from services.kit.errors import Conflict
from services.kit.identity import Identity
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.models import Gathering
from services.scheduling.people.models import GatheringPerson
from services.scheduling.people.schemas import PersonOrder

MOST_PEOPLE = 50
_FIELDS = {"co-organiser": "co_organiser_ids", "host": "host_ids"}


def add(
    session: Session, *, id: str, order: PersonOrder, caller: Identity, moment: datetime
) -> Gathering:
    """Name somebody; doing it twice changes nothing."""
    gathering = gatherings.locked(session, id, caller)
    own = order.role == "co-organiser" and order.contact_id == gathering.organiser_id
    if own or _found(gathering, order):
        return gathering
    if len(gathering.people) >= MOST_PEOPLE:
        raise Conflict("This event has as many people as it can.")
    gathering.people.append(
        GatheringPerson(
            gathering_id=gathering.id,
            contact_id=order.contact_id,
            role=order.role,
            added_at=moment,
        )
    )
    gatherings.revise(session, gathering, {_FIELDS[order.role]: None}, moment)
    return gathering


def remove(
    session: Session, *, id: str, order: PersonOrder, caller: Identity, moment: datetime
) -> Gathering:
    """Take somebody's part back; doing it twice changes nothing. The organiser always stays."""
    gathering = gatherings.locked(session, id, caller)
    if person := _found(gathering, order):
        gathering.people.remove(person)
        gatherings.revise(session, gathering, {_FIELDS[order.role]: None}, moment)
    return gathering


def of_person(session: Session, contact_id: str) -> list[dict[str, Any]]:
    """What somebody is to gatherings that others organise."""
    rows = session.exec(
        select(Gathering, GatheringPerson)
        .join(GatheringPerson)
        .where(GatheringPerson.contact_id == contact_id)
        .order_by(Gathering.id, GatheringPerson.role)
    )
    return [
        {"title": gathering.title, "role": person.role, "since": person.added_at.isoformat()}
        for gathering, person in rows
    ]


def _found(gathering: Gathering, order: PersonOrder) -> GatheringPerson | None:
    return next(
        (p for p in gathering.people if (p.contact_id, p.role) == (order.contact_id, order.role)),
        None,
    )
