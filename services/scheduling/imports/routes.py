"""HTTP to the imports' service and back."""

from datetime import UTC, datetime

from services.kit.app import Db
from services.kit.routes import Router
from services.scheduling.gatherings.routes import Organiser
from services.scheduling.imports import service
from services.scheduling.imports.schemas import GatheringImported, GatheringTaken

router = Router(prefix="/imports", tags=["imports"])


@router.post("/gatherings")
def import_gathering(
    db: Db, caller: Organiser, order: GatheringImported, dry_run: bool = False
) -> GatheringTaken:
    """Bring a gathering in, once by its UID; a dry run says what would become of it."""
    with db.unit_of_work() as session:
        taken = service.take_in(session, order=order, caller=caller, moment=datetime.now(UTC))
        if dry_run:
            session.rollback()
        return taken
