"""HTTP to the feed addresses' service and back."""

from datetime import UTC, datetime

from services.calendar.addresses import service
from services.calendar.addresses.schemas import (
    FeedAddressCreate,
    FeedAddressIssued,
    FeedAddressRead,
)
from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router

router = Router(prefix="/feed-addresses", tags=["feed addresses"])


@router.post("", status_code=201)
def issue_feed_address(db: Db, member: Member, order: FeedAddressCreate) -> FeedAddressIssued:
    """Make a secret address for the caller's own feed."""
    with db.unit_of_work() as session:
        address, secret = service.issue(
            session,
            contact_id=member.contact_id or "",
            label=order.label,
            moment=datetime.now(UTC),
        )
        return FeedAddressIssued(id=address.id, label=address.label, secret=secret)


@router.get("")
def list_feed_addresses(db: Db, member: Member) -> list[FeedAddressRead]:
    """The caller's addresses, without their secrets."""
    with db.reader() as session:
        found = service.of_contact(session, member.contact_id or "")
        return [FeedAddressRead.model_validate(address) for address in found]


@router.post("/{id}/revoke")
def revoke_feed_address(db: Db, member: Member, id: Id) -> FeedAddressRead:
    """End an address: it answers 410 from now on."""
    with db.unit_of_work() as session:
        address = service.revoke(
            session, id=id, contact_id=member.contact_id or "", moment=datetime.now(UTC)
        )
        return FeedAddressRead.model_validate(address)
