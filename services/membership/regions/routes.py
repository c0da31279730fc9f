"""HTTP to the partnership regions' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Identity, needs
from services.kit.routes import Router
from services.membership.regions import service
from services.membership.regions.schemas import RegionCreate, RegionRead, RegionUpdate

router = Router(prefix="/regions", tags=["regions"])

Admin = Annotated[Identity, Depends(needs("admin", "hub"))]
Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]
Place = Annotated[str | None, Query(pattern=r"^[A-Z]{2}[A-Z0-9]{0,3}$")]


@router.get("")
def list_regions(db: Db, containing: Place = None) -> list[RegionRead]:
    """The regions of the partnership by name; with `containing`, those a place (NUTS) lies in."""
    with db.reader() as session:
        found = service.regions_of(session, containing) if containing else service.listed(session)
        return [RegionRead.model_validate(region) for region in found]


@router.get("/{reference}")
def read_region(db: Db, reference: Reference) -> RegionRead:
    """One region by id or slug."""
    with db.reader() as session:
        return RegionRead.model_validate(service.find(session, reference))


@router.post("", status_code=201)
def create_region(db: Db, admin: Admin, order: RegionCreate) -> RegionRead:
    """Make a region of the partnership; for admins."""
    with db.unit_of_work() as session:
        made = service.create(session, order=order, moment=datetime.now(UTC))
        return RegionRead.model_validate(made)


@router.patch("/{region_id}")
def change_region(db: Db, admin: Admin, region_id: Id, wanted: RegionUpdate) -> RegionRead:
    """Give a region another name or other codes; for admins."""
    with db.unit_of_work() as session:
        return RegionRead.model_validate(service.change(session, id=region_id, wanted=wanted))


@router.delete("/{region_id}", status_code=204)
def remove_region(db: Db, admin: Admin, region_id: Id) -> None:
    """Take a region away; for admins."""
    with db.unit_of_work() as session:
        service.remove(session, id=region_id)
