"""HTTP to the community's service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends

from services.kit.app import Db
from services.kit.identity import HubItself, Identity, needs
from services.kit.routes import Router
from services.membership.accounts.schemas import SessionStarted
from services.membership.community import service
from services.membership.community.schemas import CommunityRead, CommunityUpdate, SetUp

router = Router(tags=["community"])

Administrator = Annotated[Identity, Depends(needs("admin"))]


@router.get("/community")
def read_community(db: Db) -> CommunityRead:
    """What the hub says about itself, and whether somebody looks after it."""
    with db.reader() as session:
        return service.read(session)


@router.patch("/community")
def update_community(db: Db, caller: Administrator, wanted: CommunityUpdate) -> CommunityRead:
    """Change what the hub says about itself; for administrators."""
    with db.unit_of_work() as session:
        return service.change(session, wanted=wanted)


@router.post("/set-up", status_code=201)
def set_up(db: Db, hub: HubItself, order: SetUp) -> SessionStarted:
    """Name an empty hub, make its first administrator and sign them in."""
    with db.unit_of_work() as session:
        return service.set_up(session, order=order, moment=datetime.now(UTC))
