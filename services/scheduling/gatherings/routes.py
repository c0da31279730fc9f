"""HTTP to the gatherings' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import StringConstraints

from events.catalogue.scheduling import GatheringKind, GatheringMode
from services.kit.app import Db
from services.kit.fields import MOST_SKIPPED, Id, Language, OptionalLine, Term
from services.kit.identity import Caller, Identity, Member, needs
from services.kit.routes import Router
from services.scheduling.gatherings import duplication, service
from services.scheduling.gatherings.listing import Wanted, listed, regions
from services.scheduling.gatherings.schemas import (
    GatheringBrief,
    GatheringCounts,
    GatheringCreate,
    GatheringRead,
    GatheringUpdate,
)
from services.scheduling.registrations import reading as registrations
from services.scheduling.versions import service as versions

router = Router(prefix="/gatherings", tags=["gatherings"])

Organiser = Annotated[Identity, Depends(needs("organiser", "coordinator"))]
AnyRegion = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{0,3}$")]
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
    topic: Annotated[tuple[Term, ...], Query(max_length=20)] = (),
    kind: Annotated[tuple[GatheringKind, ...], Query(max_length=5)] = (),
    mode: Annotated[tuple[GatheringMode, ...], Query(max_length=3)] = (),
    language: Annotated[tuple[Language, ...], Query(max_length=10)] = (),
    region: Annotated[tuple[AnyRegion, ...], Query(max_length=20)] = (),
    pilot_id: Id | None = None,
    seats: bool = False,
    begins: datetime | None = None,
    ends: datetime | None = None,
    organiser_id: Id | None = None,
    ids: Annotated[list[Id] | None, Query(max_length=200)] = None,
    registered: bool = False,
    own: bool = False,
    q: OptionalLine = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> list[GatheringBrief]:
    """Gatherings the viewer may see: coming ones, past ones, or those with the given ids.

    `seats` asks for those that still have some, `begins` and `ends` for those that take place
    between (both or neither), `organiser_id` for those that somebody organises or helps with,
    `registered` for those, whenever they are, that the caller registered for, and `own` for the
    caller's registration with each.
    """
    wanted = Wanted(
        past=past,
        topics=topic,
        kinds=kind,
        modes=mode,
        languages=language,
        regions=region,
        pilot_id=pilot_id,
        with_seats=seats,
        begins=_utc(begins),
        ends=_utc(ends),
        organiser_id=organiser_id,
        ids=ids,
        registered=registered,
        query=q,
    )
    with db.reader() as session:
        found = listed(
            session, wanted, viewer=viewer, moment=datetime.now(UTC), limit=limit, offset=offset
        )
        briefs = [service.brief(gathering) for gathering in found]
        if own and viewer.contact_id:
            mine = registrations.own(session, viewer.contact_id, [brief.id for brief in briefs])
            for brief in briefs:
                brief.own = mine.get(brief.id)
        return briefs


@router.get("/counts")
def count_gatherings(db: Db, viewer: Caller) -> GatheringCounts:
    """How many gatherings the viewer may see are coming, and how many have taken place."""
    with db.reader() as session:
        return service.counted(session, viewer=viewer, moment=datetime.now(UTC))


@router.get("/regions")
def list_regions(db: Db, viewer: Caller) -> list[str]:
    """Codes of the regions in which gatherings that the viewer may see are coming."""
    with db.reader() as session:
        return regions(session, viewer=viewer, moment=datetime.now(UTC))


@router.get("/{reference}")
def read_gathering(
    db: Db, viewer: Caller, reference: Reference, own: bool = False, attendees: bool = False
) -> GatheringRead:
    """One gathering by id or slug; with the caller's registration, and with everybody's.

    With `own`, those who are registered or look after it also get what changed.
    """
    with db.reader() as session:
        gathering = service.find(session, reference=reference, viewer=viewer)
        shown = service.read(gathering)
        if own and viewer.contact_id:
            shown.own = registrations.own(session, viewer.contact_id, [shown.id]).get(shown.id)
            if shown.own or service.may_manage(gathering, viewer):
                shown.changes = versions.changes_of(session, gathering, viewer=viewer)
        if attendees and service.may_manage(gathering, viewer):
            shown.attendees = registrations.of_gathering(session, shown.id, viewer)
        return shown


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


@router.post("/{id}/postpone")
def postpone_gathering(db: Db, caller: Member, id: Id) -> GatheringRead:
    """Put a gathering off until it has a new date."""
    with db.unit_of_work() as session:
        return service.read(
            service.postpone(session, id=id, caller=caller, moment=datetime.now(UTC))
        )


@router.post("/{id}/duplicate", status_code=201)
def duplicate_gathering(db: Db, organiser: Organiser, id: Id) -> GatheringRead:
    """A draft that begins as this gathering is."""
    with db.unit_of_work() as session:
        return service.read(
            duplication.duplicate(session, id=id, caller=organiser, moment=datetime.now(UTC))
        )


def _utc(moment: datetime | None) -> datetime | None:
    """A moment without an offset is meant in UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
