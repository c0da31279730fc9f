"""Use cases of dates: one date of a series, or that and all later ones, is different or cancelled.

The series stays one gathering: whoever registered for it keeps the seat, and its UID in calendars.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import OccurrenceCancelled, OccurrenceChanged
from services.kit.errors import Conflict, Forbidden
from services.kit.identity import Identity
from services.kit.timers import set_timer
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.access import find as gathering_of
from services.scheduling.gatherings.access import locked, may_manage
from services.scheduling.gatherings.models import Gathering
from services.scheduling.occurrences.rules import (
    Occurrence,
    check_span,
    find,
    finish_of,
    is_series,
    occurrences,
)
from services.scheduling.occurrences.schemas import OccurrenceCancel, OccurrenceChange


def listed(session: Session, *, reference: str, caller: Identity) -> list[Occurrence]:
    """Every date, those called off too; for who looks after the gathering."""
    gathering = gathering_of(session, reference=reference, viewer=caller)
    if not may_manage(gathering, caller):
        raise Forbidden("Only the organiser can change this event.")
    return occurrences(gathering)


def change(
    session: Session,
    *,
    gathering_id: str,
    order: OccurrenceChange,
    caller: Identity,
    moment: datetime,
) -> Gathering:
    """Move, rename or place one date elsewhere, or it and all later ones; nothing changes twice."""
    gathering, meant = _meant(session, gathering_id, order.occurrence, caller, moment)
    moved = (order.starts_local or meant.starts_local) - meant.starts_local
    ends = (order.ends_local or meant.ends_local + moved) - meant.ends_local
    wanted = [
        date._replace(
            starts_local=date.starts_local + moved,
            ends_local=date.ends_local + ends,
            title=date.title if order.title is None else order.title,
            location=date.location if order.location is None else order.location,
        )
        for date in _affected(gathering, meant, following=order.following)
    ]
    for date in wanted:
        check_span(date.starts_local, date.ends_local, gathering.time_zone)
    changed = _differing(gathering, wanted)
    if not changed:
        return gathering
    _save(session, gathering, wanted, moment)
    if gathering.status == "published":
        outbox.add(
            session,
            OccurrenceChanged(
                gathering_id=gathering.id,
                occurrence=meant.occurrence,
                changed=tuple(sorted(changed)),
                starts_local=wanted[0].starts_local,
                ends_local=wanted[0].ends_local,
                following=order.following,
            ),
        )
    return gathering


def cancel(
    session: Session,
    *,
    gathering_id: str,
    order: OccurrenceCancel,
    caller: Identity,
    moment: datetime,
) -> Gathering:
    """Call off one date, or it and all later ones; raises Conflict when none would be left."""
    gathering, meant = _meant(session, gathering_id, order.occurrence, caller, moment)
    if meant.cancelled:
        return gathering
    off = _affected(gathering, meant, following=order.following)
    left = {date.occurrence for date in occurrences(gathering) if not date.cancelled}
    if not left - {date.occurrence for date in off}:
        raise Conflict("No date would be left: call the whole event off instead.")
    _save(session, gathering, [date._replace(cancelled=True) for date in off], moment)
    if gathering.status == "published":
        outbox.add(
            session,
            OccurrenceCancelled(
                gathering_id=gathering.id,
                occurrence=meant.occurrence,
                following=order.following,
            ),
        )
    return gathering


def _meant(
    session: Session, gathering_id: str, occurrence: datetime, caller: Identity, moment: datetime
) -> tuple[Gathering, Occurrence]:
    gathering = locked(session, gathering_id, caller)
    if gathering.status not in ("draft", "published"):
        raise Conflict("An event that is over or cancelled cannot be changed.")
    if not is_series(gathering):
        raise Conflict("This event has one date: change the event itself.")
    meant = find(gathering, occurrence)
    if meant.ends_at <= moment:
        raise Conflict("This date is over.")
    return gathering, meant


def _affected(gathering: Gathering, meant: Occurrence, *, following: bool) -> list[Occurrence]:
    if not following:
        return [meant]
    later = (date for date in occurrences(gathering) if date.occurrence > meant.occurrence)
    return [meant, *(date for date in later if not date.cancelled)]


def _differing(gathering: Gathering, wanted: Sequence[Occurrence]) -> set[str]:
    """The fields in which any of the dates differs from what it was."""
    before = {date.occurrence: date for date in occurrences(gathering)}
    names = ("starts_local", "ends_local", "title", "location")
    return {
        name
        for date in wanted
        for name in names
        if getattr(date, name) != getattr(before[date.occurrence], name)
    }


def _save(
    session: Session, gathering: Gathering, dates: Sequence[Occurrence], moment: datetime
) -> None:
    before = gathering.overrides
    kept = {override["occurrence"]: override for override in before}
    for date in dates:
        made = _override(date)
        kept[made["occurrence"]] = made
    gathering.overrides = [kept[key] for key in sorted(kept)]
    gathering.finishes_at = finish_of(gathering)
    gatherings.revise(session, gathering, {"overrides": before}, moment)
    if gathering.status == "published":
        set_timer(session, kind=gatherings.FINISH, key=gathering.id, due_at=gathering.finishes_at)


def _override(date: Occurrence) -> dict[str, Any]:
    return {
        "occurrence": date.occurrence.isoformat(),
        "starts_local": date.starts_local.isoformat(),
        "ends_local": date.ends_local.isoformat(),
        "title": date.title,
        "location": date.location,
        "cancelled": date.cancelled,
    }
