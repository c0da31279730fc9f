"""HTTP to the service of leaving and back; for the hub itself."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.membership.accounts.schemas import LinkHeld, SessionStarted
from services.membership.leaving import service
from services.membership.leaving.schemas import LeavingRead

router = Router(tags=["leaving"])


@router.post("/members/{contact_id}/leave")
def leave(db: Db, hub: HubItself, contact_id: Id) -> LeavingRead:
    """Hide a member now and erase them in two weeks; the gateway has asked who it is."""
    with db.unit_of_work() as session:
        return service.leave(session, contact_id=contact_id, moment=datetime.now(UTC))


@router.post("/members/stay", status_code=201)
def stay(db: Db, hub: HubItself, held: LinkHeld) -> SessionStarted:
    """Come back by the link in the mail."""
    with db.unit_of_work() as session:
        return service.stay(session, secret=held.secret, entry=held.entry, moment=datetime.now(UTC))
