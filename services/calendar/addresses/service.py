"""Use cases of secret feed addresses: load, decide, save, tell."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from events import outbox
from events.catalogue.calendar import FeedAddressIssued, FeedAddressRevoked
from events.envelope import new_id
from services.calendar.addresses.models import FeedAddress
from services.kit.errors import Conflict, Gone, NotFound
from services.kit.language import _

MOST = 20
"""Addresses one person can have in use."""

_BY_HASH = select(FeedAddress.contact_id, FeedAddress.revoked_at).where(
    FeedAddress.secret_hash == bindparam("hash")
)


def issue(
    session: Session, *, contact_id: str, label: str, moment: datetime
) -> tuple[FeedAddress, str]:
    """A new address and its secret, which is kept nowhere; raises Conflict when there are MOST."""
    in_use = select(func.count()).where(
        FeedAddress.contact_id == contact_id, col(FeedAddress.revoked_at).is_(None)
    )
    if session.exec(in_use).one() >= MOST:
        raise Conflict(
            _("You have {most} calendar addresses. Please switch off one you do not use.").format(
                most=MOST
            )
        )
    secret = secrets.token_urlsafe(32)
    address = FeedAddress(
        id=new_id(),
        contact_id=contact_id,
        label=label,
        secret_hash=_hash(secret),
        made_at=moment,
    )
    session.add(address)
    session.flush()
    outbox.add(session, FeedAddressIssued(feed_id=address.id, contact_id=contact_id))
    return address, secret


def revoke(session: Session, *, id: str, contact_id: str, moment: datetime) -> FeedAddress:
    """End an address at once; doing it twice changes nothing. Raises NotFound."""
    address = session.get(FeedAddress, id, with_for_update=True)
    if address is None or address.contact_id != contact_id:
        raise NotFound("You have no such calendar address.")
    if address.revoked_at is None:
        address.revoked_at = moment
        session.add(address)
        session.flush()
        outbox.add(session, FeedAddressRevoked(feed_id=id, contact_id=contact_id))
    return address


def of_contact(session: Session, contact_id: str) -> Sequence[FeedAddress]:
    """All addresses of one person, newest first."""
    return session.exec(
        select(FeedAddress)
        .where(FeedAddress.contact_id == contact_id)
        .order_by(col(FeedAddress.made_at).desc(), col(FeedAddress.id).desc())
    ).all()


def forget(session: Session, contact_id: str) -> None:
    """Take away all addresses of one person."""
    for address in of_contact(session, contact_id):
        if address.revoked_at is None:
            outbox.add(session, FeedAddressRevoked(feed_id=address.id, contact_id=contact_id))
        session.delete(address)
    session.flush()


def contact_of(session: Session, *, secret: str) -> str:
    """Whose feed is behind this secret; raises NotFound, or Gone once it is revoked."""
    found = session.connection().execute(_BY_HASH, {"hash": _hash(secret)}).first()
    if found is None:
        raise NotFound("There is no calendar at this address.")
    if found.revoked_at is not None:
        raise Gone("This calendar address was revoked. Make a new one on your page in the hub.")
    return str(found.contact_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
