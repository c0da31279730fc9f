"""Invitations: people whom an import brought are asked once, and forgotten when they say nothing.

Until they submit the form they hold no consent, have no account and are seen by nobody.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import MemberConfirmed, MemberInvited
from services.kit.errors import Gone
from services.kit.timers import drop_timer, set_timer
from services.membership.accounts import service as accounts
from services.membership.accounts.models import Link, LinkSecret
from services.membership.accounts.rules import LINK_LIFETIMES, kept
from services.membership.accounts.schemas import Entry, SessionStarted
from services.membership.consents import service as consents
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.contacts.rules import member_consents
from services.membership.joining.rules import can_accept
from services.membership.joining.schemas import InvitationAccept, InvitationRead
from services.membership.organisations.models import Organisation

FORGET_INVITED = "joining.forget-invited"


def invite(session: Session, contact: Contact, moment: datetime) -> None:
    """Owe a mail to somebody with the status `invited`; unused, they are forgotten after it."""
    link_id = accounts.make_link(session, kind="invite", contact_id=contact.id, moment=moment)
    expires_at = moment + LINK_LIFETIMES["invite"]
    set_timer(session, kind=FORGET_INVITED, key=contact.id, due_at=expires_at)
    outbox.add(session, MemberInvited(contact_id=contact.id, link_id=link_id))


def look_up(session: Session, *, secret: str, moment: datetime) -> InvitationRead:
    """What is known of whom an invitation is for; raises Gone."""
    contact = session.exec(
        select(Contact)
        .join(Link)
        .join(LinkSecret)
        .where(
            LinkSecret.secret_hash == kept(secret),
            Link.kind == "invite",
            col(Link.used_at).is_(None),
            Link.expires_at > moment,
        )
    ).first()
    if contact is None or not can_accept(contact.status):
        raise Gone(accounts.OVER)
    shown = InvitationRead.model_validate(contact)
    organisation = session.get(Organisation, contact.organisation_id or "")
    shown.organisation_name = organisation.name if organisation else ""
    return shown


def accept(
    session: Session, *, order: InvitationAccept, moment: datetime, entry: Entry = Entry()
) -> SessionStarted:
    """Make the account as the form says and sign in; raises Gone, or Invalid without the terms.

    The link came by mail, so the address is proven by it.
    """
    member_consents(order.consents)
    link = accounts.use_link(session, kind="invite", secret=order.invitation, moment=moment)
    contact = contacts.locked(session, link.contact_id or "")
    if not can_accept(contact.status):
        raise Gone(accounts.OVER)
    values = order.model_dump(mode="json", exclude={"invitation", "entry"})
    values |= {"status": "member", "roles": ["member"]}
    if order.organisation_name is None and order.organisation_id is None:
        values["organisation_id"] = None
    how = consents.consenting("invitation", moment)
    contacts.apply(session, contact, values, moment=moment, consenting=how)
    forget(session, contact.id)
    outbox.add(session, MemberConfirmed(contact_id=contact.id))
    return accounts.start_session(session, contact.id, moment, entry)


def forget_invited(
    session: Session, id: str, moment: datetime, *, erase: Callable[..., object]
) -> None:
    """What the timer does: whoever did not answer an invitation is erased."""
    contact = session.get(Contact, id, with_for_update={"nowait": True})
    if contact and contact.status == "invited":
        erase(session, contact_id=id, moment=moment)


def forget(session: Session, contact_id: str) -> None:
    """Nothing waits for a person who is gone."""
    drop_timer(session, kind=FORGET_INVITED, key=contact_id)
