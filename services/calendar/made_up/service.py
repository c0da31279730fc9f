"""The use case of the demonstration: ending the calendar addresses of its people."""

from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.calendar import FeedAddressRevoked
from services.calendar.addresses.models import FeedAddress
from services.calendar.made_up.schemas import MadeUp


def remove(session: Session, *, order: MadeUp) -> dict[str, int]:
    """Take their addresses away; gatherings and registrations go when the log says so."""
    addresses = session.exec(
        select(FeedAddress)
        .where(col(FeedAddress.contact_id).in_(order.contact_ids))
        .order_by(FeedAddress.id)
        .with_for_update()
    ).all()
    for address in addresses:
        if address.revoked_at is None:
            outbox.add(
                session, FeedAddressRevoked(feed_id=address.id, contact_id=address.contact_id)
            )
        session.delete(address)
    return {"calendar addresses": len(addresses)}
