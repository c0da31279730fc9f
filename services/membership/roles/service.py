"""Use cases of roles: load, decide, save, tell.

The contact is locked first, then the grants of a role, so that two who take the last two
administrators their role at once wait for each other.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import RoleGranted, RoleWithdrawn
from events.envelope import new_id
from services.kit.errors import Conflict, Forbidden, Invalid
from services.kit.identity import Identity
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.contacts.rules import member_roles
from services.membership.roles.models import RoleGrant
from services.membership.roles.rules import GRANTED, check_granter, check_region


def grant(
    session: Session,
    *,
    contact_id: str,
    role: str,
    region_code: str | None,
    by: Identity,
    moment: datetime,
) -> Contact:
    """Give a member a role; having it already changes nothing. Raises Forbidden and Conflict."""
    check_region(role, region_code)
    contact = _member(session, contact_id)
    _check(session, by, role, contact)
    if not _current(session, contact_id, role, region_code):
        _give(session, contact, role, region_code, by.contact_id, moment)
        _sum_up(session, contact)
    return contact


def withdraw(
    session: Session,
    *,
    contact_id: str,
    role: str,
    region_code: str | None,
    by: Identity,
    moment: datetime,
) -> Contact:
    """Take a role from a member, everywhere when no region is named.

    The last administrator keeps theirs. Raises Forbidden and Conflict.
    """
    contact = contacts.locked(session, contact_id)
    _check(session, by, role, contact)
    grants = _current(session, contact_id, role, region_code, anywhere=region_code is None)
    if grants:
        if role == "admin":
            check_another_admin(session, contact_id)
        _take(session, grants, by.contact_id, moment)
        _sum_up(session, contact)
    return contact


def set_roles(
    session: Session, *, contact_id: str, roles: Iterable[str], by: Identity, moment: datetime
) -> Contact:
    """Give a member exactly these roles; a new coordinator looks after their own region."""
    contact = _member(session, contact_id)
    for role in GRANTED:
        _check(session, by, role, contact)
    assign(session, contact, roles, by_id=by.contact_id, moment=moment)
    return contact


def assign(
    session: Session,
    contact: Contact,
    roles: Iterable[str],
    *,
    by_id: str | None,
    moment: datetime,
) -> None:
    """Give a contact, who is locked, exactly these roles, whoever asks for it."""
    wanted = set(member_roles(roles)) - {"member"}
    grants = _current_of(session, contact.id)
    lost = [found for found in grants if found.role not in wanted]
    if any(found.role == "admin" for found in lost):
        check_another_admin(session, contact.id)
    _take(session, lost, by_id, moment)
    for role in GRANTED:
        if role in wanted - {found.role for found in grants}:
            region_code = contact.region_code if role == "coordinator" else None
            _give(session, contact, role, region_code, by_id, moment)
    _sum_up(session, contact)


def hand_over(
    session: Session,
    *,
    from_id: str,
    to_id: str,
    role: str,
    region_code: str | None,
    by: Identity,
    moment: datetime,
) -> Contact:
    """Pass a role on to another member, in one step. Raises Forbidden, Invalid and Conflict."""
    if from_id == to_id:
        raise Invalid("Please choose somebody else.", field="to_id")
    # In one order, so that two who hand over to each other do not wait in a circle.
    for id in sorted((from_id, to_id)):
        contacts.locked(session, id)
    giver = contacts.locked(session, from_id)
    if not _current(session, from_id, role, region_code):
        raise Conflict("This member does not have this role.")
    taker = grant(
        session, contact_id=to_id, role=role, region_code=region_code, by=by, moment=moment
    )
    _check(session, by, role, giver)
    withdraw(session, contact_id=from_id, role=role, region_code=region_code, by=by, moment=moment)
    return taker


def record(session: Session, contact_id: str) -> list[RoleGrant]:
    """Every role that somebody has or had, the newest first."""
    grants = select(RoleGrant).where(RoleGrant.contact_id == contact_id)
    return list(session.exec(grants.order_by(col(RoleGrant.granted_at).desc(), RoleGrant.id)))


def check_another_admin(session: Session, contact_id: str) -> None:
    """Raise Conflict when nobody but this contact is an active administrator."""
    grants = session.exec(
        select(RoleGrant)
        .where(RoleGrant.role == "admin", col(RoleGrant.withdrawn_at).is_(None))
        .order_by(RoleGrant.id)
        .with_for_update()
    ).all()
    others = {found.contact_id for found in grants} - {contact_id}
    active = select(Contact.id).where(col(Contact.id).in_(others), Contact.status == "member")
    if session.exec(active.limit(1)).first() is None:
        raise Conflict("This is the last administrator. Make somebody else one first.")


def acting(session: Session, by: Identity) -> Identity:
    """Whoever asks, with the roles they have now: what they were signed with may be old."""
    if by.contact_id is None:
        return by
    contact = session.get(Contact, by.contact_id)
    if contact is None or contact.status != "member":
        raise Forbidden("Your account does not have the right to do this.")
    return Identity(contact.id, tuple(contact.roles), tuple(contact.coordinates))


def forget(session: Session, contact_id: str) -> None:
    """Forget somebody's roles, and that it was them who gave and withdrew others'."""
    connection = session.connection()
    connection.execute(delete(RoleGrant).where(col(RoleGrant.contact_id) == contact_id))
    for column in (RoleGrant.granted_by, RoleGrant.withdrawn_by):
        who = col(column)
        connection.execute(update(RoleGrant).where(who == contact_id).values({who: None}))


def _member(session: Session, contact_id: str) -> Contact:
    contact = contacts.locked(session, contact_id)
    if contact.status != "member":
        raise Conflict("Only someone with an account can have roles.")
    return contact


def _check(session: Session, by: Identity, role: str, contact: Contact) -> None:
    now = acting(session, by)
    check_granter(roles=now.roles, regions=now.regions, role=role, place=contact.region_code)


def _current_of(session: Session, contact_id: str) -> list[RoleGrant]:
    return [found for found in record(session, contact_id) if found.withdrawn_at is None]


def _current(
    session: Session,
    contact_id: str,
    role: str,
    region_code: str | None,
    *,
    anywhere: bool = False,
) -> list[RoleGrant]:
    return [
        found
        for found in _current_of(session, contact_id)
        if found.role == role and (anywhere or found.region_code == region_code)
    ]


def _give(
    session: Session,
    contact: Contact,
    role: str,
    region_code: str | None,
    by_id: str | None,
    moment: datetime,
) -> None:
    session.add(
        RoleGrant(
            id=new_id(),
            contact_id=contact.id,
            role=role,
            region_code=region_code,
            granted_by=by_id,
            granted_at=moment,
        )
    )
    fact = {"contact_id": contact.id, "role": role, "region_code": region_code}
    outbox.add(session, RoleGranted.model_validate(fact))


def _take(
    session: Session, grants: Iterable[RoleGrant], by_id: str | None, moment: datetime
) -> None:
    for found in grants:
        found.withdrawn_by, found.withdrawn_at = by_id, moment
        session.add(found)
        outbox.add(session, RoleWithdrawn.model_validate(found, from_attributes=True))


def _sum_up(session: Session, contact: Contact) -> None:
    """Keep what a contact may do now beside them, and tell when that is something else."""
    session.flush()
    grants = _current_of(session, contact.id)
    roles = member_roles(found.role for found in grants)
    coordinates = sorted({found.region_code for found in grants if found.region_code})
    if (contact.roles, contact.coordinates) != (roles, coordinates):
        contact.roles, contact.coordinates = roles, coordinates
        contacts.revise(session, contact)
