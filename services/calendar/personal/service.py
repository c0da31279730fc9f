"""Use cases about one person: what calendar keeps of them, and forgetting it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from services.calendar import projection
from services.calendar.addresses import service as addresses
from services.calendar.feeds import service as feeds
from services.calendar.feeds.schemas import PrivateFeed


def held(session: Session, contact_id: str) -> dict[str, list[dict[str, Any]]]:
    """Calendar addresses by their labels; the secrets in them are kept nowhere."""
    return {
        "feed_addresses": [
            address.model_dump(mode="json", exclude={"contact_id", "secret_hash"})
            for address in addresses.of_contact(session, contact_id)
        ]
    }


def calendar(session: Session, contact_id: str, *, address: str) -> bytes:
    """The person's own calendar, as their feed has it."""
    return feeds.body(session, PrivateFeed(contact_id), address=address) or b""


def forget(session: Session, contact_id: str, moment: datetime) -> None:
    """The person's addresses end, and their registrations are in no calendar."""
    addresses.forget(session, contact_id)
    projection.forget(session, contact_id)
