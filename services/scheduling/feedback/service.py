"""Use cases of feedback: said once by each who had a seat, and nobody is told by whom."""

import uuid
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import FeedbackReceived
from services.kit.errors import Conflict, HubError
from services.kit.identity import Identity
from services.scheduling.attendance.rules import HAS_SEAT
from services.scheduling.attendance.service import managed, seen
from services.scheduling.feedback.models import Feedback, FeedbackGiven
from services.scheduling.feedback.rules import check_may_give, mean_of
from services.scheduling.feedback.schemas import (
    FeedbackCreate,
    FeedbackRead,
    FeedbackStanding,
    Remark,
)
from services.scheduling.gatherings.models import Gathering
from services.scheduling.models import Registration
from services.scheduling.registrations import reading as registrations

_F = Feedback.__table__  # type: ignore[attr-defined]
_GIVEN = FeedbackGiven.__table__  # type: ignore[attr-defined]
_R = Registration.__table__  # type: ignore[attr-defined]
_NOTE = {
    dialect: new(_GIVEN).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for dialect, new in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))
}


def give(
    session: Session,
    *,
    gathering_id: str,
    caller: Identity,
    order: FeedbackCreate,
    moment: datetime,
) -> None:
    """Take in what the caller says; raises Forbidden or Conflict when they may not."""
    _give(session, seen(session, gathering_id, caller), caller.contact_id or "", order, moment)


def give_by_secret(
    session: Session, *, secret: str, order: FeedbackCreate, moment: datetime
) -> None:
    """The same by the link in a mail."""
    own = registrations.read_by_secret(session, secret=secret)
    gathering = session.get(Gathering, own.gathering_id)
    assert gathering is not None
    _give(session, gathering, own.contact_id, order, moment)


def standing(
    session: Session, *, gathering_id: str, caller: Identity, moment: datetime
) -> FeedbackStanding:
    """Whether the caller may say something."""
    gathering = seen(session, gathering_id, caller)
    return _standing(session, gathering, caller.contact_id or "", moment)


def standing_by_secret(session: Session, *, secret: str, moment: datetime) -> FeedbackStanding:
    """The same by the link in a mail."""
    own = registrations.read_by_secret(session, secret=secret)
    gathering = session.get(Gathering, own.gathering_id)
    assert gathering is not None
    return _standing(session, gathering, own.contact_id, moment)


def results(session: Session, *, gathering_id: str, caller: Identity) -> FeedbackRead:
    """What all said, for who looks after the gathering; in no order that tells when."""
    managed(session, gathering_id, caller)
    connection = session.connection()
    rows = connection.execute(
        select(_F.c.rating, _F.c.text, _F.c.contact_id)
        .where(_F.c.gathering_id == gathering_id)
        .order_by(_F.c.rating.desc(), _F.c.id)
    ).fetchall()
    ratings = [sum(1 for row in rows if row.rating == rating) for rating in range(1, 6)]
    seats = connection.execute(
        select(func.count()).where(_R.c.gathering_id == gathering_id, _R.c.status.in_(HAS_SEAT))
    ).scalar_one()
    return FeedbackRead(
        asked=max(seats, len(rows)),
        ratings=ratings,
        mean=mean_of(ratings),
        remarks=[
            Remark(rating=row.rating, text=row.text, contact_id=row.contact_id)
            for row in rows
            if row.text or row.contact_id
        ],
    )


def forget(session: Session, contact_id: str) -> None:
    """What was said stays and is nobody's."""
    connection = session.connection()
    connection.execute(update(_F).where(_F.c.contact_id == contact_id).values(contact_id=None))
    connection.execute(delete(_GIVEN).where(_GIVEN.c.contact_id == contact_id))


def _give(
    session: Session, gathering: Gathering, contact_id: str, order: FeedbackCreate, moment: datetime
) -> None:
    _check(session, gathering, contact_id, moment)
    connection = session.connection()
    note = {"gathering_id": gathering.id, "contact_id": contact_id}
    if not connection.execute(_NOTE[connection.dialect.name], note).rowcount:
        raise Conflict("You have said how it was. Thank you.")
    feedback = Feedback(
        id=str(uuid.uuid4()),
        gathering_id=gathering.id,
        rating=order.rating,
        text=order.text,
        given_on=moment.date(),
        contact_id=contact_id if order.named else None,
    )
    session.add(feedback)
    session.flush()
    outbox.add(session, FeedbackReceived(gathering_id=gathering.id, feedback_id=feedback.id))


def _standing(
    session: Session, gathering: Gathering, contact_id: str, moment: datetime
) -> FeedbackStanding:
    try:
        _check(session, gathering, contact_id, moment)
    except HubError:
        return FeedbackStanding(open=False, given=_has_given(session, gathering.id, contact_id))
    return FeedbackStanding(open=True, given=False)


def _check(session: Session, gathering: Gathering, contact_id: str, moment: datetime) -> None:
    if gathering.status == "cancelled":
        raise Conflict("This event was cancelled.")
    seat = session.connection().execute(
        select(_R.c.id).where(
            _R.c.gathering_id == gathering.id,
            _R.c.contact_id == contact_id,
            _R.c.status.in_(HAS_SEAT),
        )
    )
    check_may_give(
        has_seat=seat.first() is not None,
        given=_has_given(session, gathering.id, contact_id),
        first_ends_at=gathering.ends_at,
        finishes_at=gathering.finishes_at,
        moment=moment,
    )


def _has_given(session: Session, gathering_id: str, contact_id: str) -> bool:
    return session.get(FeedbackGiven, (gathering_id, contact_id)) is not None
