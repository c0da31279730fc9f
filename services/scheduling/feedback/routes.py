"""HTTP to feedback's service and back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path

from services.kit.app import Db
from services.kit.fields import Id
from services.kit.identity import Member
from services.kit.routes import Router
from services.scheduling.feedback import service
from services.scheduling.feedback.schemas import FeedbackCreate, FeedbackRead, FeedbackStanding

router = Router(tags=["feedback"])

Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


@router.post("/gatherings/{id}/feedback", status_code=204)
def give_feedback(db: Db, caller: Member, id: Id, order: FeedbackCreate) -> None:
    """Say how it was; once, by those who had a seat."""
    with db.unit_of_work() as session:
        service.give(session, gathering_id=id, caller=caller, order=order, moment=datetime.now(UTC))


@router.get("/gatherings/{id}/feedback/mine")
def read_own_standing(db: Db, caller: Member, id: Id) -> FeedbackStanding:
    """Whether the caller may say how it was, or has."""
    with db.reader() as session:
        return service.standing(session, gathering_id=id, caller=caller, moment=datetime.now(UTC))


@router.get("/gatherings/{id}/feedback")
def read_feedback(db: Db, caller: Member, id: Id) -> FeedbackRead:
    """What all said; for the organiser."""
    with db.reader() as session:
        return service.results(session, gathering_id=id, caller=caller)


@router.post("/registrations/by-secret/{secret}/feedback", status_code=204)
def give_feedback_by_secret(db: Db, secret: Secret, order: FeedbackCreate) -> None:
    """Say how it was by the link in a mail."""
    with db.unit_of_work() as session:
        service.give_by_secret(session, secret=secret, order=order, moment=datetime.now(UTC))


@router.get("/registrations/by-secret/{secret}/feedback")
def read_standing_by_secret(db: Db, secret: Secret) -> FeedbackStanding:
    """Whether one may say how it was by the link in a mail."""
    with db.reader() as session:
        return service.standing_by_secret(session, secret=secret, moment=datetime.now(UTC))
