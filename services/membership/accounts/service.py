"""Use cases of accounts: load, decide, save, tell.

A link is used up by one guarded update under its contact's row lock; the contact is locked
first everywhere, so that two uses at once wait for each other and never for a circle.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, update
from sqlmodel import Session, col, func, select

from events import outbox
from events.catalogue.membership import MemberLeaving, SessionRevoked, SignInRequested
from events.envelope import new_id
from services.kit.errors import Forbidden, Gone, NotFound
from services.kit.language import N_
from services.kit.timers import set_timer
from services.membership.accounts.models import AccountSession, Link, LinkSecret
from services.membership.accounts.rules import (
    COUNTED,
    LINK_LIFETIMES,
    MAILS_WINDOW,
    MOST_MAILS,
    MOST_TRIES,
    SESSION_LIFETIME,
    OpenedElsewhere,
    forgotten_after,
    kept,
    kept_code,
    new_code,
)
from services.membership.accounts.schemas import (
    Entry,
    LinkKind,
    LinkMinted,
    SessionBrief,
    SessionRead,
    SessionStarted,
)
from services.membership.consents import service as consents
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact

FORGET_LINK = "accounts.forget-link"
FORGET_SESSION = "accounts.forget-session"
OVER = N_("This link has been used or is too old. Please ask for a new one.")
NOTHING_TO_TYPE = N_(
    "There is no code to type in this browser: it was used, is too old, was typed wrong too "
    "often, or was asked for elsewhere. Please ask for a new one."
)

_NEW_LINK = insert(Link)
_RECENT = select(func.count()).where(
    Link.contact_id == bindparam("contact_id"),
    # Not IN, for which the statement is written anew each time.
    or_(*(col(Link.kind) == kind for kind in COUNTED)),
    col(Link.made_at) > bindparam("since"),
)


def ask_to_sign_in(session: Session, *, email: str, asked_by: str, moment: datetime) -> None:
    """Owe a sign-in link to a member; for any other address as much is written, for nobody.

    Who is leaving is owed the way back instead.
    """
    contact = session.exec(
        select(Contact)
        .where(Contact.email == email, col(Contact.status).in_(("member", "leaving")))
        .with_for_update(of=Contact)
    ).first()
    if contact and owe_way_back(session, contact=contact, asked_by=asked_by, moment=moment):
        return
    contact_id = contact.id if contact else None
    link_id = owe_link(
        session, kind="sign-in", contact_id=contact_id, asked_by=asked_by, moment=moment
    )
    if contact_id and link_id:
        outbox.add(session, SignInRequested(contact_id=contact_id, link_id=link_id))


def owe_way_back(
    session: Session, *, contact: Contact, moment: datetime, asked_by: str | None = None
) -> bool:
    """Owe a mail with the way back to whoever is leaving, and say whether they are.

    Call under the contact's lock. As with every mail, there is none beyond their share for now.
    """
    if contact.status != "leaving" or contact.erase_at is None:
        return False
    link_id = owe_link(
        session, kind="stay", contact_id=contact.id, asked_by=asked_by, moment=moment
    )
    if link_id:
        outbox.add(
            session,
            MemberLeaving(contact_id=contact.id, link_id=link_id, erase_at=contact.erase_at),
        )
    return True


def owe_link(
    session: Session | Connection,
    *,
    kind: LinkKind,
    contact_id: str | None,
    moment: datetime,
    asked_by: str | None = None,
    form: dict[str, Any] | None = None,
) -> str | None:
    """A link that somebody has sent to an address by typing it; call under the contact's lock.

    None when no mail is owed: the address is nobody's, or had its share for now. As much is
    written then, so that neither time nor later answers tell.
    """
    asked = {"contact_id": contact_id or "", "since": moment - MAILS_WINDOW}
    recent: int = _statements(session).execute(_RECENT, asked).scalar_one()
    owed = recent < MOST_MAILS and contact_id is not None
    link_id = make_link(
        session,
        kind=kind,
        contact_id=contact_id if owed else None,
        asked_by=asked_by,
        moment=moment,
        form=form if owed else None,
    )
    return link_id if owed else None


def make_link(
    session: Session | Connection,
    *,
    kind: LinkKind,
    contact_id: str | None,
    moment: datetime,
    asked_by: str | None = None,
    form: dict[str, Any] | None = None,
) -> str:
    """A link that a mail will offer; its row is gone some time after it has expired."""
    id = new_id()
    connection = _statements(session)
    connection.execute(
        _NEW_LINK,
        {
            "id": id,
            "kind": kind,
            "contact_id": contact_id,
            "asked_by": kept(asked_by) if asked_by else None,
            "tries": 0,
            "form": form,
            "made_at": moment,
            "expires_at": moment + LINK_LIFETIMES[kind],
        },
    )
    set_timer(connection, kind=FORGET_LINK, key=id, due_at=moment + forgotten_after(kind))
    return id


def mint(session: Session, *, link_id: str, moment: datetime) -> LinkMinted:
    """A fresh secret for the mail about to be sent; earlier ones stay valid. Raises Gone."""
    link = session.get(Link, link_id)
    if link is None or link.used_at or link.expires_at <= moment:
        raise Gone(OVER)
    contact = session.get(Contact, link.contact_id or "")
    signs_in = link.kind == "sign-in"
    if contact is None or (
        contact.status != "member" if signs_in else contact.status == "suspended"
    ):
        raise Gone(OVER)
    secret, code = secrets.token_urlsafe(32), new_code() if signs_in else ""
    session.add(
        LinkSecret(
            secret_hash=kept(secret),
            link_id=link_id,
            code_hash=kept_code(code, link_id) if code else None,
        )
    )
    to = (link.form or {}).get("to", "")
    return LinkMinted.model_validate({"kind": link.kind, "secret": secret, "code": code, "to": to})


def use_link(
    session: Session,
    *,
    kind: LinkKind,
    secret: str,
    moment: datetime,
    asked_by: str | None = None,
) -> Link:
    """Use a link up under its contact's row lock; raises Gone.

    A sign-in link raises OpenedElsewhere, and stays as it is, for all but who asked for it.
    """
    found = session.exec(
        select(Link).join(LinkSecret).where(LinkSecret.secret_hash == kept(secret))
    ).first()
    if found is None or found.kind != kind:
        raise Gone(OVER)
    contacts.locked(session, found.contact_id or "")
    still = and_(col(Link.id) == found.id, _open(moment))
    if kind == "sign-in" and not compare_digest(found.asked_by or "", kept(asked_by or "")):
        if session.exec(select(Link.id).where(still)).first() is None:
            raise Gone(OVER)
        raise OpenedElsewhere(
            "This link works in the browser in which you asked for it. Type the code of the same "
            "mail there instead."
        )
    used = session.connection().execute(
        update(Link).where(still).values(used_at=moment, form=None).returning(col(Link.id))
    )
    if used.first() is None:
        raise Gone(OVER)
    return found


def sign_in(
    session: Session,
    *,
    secret: str,
    asked_by: str | None,
    moment: datetime,
    entry: Entry = Entry(),
) -> SessionStarted:
    """Start a session by a mail's link; raises Gone or OpenedElsewhere."""
    link = use_link(session, kind="sign-in", secret=secret, asked_by=asked_by, moment=moment)
    return start_session(session, link.contact_id or "", moment, entry)


def sign_in_by_code(
    session: Session, *, code: str, asked_by: str, moment: datetime, entry: Entry = Entry()
) -> SessionStarted | None:
    """Start a session by a mail's code; None when it is wrong, which is to be committed.

    The browser may have asked more than once: the code is tried for each of its links, and
    counts for each. Raises Gone when none of them can be tried (any more).
    """
    # Of a link that leads back there is no code, but whoever leaves is not told apart by that.
    asked_here = and_(
        col(Link.kind).in_(("sign-in", "stay")),
        col(Link.asked_by) == kept(asked_by),
        _open(moment),
        col(Link.tries) < MOST_TRIES,
    )
    owners = session.exec(select(Link.contact_id).where(asked_here)).all()
    for owner in sorted({owner for owner in owners if owner}):
        contacts.locked(session, owner)
    tried = session.connection().execute(
        update(Link)
        .where(asked_here)
        .values(tries=col(Link.tries) + 1)
        .returning(col(Link.id), col(Link.contact_id))
    )
    links = {row.id: row.contact_id for row in tried}
    if not links:
        raise Gone(NOTHING_TO_TYPE)
    for minted in session.exec(select(LinkSecret).where(col(LinkSecret.link_id).in_(links))):
        if compare_digest(minted.code_hash or "", kept_code(code, minted.link_id)):
            session.connection().execute(
                update(Link).where(col(Link.id) == minted.link_id).values(used_at=moment)
            )
            return start_session(session, links[minted.link_id], moment, entry)
    return None


def start_session(
    session: Session, contact_id: str, moment: datetime, entry: Entry = Entry()
) -> SessionStarted:
    """A new session for a member who has proved who they are; raises Forbidden for others.

    The session that the same browser had until now ends.
    """
    if contacts.locked(session, contact_id).status != "member":
        raise Forbidden(
            "This account is not open. If you think it should be, write to those who look after "
            "the hub."
        )
    if entry.replaces:
        revoke(session, secret=entry.replaces)
    secret = secrets.token_urlsafe(32)
    started = AccountSession(
        id=new_id(),
        secret_hash=kept(secret),
        contact_id=contact_id,
        browser=entry.browser,
        system=entry.system,
        started_at=moment,
        proved_at=moment,
        used_on=moment.date(),
        expires_at=moment + SESSION_LIFETIME,
    )
    session.add(started)
    set_timer(session, kind=FORGET_SESSION, key=started.id, due_at=started.expires_at)
    return SessionStarted(secret=secret, expires_at=started.expires_at, contact_id=contact_id)


def enter(
    session: Session, contact_id: str, moment: datetime, entry: Entry = Entry()
) -> SessionStarted | None:
    """A new session for whoever has proved without a mail who they are; raises Forbidden.

    None for who is leaving: they are owed the way back, which is to be committed.
    """
    if owe_way_back(session, contact=contacts.locked(session, contact_id), moment=moment):
        return None
    return start_session(session, contact_id, moment, entry)


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
            "coordinates": contact.coordinates,
            "language": contact.language,
            "time_zone": contact.time_zone,
            "proved_at": started.proved_at,
            "used_on": started.used_on,
            "expires_at": started.expires_at,
            "outdated_consents": consents.outdated(session, contact.id, contact.consents),
        }
    )


def note_use(session: Session, *, session_id: str, moment: datetime) -> None:
    """Write down the day on which a session was last used."""
    session.connection().execute(
        update(AccountSession)
        .where(col(AccountSession.id) == session_id, col(AccountSession.used_on) < moment.date())
        .values(used_on=moment.date())
    )


def sessions_of(session: Session, contact_id: str, moment: datetime) -> list[SessionBrief]:
    """Where a member is signed in, the latest first."""
    found = session.exec(
        select(AccountSession)
        .where(AccountSession.contact_id == contact_id, AccountSession.expires_at > moment)
        .order_by(col(AccountSession.started_at).desc(), col(AccountSession.id).desc())
    )
    return [SessionBrief.model_validate(each) for each in found]


def revoke(session: Session, *, secret: str) -> None:
    """End a session; doing it twice, or without one, changes nothing."""
    _end(session, col(AccountSession.secret_hash) == kept(secret))


def end_one(session: Session, *, contact_id: str, session_id: str) -> None:
    """End a session of a member; raises NotFound when there is no such one of theirs."""
    own = and_(col(AccountSession.contact_id) == contact_id, col(AccountSession.id) == session_id)
    if not _end(session, own):
        raise NotFound("This session has ended already.")


def end_all(session: Session, contact_id: str, *, keep: str | None = None) -> None:
    """End every session of a person, but for one to `keep`; sign-in links still out end too."""
    theirs = col(AccountSession.contact_id) == contact_id
    _end(session, and_(theirs, col(AccountSession.id) != keep) if keep else theirs)
    # They are used up, at the moment they were made: nobody knows a better one here.
    session.connection().execute(
        update(Link)
        .where(
            col(Link.contact_id) == contact_id,
            col(Link.kind) == "sign-in",
            col(Link.used_at).is_(None),
        )
        .values(used_at=col(Link.made_at))
    )


def forget(session: Session, contact_id: str) -> None:
    """Everything of a person's accounts goes: sessions, which end, and links."""
    end_all(session, contact_id)
    connection = session.connection()
    theirs = select(Link.id).where(Link.contact_id == contact_id)
    connection.execute(delete(LinkSecret).where(col(LinkSecret.link_id).in_(theirs)))
    connection.execute(delete(Link).where(col(Link.contact_id) == contact_id))


def forget_link(session: Session, id: str, moment: datetime) -> None:
    """What the timer does when a link has expired: it goes, with the form it carried."""
    connection = session.connection()
    connection.execute(delete(LinkSecret).where(col(LinkSecret.link_id) == id))
    connection.execute(delete(Link).where(col(Link.id) == id))


def forget_session(session: Session, id: str, moment: datetime) -> None:
    """What the timer does when a session has expired."""
    session.connection().execute(delete(AccountSession).where(col(AccountSession.id) == id))


def _statements(session: Session | Connection) -> Connection:
    """Where statements go; a contact that a session holds may be new, and comes first."""
    if isinstance(session, Connection):
        return session
    session.flush()
    return session.connection()


def _open(moment: datetime) -> ColumnElement[bool]:
    """Links that can be used."""
    return and_(col(Link.used_at).is_(None), col(Link.expires_at) > moment)


def _end(session: Session, which: ColumnElement[bool]) -> Sequence[str]:
    """End sessions and tell, so that caches and open streams of them go; their ids."""
    ended = session.connection().execute(
        delete(AccountSession)
        .where(which)
        .returning(col(AccountSession.id), col(AccountSession.contact_id))
    )
    rows = ended.fetchall()
    for row in rows:
        outbox.add(session, SessionRevoked(contact_id=row.contact_id, session_id=row.id))
    return [row.id for row in rows]
