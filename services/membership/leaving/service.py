"""Use cases of leaving and of coming back in time."""

from datetime import datetime

from sqlmodel import Session

from events import outbox
from events.catalogue.membership import MemberLeaving, MemberStayed
from services.kit.errors import Conflict, Gone
from services.kit.timers import drop_timer, set_timer
from services.membership.accounts import service as accounts
from services.membership.accounts.schemas import Entry, SessionStarted
from services.membership.contacts import service as contacts
from services.membership.leaving.rules import UNDO
from services.membership.leaving.schemas import LeavingRead
from services.membership.representatives import forgetting as representatives
from services.membership.roles import service as roles

ERASE = "leaving.erase"
"""The timer that erases somebody who left."""


def leave(session: Session, *, contact_id: str, moment: datetime) -> LeavingRead:
    """Hide a member everywhere, end their sessions, and erase them later; twice changes nothing.

    Raises Conflict when nobody else looks after the hub.
    """
    contact = contacts.locked(session, contact_id)
    if contact.status == "leaving" and contact.erase_at:
        return LeavingRead(erase_at=contact.erase_at)
    if contact.status != "member":
        raise Conflict("Only a member can leave.")
    if "admin" in contact.roles:
        roles.check_another_admin(session, contact_id)
    contact.status, contact.erase_at = "leaving", moment + UNDO
    contacts.revise(session, contact)
    accounts.end_all(session, contact_id)
    representatives.left(session, contact_id)
    set_timer(session, kind=ERASE, key=contact_id, due_at=contact.erase_at)
    link_id = accounts.make_link(session, kind="stay", contact_id=contact_id, moment=moment)
    outbox.add(
        session,
        MemberLeaving(contact_id=contact_id, link_id=link_id, erase_at=contact.erase_at),
    )
    return LeavingRead(erase_at=contact.erase_at)


def stay(
    session: Session, *, secret: str, moment: datetime, entry: Entry = Entry()
) -> SessionStarted:
    """Come back by the link in the mail, and be signed in; raises Gone."""
    link = accounts.use_link(session, kind="stay", secret=secret, moment=moment)
    contact = contacts.locked(session, link.contact_id or "")
    if contact.status != "leaving":
        raise Gone("This account is not about to be erased.")
    contact.status, contact.erase_at = "member", None
    contacts.revise(session, contact)
    drop_timer(session, kind=ERASE, key=contact.id)
    outbox.add(session, MemberStayed(contact_id=contact.id))
    return accounts.start_session(session, contact.id, moment, entry)


def forget(session: Session, contact_id: str) -> None:
    """The timer of somebody who is erased."""
    drop_timer(session, kind=ERASE, key=contact_id)
