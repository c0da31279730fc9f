"""Use cases of contacts: load, decide, save, tell."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, get_args

from sqlalchemy import Connection, bindparam, false
from sqlmodel import Session, col, func, select

from events import outbox
from events.catalogue.membership import Consent, ContactState, HelixSide
from events.envelope import new_id
from services.kit.audience import PUBLIC, visible_to
from services.kit.errors import Invalid, NotFound
from services.kit.identity import Identity
from services.kit.language import spoken
from services.membership.claim import claim_values
from services.membership.consents import service as consents
from services.membership.consents.service import Consenting
from services.membership.contacts import freshness
from services.membership.contacts.models import Contact
from services.membership.contacts.rules import (
    audience_of,
    check_interests,
    consent_changes,
    member_consents,
)
from services.membership.contacts.schemas import (
    ContactRead,
    GuestCreate,
    MemberCounts,
    MemberProfile,
    MemberUpdate,
)
from services.membership.directory import service as directory
from services.membership.expertise import claims
from services.membership.organisations import service as organisations
from services.membership.organisations.models import Organisation
from services.membership.organisations.rules import check_one, folded
from services.membership.organisations.schemas import OrganisationBrief, OrganisationCreate

_BY_EMAIL = select(Contact).where(Contact.email == bindparam("email")).with_for_update()
_KNOWN_AS = (
    select(Contact.id, Contact.status, Contact.erase_at)
    .where(Contact.email == bindparam("email"))
    .with_for_update()
)


class Known(NamedTuple):
    """Whose an address is: what decides which mail they are owed."""

    id: str
    status: str
    erase_at: datetime | None


def greet(session: Session, *, order: GuestCreate, moment: datetime) -> Contact:
    """The contact with this address, untouched when there is one, else a new guest."""
    contact = find_or_create(session, moment=moment, status="guest", **order.model_dump())
    if contact.status in ("invited", "pending"):
        # By their own doing they are here now, and not forgotten with what they did not answer.
        contact.status = "guest"
        revise(session, contact)
    if contact.status == "guest":
        # Guests are forgotten some time after they were last here.
        contact.checked_at = moment
        session.add(contact)
    return contact


def find_or_create(
    session: Session, *, email: str, status: str, moment: datetime, **values: Any
) -> Contact:
    """The contact with this address under its row lock, newly made when there is none.

    What someone else typed changes nothing about a contact that is known.
    """
    made = _made(session.connection(), email=email, status=status, moment=moment, values=values)
    kept: Contact = session.execute(_BY_EMAIL, {"email": email}).scalar_one()
    if made:
        outbox.add(session, made)
    return kept


def known_or_made(
    connection: Connection, *, email: str, status: str, moment: datetime, **values: Any
) -> tuple[Known, ContactState | None]:
    """The same by statements alone; of whom was made now there is a state to tell."""
    made = _made(connection, email=email, status=status, moment=moment, values=values)
    # Asked of whom was made now as well: the work does not tell who was known.
    return Known(*connection.execute(_KNOWN_AS, {"email": email}).one()), made


def change(session: Session, *, id: str, wanted: MemberUpdate, moment: datetime) -> MemberProfile:
    """Apply what a member wants to be different; nothing is told when nothing is."""
    contact = locked(session, id)
    values = wanted.model_dump(exclude_none=True)
    if "organisation_id" in wanted.model_fields_set:
        values["organisation_id"] = wanted.organisation_id
    apply(session, contact, values, moment=moment)
    # Whoever corrects a profile has looked at it.
    freshness.checked(session, contact, moment)
    session.add(contact)
    return profile(session, id)


def apply(
    session: Session,
    contact: Contact,
    values: dict[str, Any],
    *,
    moment: datetime,
    consenting: Consenting | None = None,
) -> None:
    """Give the contact these values, record changed consents and tell; raises Invalid."""
    check_one(values.get("organisation_id"), values.get("organisation_name"))
    if "consents" in values:
        values["consents"] = member_consents(values["consents"])
    if name := values.pop("organisation_name", None):
        values["organisation_id"] = _organisation_named(session, name, contact, values, moment).id
    if id := values.get("organisation_id"):
        values["organisation_id"] = organisations.chosen(
            session, id, contact_id=contact.id, before=contact.organisation_id
        )
    side = values.get("helix_side") or contact.helix_side
    check_interests(values.get("interests", ()), side)
    if side != "citizen":
        values["interests"] = []
    claimed = _claim(session, contact, values, moment)
    changed = {field: value for field, value in values.items() if getattr(contact, field) != value}
    if not changed and not claimed:
        return
    consents.record(
        session,
        contact.id,
        consent_changes(contact.consents, changed.get("consents", contact.consents)),
        consenting or consents.consenting("profile", moment),
    )
    for field, value in changed.items():
        setattr(contact, field, value)
    if "visibility" in changed:
        contact.visible_before = None
    if changed.get("status") == "member":
        freshness.checked(session, contact, moment)
    revise(session, contact)


def consent(
    session: Session, *, id: str, purpose: Consent, given: bool, moment: datetime
) -> MemberProfile:
    """Give or withdraw one consent; raises Invalid for the terms, which end by leaving.

    One that is held already is recorded again when its text has changed since.
    """
    contact = locked(session, id)
    held = set(contact.consents)
    wanted = member_consents(held | {purpose} if given else held - {purpose})
    if given and purpose in consents.outdated(session, id, held):
        consents.record(session, id, [(purpose, True)], consents.consenting("profile", moment))
    apply(session, contact, {"consents": wanted}, moment=moment)
    return profile(session, id)


def revise(session: Session, contact: Contact) -> None:
    """Save a changed contact as its next version, and tell."""
    contact.version += 1
    contact.audience = audience_of(
        id=contact.id,
        status=contact.status,
        consents=contact.consents,
        visibility=contact.visibility,
    )
    contact.words = folded([contact.name, *contact.expertise_offered, *contact.expertise_sought])
    session.add(contact)
    session.flush()
    claims.follow(session, contact, datetime.now(UTC))
    directory.keep(session, contact)
    outbox.add(session, state_of(contact))


def locked(session: Session, id: str) -> Contact:
    """The contact under its row lock; raises NotFound."""
    contact = session.get(Contact, id, with_for_update=True)
    if contact is None:
        raise NotFound("This person is not known.")
    return contact


def profile(session: Session, id: str) -> MemberProfile:
    """What members see of themselves; raises NotFound."""
    contact = session.get(Contact, id)
    if contact is None or contact.status != "member":
        raise NotFound("This member is not known.")
    shown = MemberProfile.model_validate(contact)
    shown.hidden_for_age = contact.visible_before is not None
    said = claims.said_of_people(session, [contact], spoken())
    shown.expertise_offered, shown.expertise_sought = said[contact.id]
    shown.organisation = _brief(session.get(Organisation, contact.organisation_id or ""))
    return shown


def counted(session: Session) -> MemberCounts:
    """How many members and organisations there are; numbers only, so that anybody may know."""
    rows = session.exec(
        select(Contact.helix_side, func.count())
        .where(Contact.status == "member")
        .group_by(col(Contact.helix_side))
    ).all()
    regions = session.exec(
        select(func.count(func.distinct(Contact.region_code))).where(Contact.status == "member")
    ).one()
    organisations = session.exec(
        select(func.count())
        .select_from(Organisation)
        .where(Organisation.audience == PUBLIC, col(Organisation.merged_into).is_(None))
    ).one()
    counts = dict(rows)
    return MemberCounts(
        sides={side: counts.get(side, 0) for side in get_args(HelixSide)},
        regions=regions,
        organisations=organisations,
    )


def named(session: Session, *, ids: Sequence[str], viewer: Identity) -> list[ContactRead]:
    """Those of these contacts whom the viewer may see; the hub itself sees all."""
    all_seen = "hub" in viewer.roles
    visible = ~false() if all_seen else visible_to(col(Contact.audience), viewer.grants)
    found = session.exec(select(Contact).where(col(Contact.id).in_(ids), visible))
    return [
        ContactRead.model_validate(
            {
                "id": contact.id,
                "status": contact.status,
                "name": contact.name,
                "email": contact.email if all_seen or contact.id == viewer.contact_id else None,
            }
        )
        for contact in found
    ]


def addressed(session: Session, *, emails: Sequence[str]) -> list[ContactRead]:
    """The contacts with these addresses."""
    found = session.exec(select(Contact).where(col(Contact.email).in_(emails)))
    return [ContactRead.model_validate(contact, from_attributes=True) for contact in found]


def state_of(contact: Contact) -> ContactState:
    """The snapshot other services know."""
    return ContactState.model_validate(contact, from_attributes=True)


def _made(
    connection: Connection, *, email: str, status: str, moment: datetime, values: dict[str, Any]
) -> ContactState | None:
    """A new contact, unless the address is somebody's."""
    id = new_id()
    contact = {
        **values,
        "id": id,
        "version": 1,
        "audience": audience_of(id=id, status=status, consents=()),
        "status": status,
        "email": email,
        "words": folded([values["name"]]),
        "created_at": moment,
    }
    if not claim_values(connection, Contact, contact, key="email"):
        return None
    return ContactState.model_validate(contact)


def _claim(session: Session, contact: Contact, values: dict[str, Any], moment: datetime) -> bool:
    """Take expertise out of the values and claim it; whether that changed anything."""
    offered = values.pop("expertise_offered", None)
    return claims.claim_all(
        session,
        contact,
        offered=None if offered is None else [(words, None) for words in offered],
        sought=values.pop("expertise_sought", None),
        moment=moment,
    )


def _organisation_named(
    session: Session, name: str, contact: Contact, values: dict[str, Any], moment: datetime
) -> Organisation:
    side = values.get("helix_side") or contact.helix_side
    if side is None:
        raise Invalid("Please say which side you are on.", field="helix_side")
    region = values.get("region_code") or contact.region_code
    order = OrganisationCreate(name=name, helix_side=side, region_code=region)
    return organisations.find_or_create(session, order=order, moment=moment, owner_id=contact.id)


def _brief(organisation: Organisation | None) -> OrganisationBrief | None:
    return OrganisationBrief.model_validate(organisation) if organisation else None
