"""Use cases of representatives: load, decide, save, tell.

Locks are taken in one order everywhere: people by id, then organisations by id, then these rows.
"""

from datetime import datetime

from sqlmodel import Session

from events import outbox
from events.catalogue.membership import (
    Representation,
    RepresentationDecided,
)
from services.kit.errors import Conflict, Forbidden, NotFound
from services.kit.identity import Identity
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.organisations import service as organisations
from services.membership.representatives.models import Representative
from services.membership.representatives.rows import (
    add,
    as_representation,
    owners,
    pass_on,
    rows_of,
    tell_asked,
)
from services.membership.representatives.rules import (
    check_ask,
    check_decider,
    may_manage,
    rank,
    settled,
)


def ask(
    session: Session, *, id: str, role: Representation, caller: Identity, moment: datetime
) -> None:
    """Want to be something for an organisation; its owners decide, else moderators."""
    contact = _member(session, caller.contact_id or "")
    organisations.locked(session, id)
    rows = {row.status: row for row in rows_of(session, id, contact.id)}
    active = rows["active"].role if "active" in rows else None
    works_here = "member" if contact.organisation_id == id else None
    check_ask(active or works_here, role, removed="removed" in rows)
    if asked := rows.get("asked"):
        if asked.role == role:
            return
        asked.role, asked.asked_at = role, moment
    else:
        add(session, id, contact.id, role=role, status="asked", asked_at=moment)
    session.flush()
    tell_asked(session, id, contact.id, role)


def withdraw(session: Session, *, id: str, caller: Identity) -> None:
    """Ask no longer; nothing happens when nothing was asked."""
    for row in rows_of(session, id, caller.contact_id or ""):
        if row.status == "asked":
            session.delete(row)
    session.flush()


def decide(
    session: Session,
    *,
    id: str,
    contact_id: str,
    granted: bool,
    decider: Identity,
    moment: datetime,
) -> None:
    """Say yes or no to what someone asked; raises Forbidden, and NotFound when nothing was."""
    contact = contacts.locked(session, contact_id)
    organisations.locked(session, id)
    check_decider(
        organisations.role_of(session, id, decider.contact_id),
        decider,
        owned=bool(owners(session, id)),
    )
    rows = {row.status: row for row in rows_of(session, id, contact_id)}
    asked = rows.get("asked")
    if asked is None or contact.status != "member":
        raise NotFound("This was decided or taken back already.")
    role = as_representation(asked.role)
    session.delete(asked)
    session.flush()
    if granted:
        _let_in(session, id, contact, role, rows, moment)
    outbox.add(
        session,
        RepresentationDecided(
            organisation_id=id, contact_id=contact_id, representation=role, granted=granted
        ),
    )


def give(
    session: Session,
    *,
    id: str,
    contact_id: str,
    role: Representation,
    giver: Identity,
    moment: datetime,
) -> None:
    """Make someone of the organisation an owner, a representative, or a mere member again.

    Raises Forbidden, and NotFound for people who are not of it.
    """
    contact = _member(session, contact_id)
    organisations.locked(session, id)
    _check_manager(session, id, giver)
    rows = {row.status: row for row in rows_of(session, id, contact_id)}
    held = rows["active"].role if "active" in rows else None
    if held is None and contact.organisation_id != id:
        raise NotFound("This person is not of this organisation.")
    if (held or "member") == role:
        return
    if rank(role) > rank(held):
        # To make somebody more is to decide who speaks for it, as with what was asked.
        own = organisations.role_of(session, id, giver.contact_id)
        check_decider(own, giver, owned=bool(owners(session, id)))
    if role == "member":
        session.delete(rows["active"])
        session.flush()
        pass_on(session, [id])
        return
    _let_in(session, id, contact, role, rows, moment)
    if rank(held) > rank(role):
        pass_on(session, [id])
        return
    outbox.add(
        session,
        RepresentationDecided(
            organisation_id=id, contact_id=contact_id, representation=role, granted=True
        ),
    )


def hand_over(
    session: Session, *, id: str, contact_id: str, giver: Identity, moment: datetime
) -> None:
    """An owner makes someone else the owner and is a representative from now on.

    Raises Forbidden for those who do not own the organisation.
    """
    for person_id in sorted({contact_id, giver.contact_id or ""}):
        _member(session, person_id)
    organisations.locked(session, id)
    if organisations.role_of(session, id, giver.contact_id) != "owner":
        raise Forbidden("Only an owner can hand this organisation over.")
    if contact_id == giver.contact_id:
        raise Conflict("You own this organisation already. Please choose somebody else.")
    give(session, id=id, contact_id=contact_id, role="owner", giver=giver, moment=moment)
    for row in rows_of(session, id, giver.contact_id or ""):
        if row.status == "active":
            row.role = "representative"
            session.add(row)
    session.flush()


def step_down(session: Session, *, id: str, caller: Identity) -> None:
    """Be nothing more than a member; when the last owner does, the organisation can be claimed."""
    _member(session, caller.contact_id or "")
    organisations.locked(session, id)
    for row in rows_of(session, id, caller.contact_id or ""):
        if row.status == "active":
            session.delete(row)
    session.flush()
    pass_on(session, [id])


def remove(
    session: Session, *, id: str, contact_id: str, remover: Identity, moment: datetime
) -> None:
    """Take someone off an organisation; they can come back only by asking.

    Raises Forbidden, and Conflict for oneself.
    """
    if contact_id == remover.contact_id:
        raise Conflict("You can step down, or choose another organisation in your profile.")
    contact = contacts.locked(session, contact_id)
    organisations.locked(session, id)
    _check_manager(session, id, remover)
    rows = rows_of(session, id, contact_id)
    if contact.organisation_id != id and not any(row.status == "active" for row in rows):
        raise NotFound("This person is not of this organisation.")
    for row in rows:
        session.delete(row)
    session.flush()
    add(session, id, contact_id, role="member", status="removed", since=moment)
    session.flush()
    if contact.organisation_id == id:
        contacts.apply(session, contact, {"organisation_id": None}, moment=moment)
    pass_on(session, [id])


def move(session: Session, *, source_id: str, into_id: str, keep_roles: bool) -> None:
    """Bring the rows of one organisation into another that it turned out to be.

    Without `keep_roles` whoever spoke for the first asks to speak for the second: else anybody
    could come to own an organisation by naming it a second time. Rows are changed, not made
    anew: that would wait for people whom others have locked.
    """
    theirs: dict[str, list[Representative]] = {}
    for row in [*rows_of(session, into_id), *rows_of(session, source_id)]:
        theirs.setdefault(row.contact_id, []).append(row)
    asking: list[tuple[str, Representation]] = []
    for contact_id, rows in theirs.items():
        if all(row.organisation_id == into_id for row in rows):
            continue
        asked_before = {
            row.role for row in rows if (row.organisation_id, row.status) == (into_id, "asked")
        }
        pairs = []
        for row in rows:
            moves = row.organisation_id == source_id and row.status == "active"
            pairs.append(("asked" if moves and not keep_roles else row.status, row.role))
        wanted = settled(pairs)
        kept: dict[str, Representative] = {}
        for row in rows:
            if row.status in wanted and row.status not in kept:
                kept[row.status] = row
        spare = [row for row in rows if row not in kept.values()]
        for status in wanted:
            if status not in kept:
                kept[status] = spare.pop()
        for row in spare:
            session.delete(row)
        session.flush()
        for status, row in kept.items():
            row.organisation_id, row.status, row.role = into_id, status, wanted[status]
            if status == "asked" and row.asked_at is None:
                row.asked_at = row.since
            session.add(row)
        session.flush()
        if "asked" in wanted and wanted["asked"] not in asked_before:
            asking.append((contact_id, as_representation(wanted["asked"])))
    for contact_id, role in asking:
        tell_asked(session, into_id, contact_id, role)


def _let_in(
    session: Session,
    id: str,
    contact: Contact,
    role: Representation,
    rows: dict[str, Representative],
    moment: datetime,
) -> None:
    """Let someone be this from now on."""
    for status in ("removed", "asked"):
        if (row := rows.get(status)) and row in session:
            session.delete(row)
    session.flush()
    if active := rows.get("active"):
        active.role, active.since = role, moment
        session.add(active)
    elif role != "member":
        add(session, id, contact.id, role=role, status="active", since=moment)
    session.flush()
    if contact.organisation_id is None:
        contacts.apply(session, contact, {"organisation_id": id}, moment=moment)


def _member(session: Session, contact_id: str) -> Contact:
    contact = contacts.locked(session, contact_id)
    if contact.status != "member":
        raise NotFound("This person is not known.")
    return contact


def _check_manager(session: Session, id: str, viewer: Identity) -> None:
    if not may_manage(organisations.role_of(session, id, viewer.contact_id), viewer):
        raise Forbidden("Only its owners decide who speaks for this organisation.")
