"""HTTP to the demonstration's service and back; all of it for the hub itself."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.membership.made_up import service
from services.membership.made_up.schemas import MadeUp, Removed

router = Router(prefix="/made-up", tags=["demonstration"])


@router.get("")
def read_made_up(db: Db, hub: HubItself) -> MadeUp:
    """Whom the demonstration brought."""
    with db.reader() as session:
        return service.known(session)


@router.post("/remove")
def remove_made_up(db: Db, hub: HubItself) -> Removed:
    """Take them away; what they did in other services must be gone before."""
    with db.unit_of_work() as session:
        return Removed(counts=service.remove(session, moment=datetime.now(UTC)))
