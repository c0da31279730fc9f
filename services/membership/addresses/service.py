"""Use cases of addresses: nothing changes until a link to the new address is used, and the old
one is told with a way back.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, func, select

from events import outbox
from events.catalogue.membership import AddressChangeAsked, AddressChanged, AddressTaken
from services.kit.errors import Conflict, Gone
from services.membership.accounts import service as accounts
from services.membership.accounts.models import Link
from services.membership.accounts.rules import MAILS_WINDOW, MOST_MAILS
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.erasure import service as erasure
from services.membership.identities import service as identities
from services.membership.passkeys import service as passkeys

TAKEN = "This address belongs to somebody else by now. Nothing was changed."
TYPED = ("guest", "invited", "pending")
"""Contacts whose address nobody has proved to be theirs."""


def ask(session: Session, *, contact_id: str, email: str, moment: datetime) -> None:
    """Owe a link to the new address; the answer is the same when it belongs to somebody.

    And when nobody is mailed, for the member had their share of such mails for now.
    """
    contact = contacts.locked(session, contact_id)
    holder = session.exec(select(Contact.id).where(Contact.email == email)).first()
    recent = select(func.count()).where(
        Link.contact_id == contact.id,
        Link.kind == "address",
        col(Link.made_at) > moment - MAILS_WINDOW,
    )
    if email == contact.email or session.exec(recent).one() >= MOST_MAILS:
        return
    # Also when it is somebody's: it counts, and nobody is mailed its secret.
    link_id = accounts.make_link(
        session, kind="address", contact_id=contact.id, moment=moment, form={"to": email}
    )
    if holder:
        outbox.add(session, AddressTaken(contact_id=holder))
    else:
        outbox.add(session, AddressChangeAsked(contact_id=contact.id, link_id=link_id))


def confirm(session: Session, *, secret: str, moment: datetime) -> None:
    """Move to the new address; raises Gone, or Conflict when somebody else has it by now."""
    link = accounts.use_link(session, kind="address", secret=secret, moment=moment)
    contact = contacts.locked(session, link.contact_id or "")
    if contact.status not in ("member", "leaving"):
        raise Gone(accounts.OVER)
    before = contact.email
    _move(session, contact, (link.form or {})["to"], moment)
    back = accounts.make_link(
        session, kind="address-back", contact_id=contact.id, moment=moment, form={"to": before}
    )
    outbox.add(session, AddressChanged(contact_id=contact.id, link_id=back))


def take_back(session: Session, *, secret: str, moment: datetime, lag: timedelta) -> None:
    """Move back to the address from before: whoever moved away from it was not its owner.

    All other ways into the account end: sessions, passkeys, accounts elsewhere, and what was
    mailed since. Somebody may have typed the address meanwhile, so that it could not be taken
    back: only who has proved that it is theirs keeps it. Raises Gone and Conflict.
    """
    link = accounts.use_link(session, kind="address-back", secret=secret, moment=moment)
    contact = contacts.locked(session, link.contact_id or "")
    email = (link.form or {})["to"]
    typed = select(Contact.id).where(Contact.email == email, col(Contact.status).in_(TYPED))
    if holder := session.exec(typed).first():
        erasure.erase(session, contact_id=holder, reason="term", moment=moment, lag=lag)
    _move(session, contact, email, moment)
    _use_up(
        session,
        and_(
            col(Link.contact_id) == contact.id,
            col(Link.kind) == "address-back",
            # Not those from before: they lead to whoever had the account first.
            col(Link.made_at) >= link.made_at,
        ),
        moment,
    )
    accounts.end_all(session, contact.id)
    for passkey in passkeys.own(session, contact_id=contact.id):
        passkeys.remove(session, id=passkey.id, contact_id=contact.id)
    for identity in identities.own(session, contact_id=contact.id):
        identities.unlink(session, id=identity.id, contact_id=contact.id)


def _move(session: Session, contact: Contact, email: str, moment: datetime) -> None:
    if session.exec(select(Contact.id).where(Contact.email == email)).first():
        raise Conflict(TAKEN)
    contact.email = email
    contacts.revise(session, contact)
    # What was mailed to the address from before signs nobody in any more.
    mailed = col(Link.kind).in_(("sign-in", "stay", "address"))
    _use_up(session, and_(col(Link.contact_id) == contact.id, mailed), moment)


def _use_up(session: Session, which: ColumnElement[bool], moment: datetime) -> None:
    session.connection().execute(
        update(Link).where(which, col(Link.used_at).is_(None)).values(used_at=moment, form=None)
    )
