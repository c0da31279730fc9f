"""HTTP to the invitations' service and back."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router
from services.scheduling.invitations import service
from services.scheduling.invitations.schemas import InvitationRead, InvitationsCreate

router = Router(prefix="/gatherings/{id}/invitations", tags=["invitations"])


@router.get("")
def list_invitations(db: Db, caller: Member, id: Id) -> list[InvitationRead]:
    """Who is invited; for the organiser."""
    with db.reader() as session:
        found = service.listed(session, gathering_id=id, caller=caller)
        return [InvitationRead.model_validate(one) for one in found]


@router.post("", status_code=204)
def invite_to_gathering(db: Db, caller: Member, id: Id, order: InvitationsCreate) -> None:
    """Invite people by a mail each; for the organiser."""
    with db.unit_of_work() as session:
        service.add(
            session,
            gathering_id=id,
            contact_ids=order.contact_ids,
            caller=caller,
            moment=datetime.now(UTC),
        )


@router.delete("/{contact_id}", status_code=204)
def take_invitation_back(db: Db, caller: Member, id: Id, contact_id: Id) -> None:
    """Take an invitation back; for the organiser."""
    with db.unit_of_work() as session:
        service.remove(session, gathering_id=id, contact_id=contact_id, caller=caller)
