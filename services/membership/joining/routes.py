"""HTTP to joining's service and back; all of it for the hub itself."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.membership.accounts.schemas import Accepted, LinkHeld, SecretHeld, SessionStarted
from services.membership.contacts.schemas import ContactRef
from services.membership.joining import invitations, service
from services.membership.joining.schemas import (
    AdminCreate,
    InvitationAccept,
    InvitationRead,
    MemberJoin,
)

router = Router(tags=["joining"])


@router.post("/members", status_code=202)
def join(db: Db, hub: HubItself, order: MemberJoin) -> Accepted:
    """Take a join form; what follows comes by mail."""
    with db.transaction() as connection:
        service.join(connection, order=order, moment=datetime.now(UTC))
    return Accepted()


@router.post("/confirmations", status_code=201)
def confirm(db: Db, hub: HubItself, held: LinkHeld) -> SessionStarted:
    """Use a confirmation link: the account is active and signed in."""
    with db.unit_of_work() as session:
        return service.confirm(
            session, secret=held.secret, entry=held.entry, moment=datetime.now(UTC)
        )


@router.post("/invitations/lookup")
def look_up_invitation(db: Db, hub: HubItself, held: SecretHeld) -> InvitationRead:
    """What is known of whom an invitation is for, to fill in the form."""
    with db.reader() as session:
        return invitations.look_up(session, secret=held.secret, moment=datetime.now(UTC))


@router.post("/invitations/accept", status_code=201)
def accept_invitation(db: Db, hub: HubItself, order: InvitationAccept) -> SessionStarted:
    """Use an invitation: the account is made as the form says, and signed in."""
    with db.unit_of_work() as session:
        return invitations.accept(session, order=order, entry=order.entry, moment=datetime.now(UTC))


@router.post("/admins", status_code=201)
def create_admin(db: Db, hub: HubItself, order: AdminCreate) -> ContactRef:
    """Make someone an admin, with an account that is active at once."""
    with db.unit_of_work() as session:
        return ContactRef(
            contact_id=service.appoint_admin(session, order=order, moment=datetime.now(UTC)).id
        )
