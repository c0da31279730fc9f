"""HTTP to the service of addresses and back."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.identity import HubItself, Member
from services.kit.routes import Router
from services.membership.accounts.schemas import Accepted, SecretHeld
from services.membership.addresses import service
from services.membership.addresses.schemas import AddressWanted
from services.membership.erasure.routes import Lag

router = Router(tags=["addresses"])


@router.post("/members/me/address", status_code=202)
def ask_for_address(db: Db, member: Member, wanted: AddressWanted) -> Accepted:
    """Ask to move to another address; what follows comes by mail."""
    with db.unit_of_work() as session:
        service.ask(
            session,
            contact_id=member.contact_id or "",
            email=wanted.email,
            moment=datetime.now(UTC),
        )
    return Accepted()


@router.post("/address-changes", status_code=204)
def confirm_address(db: Db, hub: HubItself, held: SecretHeld) -> None:
    """Use the link that went to the new address."""
    with db.unit_of_work() as session:
        service.confirm(session, secret=held.secret, moment=datetime.now(UTC))


@router.post("/address-changes/undo", status_code=204)
def take_address_back(db: Db, hub: HubItself, lag: Lag, held: SecretHeld) -> None:
    """Use the link that went to the address from before."""
    with db.unit_of_work() as session:
        service.take_back(session, secret=held.secret, moment=datetime.now(UTC), lag=lag)
