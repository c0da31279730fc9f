"""HTTP to what is kept about a person and back; for the hub itself."""

from typing import Any

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import HubItself
from services.kit.routes import Router
from services.notification.personal import service

router = Router(prefix="/contacts", tags=["personal data"])


@router.get("/{contact_id}/data")
def read_personal_data(db: Db, hub: HubItself, contact_id: Id) -> dict[str, list[dict[str, Any]]]:
    """Everything kept about one person, a list a kind of thing."""
    with db.reader() as session:
        return service.held(session, contact_id)
