"""Use cases of accounts: load, decide, save, tell.

A link is used up by one guarded update under its contact's row lock; the contact is locked
first everywhere, so that two uses at once wait for each other and never for a circle.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import (
    SessionRevoked,
    SignInRequested,
)
from events.envelope import new_id
from services.kit.errors import Gone, NotFound
from services.kit.timers import set_timer
from services.membership.accounts.models import AccountSession, Link, LinkSecret
from services.membership.accounts.rules import (
    LINK_LIFETIMES,
    SESSION_LIFETIME,
    kept,
)
from services.membership.accounts.schemas import (
    LinkKind,
    LinkMinted,
    SessionRead,
    SessionStarted,
)
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact

FORGET_LINK = "accounts.forget-link"
FORGET_SESSION = "accounts.forget-session"


def ask_to_sign_in(session: Session, *, email: str, moment: datetime) -> None:
    """Owe a sign-in link to a member; for any other address as much is written, for nobody."""
    contact_id = session.exec(
        select(Contact.id).where(Contact.email == email, Contact.status == "member")
    ).first()
    link_id = make_link(session, kind="sign-in", contact_id=contact_id, moment=moment)
    if contact_id:
        outbox.add(session, SignInRequested(contact_id=contact_id, link_id=link_id))


def sign_in(session: Session, *, secret: str, moment: datetime) -> SessionStarted:
    """Start a session by a mail's link; raises Gone."""
    link = use_link(session, kind="sign-in", secret=secret, moment=moment)
    return start_session(session, link.contact_id or "", moment)


def mint(session: Session, *, link_id: str, moment: datetime) -> LinkMinted:
    """A fresh secret for the mail about to be sent; earlier ones stay valid. Raises Gone."""
    link = session.get(Link, link_id)
    if link is None or not link.contact_id or link.used_at or link.expires_at <= moment:
        raise Gone("This link has been used or is too old.")
    secret = secrets.token_urlsafe(32)
    session.add(LinkSecret(secret_hash=kept(secret), link_id=link_id))
    return LinkMinted.model_validate({"kind": link.kind, "secret": secret})


def start_session(session: Session, contact_id: str, moment: datetime) -> SessionStarted:
    """A new session for someone who has proved who they are."""
    secret = secrets.token_urlsafe(32)
    started = AccountSession(
        id=new_id(),
        secret_hash=kept(secret),
        contact_id=contact_id,
        started_at=moment,
        expires_at=moment + SESSION_LIFETIME,
    )
    session.add(started)
    set_timer(session, kind=FORGET_SESSION, key=started.id, due_at=started.expires_at)
    return SessionStarted(secret=secret, expires_at=started.expires_at, contact_id=contact_id)


def look_up(session: Session, *, secret: str, moment: datetime) -> SessionRead:
    """Who is signed in with this secret; raises NotFound."""
    row = session.exec(
        select(AccountSession, Contact)
        .join(Contact)
        .where(
            AccountSession.secret_hash == kept(secret),
            AccountSession.expires_at > moment,
            Contact.status == "member",
        )
    ).first()
    if row is None:
        raise NotFound("This session has ended.")
    started, contact = row
    return SessionRead.model_validate(
        {
            "session_id": started.id,
            "contact_id": contact.id,
            "name": contact.name,
            "roles": contact.roles,
            "language": contact.language,
            "time_zone": contact.time_zone,
            "expires_at": started.expires_at,
        }
    )


def revoke(session: Session, *, secret: str) -> None:
    """End a session; doing it twice, or without one, changes nothing."""
    ended = (
        session.connection()
        .execute(
            delete(AccountSession)
            .where(col(AccountSession.secret_hash) == kept(secret))
            .returning(col(AccountSession.id), col(AccountSession.contact_id))
        )
        .first()
    )
    if ended:
        outbox.add(session, SessionRevoked(contact_id=ended.contact_id, session_id=ended.id))


def forget_link(session: Session, id: str, moment: datetime) -> None:
    """What the timer does when a link has expired: it goes, with the form it carried."""
    connection = session.connection()
    connection.execute(delete(LinkSecret).where(col(LinkSecret.link_id) == id))
    connection.execute(delete(Link).where(col(Link.id) == id))


def forget_session(session: Session, id: str, moment: datetime) -> None:
    """What the timer does when a session has expired."""
    session.connection().execute(delete(AccountSession).where(col(AccountSession.id) == id))


def make_link(
    session: Session,
    *,
    kind: LinkKind,
    contact_id: str | None,
    moment: datetime,
    form: dict[str, Any] | None = None,
) -> str:
    """A link that a mail will offer; gone when it expires."""
    id, expires_at = new_id(), moment + LINK_LIFETIMES[kind]
    session.add(
        Link(
            id=id,
            kind=kind,
            contact_id=contact_id,
            form=form,
            made_at=moment,
            expires_at=expires_at,
        )
    )
    set_timer(session, kind=FORGET_LINK, key=id, due_at=expires_at)
    return id


def use_link(session: Session, *, kind: LinkKind, secret: str, moment: datetime) -> Link:
    """Use a link up under its contact's row lock; raises Gone."""
    found = session.exec(
        select(Link).join(LinkSecret).where(LinkSecret.secret_hash == kept(secret))
    ).first()
    if found is not None:
        contacts.locked(session, found.contact_id or "")
        used = session.connection().execute(
            update(Link)
            .where(
                col(Link.id) == found.id,
                col(Link.kind) == kind,
                col(Link.used_at).is_(None),
                col(Link.expires_at) > moment,
            )
            .values(used_at=moment, form=None)
            .returning(col(Link.id))
        )
        if used.first():
            return found
    raise Gone("This link has been used or is too old. Please ask for a new one.")
