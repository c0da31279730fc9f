"""Use cases of suspensions: load, decide, save, tell."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import MemberReinstated, MemberSuspended
from events.envelope import new_id
from services.kit.identity import Identity
from services.membership.accounts import service as accounts
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.representatives import forgetting as representatives
from services.membership.roles import service as roles
from services.membership.suspensions.models import Suspension
from services.membership.suspensions.rules import check_reinstating, check_suspending


def suspend(
    session: Session, *, contact_id: str, reason: str, by: Identity, moment: datetime
) -> Contact:
    """Close an account for now and end its sessions. Raises Forbidden and Conflict."""
    contact = contacts.locked(session, contact_id)
    check_suspending(
        own_roles=roles.acting(session, by).roles,
        roles=contact.roles,
        own=contact_id == by.contact_id,
        status=contact.status,
    )
    if "admin" in contact.roles:
        roles.check_another_admin(session, contact_id)
    session.add(
        Suspension(
            id=new_id(),
            contact_id=contact_id,
            reason=reason,
            suspended_by=by.contact_id,
            suspended_at=moment,
        )
    )
    contact.status = "suspended"
    contacts.revise(session, contact)
    accounts.end_all(session, contact_id)
    representatives.left(session, contact_id)
    outbox.add(session, MemberSuspended(contact_id=contact_id))
    return contact


def reinstate(session: Session, *, contact_id: str, by: Identity, moment: datetime) -> Contact:
    """Open a suspended account again. Raises Forbidden and Conflict."""
    contact = contacts.locked(session, contact_id)
    check_reinstating(
        own_roles=roles.acting(session, by).roles, roles=contact.roles, status=contact.status
    )
    open_ = select(Suspension).where(
        Suspension.contact_id == contact_id, col(Suspension.reinstated_at).is_(None)
    )
    for found in session.exec(open_):
        found.reinstated_by, found.reinstated_at = by.contact_id, moment
        session.add(found)
    contact.status = "member"
    contacts.revise(session, contact)
    outbox.add(session, MemberReinstated(contact_id=contact_id))
    return contact


def record(session: Session, contact_id: str) -> list[Suspension]:
    """Every time that somebody was suspended, the newest first."""
    found = select(Suspension).where(Suspension.contact_id == contact_id)
    return list(session.exec(found.order_by(col(Suspension.suspended_at).desc(), Suspension.id)))


def forget(session: Session, contact_id: str) -> None:
    """Forget somebody's suspensions, and that it was them who suspended others."""
    connection = session.connection()
    connection.execute(delete(Suspension).where(col(Suspension.contact_id) == contact_id))
    for column in (Suspension.suspended_by, Suspension.reinstated_by):
        who = col(column)
        connection.execute(update(Suspension).where(who == contact_id).values({who: None}))
