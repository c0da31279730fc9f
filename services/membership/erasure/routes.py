"""HTTP to the service of erasures and back; all of it for the hub itself."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.membership.erasure import service
from services.membership.erasure.schemas import (
    ErasureCreate,
    ErasureRead,
    Reapplied,
    ReceiptMinted,
)

router = Router(prefix="/erasures", tags=["erasure"])


async def _lag(request: Request) -> timedelta:
    return timedelta(seconds=request.app.state.settings.kafka_compaction_lag)


Lag = Annotated[timedelta, Depends(_lag)]


@router.post("", status_code=201)
def erase(db: Db, hub: HubItself, lag: Lag, order: ErasureCreate) -> ErasureRead:
    """Erase somebody now: there is no way back."""
    with db.unit_of_work() as session:
        service.erase(
            session,
            contact_id=order.contact_id,
            reason="asked",
            moment=datetime.now(UTC),
            lag=lag,
        )
        return service.find(session, contact_id=order.contact_id)


@router.get("")
def list_erasures(db: Db, hub: HubItself) -> list[ErasureRead]:
    """Everybody who was erased, by ids that lead to nobody."""
    with db.reader() as session:
        return service.listed(session)


@router.get("/of/{contact_id}")
def read_erasure(db: Db, hub: HubItself, contact_id: Id) -> ErasureRead:
    """How far an erasure is."""
    with db.reader() as session:
        return service.find(session, contact_id=contact_id)


@router.post("/of/{contact_id}/reapply")
def reapply(db: Db, hub: HubItself, lag: Lag, contact_id: Id) -> Reapplied:
    """Erase somebody once more, after a restore of what was before."""
    with db.unit_of_work() as session:
        return service.reapply(session, contact_id=contact_id, moment=datetime.now(UTC), lag=lag)


@router.post("/{erasure_id}/receipt")
def mint_receipt(db: Db, hub: HubItself, erasure_id: Id) -> ReceiptMinted:
    """Where a receipt goes, for the mail about to be sent."""
    with db.reader() as session:
        return service.mint_receipt(session, erasure_id=erasure_id)
