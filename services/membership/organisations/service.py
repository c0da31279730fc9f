"""Use cases of organisations: load, decide, save, tell."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam
from sqlalchemy import update as update_rows
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import (
    OrganisationRegistered,
    OrganisationState,
    OrganisationVerified,
)
from events.envelope import new_id
from services.kit.audience import PUBLIC, visible_to
from services.kit.errors import Conflict, Forbidden, Invalid, NotFound
from services.kit.identity import Identity
from services.kit.language import N_
from services.membership.claim import claim
from services.membership.contacts.models import Contact
from services.membership.directory.keeping import keep_soon
from services.membership.expertise import claims
from services.membership.organisations.models import Organisation
from services.membership.organisations.rules import (
    DOUBTED,
    country_of,
    derived,
    folded,
    name_key,
    search_words,
    slug_of,
)
from services.membership.organisations.schemas import OrganisationCreate, OrganisationUpdate
from services.membership.representatives.models import Representative
from services.membership.representatives.rules import may_edit

_LONGEST = 100
"""Mergers in a row that are followed; there are never so many."""
_KNOWN = select(Organisation.id).where(Organisation.id == bindparam("id"))
_TAKEN = {
    "name": N_(
        "Another organisation has this name. If both are one, ask a moderator to merge them."
    ),
    "ror_id": N_(
        "Another organisation has this ROR id. If both are one, ask a moderator to merge them."
    ),
    "vat_id": N_(
        "Another organisation has this VAT number. If both are one, ask a moderator to merge them."
    ),
}


def find_or_create(
    session: Session,
    *,
    order: OrganisationCreate,
    moment: datetime,
    owner_id: str | None = None,
) -> Organisation:
    """The organisation of this name, untouched when it is known, else newly made.

    Whoever named a new one owns it, for nobody else answers for it yet.
    """
    id = new_id()
    organisation = built(order, id=id, moment=moment)
    if not _claimed(session, organisation):
        known = select(Organisation).where(Organisation.name_key == organisation.name_key)
        return standing(session, session.exec(known).one())
    made = session.get_one(Organisation, id)
    claims.claim_for_organisation(session, made, offered=order.expertise, moment=moment)
    made.words = folded([made.name, *made.knows])
    if owner_id:
        owner = Representative(
            id=new_id(),
            organisation_id=id,
            contact_id=owner_id,
            role="owner",
            status="active",
            since=moment,
        )
        session.add(owner)
    session.flush()
    keep_soon(session, id)
    outbox.add(session, state_of(made), OrganisationRegistered(organisation_id=id))
    return made


def built(order: OrganisationCreate, *, id: str, moment: datetime) -> Organisation:
    """A new organisation with all that is derived from what it says, before its expertise."""
    values = order.model_dump(exclude={"expertise", "country"})
    return Organisation(
        **values,
        **derived(order.name, order.website),
        country=order.country or country_of(order.region_code),
        id=id,
        version=1,
        audience=PUBLIC,
        slug=slug_of(order.name, id),
        name_key=name_key(order.name),
        words=folded([order.name]),
        created_at=moment,
    )


def check_known(connection: Connection, organisation_id: str | None) -> None:
    """Raise Invalid when an organisation is chosen that does not exist."""
    if organisation_id and connection.execute(_KNOWN, {"id": organisation_id}).first() is None:
        raise Invalid("This organisation is not known.", field="organisation_id")


def chosen(session: Session, organisation_id: str, *, contact_id: str, before: str | None) -> str:
    """The organisation that a person says to be of, or the one it was merged into.

    Its row is locked, with that of the one `before`, so that no merger overlooks the person.
    Raises Invalid when it is not known or its owners took the person off.
    """
    check_known(session.connection(), organisation_id)
    id = standing(session, session.get_one(Organisation, organisation_id)).id
    locked_all(session, sorted({id, before or id}))
    if session.get_one(Organisation, id).merged_into is not None:
        raise Conflict("This organisation was merged into another. Please choose it anew.")
    removed = select(Representative.id).where(
        Representative.organisation_id == id,
        Representative.contact_id == contact_id,
        Representative.status == "removed",
    )
    if session.exec(removed).first():
        raise Invalid(
            "The owners of this organisation took you off. You can ask them on its page.",
            field="organisation_id",
        )
    return id


def standing(session: Session, organisation: Organisation) -> Organisation:
    """The organisation that this one turned out to be; itself when it was not merged."""
    for _ in range(_LONGEST):
        if organisation.merged_into is None:
            break
        organisation = session.get_one(Organisation, organisation.merged_into)
    return organisation


def find(session: Session, *, reference: str, viewer: Identity) -> Organisation:
    """By id or slug, also those of one that was merged into it; raises NotFound."""
    organisation = session.exec(
        select(Organisation).where(
            (col(Organisation.id) == reference) | (col(Organisation.slug) == reference),
            visible_to(col(Organisation.audience), viewer.grants),
        )
    ).first()
    if organisation is None:
        raise NotFound("This organisation is not known.")
    return standing(session, organisation)


def former_ids(session: Session, id: str) -> list[str]:
    """Ids of all that were merged into this one, also by way of others."""
    found: list[str] = []
    latest = [id]
    while latest and len(found) < _LONGEST:
        merged = select(Organisation.id).where(col(Organisation.merged_into).in_(latest))
        latest = sorted(session.exec(merged))
        found += latest
    return found


def listed(
    session: Session, *, viewer: Identity, query: str, limit: int, offset: int = 0
) -> Sequence[Organisation]:
    """Organisations whose name and expertise hold every word of the query, by name."""
    wanted = select(Organisation).where(
        col(Organisation.merged_into).is_(None),
        visible_to(col(Organisation.audience), viewer.grants),
    )
    for word in search_words(query):
        wanted = wanted.where(col(Organisation.words).contains(word, autoescape=True))
    wanted = wanted.order_by(Organisation.name, Organisation.id)
    return session.exec(wanted.limit(limit).offset(offset)).all()


def suggested(
    session: Session, *, viewer: Identity, query: str, limit: int
) -> Sequence[Organisation]:
    """Organisations whose names have every word of the query anywhere: verified ones first, then
    those that begin with it.
    """
    wanted = select(Organisation).where(
        col(Organisation.merged_into).is_(None),
        visible_to(col(Organisation.audience), viewer.grants),
    )
    for word in search_words(query):
        wanted = wanted.where(col(Organisation.folded_name).contains(word, autoescape=True))
    begins = col(Organisation.folded_name).startswith(folded([query.strip()]), autoescape=True)
    wanted = wanted.order_by(
        col(Organisation.verified_at).is_(None),
        ~begins,
        Organisation.name,
        Organisation.id,
    )
    return session.exec(wanted.limit(limit)).all()


def update(
    session: Session,
    *,
    id: str,
    wanted: OrganisationUpdate,
    editor: Identity,
    moment: datetime,
) -> Organisation:
    """Change what an organisation says of itself; a new name or number has to be verified anew.

    Raises Forbidden for those who do not speak for it, Invalid when a name or number is taken.
    """
    organisation = locked(session, id)
    check_editor(session, id, editor)
    given = wanted.model_dump(exclude_unset=True)
    kept = ("name", "helix_side", "description", "expertise")
    values = {name: value for name, value in given.items() if value is not None or name not in kept}
    if values.get("region_code") and not values.get("country", organisation.country):
        values["country"] = country_of(values["region_code"])
    offered = values.pop("expertise", None)
    learned = offered is not None and claims.claim_for_organisation(
        session, organisation, offered=offered, moment=moment
    )
    changed = {name for name, value in values.items() if getattr(organisation, name) != value}
    if not changed and not learned:
        return organisation
    for name in changed:
        setattr(organisation, name, values[name])
    if changed & set(DOUBTED):
        organisation.verified_at = organisation.verified_by = None
    if "name" in changed:
        _take_name(session, organisation)
    _check_numbers(session, organisation)
    revise(session, organisation)
    return organisation


def check_editor(session: Session, id: str, editor: Identity) -> None:
    """Raise Forbidden for those who do not speak for an organisation."""
    if not may_edit(role_of(session, id, editor.contact_id), editor):
        raise Forbidden("Only those who speak for this organisation can change it.")


def verify(session: Session, *, id: str, moderator: Identity, moment: datetime) -> Organisation:
    """Note that a moderator found an organisation to be what it says; twice changes nothing."""
    # Whoever was erased since they signed in is named nowhere; people are locked first.
    known = {"read": True, "key_share": True}
    by = session.get(Contact, moderator.contact_id or "", with_for_update=known)
    organisation = locked(session, id)
    if organisation.verified_at is None:
        organisation.verified_at, organisation.verified_by = moment, by.id if by else None
        revise(session, organisation)
        outbox.add(session, OrganisationVerified(organisation_id=id))
    return organisation


def doubt(session: Session, *, id: str) -> Organisation:
    """Take a verification back."""
    organisation = locked(session, id)
    if organisation.verified_at is not None:
        organisation.verified_at = organisation.verified_by = None
        revise(session, organisation)
    return organisation


def verified_by(session: Session, contact_ids: Collection[str]) -> Sequence[str]:
    """Ids of the organisations that these people verified."""
    return session.exec(
        select(Organisation.id).where(col(Organisation.verified_by).in_(contact_ids))
    ).all()


def forget(session: Session, contact_id: str) -> None:
    """Whoever verified organisations is known no longer; the verifications stay."""
    found = select(Organisation).where(Organisation.verified_by == contact_id)
    for organisation in session.exec(found.order_by(col(Organisation.id)).with_for_update()):
        organisation.verified_by = None
        session.add(organisation)
    session.flush()


def locked(session: Session, id: str) -> Organisation:
    """An organisation that stands, under its row lock; raises NotFound, Conflict when merged."""
    (organisation,) = locked_all(session, [id])
    if organisation.merged_into is not None:
        raise Conflict("This organisation was merged into another. Please open its page anew.")
    return organisation


def locked_all(session: Session, ids: Sequence[str]) -> list[Organisation]:
    """Organisations under their row locks, taken in the order of ids; raises NotFound.

    Not against new references (FOR NO KEY UPDATE): a person who is locked may point at them.
    """
    found = session.exec(
        select(Organisation)
        .where(col(Organisation.id).in_(ids))
        .order_by(col(Organisation.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    if len(found) < len(set(ids)):
        raise NotFound("This organisation is not known.")
    return list(found)


def role_of(session: Session, id: str, contact_id: str | None) -> str | None:
    """What a person is for an organisation beyond working there; None for most."""
    return session.exec(
        select(Representative.role).where(
            Representative.organisation_id == id,
            Representative.contact_id == contact_id,
            Representative.status == "active",
        )
    ).first()


def revise(session: Session, organisation: Organisation) -> None:
    """Save a changed organisation as its next version, and tell; raises Invalid when taken."""
    organisation.version += 1
    for name, value in derived(organisation.name, organisation.website).items():
        setattr(organisation, name, value)
    organisation.words = folded([organisation.name, *organisation.knows])
    session.add(organisation)
    try:
        session.flush()
    except IntegrityError as error:
        # Somebody else's at the same instant; the transaction is lost with it.
        raise Invalid(_TAKEN["name"], field="name") from error
    keep_soon(session, organisation.id)
    outbox.add(session, state_of(organisation))


def state_of(organisation: Organisation) -> OrganisationState:
    """The snapshot other services know."""
    values = {**organisation.model_dump(), "expertise": organisation.knows}
    return OrganisationState.model_validate({**values, "verified": organisation.verified})


def _claimed(session: Session, organisation: Organisation) -> bool:
    known = select(Organisation.id).where(Organisation.name_key == organisation.name_key)
    if session.exec(known).first():
        return False
    _check_numbers(session, organisation)
    try:
        return claim(session, organisation, key="name_key")
    except IntegrityError as error:
        # A number that somebody else wrote at the same instant.
        field = "ror_id" if organisation.ror_id else "vat_id"
        raise Invalid(_TAKEN[field], field=field) from error


def _take_name(session: Session, organisation: Organisation) -> None:
    """Have the name, also when only one that was merged away still holds it."""
    key = name_key(organisation.name)
    with session.no_autoflush:
        others = (col(Organisation.name_key) == key, col(Organisation.id) != organisation.id)
        holder = session.exec(select(Organisation).where(*others)).first()
        if holder is not None and holder.merged_into is None:
            raise Invalid(_TAKEN["name"], field="name")
        gives_up = update_rows(Organisation).where(*others).values(name_key=Organisation.id)
        session.connection().execute(gives_up)
    organisation.name_key = key


def _check_numbers(session: Session, organisation: Organisation) -> None:
    with session.no_autoflush:
        for field in ("ror_id", "vat_id"):
            value = getattr(organisation, field)
            if value is None:
                continue
            taken = select(Organisation.id).where(
                getattr(Organisation, field) == value,
                Organisation.id != organisation.id,
                col(Organisation.merged_into).is_(None),
            )
            if session.exec(taken).first():
                raise Invalid(_TAKEN[field], field=field)
