"""Use cases of representatives: load, decide, save, tell.

Locks are taken in one order everywhere: people by id, then organisations by id, then these rows.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, delete
from sqlmodel import Session, col, func, or_, select

from events import outbox
from events.catalogue.membership import (
    Representation,
    RepresentationAsked,
    RepresentationDecided,
)
from events.envelope import new_id
from services.kit.audience import visible_to
from services.kit.errors import Conflict, Forbidden, NotFound
from services.kit.identity import Identity
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.organisations import service as organisations
from services.membership.organisations.models import Apart, Organisation
from services.membership.representatives.models import Representative
from services.membership.representatives.rules import (
    check_ask,
    check_decider,
    may_decide,
    may_edit,
    may_manage,
    rank,
    same_domain,
    settled,
)
from services.membership.representatives.schemas import (
    AskRead,
    ColleagueRead,
    OrganisationPeople,
    Standing,
)

MOST_SHOWN = 100
"""People of one organisation that are shown."""


def people(session: Session, *, organisation: Organisation, viewer: Identity) -> OrganisationPeople:
    """Who is of an organisation, as far as the viewer may see them, and what may be done."""
    rows = _rows(session, organisation.id)
    roles = {row.contact_id: row for row in rows if row.status == "active"}
    visible = (
        Contact.status == "member",
        visible_to(col(Contact.audience), viewer.grants),
        or_(
            Contact.organisation_id == organisation.id,
            col(Contact.id).in_(list(roles)),
        ),
    )
    found = session.exec(
        select(Contact).where(*visible).order_by(Contact.name, Contact.id).limit(10 * MOST_SHOWN)
    ).all()
    shown = [_person(contact, roles.get(contact.id)) for contact in found]
    shown.sort(key=lambda person: -rank(person.role))
    total = session.exec(select(func.count()).select_from(Contact).where(*visible)).one()
    owned = owners(session, organisation.id)
    standing = _standing(session, organisation, rows, viewer, owned)
    return OrganisationPeople(
        people=shown[:MOST_SHOWN],
        more=max(0, total - MOST_SHOWN),
        owned=bool(owned),
        standing=standing,
        asks=_asks(session, organisation) if standing.may_decide else [],
    )


def ask(
    session: Session, *, id: str, role: Representation, caller: Identity, moment: datetime
) -> None:
    """Want to be something for an organisation; its owners decide, else moderators."""
    contact = _member(session, caller.contact_id or "")
    organisations.locked(session, id)
    rows = {row.status: row for row in _rows(session, id, contact.id)}
    active = rows["active"].role if "active" in rows else None
    works_here = "member" if contact.organisation_id == id else None
    check_ask(active or works_here, role, removed="removed" in rows)
    if asked := rows.get("asked"):
        if asked.role == role:
            return
        asked.role, asked.asked_at = role, moment
    else:
        _add(session, id, contact.id, role=role, status="asked", asked_at=moment)
    session.flush()
    _tell_asked(session, id, contact.id, role)


def withdraw(session: Session, *, id: str, caller: Identity) -> None:
    """Ask no longer; nothing happens when nothing was asked."""
    for row in _rows(session, id, caller.contact_id or ""):
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
    rows = {row.status: row for row in _rows(session, id, contact_id)}
    asked = rows.get("asked")
    if asked is None or contact.status != "member":
        raise NotFound("This was decided or taken back already.")
    role = _role(asked.role)
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
    rows = {row.status: row for row in _rows(session, id, contact_id)}
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
        _hand_over(session, [id])
        return
    _let_in(session, id, contact, role, rows, moment)
    if rank(held) > rank(role):
        _hand_over(session, [id])
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
    for row in _rows(session, id, giver.contact_id or ""):
        if row.status == "active":
            row.role = "representative"
            session.add(row)
    session.flush()


def step_down(session: Session, *, id: str, caller: Identity) -> None:
    """Be nothing more than a member; when the last owner does, the organisation can be claimed."""
    _member(session, caller.contact_id or "")
    organisations.locked(session, id)
    for row in _rows(session, id, caller.contact_id or ""):
        if row.status == "active":
            session.delete(row)
    session.flush()
    _hand_over(session, [id])


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
    rows = _rows(session, id, contact_id)
    if contact.organisation_id != id and not any(row.status == "active" for row in rows):
        raise NotFound("This person is not of this organisation.")
    for row in rows:
        session.delete(row)
    session.flush()
    _add(session, id, contact_id, role="member", status="removed", since=moment)
    session.flush()
    if contact.organisation_id == id:
        contacts.apply(session, contact, {"organisation_id": None}, moment=moment)
    _hand_over(session, [id])


def left(session: Session, contact_id: str) -> None:
    """Someone has no account (for now): what waits for their decision goes to others.

    To be called once the person's new status is saved; what they are comes back with them.
    """
    session.flush()
    _hand_over(session, _organisations_of(session, [contact_id]))


def forget(session: Session, contact_id: str) -> None:
    """Someone is gone: so is all they were and asked, and what waits for them goes to others."""
    forget_all(session, [contact_id])


def forget_all(session: Session, contact_ids: Collection[str]) -> None:
    """The same for several, whose rows the caller has locked."""
    organisation_ids = _organisations_of(session, contact_ids)
    # With those that they verified, which are forgotten next: all in one order, as mergers do.
    verified = organisations.verified_by(session, contact_ids)
    organisations.locked_all(session, [*organisation_ids, *verified])
    rows = select(Representative).where(col(Representative.contact_id).in_(contact_ids))
    for row in session.exec(rows).all():
        session.delete(row)
    session.flush()
    _hand_over(session, organisation_ids)


def clear(session: Session, organisation_ids: Collection[str]) -> None:
    """Forget who is what for organisations that are about to go, and which they looked like."""
    connection = session.connection()
    theirs = col(Representative.organisation_id).in_(organisation_ids)
    connection.execute(delete(Representative).where(theirs))
    for column in (col(Apart.first_id), col(Apart.second_id)):
        connection.execute(delete(Apart).where(column.in_(organisation_ids)))


def data_of(session: Session, contact_id: str) -> list[dict[str, Any]]:
    """What is kept of a person here, for the person."""
    rows = session.exec(
        select(Representative, Organisation)
        .join(Organisation, col(Organisation.id) == col(Representative.organisation_id))
        .where(Representative.contact_id == contact_id)
        .order_by(col(Representative.id))
    )
    return [
        {
            "organisation": organisation.name,
            **row.model_dump(mode="json", exclude={"id", "contact_id"}),
        }
        for row, organisation in rows
    ]


def owners(session: Session, id: str) -> list[str]:
    """Those who answer for an organisation, and have an account."""
    found = select(Representative.contact_id).join(Contact).where(
        Representative.organisation_id == id,
        Representative.status == "active",
        Representative.role == "owner",
        Contact.status == "member",
    )  # fmt: skip
    return list(session.exec(found.order_by(Representative.contact_id)))


def move(session: Session, *, source_id: str, into_id: str, keep_roles: bool) -> None:
    """Bring the rows of one organisation into another that it turned out to be.

    Without `keep_roles` whoever spoke for the first asks to speak for the second: else anybody
    could come to own an organisation by naming it a second time. Rows are changed, not made
    anew: that would wait for people whom others have locked.
    """
    theirs: dict[str, list[Representative]] = {}
    for row in [*_rows(session, into_id), *_rows(session, source_id)]:
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
            asking.append((contact_id, _role(wanted["asked"])))
    for contact_id, role in asking:
        _tell_asked(session, into_id, contact_id, role)


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
        _add(session, id, contact.id, role=role, status="active", since=moment)
    session.flush()
    if contact.organisation_id is None:
        contacts.apply(session, contact, {"organisation_id": id}, moment=moment)


def _hand_over(session: Session, organisation_ids: Sequence[str]) -> None:
    """Bring what is open in organisations that nobody owns any more to those who decide now."""
    for id in organisation_ids:
        if owners(session, id):
            continue
        for row in _rows(session, id):
            if row.status == "asked":
                _tell_asked(session, id, row.contact_id, _role(row.role))


def _tell_asked(session: Session, id: str, contact_id: str, role: Representation) -> None:
    deciders = owners(session, id) or _moderators(session)
    outbox.add(
        session,
        RepresentationAsked(
            organisation_id=id,
            contact_id=contact_id,
            representation=role,
            decider_ids=tuple(decider for decider in deciders if decider != contact_id),
        ),
    )


def _moderators(session: Session) -> list[str]:
    roles = cast(Contact.roles, Text)
    found = select(Contact.id).where(
        Contact.status == "member",
        or_(roles.contains('"moderator"'), roles.contains('"admin"')),
    )
    return list(session.exec(found.order_by(Contact.id)))


def _member(session: Session, contact_id: str) -> Contact:
    contact = contacts.locked(session, contact_id)
    if contact.status != "member":
        raise NotFound("This person is not known.")
    return contact


def _check_manager(session: Session, id: str, viewer: Identity) -> None:
    if not may_manage(organisations.role_of(session, id, viewer.contact_id), viewer):
        raise Forbidden("Only its owners decide who speaks for this organisation.")


def _rows(session: Session, id: str, contact_id: str | None = None) -> list[Representative]:
    wanted = select(Representative).where(Representative.organisation_id == id)
    if contact_id is not None:
        wanted = wanted.where(Representative.contact_id == contact_id)
    wanted = wanted.order_by(col(Representative.id))
    return list(session.exec(wanted.execution_options(populate_existing=True)))


def _add(session: Session, id: str, contact_id: str, **values: Any) -> None:
    session.add(Representative(id=new_id(), organisation_id=id, contact_id=contact_id, **values))


def _organisations_of(session: Session, contact_ids: Collection[str]) -> list[str]:
    found = select(Representative.organisation_id).where(
        col(Representative.contact_id).in_(contact_ids)
    )
    return sorted(set(session.exec(found)))


def _person(contact: Contact, row: Representative | None) -> ColleagueRead:
    return ColleagueRead.model_validate(
        {
            "contact_id": contact.id,
            "name": contact.name,
            "helix_side": contact.helix_side,
            "role": row.role if row else "member",
            "since": row.since if row else None,
        }
    )


def _standing(
    session: Session,
    organisation: Organisation,
    rows: Sequence[Representative],
    viewer: Identity,
    owned: Sequence[str],
) -> Standing:
    if viewer.contact_id is None or "member" not in viewer.roles:
        return Standing()
    own = {row.status: row.role for row in rows if row.contact_id == viewer.contact_id}
    contact = session.get(Contact, viewer.contact_id)
    works_here = contact is not None and contact.organisation_id == organisation.id
    role = own.get("active") or ("member" if works_here else None)
    return Standing.model_validate(
        {
            "role": role,
            "asked": own.get("asked"),
            "removed": "removed" in own,
            "may_edit": may_edit(role, viewer),
            "may_decide": may_decide(role, viewer, owned=bool(owned)),
            "may_manage": may_manage(role, viewer),
            "last_owner": list(owned) == [viewer.contact_id],
        }
    )


def _asks(session: Session, organisation: Organisation) -> list[AskRead]:
    found = session.exec(
        select(Representative, Contact)
        .join(Contact)
        .where(
            Representative.organisation_id == organisation.id,
            Representative.status == "asked",
            Contact.status == "member",
        )
        .order_by(col(Representative.asked_at), col(Representative.id))
    )
    return [
        AskRead.model_validate(
            {
                "contact_id": contact.id,
                "name": contact.name,
                "role": row.role,
                "asked_at": row.asked_at,
                "works_here": contact.organisation_id == organisation.id,
                "same_domain": same_domain(contact.email, organisation.domain),
            }
        )
        for row, contact in found
    ]


def _role(role: str) -> Representation:
    return (
        "owner" if role == "owner" else "representative" if role == "representative" else "member"
    )
