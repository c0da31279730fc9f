"""Use cases of addresses: nothing changes until a link to the new address is used, and the old
one is told with a way back.
"""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import AddressChangeAsked, AddressChanged, AddressTaken
from services.kit.errors import Conflict
from services.membership.accounts import service as accounts
from services.membership.accounts.models import Link
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact

TAKEN = "This address belongs to somebody else by now. Nothing was changed."


def ask(session: Session, *, contact_id: str, email: str, moment: datetime) -> None:
    """Owe a link to the new address; the answer is the same when it belongs to somebody."""
    contact = contacts.locked(session, contact_id)
    holder = session.exec(select(Contact.id).where(Contact.email == email)).first()
    if email == contact.email:
        return
    link_id = accounts.owe_link(
        session,
        kind="address",
        contact_id=contact.id if holder is None else None,
        moment=moment,
        form={"to": email},
    )
    if holder:
        outbox.add(session, AddressTaken(contact_id=holder))
    elif link_id:
        outbox.add(session, AddressChangeAsked(contact_id=contact.id, link_id=link_id))


def confirm(session: Session, *, secret: str, moment: datetime) -> None:
    """Move to the new address; raises Gone, or Conflict when somebody else has it by now."""
    link = accounts.use_link(session, kind="address", secret=secret, moment=moment)
    contact = contacts.locked(session, link.contact_id or "")
    before = contact.email
    _move(session, contact, (link.form or {})["to"], moment)
    back = accounts.make_link(
        session, kind="address-back", contact_id=contact.id, moment=moment, form={"to": before}
    )
    outbox.add(session, AddressChanged(contact_id=contact.id, link_id=back))


def take_back(session: Session, *, secret: str, moment: datetime) -> None:
    """Move back to the address from before, and end every session: it was not its owner."""
    link = accounts.use_link(session, kind="address-back", secret=secret, moment=moment)
    contact = contacts.locked(session, link.contact_id or "")
    _move(session, contact, (link.form or {})["to"], moment)
    accounts.end_all(session, contact.id)


def _move(session: Session, contact: Contact, email: str, moment: datetime) -> None:
    if session.exec(select(Contact.id).where(Contact.email == email)).first():
        raise Conflict(TAKEN)
    contact.email = email
    contacts.revise(session, contact)
    # What was mailed to the address from before signs nobody in any more.
    session.connection().execute(
        update(Link)
        .where(
            col(Link.contact_id) == contact.id,
            col(Link.kind).in_(("sign-in", "address", "address-back")),
            col(Link.used_at).is_(None),
        )
        .values(used_at=moment, form=None)
    )
