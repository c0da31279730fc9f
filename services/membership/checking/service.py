"""Use cases of checking: ask, hide after silence, and show again by one click."""

from datetime import datetime

from sqlalchemy import exists
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import ProfileDoubted
from services.kit.errors import NotFound
from services.kit.timers import TIMERS, set_timer
from services.membership.accounts import service as accounts
from services.membership.contacts import freshness
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact

NOBODY = "This member is not known."


def doubt(session: Session, id: str, moment: datetime) -> None:
    """What the timer does a year on: ask those whom others can find."""
    contact = _member(session, id)
    if contact is None:
        return
    due_at = (contact.checked_at or contact.created_at) + freshness.HOLDS
    listed = "directory" in contact.consents and contact.visibility != "hidden"
    if due_at > moment or not listed:
        later = due_at if due_at > moment else moment + freshness.HOLDS
        set_timer(session, kind=freshness.DOUBT, key=id, due_at=later)
        return
    hidden_at = moment + freshness.SILENCE
    link_id = accounts.make_link(session, kind="check", contact_id=id, moment=moment)
    set_timer(session, kind=freshness.HIDE, key=id, due_at=hidden_at)
    outbox.add(session, ProfileDoubted(contact_id=id, link_id=link_id, hidden_at=hidden_at))


def hide(session: Session, id: str, moment: datetime) -> None:
    """What the timer does after silence; what was chosen is kept for the way back."""
    contact = _member(session, id)
    if contact and contact.visibility != "hidden":
        contact.visible_before, contact.visibility = contact.visibility, "hidden"
        contacts.revise(session, contact)


def still_right(session: Session, *, contact_id: str, moment: datetime) -> None:
    """The profile holds: it is as visible as it was; raises NotFound."""
    contact = contacts.locked(session, contact_id)
    if contact.status != "member":
        raise NotFound(NOBODY)
    freshness.checked(session, contact, moment)
    session.add(contact)
    if contact.visible_before:
        contact.visibility, contact.visible_before = contact.visible_before, None
        contacts.revise(session, contact)


def still_right_by_link(session: Session, *, secret: str, moment: datetime) -> None:
    """The same by the link of the mail, signed in or not; raises Gone."""
    link = accounts.use_link(session, kind="check", secret=secret, moment=moment)
    still_right(session, contact_id=link.contact_id or "", moment=moment)


def watch(session: Session, moment: datetime, *, most: int = 500) -> int:
    """Set the yearly timer of members who have none: they joined before there was one, or it came
    due while their account was closed. How many they were.
    """
    waiting = exists().where(
        TIMERS.c.kind.in_((freshness.DOUBT, freshness.HIDE)), TIMERS.c.key == col(Contact.id)
    )
    found = session.exec(
        select(Contact.id, Contact.checked_at, Contact.created_at)
        # Whoever was hidden after silence was asked; what they wait for is a click.
        .where(Contact.status == "member", col(Contact.visible_before).is_(None), ~waiting)
        .order_by(Contact.id)
        .limit(most)
    ).all()
    for id, checked_at, created_at in found:
        due_at = (checked_at or created_at) + freshness.HOLDS
        set_timer(session, kind=freshness.DOUBT, key=id, due_at=due_at)
    return len(found)


def _member(session: Session, id: str) -> Contact | None:
    # Whoever holds the contact may be about to move the timer, which is held here.
    contact = session.get(Contact, id, with_for_update={"nowait": True})
    return contact if contact and contact.status == "member" else None
