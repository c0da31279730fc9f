"""Use cases of passkeys: ask a device, check its answer, save, tell.

A challenge is used up in a transaction of its own (`answered`), so that an answer that is
refused uses it up as well.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import PasskeyAdded, PasskeyRemoved
from events.envelope import new_id
from services.kit.errors import Forbidden, Gone, Invalid, NotFound
from services.membership.accounts import service as accounts
from services.membership.accounts.schemas import SessionStarted
from services.membership.claim import claim
from services.membership.contacts import service as contacts
from services.membership.passkeys.models import Challenge, Passkey
from services.membership.passkeys.rules import (
    CHALLENGE_LIFETIME,
    challenge_in,
    check_room,
    credential_in,
    hashed,
    named,
    transports_in,
)
from services.membership.passkeys.schemas import (
    OptionsAsked,
    PasskeyCreate,
    PasskeyRead,
    PasskeyUsed,
    RegistrationAsked,
)


def ask_to_sign_in(session: Session, *, order: OptionsAsked, moment: datetime) -> dict[str, Any]:
    """What a browser asks a device for; nobody says who they are, the device knows."""
    from services.membership.passkeys import checking

    challenge = _challenge(session, order.holder, moment)
    return checking.request_options(origin=order.origin, challenge=challenge)


def ask_to_add(
    session: Session, *, contact_id: str, order: RegistrationAsked, moment: datetime
) -> dict[str, Any]:
    """What a browser asks a device for that is to hold a passkey; raises Conflict."""
    from services.membership.passkeys import checking

    contact = contacts.profile(session, contact_id)
    held = _of(session, contact_id)
    check_room(len(held))
    return checking.creation_options(
        origin=order.origin,
        hub=order.hub,
        challenge=_challenge(session, order.holder, moment),
        handle=contact_id,
        email=contact.email,
        name=contact.name,
        held=[passkey.credential_id for passkey in held],
    )


def answered(session: Session, *, order: PasskeyUsed | PasskeyCreate, moment: datetime) -> bytes:
    """Use up the challenge that an answer is about; raises Gone when it was not this holder's."""
    challenge = challenge_in(order.credential)
    found = session.connection().execute(
        delete(Challenge)
        .where(
            col(Challenge.challenge_hash) == hashed(challenge),
            col(Challenge.holder_hash) == hashed(order.holder),
            col(Challenge.expires_at) > moment,
        )
        .returning(col(Challenge.challenge_hash))
    )
    if found.first() is None:
        raise Gone("This took too long or was used already. Please try again.")
    return challenge


def sign_in(
    session: Session, *, order: PasskeyUsed, challenge: bytes, moment: datetime
) -> SessionStarted | None:
    """Start a session by what a passkey signed; raises NotFound, Forbidden.

    None for who is leaving, as `accounts.enter` says.
    """
    from services.membership.passkeys import checking

    known = col(Passkey.credential_id) == credential_in(order.credential)
    owner = session.exec(select(Passkey.contact_id).where(known)).first()
    if owner:
        # First, as everywhere: whoever erases the person holds it and waits for the passkey.
        contacts.locked(session, owner)
    passkey = session.exec(select(Passkey).where(known).with_for_update()).first()
    if passkey is None:
        raise NotFound("The hub does not know this passkey (any more). Sign in by mail instead.")
    verified = checking.verified_use(
        order.credential,
        origin=order.origin,
        challenge=challenge,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
    )
    handle = order.credential["response"].get("userHandle")
    if handle and handle != named(passkey.contact_id.encode()):
        raise Forbidden("This passkey belongs to somebody else.")
    passkey.sign_count = verified.new_sign_count
    passkey.backed_up = verified.credential_backed_up
    passkey.last_used_at = moment
    session.add(passkey)
    return accounts.enter(session, passkey.contact_id, moment, order.entry)


def add(
    session: Session,
    *,
    contact_id: str,
    order: PasskeyCreate,
    challenge: bytes,
    moment: datetime,
) -> PasskeyRead:
    """Keep what a device made for a member, and tell; raises Invalid, Conflict."""
    from services.membership.passkeys import checking

    # Its row lock, so that two at once cannot be one too many.
    contacts.locked(session, contact_id)
    check_room(len(_of(session, contact_id)))
    verified = checking.verified_new(order.credential, origin=order.origin, challenge=challenge)
    passkey = Passkey(
        id=new_id(),
        contact_id=contact_id,
        credential_id=named(verified.credential_id),
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        label=order.label,
        transports=transports_in(order.credential),
        backed_up=verified.credential_backed_up,
        created_at=moment,
    )
    if not claim(session, passkey, key="credential_id"):
        raise Invalid("This passkey is in use already.")
    outbox.add(session, PasskeyAdded(contact_id=contact_id, passkey_id=passkey.id))
    return PasskeyRead.model_validate(passkey)


def own(session: Session, *, contact_id: str) -> list[PasskeyRead]:
    """A member's passkeys, oldest first."""
    return [PasskeyRead.model_validate(passkey) for passkey in _of(session, contact_id)]


def rename(session: Session, *, id: str, contact_id: str, label: str) -> PasskeyRead:
    """Call a passkey something else; raises NotFound."""
    passkey = _one(session, id, contact_id)
    passkey.label = label
    session.add(passkey)
    return PasskeyRead.model_validate(passkey)


def remove(session: Session, *, id: str, contact_id: str) -> None:
    """Take a passkey away, and tell; raises NotFound."""
    session.delete(_one(session, id, contact_id))
    outbox.add(session, PasskeyRemoved(contact_id=contact_id, passkey_id=id))


def forget(session: Session, contact_id: str) -> None:
    """Take everything away that is of this person."""
    session.connection().execute(delete(Passkey).where(col(Passkey.contact_id) == contact_id))


def _challenge(session: Session, holder: str, moment: datetime) -> bytes:
    """Something new to sign; what nobody answered in time goes on the way."""
    session.connection().execute(delete(Challenge).where(col(Challenge.expires_at) <= moment))
    challenge = secrets.token_bytes(32)
    session.add(
        Challenge(
            challenge_hash=hashed(challenge),
            holder_hash=hashed(holder),
            expires_at=moment + CHALLENGE_LIFETIME,
        )
    )
    return challenge


def _of(session: Session, contact_id: str) -> list[Passkey]:
    query = select(Passkey).where(Passkey.contact_id == contact_id)
    return list(session.exec(query.order_by(Passkey.id)))


def _one(session: Session, id: str, contact_id: str) -> Passkey:
    passkey = session.exec(
        select(Passkey).where(Passkey.id == id, Passkey.contact_id == contact_id).with_for_update()
    ).first()
    if passkey is None:
        raise NotFound("You have no such passkey.")
    return passkey
