"""Use cases of the moderation desk; what it changes belongs to roles and suspensions."""

from datetime import datetime

from sqlalchemy import exists
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from services.kit.errors import Forbidden, NotFound
from services.kit.identity import Identity
from services.membership.accounts.models import Link
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.expertise.models import Term
from services.membership.joining import invitations
from services.membership.moderation.schemas import (
    AccountBrief,
    AccountRead,
    AccountsFound,
    InvitationCreate,
    Waiting,
)
from services.membership.organisations.models import Organisation
from services.membership.organisations.rules import search_words
from services.membership.representatives.models import Representative
from services.membership.roles import service as roles
from services.membership.roles.schemas import GrantRead
from services.membership.suspensions import service as suspensions
from services.membership.suspensions.schemas import SuspensionRead

HAVE_ACCOUNTS = ("member", "suspended")


def accounts(
    session: Session, *, by: Identity, query: str, limit: int, offset: int
) -> AccountsFound:
    """Accounts by words of the profile, or by the whole e-mail address. Raises Forbidden."""
    now = roles.acting(session, by)
    wanted = select(Contact).where(col(Contact.status).in_(HAVE_ACCOUNTS))
    if not now.has("moderator"):
        raise Forbidden("Only moderators and administrators can look for accounts.")
    if "@" in query:
        wanted = wanted.where(Contact.email == query.strip().lower())
    else:
        for word in search_words(query):
            wanted = wanted.where(col(Contact.words).contains(word, autoescape=True))
    total = session.exec(select(func.count()).select_from(wanted.subquery())).one()
    page = wanted.order_by(Contact.name, Contact.id).limit(limit).offset(offset)
    return AccountsFound(
        total=total,
        accounts=[AccountBrief.model_validate(found) for found in session.exec(page)],
    )


def invite(session: Session, *, order: InvitationCreate, by: Identity, moment: datetime) -> None:
    """Owe an invitation to somebody new; whoever is known already gets none. Raises Forbidden."""
    if not roles.acting(session, by).has("coordinator"):
        raise Forbidden("Only coordinators and administrators can invite people.")
    contact = contacts.find_or_create(
        session,
        status="invited",
        moment=moment,
        time_zone="Europe/Brussels",
        **order.model_dump(),
    )
    asked = select(Link.id).where(Link.contact_id == contact.id, Link.kind == "invite")
    if contact.status == "invited" and session.exec(asked.limit(1)).first() is None:
        invitations.invite(session, contact, moment)


def waiting(session: Session, *, by: Identity) -> Waiting:
    """How much waits for moderators, in one question to the database. Raises Forbidden."""
    if not roles.acting(session, by).has("moderator"):
        raise Forbidden("Only moderators and administrators can see what waits for them.")
    owner, owning = aliased(Representative), aliased(Contact)
    owned = exists().where(
        col(owner.contact_id) == col(owning.id),
        col(owner.organisation_id) == col(Representative.organisation_id),
        col(owner.status) == "active",
        col(owner.role) == "owner",
        col(owning.status) == "member",
    )
    terms = select(func.count()).where(Term.status == "suggested").scalar_subquery()
    asks = (
        select(func.count())
        .select_from(Representative)
        .join(Contact)
        .where(Representative.status == "asked", Contact.status == "member", ~owned)
        .scalar_subquery()
    )
    organisations = (
        select(func.count())
        .where(col(Organisation.merged_into).is_(None), col(Organisation.verified_at).is_(None))
        .scalar_subquery()
    )
    found = session.connection().execute(sql_select(terms, asks, organisations)).one()
    return Waiting(terms=found[0], asks=found[1], organisations=found[2])


def account(session: Session, *, id: str, by: Identity) -> AccountRead:
    """One account with its record. Raises Forbidden and NotFound."""
    if not roles.acting(session, by).has("moderator"):
        raise Forbidden("Only moderators and administrators can look for accounts.")
    contact = session.get(Contact, id)
    if contact is None or contact.status not in HAVE_ACCOUNTS:
        raise NotFound("There is no account here.")
    shown = AccountRead.model_validate(contact)
    shown.grants = [GrantRead.model_validate(found) for found in roles.record(session, id)]
    shown.suspensions = [
        SuspensionRead.model_validate(found) for found in suspensions.record(session, id)
    ]
    who = {found.granted_by for found in shown.grants}
    who |= {found.withdrawn_by for found in shown.grants}
    who |= {found.suspended_by for found in shown.suspensions}
    who |= {found.reinstated_by for found in shown.suspensions}
    names = select(Contact.id, Contact.name).where(col(Contact.id).in_(who - {None}))
    shown.names = dict(session.exec(names).all())
    return shown
