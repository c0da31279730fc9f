"""HTTP to the matches' service and back."""

from typing import Annotated

from fastapi import Query

from services.kit.app import Db
from services.kit.identity import Caller, Member
from services.kit.routes import Router
from services.matchmaking.demo_cases import service as demo_cases
from services.matchmaking.demo_cases.routes import Reference
from services.matchmaking.matches import service
from services.matchmaking.matches.schemas import DemoCaseOverview, MatchRead

router = Router(prefix="/demo-cases", tags=["matches"])


@router.get("/{reference}/matches")
def list_matches(
    db: Db,
    member: Member,
    reference: Reference,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[MatchRead]:
    """Members and organisations that fit the demo-case as of now, best first."""
    with db.reader() as session:
        demo_case = demo_cases.find(session, reference=reference, viewer=member)
        return service.listed(session, demo_case=demo_case, viewer=member, limit=limit)


@router.get("/{reference}/overview")
def read_overview(
    db: Db,
    viewer: Caller,
    reference: Reference,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DemoCaseOverview:
    """A demo-case, and for members those that fit it."""
    with db.reader() as session:
        demo_case = demo_cases.find(session, reference=reference, viewer=viewer)
        found = (
            service.listed(session, demo_case=demo_case, viewer=viewer, limit=limit)
            if viewer.has("member")
            else None
        )
        return DemoCaseOverview(demo_case=demo_cases.read(demo_case), matches=found)
