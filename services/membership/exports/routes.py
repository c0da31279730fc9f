"""HTTP to the exports' service and back; for the hub itself."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.membership.exports import service
from services.membership.exports.schemas import ExportMade, ExportUsed

router = Router(tags=["exports"])


@router.post("/contacts/{contact_id}/exports", status_code=201)
def make_export(db: Db, hub: HubItself, contact_id: Id) -> ExportMade:
    """A link by which somebody can fetch their data once; the gateway has asked who it is."""
    with db.unit_of_work() as session:
        return service.make(session, contact_id=contact_id, moment=datetime.now(UTC))


@router.post("/exports/use", status_code=204)
def use_export(db: Db, hub: HubItself, used: ExportUsed) -> None:
    """Use the link up, right before the data is put together."""
    with db.unit_of_work() as session:
        service.use(
            session, contact_id=used.contact_id, secret=used.secret, moment=datetime.now(UTC)
        )
