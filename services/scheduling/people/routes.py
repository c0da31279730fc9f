"""HTTP to the service of a gathering's people and back."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router
from services.scheduling.gatherings.schemas import GatheringRead
from services.scheduling.gatherings.service import read
from services.scheduling.people import service
from services.scheduling.people.schemas import PersonOrder

router = Router(prefix="/gatherings/{id}/people", tags=["gatherings"])


@router.post("")
def add_person(db: Db, caller: Member, id: Id, order: PersonOrder) -> GatheringRead:
    """Name somebody who helps to run a gathering, or a host."""
    with db.unit_of_work() as session:
        return read(
            service.add(session, id=id, order=order, caller=caller, moment=datetime.now(UTC))
        )


@router.post("/remove")
def remove_person(db: Db, caller: Member, id: Id, order: PersonOrder) -> GatheringRead:
    """Take somebody's part back."""
    with db.unit_of_work() as session:
        return read(
            service.remove(session, id=id, order=order, caller=caller, moment=datetime.now(UTC))
        )
