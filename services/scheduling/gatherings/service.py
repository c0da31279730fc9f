"""Use cases of gatherings: load, decide, save, tell."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import case
from sqlmodel import Session, col, delete, func, select

from events import outbox
from events.catalogue.scheduling import (
    GatheringCancelled,
    GatheringChanged,
    GatheringFinished,
    GatheringPostponed,
    GatheringPublished,
    GatheringState,
)
from events.envelope import new_id
from services.kit.audience import PUBLIC, only
from services.kit.errors import Conflict, Forbidden, Invalid
from services.kit.forgetting import FORMER
from services.kit.identity import Identity
from services.kit.slugs import slug_of
from services.kit.timers import drop_timer, set_timer
from services.scheduling.admission import service as admission
from services.scheduling.admission.schemas import Admission
from services.scheduling.agenda import service as agenda
from services.scheduling.gatherings.access import find, locked, may_manage, visible
from services.scheduling.gatherings.models import Gathering
from services.scheduling.gatherings.removing import remove_rows
from services.scheduling.gatherings.rules import (
    TOLD,
    check_capacity,
    check_place,
    check_window,
    times_of,
)
from services.scheduling.gatherings.schemas import (
    CLEARED,
    KINDS,
    GatheringBrief,
    GatheringCounts,
    GatheringCreate,
    GatheringRead,
    GatheringUpdate,
)
from services.scheduling.models import Registration
from services.scheduling.occurrences.rules import (
    carried,
    is_series,
    known_overrides,
    occurrences,
)
from services.scheduling.people.models import GatheringPerson
from services.scheduling.registrations import days
from services.scheduling.registrations import service as registrations
from services.scheduling.registrations.reading import any_registered
from services.scheduling.reminders import service as reminders
from services.scheduling.versions import service as versions

__all__ = ["find", "locked", "may_manage", "visible"]

FINISH = "gathering.finish"

Shown = TypeVar("Shown", bound=GatheringBrief)


def create(
    session: Session, *, order: GatheringCreate, organiser: Identity, moment: datetime
) -> Gathering:
    """Save a new gathering and publish it unless it is a draft; raises Invalid."""
    if not organiser.contact_id:
        raise Forbidden("Only a person can organise an event.")
    check_place(order.mode, order.location)
    check_window(order.opens_at, order.closes_at)
    id = new_id()
    gathering = Gathering(
        **order.model_dump(exclude={"draft", "join_url", *KINDS}),
        id=id,
        version=1,
        audience=only(organiser.contact_id) if order.draft else PUBLIC,
        slug=slug_of(order.title, id, otherwise="event"),
        status="draft" if order.draft else "published",
        join_url=order.join_url or "",
        organiser_id=organiser.contact_id,
        created_at=moment,
        revised_at=moment,
    )
    _set_times(gathering)
    session.add(gathering)
    session.flush()
    if order.draft:
        outbox.add(session, state_of(gathering))
    else:
        _announce(session, gathering, moment)
    places = {name: value for name in KINDS if (value := getattr(order, name)) is not None}
    if places:
        _set_seats(session, gathering, places, organiser, moment)
    return gathering


def publish(session: Session, *, id: str, caller: Identity, moment: datetime) -> Gathering:
    """Open a draft for registration; doing it twice changes nothing."""
    gathering = locked(session, id, caller)
    if gathering.status == "published":
        return gathering
    if gathering.status != "draft":
        raise Conflict("Only a draft can be published.")
    if gathering.finishes_at <= moment:
        raise Conflict("The dates of this draft are over. Change them, then publish it.")
    gathering.status, gathering.audience = "published", PUBLIC
    _step(session, gathering, {"status": "draft"}, moment)
    _announce(session, gathering, moment)
    agenda.follow(session, gathering, {"status": "draft"}, moment)
    return gathering


def update(
    session: Session, *, id: str, change: GatheringUpdate, caller: Identity, moment: datetime
) -> Gathering:
    """Apply a change; those registered are told when it concerns time, place or title.

    New dates bring back what was postponed. More seats go to those in line.
    """
    gathering = locked(session, id, caller)
    if gathering.status not in ("draft", "published", "postponed"):
        raise Conflict("An event that is over or cancelled cannot be changed.")
    given = change.model_dump(exclude_unset=True, exclude=set(KINDS))
    wanted = {name: v for name, v in given.items() if v is not None or name in CLEARED}
    before = {
        name: getattr(gathering, name)
        for name, value in wanted.items()
        if getattr(gathering, name) != value
    }
    places = {name: getattr(change, name) for name in KINDS & change.model_fields_set}
    if not before and not places:
        return gathering
    if "rrule" in before and gathering.status != "draft":
        raise Invalid("Only a draft can get another repetition.", field="rrule")
    _check_registered(session, gathering, before)
    for name in before:
        setattr(gathering, name, wanted[name])
    check_place(gathering.mode, gathering.location)
    check_window(gathering.opens_at, gathering.closes_at)
    if "capacity" in before:
        by_date = days.most_taken(session.connection(), gathering.id)
        check_capacity(gathering.capacity, max(gathering.taken, by_date))
    if is_series(gathering) and {"starts_local", "ends_local"} & set(before):
        _carry_dates(gathering, before, moment)
    _set_times(gathering)
    if "registers_for" in before and gathering.registers_for == "occurrence" and gathering.pooled:
        raise Invalid(
            "Where people register for each date, all seats of a date are alike.",
            field="registers_for",
        )
    if places or (gathering.pooled and {"capacity", "mode"} & set(before)):
        all_seats = before.get("capacity", gathering.capacity)
        _set_seats(session, gathering, places, caller, moment)
        # Which stands empty in a form that gives two numbers: what counts is what came of it.
        before.pop("capacity", None)
        if gathering.capacity != all_seats:
            before["capacity"] = all_seats
    if not before:
        return gathering
    told = sorted(TOLD.intersection(before))
    if gathering.status == "postponed" and "starts_local" in before:
        before["status"], gathering.status = gathering.status, "published"
    revise(session, gathering, before, moment)
    if gathering.status == "published":
        set_timer(session, kind=FINISH, key=gathering.id, due_at=gathering.finishes_at)
        if told:
            outbox.add(session, GatheringChanged(gathering_id=gathering.id, changed=tuple(told)))
        if "capacity" in before:
            registrations.fill(session, gathering_id=gathering.id, moment=moment)
    return gathering


def postpone(session: Session, *, id: str, caller: Identity, moment: datetime) -> Gathering:
    """Put a gathering off; seats are kept for the new date. Doing it twice changes nothing."""
    gathering = locked(session, id, caller)
    if gathering.status == "postponed":
        return gathering
    if gathering.status != "published" or gathering.finishes_at <= moment:
        raise Conflict("Only an event that is still to come can be postponed.")
    gathering.status = "postponed"
    drop_timer(session, kind=FINISH, key=gathering.id)
    revise(session, gathering, {"status": "published"}, moment)
    outbox.add(session, GatheringPostponed(gathering_id=gathering.id))
    return gathering


def cancel(session: Session, *, id: str, caller: Identity, moment: datetime) -> Gathering:
    """Call the gathering off; doing it twice changes nothing."""
    gathering = locked(session, id, caller)
    if gathering.status == "cancelled":
        return gathering
    if gathering.status == "finished":
        raise Conflict("An event that is over cannot be cancelled.")
    before, gathering.status = gathering.status, "cancelled"
    drop_timer(session, kind=FINISH, key=gathering.id)
    revise(session, gathering, {"status": before}, moment)
    if before != "draft":
        outbox.add(session, GatheringCancelled(gathering_id=gathering.id))
    return gathering


def finish(session: Session, id: str, moment: datetime) -> None:
    """What the timer does when the last occurrence has ended."""
    # Whoever holds the gathering may be about to move its timer, which is held here.
    gathering = session.get(Gathering, id, with_for_update={"nowait": True})
    if gathering and gathering.status == "published" and gathering.finishes_at <= moment:
        gathering.status = "finished"
        gathering.version += 1
        session.add(gathering)
        session.flush()
        outbox.add(session, state_of(gathering), GatheringFinished(gathering_id=id))


def counted(session: Session, *, viewer: Identity, moment: datetime) -> GatheringCounts:
    """How many gatherings the viewer may see are coming and past; those called off aside."""
    coming = func.sum(case((col(Gathering.finishes_at) >= moment, 1), else_=0))
    total, ahead = session.exec(
        select(func.count(), coming).where(
            visible(viewer),
            col(Gathering.status).in_(("published", "finished")),
        )
    ).one()
    return GatheringCounts(coming=ahead or 0, past=total - (ahead or 0))


def forget(session: Session, contact_id: str) -> None:
    """Take a person out: gatherings go to whoever helped first, or stay and have no organiser.

    Drafts that nobody helped with go. Nothing changes for those registered, so nobody is told.
    """
    part = select(GatheringPerson.gathering_id).where(GatheringPerson.contact_id == contact_id)
    concerned = session.exec(
        select(Gathering)
        .where((col(Gathering.organiser_id) == contact_id) | col(Gathering.id).in_(part))
        .order_by(Gathering.id)
        .with_for_update()
    ).all()
    for gathering in concerned:
        gathering.version += 1
        for person in [p for p in gathering.people if p.contact_id == contact_id]:
            gathering.people.remove(person)
        if gathering.organiser_id == contact_id:
            _succeed(gathering)
        if gathering.status == "draft" and gathering.organiser_id == FORMER:
            drop_timer(session, kind=FINISH, key=gathering.id)
            reminders.drop(session, gathering.id)
            agenda.bury(session, gathering.id)
            session.flush()
            remove_rows(session.connection(), gathering.id)
            session.expire(gathering, ["people", "versions"])
            session.exec(delete(Registration).where(col(Registration.gathering_id) == gathering.id))
            outbox.bury(session, GatheringState, id=gathering.id, version=gathering.version)
            session.delete(gathering)
        else:
            outbox.add(session, state_of(gathering))
    session.flush()


def _succeed(gathering: Gathering) -> None:
    """Let the first of those who help be the organiser, if there is one."""
    heir = next((p for p in gathering.people if p.role == "co-organiser"), None)
    if heir:
        gathering.people.remove(heir)
    gathering.organiser_id = heir.contact_id if heir else FORMER
    if gathering.audience != PUBLIC:
        gathering.audience = only(gathering.organiser_id)


def read(gathering: Gathering) -> GatheringRead:
    """The gathering as its viewers see it."""
    return _shown(GatheringRead.model_validate(gathering), gathering)


def brief(gathering: Gathering) -> GatheringBrief:
    """The gathering as lists show it."""
    return _shown(GatheringBrief.model_validate(gathering), gathering)


def _shown(shown: Shown, gathering: Gathering) -> Shown:
    shown.occurrences = [d.starts_local for d in occurrences(gathering) if not d.cancelled]
    # Whoever tries an address could see by the seats whether it is invited.
    if gathering.capacity is not None and gathering.admits != "invited":
        shown.seats_left = max(0, gathering.capacity - gathering.taken)
    return shown


def _set_seats(
    session: Session,
    gathering: Gathering,
    places: Mapping[str, int | None],
    caller: Identity,
    moment: datetime,
) -> None:
    """Have the numbers of seats in person and online, as well as those reserved, as they fit."""
    now = admission.read(session, gathering_id=gathering.id, caller=caller)
    hybrid = gathering.mode == "hybrid"
    seats = {
        "capacity": None if hybrid and places else gathering.capacity,
        "capacity_online": now.capacity_online if hybrid else None,
        "capacity_onsite": now.capacity_onsite if hybrid else None,
        "reserved": [each for each in now.reserved if bool(each.attending) == hybrid],
        **places,
    }
    order = Admission(**{**now.model_dump(exclude={"pools"}), **seats})
    admission.set(session, gathering_id=gathering.id, order=order, caller=caller, moment=moment)


def state_of(gathering: Gathering) -> GatheringState:
    """The snapshot other services know."""
    return GatheringState.model_validate(gathering, from_attributes=True)


def _check_registered(session: Session, gathering: Gathering, before: Mapping[str, Any]) -> None:
    """Raise Conflict for what cannot change once people have chosen what they register for."""
    connection = session.connection()
    if "registers_for" in before and any_registered(connection, gathering.id):
        raise Conflict(
            "People are registered already: what one registers for cannot be changed any more."
        )
    moves = {"starts_local", "time_zone"} & set(before)
    if moves and days.any_registered(connection, gathering.id):
        raise Conflict(
            "People are registered for single dates of this series. Change the dates instead."
        )


def _set_times(gathering: Gathering) -> None:
    times = times_of(gathering)
    gathering.starts_at, gathering.ends_at = times.starts_at, times.ends_at
    gathering.finishes_at = times.finishes_at
    gathering.overrides = known_overrides(gathering)


def _carry_dates(gathering: Gathering, before: Mapping[str, Any], moment: datetime) -> None:
    """Have what is said of single dates follow a series that moves as a whole."""
    if gathering.status != "draft" and gathering.starts_at <= moment:
        raise Invalid(
            "Some dates of this series are over. Change those that are still to come instead.",
            field="starts_local",
        )
    kept = carried(
        gathering,
        was_local=before.get("starts_local", gathering.starts_local),
        ended_local=before.get("ends_local", gathering.ends_local),
    )
    for name, value in kept.items():
        setattr(gathering, name, value)


def _announce(session: Session, gathering: Gathering, moment: datetime) -> None:
    set_timer(session, kind=FINISH, key=gathering.id, due_at=gathering.finishes_at)
    reminders.plan(session, gathering, moment)
    outbox.add(
        session,
        state_of(gathering),
        GatheringPublished(gathering_id=gathering.id, organiser_id=gathering.organiser_id),
    )


def revise(
    session: Session, gathering: Gathering, before: Mapping[str, Any], moment: datetime
) -> None:
    """Save a change and tell the new state; `before` are the old values of what changed."""
    _step(session, gathering, before, moment)
    reminders.plan_again(session, gathering, moment)
    outbox.add(session, state_of(gathering))
    agenda.follow(session, gathering, before, moment)


def _step(
    session: Session, gathering: Gathering, before: Mapping[str, Any], moment: datetime
) -> None:
    gathering.version += 1
    gathering.sequence += 1
    gathering.revised_at = moment
    versions.note(session, gathering, before, moment)
    session.add(gathering)
    session.flush()
