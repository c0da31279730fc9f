"""HTTP to the demo-cases' service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query

from events.catalogue.matchmaking import Phase
from services.kit.app import Db
from services.kit.fields import MOST_SKIPPED, Id, Line, OptionalLine
from services.kit.identity import Caller, Identity, needs
from services.kit.routes import Router
from services.matchmaking.demo_cases import service
from services.matchmaking.demo_cases.schemas import DemoCaseCreate, DemoCaseListing, DemoCaseRead

router = Router(prefix="/demo-cases", tags=["demo-cases"])

Coordinator = Annotated[Identity, Depends(needs("coordinator"))]
Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]


@router.post("", status_code=201)
def create_demo_case(db: Db, proposer: Coordinator, order: DemoCaseCreate) -> DemoCaseRead:
    """Propose a demo-case; whom it fits is worked out at once."""
    with db.unit_of_work() as session:
        return service.read(
            service.propose(session, order=order, proposer=proposer, moment=datetime.now(UTC))
        )


@router.get("")
def list_demo_cases(
    db: Db,
    viewer: Caller,
    phase: Phase | None = None,
    titles: Annotated[list[Line] | None, Query(max_length=200)] = None,
    q: OptionalLine = "",
    per_phase: Annotated[int | None, Query(ge=1, le=20)] = None,
    leads: Annotated[list[Id] | None, Query(max_length=101)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> list[DemoCaseRead]:
    """Demo-cases the viewer may see, newest first.

    `titles` asks for exactly these, `per_phase` for the newest of each phase, `leads` for those
    that one of these organisations leads.
    """
    with db.reader() as session:
        found = service.listed(
            session,
            viewer=viewer,
            phase=phase,
            titles=titles,
            query=q,
            per_phase=per_phase,
            leads=leads,
            limit=limit,
            offset=offset,
        )
        return [service.read(demo_case) for demo_case in found]


@router.get("/listing")
def read_listing(
    db: Db,
    viewer: Caller,
    phase: Phase | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED)] = 0,
) -> DemoCaseListing:
    """Demo-cases, newest first, and how many there are in each phase."""
    with db.reader() as session:
        found = service.listed(session, viewer=viewer, phase=phase, limit=limit, offset=offset)
        return DemoCaseListing(
            demo_cases=[service.read(demo_case) for demo_case in found],
            counts=service.counted(session, viewer=viewer),
        )


@router.get("/counts")
def count_demo_cases(db: Db, viewer: Caller) -> dict[str, int]:
    """How many demo-cases the viewer may see are in each phase."""
    with db.reader() as session:
        return service.counted(session, viewer=viewer)


@router.get("/{reference}")
def read_demo_case(db: Db, viewer: Caller, reference: Reference) -> DemoCaseRead:
    """One demo-case by id or slug."""
    with db.reader() as session:
        return service.read(service.find(session, reference=reference, viewer=viewer))
