"""Who is what for an organisation, as others and the person read it."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, func, or_, select

from services.kit.audience import visible_to
from services.kit.identity import Identity
from services.membership.contacts.models import Contact
from services.membership.organisations.models import Organisation
from services.membership.representatives.models import Representative
from services.membership.representatives.rows import owners, rows_of
from services.membership.representatives.rules import (
    may_decide,
    may_edit,
    may_manage,
    rank,
    same_domain,
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
    rows = rows_of(session, organisation.id)
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
