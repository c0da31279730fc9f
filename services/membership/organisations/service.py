"""Use cases of organisations: load, decide, save, tell."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import OrganisationState
from events.envelope import new_id
from services.kit.audience import PUBLIC, visible_to
from services.kit.errors import Invalid, NotFound
from services.kit.identity import Identity
from services.membership.claim import claim
from services.membership.expertise import claims
from services.membership.organisations.models import Organisation
from services.membership.organisations.rules import folded, name_key, search_words, slug_of
from services.membership.organisations.schemas import OrganisationCreate


def find_or_create(
    session: Session, *, order: OrganisationCreate, moment: datetime
) -> Organisation:
    """The organisation of this name, untouched when it is known, else newly made."""
    id = new_id()
    organisation = Organisation(
        **order.model_dump(exclude={"expertise"}),
        id=id,
        version=1,
        audience=PUBLIC,
        slug=slug_of(order.name, id),
        name_key=name_key(order.name),
        words=folded([order.name]),
        created_at=moment,
    )
    if claim(session, organisation, key="name_key"):
        made = session.get_one(Organisation, id)
        claims.claim_for_organisation(session, made, offered=order.expertise, moment=moment)
        session.flush()
        outbox.add(session, OrganisationState.model_validate(made, from_attributes=True))
        return made
    return session.exec(
        select(Organisation).where(Organisation.name_key == organisation.name_key)
    ).one()


def check_known(session: Session, organisation_id: str | None) -> None:
    """Raise Invalid when an organisation is chosen that does not exist."""
    if organisation_id and session.get(Organisation, organisation_id) is None:
        raise Invalid("This organisation is not known.", field="organisation_id")


def find(session: Session, *, reference: str, viewer: Identity) -> Organisation:
    """By id or slug, if the viewer may see it; raises NotFound."""
    organisation = session.exec(
        select(Organisation).where(
            (col(Organisation.id) == reference) | (col(Organisation.slug) == reference),
            visible_to(col(Organisation.audience), viewer.grants),
        )
    ).first()
    if organisation is None:
        raise NotFound("This organisation is not known.")
    return organisation


def listed(
    session: Session, *, viewer: Identity, query: str, limit: int, offset: int = 0
) -> Sequence[Organisation]:
    """Organisations whose name and expertise hold every word of the query, by name."""
    wanted = select(Organisation).where(visible_to(col(Organisation.audience), viewer.grants))
    for word in search_words(query):
        wanted = wanted.where(col(Organisation.words).contains(word, autoescape=True))
    wanted = wanted.order_by(Organisation.name, Organisation.id)
    return session.exec(wanted.limit(limit).offset(offset)).all()
