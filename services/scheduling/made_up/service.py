"""The use case of the demonstration: taking its gatherings and registrations away."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from events import outbox
from events.catalogue.scheduling import GatheringState
from services.kit.timers import drop_timer
from services.scheduling.agenda import service as agenda
from services.scheduling.gatherings.models import Gathering
from services.scheduling.gatherings.removing import remove_rows
from services.scheduling.gatherings.service import FINISH
from services.scheduling.made_up.schemas import MadeUp
from services.scheduling.registrations import forgetting as registrations
from services.scheduling.registrations.models import Registration
from services.scheduling.reminders import service as reminders


def remove(session: Session, *, order: MadeUp, moment: datetime) -> dict[str, int]:
    """Take away its gatherings with everybody's registrations, and its people's others.

    A seat that becomes free in a real gathering goes to the first in line, as ever.
    """
    gatherings = session.exec(
        select(Gathering)
        .where(or_(col(Gathering.made_up), col(Gathering.organiser_id).in_(order.contact_ids)))
        .order_by(Gathering.id)
        .with_for_update()
    ).all()
    gone = 0
    for gathering in gatherings:
        gone += registrations.remove_all(session, gathering.id)
        agenda.bury(session, gathering.id)
        remove_rows(session.connection(), gathering.id)
        drop_timer(session, kind=FINISH, key=gathering.id)
        reminders.drop(session, gathering.id)
        outbox.bury(session, GatheringState, id=gathering.id, version=gathering.version + 1)
        session.delete(gathering)
    session.flush()
    elsewhere = select(Registration.gathering_id).where(
        col(Registration.contact_id).in_(order.contact_ids)
    )
    for gathering_id in session.exec(
        elsewhere.distinct().order_by(Registration.gathering_id)
    ).all():
        gone += registrations.remove_people(session, gathering_id, order.contact_ids, moment=moment)
    return {"events": len(gatherings), "registrations": gone}
