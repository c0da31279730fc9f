"""HTTP to the materials' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path

from services.kit.app import Db, FilesOf
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router
from services.scheduling.materials import service
from services.scheduling.materials.schemas import MaterialCreate, MaterialRead

router = Router(tags=["materials"])

Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


@router.get("/gatherings/{id}/materials")
def list_materials(db: Db, caller: Member, id: Id) -> list[MaterialRead]:
    """What is left of a gathering, for those with a seat."""
    with db.reader() as session:
        return service.listed(session, gathering_id=id, caller=caller)


@router.get("/registrations/by-secret/{secret}/materials")
def list_materials_by_secret(db: Db, secret: Secret) -> list[MaterialRead]:
    """The same by the link in a mail."""
    with db.reader() as session:
        return service.listed_by_secret(session, secret=secret)


@router.post("/gatherings/{id}/materials", status_code=201)
def add_material(
    db: Db, files: FilesOf, caller: Member, id: Id, order: MaterialCreate
) -> MaterialRead:
    """Put a file or a link beside a gathering; for the organiser."""
    with db.unit_of_work() as session:
        return service.add(
            session,
            gathering_id=id,
            order=order,
            has_file=files.has,
            caller=caller,
            moment=datetime.now(UTC),
        )


@router.delete("/gatherings/{id}/materials/{material_id}", status_code=204)
def remove_material(db: Db, caller: Member, id: Id, material_id: Id) -> None:
    """Take it away again; for the organiser."""
    with db.unit_of_work() as session:
        service.remove(session, gathering_id=id, material_id=material_id, caller=caller)


@router.post("/gatherings/{id}/materials/tell", status_code=204)
def tell_of_materials(db: Db, caller: Member, id: Id) -> None:
    """Have everybody with a seat told what is new; for the organiser."""
    with db.unit_of_work() as session:
        service.tell(session, gathering_id=id, caller=caller, moment=datetime.now(UTC))
