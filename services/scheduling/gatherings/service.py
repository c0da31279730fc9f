"""Use cases of gatherings: load, decide, save, tell."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Text, case, cast
from sqlmodel import Session, col, delete, func, select

from events import outbox
from events.catalogue.scheduling import (
    GatheringCancelled,
    GatheringChanged,
    GatheringFinished,
    GatheringPublished,
    GatheringState,
)
from events.envelope import new_id
from services.kit.audience import PUBLIC, only, visible_to
from services.kit.errors import Conflict, Forbidden, Invalid, NotFound
from services.kit.fields import MOST_WORDS
from services.kit.forgetting import FORMER
from services.kit.identity import Identity
from services.kit.slugs import slug_of
from services.kit.timers import drop_timer, set_timer
from services.scheduling.gatherings.models import Gathering
from services.scheduling.gatherings.rules import occurrences, times_of
from services.scheduling.gatherings.schemas import (
    GatheringBrief,
    GatheringCounts,
    GatheringCreate,
    GatheringRead,
    GatheringUpdate,
)
from services.scheduling.models import Registration

FINISH = "gathering.finish"
_QUIET = {"summary", "description", "join_url"}
"""Fields whose change is no reason to tell everybody who is registered."""

Shown = TypeVar("Shown", bound=GatheringBrief)


def create(
    session: Session, *, order: GatheringCreate, organiser: Identity, moment: datetime
) -> Gathering:
    """Save a new gathering and publish it unless it is a draft; raises Invalid."""
    if not organiser.contact_id:
        raise Forbidden("Only a person can organise an event.")
    _check_place(order.mode, order.location)
    times = times_of(
        starts_local=order.starts_local,
        ends_local=order.ends_local,
        time_zone=order.time_zone,
        rule=order.rrule,
    )
    id = new_id()
    gathering = Gathering(
        **order.model_dump(exclude={"draft", "join_url"}),
        id=id,
        version=1,
        audience=only(organiser.contact_id) if order.draft else PUBLIC,
        slug=slug_of(order.title, id, otherwise="event"),
        status="draft" if order.draft else "published",
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        finishes_at=times.finishes_at,
        join_url=order.join_url or "",
        organiser_id=organiser.contact_id,
        created_at=moment,
        revised_at=moment,
    )
    session.add(gathering)
    session.flush()
    if order.draft:
        outbox.add(session, state_of(gathering))
    else:
        _announce(session, gathering)
    return gathering


def publish(session: Session, *, id: str, caller: Identity, moment: datetime) -> Gathering:
    """Open a draft for registration; doing it twice changes nothing."""
    gathering = locked(session, id, caller)
    if gathering.status == "published":
        return gathering
    if gathering.status != "draft":
        raise Conflict("Only a draft can be published.")
    gathering.status, gathering.audience = "published", PUBLIC
    _revise(session, gathering, moment)
    _announce(session, gathering)
    return gathering


def update(
    session: Session, *, id: str, change: GatheringUpdate, caller: Identity, moment: datetime
) -> Gathering:
    """Apply a change; those registered are told when it concerns time, place or title."""
    gathering = locked(session, id, caller)
    if gathering.status not in ("draft", "published"):
        raise Conflict("An event that is over or cancelled cannot be changed.")
    wanted = change.model_dump(exclude_unset=True, exclude_none=True)
    changed = {name for name, value in wanted.items() if getattr(gathering, name) != value}
    if not changed:
        return gathering
    for name in changed:
        setattr(gathering, name, wanted[name])
    _check_place(gathering.mode, gathering.location)
    times = times_of(
        starts_local=gathering.starts_local,
        ends_local=gathering.ends_local,
        time_zone=gathering.time_zone,
        rule=gathering.rrule,
    )
    gathering.starts_at, gathering.ends_at = times.starts_at, times.ends_at
    gathering.finishes_at = times.finishes_at
    _revise(session, gathering, moment)
    outbox.add(session, state_of(gathering))
    if gathering.status == "published":
        set_timer(session, kind=FINISH, key=gathering.id, due_at=gathering.finishes_at)
        if told := changed - _QUIET:
            outbox.add(
                session, GatheringChanged(gathering_id=gathering.id, changed=tuple(sorted(told)))
            )
    return gathering


def cancel(session: Session, *, id: str, caller: Identity, moment: datetime) -> Gathering:
    """Call the gathering off; doing it twice changes nothing."""
    gathering = locked(session, id, caller)
    if gathering.status == "cancelled":
        return gathering
    if gathering.status == "finished":
        raise Conflict("An event that is over cannot be cancelled.")
    was_published = gathering.status == "published"
    gathering.status = "cancelled"
    _revise(session, gathering, moment)
    drop_timer(session, kind=FINISH, key=gathering.id)
    outbox.add(session, state_of(gathering))
    if was_published:
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


def find(session: Session, *, reference: str, viewer: Identity) -> Gathering:
    """By id or slug, if the viewer may see it; raises NotFound."""
    gathering = session.exec(
        select(Gathering).where(
            (col(Gathering.id) == reference) | (col(Gathering.slug) == reference),
            visible_to(col(Gathering.audience), viewer.grants),
        )
    ).first()
    if gathering is None:
        raise NotFound("This event does not exist, or it is not public.")
    return gathering


def listed(
    session: Session,
    *,
    viewer: Identity,
    moment: datetime,
    past: bool = False,
    topic: str | None = None,
    organiser_id: str | None = None,
    ids: Sequence[str] | None = None,
    registered: bool = False,
    query: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Sequence[Gathering]:
    """Gatherings the viewer may see: coming ones soonest first, past ones latest first.

    Every word of `query` is in the title, the summary or the topics.

    With `ids`, or `registered` for, those gatherings whenever they are, soonest first.
    """
    wanted = select(Gathering).where(visible_to(col(Gathering.audience), viewer.grants))
    if registered:
        mine = select(Registration.gathering_id).where(Registration.contact_id == viewer.contact_id)
        wanted = wanted.where(col(Gathering.id).in_(mine)).order_by(col(Gathering.starts_at))
    elif ids is not None:
        wanted = wanted.where(col(Gathering.id).in_(ids)).order_by(col(Gathering.starts_at))
    elif past:
        wanted = wanted.where(col(Gathering.finishes_at) < moment)
        wanted = wanted.order_by(col(Gathering.starts_at).desc(), col(Gathering.id))
    else:
        wanted = wanted.where(col(Gathering.finishes_at) >= moment)
        wanted = wanted.order_by(col(Gathering.starts_at), col(Gathering.id))
    if organiser_id:
        wanted = wanted.where(Gathering.organiser_id == organiser_id)
    topics = cast(Gathering.topics, Text)
    for word in query.split()[:MOST_WORDS]:
        wanted = wanted.where(
            col(Gathering.title).icontains(word, autoescape=True)
            | col(Gathering.summary).icontains(word, autoescape=True)
            | topics.icontains(word, autoescape=True)
        )
    if topic:
        # The whole topic stands in quotation marks in the list.
        wanted = wanted.where(topics.contains(json.dumps(topic), autoescape=True))
    return session.exec(wanted.limit(limit).offset(offset)).all()


def counted(session: Session, *, viewer: Identity, moment: datetime) -> GatheringCounts:
    """How many gatherings the viewer may see are coming and past; those called off aside."""
    coming = func.sum(case((col(Gathering.finishes_at) >= moment, 1), else_=0))
    total, ahead = session.exec(
        select(func.count(), coming).where(
            visible_to(col(Gathering.audience), viewer.grants),
            col(Gathering.status).in_(("published", "finished")),
        )
    ).one()
    return GatheringCounts(coming=ahead or 0, past=total - (ahead or 0))


def locked(session: Session, id: str, caller: Identity) -> Gathering:
    """The gathering under its row lock, for its organiser or a moderator."""
    gathering = session.get(Gathering, id, with_for_update=True)
    if gathering is None:
        raise NotFound("This event does not exist.")
    if not may_manage(gathering, caller):
        raise Forbidden("Only the organiser can change this event.")
    return gathering


def may_manage(gathering: Gathering, caller: Identity) -> bool:
    """Whether the caller looks after the gathering."""
    return gathering.organiser_id == caller.contact_id or caller.has("moderator")


def forget(session: Session, contact_id: str) -> None:
    """Take a person out: drafts go, other gatherings stay and have no organiser by name.

    Nothing changes for those registered, so nobody is told.
    """
    organised = session.exec(
        select(Gathering)
        .where(Gathering.organiser_id == contact_id)
        .order_by(Gathering.id)
        .with_for_update()
    ).all()
    for gathering in organised:
        gathering.version += 1
        if gathering.audience == only(contact_id):
            drop_timer(session, kind=FINISH, key=gathering.id)
            session.exec(delete(Registration).where(col(Registration.gathering_id) == gathering.id))
            outbox.bury(session, GatheringState, id=gathering.id, version=gathering.version)
            session.delete(gathering)
        else:
            gathering.organiser_id = FORMER
            outbox.add(session, state_of(gathering))
    session.flush()


def read(gathering: Gathering) -> GatheringRead:
    """The gathering as its viewers see it."""
    return _shown(GatheringRead.model_validate(gathering), gathering)


def brief(gathering: Gathering) -> GatheringBrief:
    """The gathering as lists show it."""
    return _shown(GatheringBrief.model_validate(gathering), gathering)


def _shown(shown: Shown, gathering: Gathering) -> Shown:
    shown.occurrences = occurrences(gathering.starts_local, gathering.rrule)
    if gathering.capacity is not None:
        shown.seats_left = max(0, gathering.capacity - gathering.taken)
    return shown


def state_of(gathering: Gathering) -> GatheringState:
    """The snapshot other services know."""
    return GatheringState.model_validate(gathering, from_attributes=True)


def _announce(session: Session, gathering: Gathering) -> None:
    set_timer(session, kind=FINISH, key=gathering.id, due_at=gathering.finishes_at)
    outbox.add(
        session,
        state_of(gathering),
        GatheringPublished(gathering_id=gathering.id, organiser_id=gathering.organiser_id),
    )


def _revise(session: Session, gathering: Gathering, moment: datetime) -> None:
    gathering.version += 1
    gathering.sequence += 1
    gathering.revised_at = moment
    session.add(gathering)
    session.flush()


def _check_place(mode: str, location: str) -> None:
    if mode in ("onsite", "hybrid") and not location:
        raise Invalid("Please say where it takes place.", field="location")
