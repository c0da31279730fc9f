"""HTTP to the gatherings' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.kit.app import Db
from services.kit.fields import MOST_SKIPPED, Id, OptionalLine, Term
from services.kit.identity import Caller, Identity, Member, needs
from services.scheduling.gatherings import service
from services.scheduling.gatherings.schemas import (
    GatheringCounts,
    GatheringCreate,
    GatheringRead,
    GatheringUpdate,
)

router = APIRouter(prefix="/gatherings", tags=["gatherings"])

Organiser = Annotated[Identity, Depends(needs("organiser", "coordinator"))]
Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]


@router.post("", status_code=201)
def create_gathering(db: Db, organiser: Organiser, order: GatheringCreate) -> GatheringRead:
    """Save a gathering; it is published at once unless it is a draft."""
    with db.unit_of_work() as session:
        return service.read(
            service.create(session, order=order, organiser=organiser, moment=datetime.now(UTC))
        )


@router.get("")
def list_gatherings(
    db: Db,
    viewer: Caller,
    past: bool = False,
    topic: Term | None = None,
    organiser_id: Id | None = None,
    ids: Annotated[list[Id] | None, Query(max_length=200)] = None,
    q: OptionalLine = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> list[GatheringRead]:
    """Gatherings the viewer may see: coming ones, past ones, or those with the given ids."""
    with db.reader() as session:
        found = service.listed(
            session,
            viewer=viewer,
            moment=datetime.now(UTC),
            past=past,
            topic=topic,
            organiser_id=organiser_id,
            ids=ids,
            query=q,
            limit=limit,
            offset=offset,
        )
        return [service.read(gathering) for gathering in found]


@router.get("/counts")
def count_gatherings(db: Db, viewer: Caller) -> GatheringCounts:
    """How many gatherings the viewer may see are coming, and how many have taken place."""
    with db.reader() as session:
        return service.counted(session, viewer=viewer, moment=datetime.now(UTC))


@router.get("/{reference}")
def read_gathering(db: Db, viewer: Caller, reference: Reference) -> GatheringRead:
    """One gathering by id or slug."""
    with db.reader() as session:
        return service.read(service.find(session, reference=reference, viewer=viewer))


@router.post("/{id}/publish")
def publish_gathering(db: Db, caller: Member, id: Id) -> GatheringRead:
    """Open a draft for registration."""
    with db.unit_of_work() as session:
        return service.read(
            service.publish(session, id=id, caller=caller, moment=datetime.now(UTC))
        )


@router.patch("/{id}")
def update_gathering(db: Db, caller: Member, id: Id, change: GatheringUpdate) -> GatheringRead:
    """Change a gathering; those registered are told."""
    with db.unit_of_work() as session:
        return service.read(
            service.update(session, id=id, change=change, caller=caller, moment=datetime.now(UTC))
        )


@router.post("/{id}/cancel")
def cancel_gathering(db: Db, caller: Member, id: Id) -> GatheringRead:
    """Call a gathering off."""
    with db.unit_of_work() as session:
        return service.read(service.cancel(session, id=id, caller=caller, moment=datetime.now(UTC)))
