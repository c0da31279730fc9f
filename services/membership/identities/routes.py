"""HTTP to the identities' service and back; only the hub knows what a provider said."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import HubItself, Member
from services.kit.routes import Router
from services.membership.accounts.rules import OnTheWayOut
from services.membership.identities import service
from services.membership.identities.schemas import (
    IdentityProved,
    IdentityRead,
    IdentityUsed,
    SignInAnswer,
)

router = Router(tags=["identities"])


@router.post("/identities/sign-ins")
def sign_in(db: Db, hub: HubItself, used: IdentityUsed) -> SignInAnswer:
    """Sign in whom a provider has vouched for, if the hub knows them."""
    with db.unit_of_work() as session:
        answer = service.sign_in(session, used=used, moment=datetime.now(UTC))
    # After the commit: the mail with the way back is owed.
    if answer is None:
        raise OnTheWayOut
    return answer


@router.put("/members/{contact_id}/identities")
def link_identity(db: Db, hub: HubItself, contact_id: Id, proved: IdentityProved) -> IdentityRead:
    """Link an identity with a member who has just signed in at its provider."""
    with db.unit_of_work() as session:
        return service.link(session, contact_id=contact_id, proved=proved, moment=datetime.now(UTC))


@router.get("/members/me/identities")
def own_identities(db: Db, caller: Member) -> list[IdentityRead]:
    """The member's identities."""
    with db.reader() as session:
        return service.own(session, contact_id=caller.contact_id or "")


@router.delete("/members/me/identities/{id}", status_code=204)
def unlink_identity(db: Db, caller: Member, id: Id) -> None:
    """Unlink an identity."""
    with db.unit_of_work() as session:
        service.unlink(session, id=id, contact_id=caller.contact_id or "")
