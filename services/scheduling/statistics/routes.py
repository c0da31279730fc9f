"""HTTP to statistics' service and back."""

from typing import Annotated

from fastapi import Query

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router
from services.scheduling.statistics import service
from services.scheduling.statistics.schemas import SeatCounts, StatisticsRead

router = Router(tags=["statistics"])


@router.get("/statistics")
def read_seat_counts(
    db: Db, caller: Member, ids: Annotated[tuple[Id, ...], Query(max_length=100)] = ()
) -> list[SeatCounts]:
    """How many have seats and wait, of each of these gatherings that the caller looks after."""
    with db.reader() as session:
        return service.seat_counts(session, gathering_ids=ids, caller=caller)


@router.get("/gatherings/{id}/statistics")
def read_statistics(db: Db, caller: Member, id: Id) -> StatisticsRead:
    """How a gathering fills, and with whom; for who looks after it."""
    with db.reader() as session:
        return service.statistics(session, gathering_id=id, caller=caller)
