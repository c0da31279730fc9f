"""HTTP to the demonstration's service and back; for the hub itself."""

from services.calendar.made_up import service
from services.calendar.made_up.schemas import MadeUp, Removed
from services.kit.app import Db
from services.kit.identity import HubItself
from services.kit.routes import Router

router = Router(prefix="/made-up", tags=["demonstration"])


@router.post("/remove")
def remove_made_up(db: Db, hub: HubItself, order: MadeUp) -> Removed:
    """End the calendar addresses of its people."""
    with db.unit_of_work() as session:
        return Removed(counts=service.remove(session, order=order))
