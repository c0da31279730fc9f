"""Use cases of identities: find whom one stands for, link, unlink, tell."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import IdentityLinked, IdentityUnlinked
from events.envelope import new_id
from services.kit.errors import Conflict, NotFound
from services.membership.accounts import service as accounts
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from services.membership.identities.models import LinkedIdentity
from services.membership.identities.schemas import (
    IdentityProved,
    IdentityRead,
    IdentityUsed,
    SignInAnswer,
)


def sign_in(session: Session, *, used: IdentityUsed, moment: datetime) -> SignInAnswer | None:
    """Start a session for whom the identity stands; raises Forbidden for closed accounts.

    One that is new stands for the member with its address, but only when its provider
    verified that address: anybody may write any address into an account elsewhere.
    None for who is leaving, as `accounts.enter` says.
    """
    linked = _find(session, used)
    contact_id = linked.contact_id if linked else None
    if contact_id is None:
        if used.verified_email is None:
            return SignInAnswer(outcome="not verified")
        contact_id = session.exec(
            select(Contact.id).where(
                Contact.email == used.verified_email,
                col(Contact.status).in_(("member", "suspended", "leaving")),
            )
        ).first()
        if contact_id is None:
            return SignInAnswer(outcome="unknown")
    # Before it is linked: a closed account gets nothing new.
    started = accounts.enter(session, contact_id, moment, used.entry)
    if started is None:
        return None
    if linked is None:
        linked = _link(session, contact_id, used, moment)
    # Not by its row as it was read: it may have been unlinked since.
    session.connection().execute(
        update(LinkedIdentity)
        .where(col(LinkedIdentity.id) == linked.id)
        .values(last_used_at=moment)
    )
    return SignInAnswer(outcome="signed in", session=started)


def link(
    session: Session, *, contact_id: str, proved: IdentityProved, moment: datetime
) -> IdentityRead:
    """Let an identity stand for a member who is signed in; raises Conflict."""
    contacts.locked(session, contact_id)
    return IdentityRead.model_validate(_link(session, contact_id, proved, moment))


def own(session: Session, *, contact_id: str) -> list[IdentityRead]:
    """A member's identities, oldest first."""
    query = select(LinkedIdentity).where(LinkedIdentity.contact_id == contact_id)
    return [
        IdentityRead.model_validate(linked)
        for linked in session.exec(query.order_by(LinkedIdentity.id))
    ]


def unlink(session: Session, *, id: str, contact_id: str) -> None:
    """Let an identity stand for nobody, and tell; raises NotFound."""
    gone = session.connection().execute(
        delete(LinkedIdentity)
        .where(col(LinkedIdentity.id) == id, col(LinkedIdentity.contact_id) == contact_id)
        .returning(col(LinkedIdentity.id))
    )
    if gone.first() is None:
        raise NotFound("You have no such account linked.")
    outbox.add(session, IdentityUnlinked(contact_id=contact_id, identity_id=id))


def forget(session: Session, contact_id: str) -> None:
    """Take everything away that is of this person."""
    session.connection().execute(
        delete(LinkedIdentity).where(col(LinkedIdentity.contact_id) == contact_id)
    )


def _find(session: Session, proved: IdentityProved) -> LinkedIdentity | None:
    return session.exec(
        select(LinkedIdentity).where(
            LinkedIdentity.issuer == proved.issuer, LinkedIdentity.subject == proved.subject
        )
    ).first()


def _link(
    session: Session, contact_id: str, proved: IdentityProved, moment: datetime
) -> LinkedIdentity:
    """The identity as it is linked to this member; told when it is new."""
    made = LinkedIdentity(
        id=new_id(),
        contact_id=contact_id,
        issuer=proved.issuer,
        subject=proved.subject,
        linked_at=moment,
    )
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    fresh = session.connection().execute(
        insert(LinkedIdentity)
        .values(**made.model_dump())
        .on_conflict_do_nothing(index_elements=["issuer", "subject"])
        .returning(col(LinkedIdentity.id))
    )
    is_new = fresh.first() is not None
    linked = _find(session, proved)
    if linked is None or linked.contact_id != contact_id:
        raise Conflict("This account is linked with somebody else here. Sign in with it instead.")
    if is_new:
        outbox.add(session, IdentityLinked(contact_id=contact_id, identity_id=linked.id))
    return linked
