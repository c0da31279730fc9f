"""Use cases of reminders: one timer a gathering, for the next of its dates."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete
from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import GatheringReminded
from services.kit.timers import TIMERS, set_timer
from services.scheduling.gatherings.models import Gathering
from services.scheduling.occurrences.rules import is_series, occurrences
from services.scheduling.reminders.rules import BEFORE, due, next_to_remind

REMIND = "gathering.remind"


def plan(session: Session, gathering: Gathering, moment: datetime) -> None:
    """Set the one timer, for the next date of a gathering that takes place."""
    if gathering.status != "published":
        return
    date = next_to_remind(occurrences(gathering), moment)
    if date:
        key = f"{gathering.id} {date.occurrence.isoformat()}"
        set_timer(session, kind=REMIND, key=key, due_at=date.starts_at - BEFORE)


def plan_again(session: Session, gathering: Gathering, moment: datetime) -> None:
    """The same when something changed: what was planned before is forgotten.

    Not what is due already and waits for its turn, after a pause of the hub for example.
    """
    planned = _planned(gathering.id)
    session.connection().execute(delete(TIMERS).where(planned, TIMERS.c.due_at > moment))
    plan(session, gathering, moment)


def drop(session: Session, gathering_id: str) -> None:
    """Remind nobody of this gathering."""
    session.connection().execute(delete(TIMERS).where(_planned(gathering_id)))


def _planned(gathering_id: str) -> ColumnElement[bool]:
    return and_(TIMERS.c.kind == REMIND, TIMERS.c.key.startswith(f"{gathering_id} "))


def remind(session: Session, key: str, moment: datetime) -> None:
    """What the timer does the day before a date: tell, and wait for the next one."""
    gathering_id, _, occurrence = key.partition(" ")
    # Whoever holds the gathering may be about to move its timer, which is held here.
    gathering = session.get(Gathering, gathering_id, with_for_update={"nowait": True})
    if gathering is None or gathering.status != "published":
        return
    series = is_series(gathering)
    for date in due(occurrences(gathering), datetime.fromisoformat(occurrence), moment):
        outbox.add(
            session,
            GatheringReminded(
                gathering_id=gathering.id,
                occurrence=date.occurrence if series else None,
                starts_local=date.starts_local,
                ends_local=date.ends_local,
            ),
        )
    plan(session, gathering, moment)
