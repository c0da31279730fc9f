"""HTTP to the organisations' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query

from services.kit.app import Db
from services.kit.fields import MOST_SKIPPED, OptionalLine
from services.kit.identity import Caller, Identity, needs
from services.kit.routes import Router
from services.membership.organisations import service
from services.membership.organisations.schemas import OrganisationCreate, OrganisationRead

router = Router(prefix="/organisations", tags=["organisations"])

Coordinator = Annotated[Identity, Depends(needs("coordinator", "hub"))]
Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]


@router.post("", status_code=201)
def create_organisation(
    db: Db, coordinator: Coordinator, order: OrganisationCreate
) -> OrganisationRead:
    """Make an organisation known, or find the one that already has this name."""
    with db.unit_of_work() as session:
        return OrganisationRead.model_validate(
            service.find_or_create(session, order=order, moment=datetime.now(UTC))
        )


@router.get("")
def list_organisations(
    db: Db,
    viewer: Caller,
    q: OptionalLine = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> list[OrganisationRead]:
    """Organisations by name, filtered by words of their name and expertise."""
    with db.reader() as session:
        found = service.listed(session, viewer=viewer, query=q, limit=limit, offset=offset)
        return [OrganisationRead.model_validate(organisation) for organisation in found]


@router.get("/{reference}")
def read_organisation(db: Db, viewer: Caller, reference: Reference) -> OrganisationRead:
    """One organisation by id or slug."""
    with db.reader() as session:
        return OrganisationRead.model_validate(
            service.find(session, reference=reference, viewer=viewer)
        )
