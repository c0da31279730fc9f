"""Use cases of the demonstration: whom it brought, and taking them away."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import ContactState, OrganisationState
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.directory.keeping import keep_soon
from services.membership.erasure.service import NOUNS
from services.membership.expertise import service as expertise
from services.membership.made_up.schemas import MadeUp
from services.membership.organisations.models import Organisation
from services.membership.representatives import forgetting as representatives


def known(session: Session) -> MadeUp:
    """The people and organisations of the demonstration."""
    people = select(Contact.id).where(col(Contact.made_up)).order_by(Contact.id)
    organisations = select(Organisation.id).where(col(Organisation.made_up))
    return MadeUp(
        contact_ids=list(session.exec(people)),
        organisation_ids=list(session.exec(organisations.order_by(Organisation.id))),
    )


def remove(session: Session, *, moment: datetime) -> dict[str, int]:
    """Take them away, and tell the other services to forget them; no mail comes of it."""
    people = session.exec(
        select(Contact).where(col(Contact.made_up)).order_by(Contact.id).with_for_update()
    ).all()
    # All at once, so that none of them is told of what waits for them now.
    representatives.forget_all(session, [person.id for person in people])
    for person in people:
        for forget in NOUNS:
            forget(session, person.id)
        outbox.bury(session, ContactState, id=person.id, version=person.version + 1)
        session.delete(person)
    session.flush()
    organisations = session.exec(
        select(Organisation).where(col(Organisation.made_up)).with_for_update()
    ).all()
    _leave(session, [organisation.id for organisation in organisations], moment)
    representatives.clear(session, [organisation.id for organisation in organisations])
    for organisation in organisations:
        expertise.forget_claims_of(session, organisation.id, moment)
        outbox.bury(
            session, OrganisationState, id=organisation.id, version=organisation.version + 1
        )
        session.delete(organisation)
        keep_soon(session, organisation.id)
    return {"people": len(people), "organisations": len(organisations)}


def _leave(session: Session, organisation_ids: Sequence[str], moment: datetime) -> None:
    """Real members who chose an organisation of the demonstration have none now."""
    staying = session.exec(
        select(Contact)
        .where(col(Contact.organisation_id).in_(organisation_ids))
        .order_by(Contact.id)
        .with_for_update()
    ).all()
    for contact in staying:
        contacts.apply(session, contact, {"organisation_id": None}, moment=moment)
