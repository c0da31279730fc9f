"""HTTP to the service of imports and back; all of it for the hub itself."""

from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError

from services.kit.app import Db
from services.kit.errors import Busy
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.membership.imports import service
from services.membership.imports.schemas import Batch, BatchResult, MembersBatch

router = Router(prefix="/imports", tags=["imports"])


@router.post("/members")
def import_members(db: Db, hub: HubItself, batch: MembersBatch) -> BatchResult:
    """People of a file, without consent and seen by nobody; all of the batch or nothing."""
    try:
        with db.unit_of_work() as session:
            return service.members(session, batch=batch, moment=datetime.now(UTC))
    except IntegrityError as error:
        # Somebody joined with one of these addresses at this instant: the next try knows them.
        raise Busy("Nothing was saved. Please try again in a minute.") from error


@router.post("/organisations")
def import_organisations(db: Db, hub: HubItself, batch: Batch) -> BatchResult:
    """Organisations of a file; all of the batch or nothing."""
    with db.unit_of_work() as session:
        return service.organisations_of(session, batch=batch, moment=datetime.now(UTC))
