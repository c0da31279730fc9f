"""Use cases of the demonstration: whom it brought, and taking them away."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import ContactState, OrganisationState, SessionRevoked
from services.kit.timers import drop_timer
from services.membership.accounts.models import AccountSession, Link, LinkSecret
from services.membership.accounts.service import FORGET_LINK, FORGET_SESSION
from services.membership.contacts import service as contacts
from services.membership.contacts.models import ConsentRecord, Contact
from services.membership.directory.keeping import keep_soon
from services.membership.expertise import claims
from services.membership.expertise import service as expertise
from services.membership.identities import service as identities
from services.membership.made_up.schemas import MadeUp
from services.membership.organisations.models import Organisation
from services.membership.passkeys import service as passkeys
from services.membership.representatives import service as representatives


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
    representatives.forget_all(session, [person.id for person in people])
    for person in people:
        expertise.forget(session, person.id)
        _forget_account(session, person.id)
        outbox.bury(session, ContactState, id=person.id, version=person.version + 1)
        session.delete(person)
        keep_soon(session, person.id)
    session.flush()
    organisations = session.exec(
        select(Organisation).where(col(Organisation.made_up)).with_for_update()
    ).all()
    _leave(session, [organisation.id for organisation in organisations], moment)
    representatives.clear(session, [organisation.id for organisation in organisations])
    for organisation in organisations:
        claims.forget_claims(session, organisation.id, moment)
        outbox.bury(
            session, OrganisationState, id=organisation.id, version=organisation.version + 1
        )
        session.delete(organisation)
        keep_soon(session, organisation.id)
    return {"people": len(people), "organisations": len(organisations)}


def _forget_account(session: Session, contact_id: str) -> None:
    """End the person's sessions everywhere, and drop links and consents with their timers."""
    sessions = session.exec(select(AccountSession).where(AccountSession.contact_id == contact_id))
    for started in sessions:
        drop_timer(session, kind=FORGET_SESSION, key=started.id)
        outbox.add(session, SessionRevoked(contact_id=contact_id, session_id=started.id))
        session.delete(started)
    links = session.exec(select(Link).where(Link.contact_id == contact_id)).all()
    connection = session.connection()
    for link in links:
        drop_timer(session, kind=FORGET_LINK, key=link.id)
        connection.execute(delete(LinkSecret).where(col(LinkSecret.link_id) == link.id))
        session.delete(link)
    passkeys.forget(session, contact_id)
    identities.forget(session, contact_id)
    connection.execute(delete(ConsentRecord).where(col(ConsentRecord.contact_id) == contact_id))
    session.flush()


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
