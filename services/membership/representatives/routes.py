"""HTTP to the representatives' service and back."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Caller, Member
from services.kit.routes import Router
from services.membership.organisations import service as organisations
from services.membership.representatives import reading, service
from services.membership.representatives.schemas import (
    Ask,
    Decision,
    OrganisationPeople,
    RoleGiven,
)

router = Router(prefix="/organisations/{id}", tags=["representatives"])


@router.get("/people")
def list_people(db: Db, viewer: Caller, id: Id) -> OrganisationPeople:
    """Who is of an organisation as far as the viewer may know, and what the viewer may do."""
    with db.reader() as session:
        organisation = organisations.find(session, reference=id, viewer=viewer)
        return reading.people(session, organisation=organisation, viewer=viewer)


@router.post("/asks", status_code=204)
def ask(db: Db, caller: Member, id: Id, wanted: Ask) -> None:
    """Want to own an organisation or to speak for it."""
    with db.unit_of_work() as session:
        service.ask(session, id=id, role=wanted.role, caller=caller, moment=datetime.now(UTC))


@router.delete("/asks", status_code=204)
def withdraw(db: Db, caller: Member, id: Id) -> None:
    """Ask no longer."""
    with db.unit_of_work() as session:
        service.withdraw(session, id=id, caller=caller)


@router.post("/asks/{contact_id}", status_code=204)
def decide(db: Db, caller: Member, id: Id, contact_id: Id, decision: Decision) -> None:
    """Say yes or no to what someone asked; for owners, for moderators while there is none."""
    with db.unit_of_work() as session:
        service.decide(
            session,
            id=id,
            contact_id=contact_id,
            granted=decision.granted,
            decider=caller,
            moment=datetime.now(UTC),
        )


@router.put("/people/{contact_id}", status_code=204)
def give(db: Db, caller: Member, id: Id, contact_id: Id, given: RoleGiven) -> None:
    """Make someone of the organisation an owner, a representative, or a mere member."""
    with db.unit_of_work() as session:
        service.give(
            session,
            id=id,
            contact_id=contact_id,
            role=given.role,
            giver=caller,
            moment=datetime.now(UTC),
        )


@router.delete("/people/{contact_id}", status_code=204)
def remove(db: Db, caller: Member, id: Id, contact_id: Id) -> None:
    """Take someone off an organisation."""
    with db.unit_of_work() as session:
        service.remove(
            session, id=id, contact_id=contact_id, remover=caller, moment=datetime.now(UTC)
        )


@router.post("/hand-over/{contact_id}", status_code=204)
def hand_over(db: Db, caller: Member, id: Id, contact_id: Id) -> None:
    """Make someone else the owner in one's place."""
    with db.unit_of_work() as session:
        service.hand_over(
            session, id=id, contact_id=contact_id, giver=caller, moment=datetime.now(UTC)
        )


@router.post("/step-down", status_code=204)
def step_down(db: Db, caller: Member, id: Id) -> None:
    """Speak for an organisation no longer."""
    with db.unit_of_work() as session:
        service.step_down(session, id=id, caller=caller)
