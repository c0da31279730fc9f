"""HTTP to the covers' service and back."""

from services.kit.app import Db, FilesOf
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router
from services.scheduling.covers import service
from services.scheduling.covers.schemas import CoverSet
from services.scheduling.gatherings.schemas import GatheringRead
from services.scheduling.gatherings.service import read

router = Router(prefix="/gatherings/{id}/cover", tags=["covers"])


@router.put("")
def set_cover(db: Db, files: FilesOf, caller: Member, id: Id, order: CoverSet) -> GatheringRead:
    """Give a gathering a picture; for the organiser."""
    cover = None
    if order.file_id:
        with db.reader() as session:
            cover = service.make(
                session, files, gathering_id=id, file_id=order.file_id, caller=caller
            )
    with db.unit_of_work() as session:
        return read(
            service.set(session, gathering_id=id, cover=cover, alt=order.alt, caller=caller)
        )


@router.delete("", status_code=204)
def remove_cover(db: Db, caller: Member, id: Id) -> None:
    """Take the picture away again; for the organiser."""
    with db.unit_of_work() as session:
        service.remove(session, gathering_id=id, caller=caller)
