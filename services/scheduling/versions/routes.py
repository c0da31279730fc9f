"""HTTP to the versions' service and back."""

from typing import Annotated

from fastapi import Path

from services.kit.app import Db
from services.kit.identity import Caller
from services.kit.routes import Router
from services.scheduling.versions import service
from services.scheduling.versions.schemas import VersionRead

router = Router(prefix="/gatherings/{reference}/versions", tags=["gatherings"])
Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]


@router.get("")
def list_versions(db: Db, viewer: Caller, reference: Reference) -> list[VersionRead]:
    """What changed of a gathering, newest first."""
    with db.reader() as session:
        return service.of_gathering(session, reference=reference, viewer=viewer)
