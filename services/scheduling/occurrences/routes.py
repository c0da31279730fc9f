"""HTTP to the service of dates and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router
from services.scheduling.gatherings.schemas import GatheringRead
from services.scheduling.gatherings.service import read
from services.scheduling.occurrences import service
from services.scheduling.occurrences.schemas import (
    OccurrenceCancel,
    OccurrenceChange,
    OccurrenceRead,
)

router = Router(prefix="/gatherings", tags=["occurrences"])

Reference = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]


@router.get("/{reference}/occurrences")
def list_occurrences(db: Db, caller: Member, reference: Reference) -> list[OccurrenceRead]:
    """Every date of a gathering, those called off too; for the organiser."""
    with db.reader() as session:
        dates = service.listed(session, reference=reference, caller=caller)
        return [OccurrenceRead.model_validate(date) for date in dates]


@router.post("/{id}/occurrences/change")
def change_occurrence(db: Db, caller: Member, id: Id, order: OccurrenceChange) -> GatheringRead:
    """Move, rename or place one date elsewhere, or it and all later ones."""
    with db.unit_of_work() as session:
        return read(
            service.change(
                session, gathering_id=id, order=order, caller=caller, moment=datetime.now(UTC)
            )
        )


@router.post("/{id}/occurrences/cancel")
def cancel_occurrence(db: Db, caller: Member, id: Id, order: OccurrenceCancel) -> GatheringRead:
    """Call off one date, or it and all later ones."""
    with db.unit_of_work() as session:
        return read(
            service.cancel(
                session, gathering_id=id, order=order, caller=caller, moment=datetime.now(UTC)
            )
        )
