"""HTTP to the demonstration's service and back; for the hub itself."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.scheduling.made_up import service
from services.scheduling.made_up.schemas import MadeUp, Removed

router = Router(prefix="/made-up", tags=["demonstration"])


@router.post("/remove")
def remove_made_up(db: Db, hub: HubItself, order: MadeUp) -> Removed:
    """Take away its events with everybody's registrations, and its people's others."""
    with db.unit_of_work() as session:
        return Removed(counts=service.remove(session, order=order, moment=datetime.now(UTC)))
