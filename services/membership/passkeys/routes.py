"""HTTP to the passkeys' service and back; the hub asks for visitors, members for themselves."""

from datetime import UTC, datetime
from typing import Any

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import HubItself, Member
from services.kit.routes import Router
from services.membership.accounts.rules import OnTheWayOut
from services.membership.accounts.schemas import SessionStarted
from services.membership.passkeys import service
from services.membership.passkeys.schemas import (
    OptionsAsked,
    PasskeyCreate,
    PasskeyRead,
    PasskeyUpdate,
    PasskeyUsed,
    RegistrationAsked,
)

router = Router(tags=["passkeys"])


@router.post("/passkeys/options")
def ask_to_sign_in(db: Db, hub: HubItself, order: OptionsAsked) -> dict[str, Any]:
    """What a browser asks a device for, to sign in (WebAuthn's request options as JSON)."""
    with db.unit_of_work() as session:
        return service.ask_to_sign_in(session, order=order, moment=datetime.now(UTC))


@router.post("/passkeys/sessions", status_code=201)
def sign_in(db: Db, hub: HubItself, order: PasskeyUsed) -> SessionStarted:
    """Sign in by what a device signed."""
    moment = datetime.now(UTC)
    with db.unit_of_work() as session:
        challenge = service.answered(session, order=order, moment=moment)
    with db.unit_of_work() as session:
        started = service.sign_in(session, order=order, challenge=challenge, moment=moment)
    # After the commit: the mail with the way back is owed.
    if started is None:
        raise OnTheWayOut
    return started


@router.post("/members/me/passkeys/options")
def ask_to_add(db: Db, caller: Member, order: RegistrationAsked) -> dict[str, Any]:
    """What a browser asks a device for, to make a passkey (WebAuthn's creation options)."""
    with db.unit_of_work() as session:
        return service.ask_to_add(
            session, contact_id=caller.contact_id or "", order=order, moment=datetime.now(UTC)
        )


@router.post("/members/me/passkeys", status_code=201)
def add_passkey(db: Db, caller: Member, order: PasskeyCreate) -> PasskeyRead:
    """Add the passkey that a device made."""
    moment = datetime.now(UTC)
    with db.unit_of_work() as session:
        challenge = service.answered(session, order=order, moment=moment)
    with db.unit_of_work() as session:
        return service.add(
            session,
            contact_id=caller.contact_id or "",
            order=order,
            challenge=challenge,
            moment=moment,
        )


@router.get("/members/me/passkeys")
def own_passkeys(db: Db, caller: Member) -> list[PasskeyRead]:
    """The member's passkeys."""
    with db.reader() as session:
        return service.own(session, contact_id=caller.contact_id or "")


@router.patch("/members/me/passkeys/{id}")
def rename_passkey(db: Db, caller: Member, id: Id, wanted: PasskeyUpdate) -> PasskeyRead:
    """Call a passkey something else."""
    with db.unit_of_work() as session:
        return service.rename(
            session, id=id, contact_id=caller.contact_id or "", label=wanted.label
        )


@router.delete("/members/me/passkeys/{id}", status_code=204)
def remove_passkey(db: Db, caller: Member, id: Id) -> None:
    """Take a passkey away."""
    with db.unit_of_work() as session:
        service.remove(session, id=id, contact_id=caller.contact_id or "")
