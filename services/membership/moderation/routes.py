"""HTTP to the service of the moderation desk and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Identity, needs
from services.kit.routes import Router
from services.membership.accounts.schemas import Accepted
from services.membership.moderation import service
from services.membership.moderation.schemas import (
    AccountBrief,
    AccountRead,
    AccountsAsked,
    AccountsFound,
    InvitationCreate,
    Waiting,
)
from services.membership.suspensions import service as suspensions
from services.membership.suspensions.schemas import SuspensionCreate

router = Router(prefix="/accounts", tags=["moderation"])

Moderator = Annotated[Identity, Depends(needs("moderator"))]
Inviter = Annotated[Identity, Depends(needs("coordinator"))]


@router.post("/lookup")
def look_up_accounts(db: Db, moderator: Moderator, asked: AccountsAsked) -> AccountsFound:
    """Accounts by name or by the whole address, listed or not."""
    with db.reader() as session:
        return service.accounts(
            session, by=moderator, query=asked.q, limit=asked.limit, offset=asked.offset
        )


@router.post("/invitations", status_code=202)
def invite(db: Db, caller: Inviter, order: InvitationCreate) -> Accepted:
    """Ask somebody to join; answered alike whether or not the address is known."""
    with db.unit_of_work() as session:
        service.invite(session, order=order, by=caller, moment=datetime.now(UTC))
    return Accepted()


@router.get("/waiting")
def count_waiting(db: Db, moderator: Moderator) -> Waiting:
    """How much waits for moderators."""
    with db.reader() as session:
        return service.waiting(session, by=moderator)


@router.get("/{contact_id}")
def read_account(db: Db, moderator: Moderator, contact_id: Id) -> AccountRead:
    """One account with its roles, its suspensions and who did what."""
    with db.reader() as session:
        return service.account(session, id=contact_id, by=moderator)


@router.post("/{contact_id}/suspend")
def suspend_account(
    db: Db, moderator: Moderator, contact_id: Id, order: SuspensionCreate
) -> AccountBrief:
    """Close an account for now; its sessions end at once."""
    with db.unit_of_work() as session:
        return AccountBrief.model_validate(
            suspensions.suspend(
                session,
                contact_id=contact_id,
                reason=order.reason,
                by=moderator,
                moment=datetime.now(UTC),
            )
        )


@router.post("/{contact_id}/reinstate")
def reinstate_account(db: Db, moderator: Moderator, contact_id: Id) -> AccountBrief:
    """Open a suspended account again."""
    with db.unit_of_work() as session:
        return AccountBrief.model_validate(
            suspensions.reinstate(
                session, contact_id=contact_id, by=moderator, moment=datetime.now(UTC)
            )
        )
