"""HTTP to admission's service and back."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Caller, Member
from services.kit.routes import Router
from services.scheduling.admission import service
from services.scheduling.admission.schemas import Admission, AdmissionRead, Pool
from services.scheduling.attendance.service import seen
from services.scheduling.gatherings.access import may_manage
from services.scheduling.registrations import seats

router = Router(tags=["admission"])


@router.get("/gatherings/{id}/admission")
def read_admission(db: Db, caller: Member, id: Id) -> AdmissionRead:
    """Who may register, when, and for which seats; for the organiser."""
    with db.reader() as session:
        return service.read(session, gathering_id=id, caller=caller)


@router.put("/gatherings/{id}/admission")
def set_admission(db: Db, caller: Member, id: Id, order: Admission) -> AdmissionRead:
    """Say who may register, when, and for which seats; those who wait get what is added."""
    with db.unit_of_work() as session:
        return service.set(
            session, gathering_id=id, order=order, caller=caller, moment=datetime.now(UTC)
        )


@router.get("/gatherings/{id}/seats")
def list_kinds_of_seats(db: Db, caller: Caller, id: Id) -> list[Pool]:
    """The kinds of seats, and how many are taken; not where that says who is invited."""
    with db.reader() as session:
        gathering = seen(session, id, caller)
        if gathering.admits == "invited" and not may_manage(gathering, caller):
            return []
        rows = seats.kinds(session.connection(), id)
        return [Pool.model_validate(row) for row in rows]
