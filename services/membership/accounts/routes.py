"""HTTP to the accounts' service and back; all of it for the hub itself."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.membership.accounts import service
from services.membership.accounts.schemas import (
    Accepted,
    LinkMinted,
    SecretHeld,
    SessionRead,
    SessionStarted,
    SignInCreate,
)

router = Router(tags=["accounts"])


@router.post("/sign-ins", status_code=202)
def ask_to_sign_in(db: Db, hub: HubItself, order: SignInCreate) -> Accepted:
    """Ask for a sign-in link; what follows comes by mail."""
    with db.unit_of_work() as session:
        service.ask_to_sign_in(session, email=order.email, moment=datetime.now(UTC))
    return Accepted()


@router.post("/sessions", status_code=201)
def sign_in(db: Db, hub: HubItself, held: SecretHeld) -> SessionStarted:
    """Use a sign-in link."""
    with db.unit_of_work() as session:
        return service.sign_in(session, secret=held.secret, moment=datetime.now(UTC))


@router.post("/sessions/lookup")
def look_up_session(db: Db, hub: HubItself, held: SecretHeld) -> SessionRead:
    """Who is signed in with this session's secret."""
    with db.reader() as session:
        return service.look_up(session, secret=held.secret, moment=datetime.now(UTC))


@router.post("/sessions/revoke", status_code=204)
def revoke_session(db: Db, hub: HubItself, held: SecretHeld) -> None:
    """Sign out."""
    with db.unit_of_work() as session:
        service.revoke(session, secret=held.secret)


@router.post("/links/{link_id}/mint")
def mint_link(db: Db, hub: HubItself, link_id: Id) -> LinkMinted:
    """A fresh secret for the mail about to be sent."""
    with db.unit_of_work() as session:
        return service.mint(session, link_id=link_id, moment=datetime.now(UTC))
