"""Use cases of the agenda: sessions come, change and go, alone or many at once."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast
from sqlmodel import Session, col, func, select

from events import outbox
from events.catalogue.scheduling import SessionState
from events.envelope import new_id
from services.kit.errors import Conflict, NotFound
from services.kit.fields import MOST_WORDS
from services.kit.identity import Identity
from services.kit.slugs import slug_of
from services.scheduling.agenda.models import AgendaSession
from services.scheduling.agenda.rules import check_room_for, moments
from services.scheduling.agenda.schemas import (
    SessionCreate,
    SessionImported,
    SessionsTaken,
    SessionUpdate,
)
from services.scheduling.gatherings.access import find, locked, visible
from services.scheduling.gatherings.models import Gathering
from services.scheduling.occurrences.rules import to_utc


def of_gathering(session: Session, *, reference: str, viewer: Identity) -> Sequence[AgendaSession]:
    """The agenda of a gathering that the viewer may see, in order of time and room."""
    gathering = find(session, reference=reference, viewer=viewer)
    return _all(session, gathering.id)


def one(session: Session, *, reference: str, slug: str, viewer: Identity) -> AgendaSession:
    """One session of a gathering that the viewer may see, by its slug or id; raises NotFound."""
    gathering = find(session, reference=reference, viewer=viewer)
    item = session.exec(
        select(AgendaSession).where(
            AgendaSession.gathering_id == gathering.id,
            (col(AgendaSession.slug) == slug) | (col(AgendaSession.id) == slug),
        )
    ).first()
    if item is None:
        raise NotFound("This session is not on the agenda (any more).")
    return item


def found(
    session: Session, *, viewer: Identity, query: str, limit: int
) -> list[tuple[AgendaSession, Gathering]]:
    """Sessions with every word of `query` in them, the latest first, with their gatherings."""
    # As in calendars: nothing of an agenda takes place when the whole does not.
    off = col(Gathering.status).in_(("cancelled", "postponed"))
    wanted = select(AgendaSession, Gathering).join(Gathering).where(visible(viewer), ~off)
    for word in query.split()[:MOST_WORDS]:
        wanted = wanted.where(
            col(AgendaSession.title).icontains(word, autoescape=True)
            | col(AgendaSession.abstract).icontains(word, autoescape=True)
            | col(AgendaSession.track).icontains(word, autoescape=True)
            | cast(AgendaSession.speakers, Text).icontains(json.dumps(word)[1:-1], autoescape=True)
        )
    wanted = wanted.order_by(col(AgendaSession.starts_at).desc(), col(AgendaSession.id))
    return list(session.exec(wanted.limit(limit)).all())


def create(
    session: Session, *, gathering_id: str, order: SessionCreate, caller: Identity, moment: datetime
) -> AgendaSession:
    """Add a session."""
    gathering = _open(session, gathering_id, caller)
    check_room_for(_count(session, gathering_id), 1)
    return _add(session, gathering, order.model_dump(), moment)


def update(
    session: Session,
    *,
    gathering_id: str,
    id: str,
    change: SessionUpdate,
    caller: Identity,
    moment: datetime,
) -> AgendaSession:
    """Change a session; one that stays as it was is told to nobody."""
    gathering = _open(session, gathering_id, caller)
    item = _one(session, gathering_id, id)
    wanted = change.model_dump(exclude_unset=True, exclude_none=True)
    _change(session, gathering, item, wanted, moment)
    return item


def remove(session: Session, *, gathering_id: str, id: str, caller: Identity) -> None:
    """Take a session out."""
    locked(session, gathering_id, caller)
    item = _one(session, gathering_id, id)
    outbox.bury(session, SessionState, id=item.id, version=item.version + 1)
    session.delete(item)


def take_in(
    session: Session,
    *,
    gathering_id: str,
    orders: Sequence[SessionImported],
    caller: Identity,
    moment: datetime,
) -> SessionsTaken:
    """Bring sessions in from elsewhere, each once: one that is there is changed or stays."""
    gathering = _open(session, gathering_id, caller)
    known = {
        item.source_uid: item
        for item in session.exec(
            select(AgendaSession).where(
                AgendaSession.gathering_id == gathering_id,
                col(AgendaSession.source_uid).in_([order.source_uid for order in orders]),
            )
        )
    }
    new = {order.source_uid for order in orders} - set(known)
    check_room_for(_count(session, gathering_id), len(new))
    taken = SessionsTaken()
    for order in orders:
        there = known.get(order.source_uid)
        if there is None:
            known[order.source_uid] = _add(session, gathering, order.model_dump(), moment)
            taken.made.append(order.source_uid)
        elif _change(session, gathering, there, order.model_dump(), moment):
            taken.changed.append(order.source_uid)
        else:
            taken.same.append(order.source_uid)
    return taken


def follow(
    session: Session, gathering: Gathering, before: Mapping[str, Any], moment: datetime
) -> None:
    """Let the agenda move, and be seen, as its gathering does; `before` is what that was."""
    moved = {"starts_local", "time_zone"} & set(before)
    if not moved and not {"audience", "status", "slug"} & set(before):
        return
    shift = gathering.starts_local - before.get("starts_local", gathering.starts_local)
    for item in _all(session, gathering.id):
        item.version += 1
        if moved:
            item.starts_local += shift
            item.ends_local += shift
            # A time that the clocks leave out on the new day moves by the gap.
            item.starts_at = to_utc(item.starts_local, gathering.time_zone)
            item.ends_at = to_utc(item.ends_local, gathering.time_zone)
            item.sequence += 1
            item.revised_at = moment
        session.add(item)
        outbox.add(session, state_of(item, gathering))


def bury(session: Session, gathering_id: str) -> None:
    """Say of every session of a gathering which goes that it is gone."""
    for item in _all(session, gathering_id):
        outbox.bury(session, SessionState, id=item.id, version=item.version + 1)
        session.expunge(item)


def state_of(item: AgendaSession, gathering: Gathering) -> SessionState:
    """The snapshot other services know."""
    names = set(SessionState.model_fields) & set(AgendaSession.model_fields)
    return SessionState(
        **{name: getattr(item, name) for name in names},
        audience=gathering.audience,
        gathering_slug=gathering.slug,
        time_zone=gathering.time_zone,
    )


def _open(session: Session, gathering_id: str, caller: Identity) -> Gathering:
    gathering = locked(session, gathering_id, caller)
    if gathering.status == "cancelled":
        raise Conflict("An event that is over or cancelled cannot be changed.")
    if gathering.rrule:
        raise Conflict("An agenda belongs to one event; a series has none.")
    return gathering


def _add(
    session: Session, gathering: Gathering, values: Mapping[str, Any], moment: datetime
) -> AgendaSession:
    id = new_id()
    starts_at, ends_at = _moments(values["starts_local"], values["ends_local"], gathering)
    item = AgendaSession(
        **values,
        id=id,
        gathering_id=gathering.id,
        version=1,
        slug=slug_of(values["title"], id, otherwise="session"),
        starts_at=starts_at,
        ends_at=ends_at,
        revised_at=moment,
    )
    session.add(item)
    outbox.add(session, state_of(item, gathering))
    return item


def _change(
    session: Session,
    gathering: Gathering,
    item: AgendaSession,
    wanted: Mapping[str, Any],
    moment: datetime,
) -> bool:
    if all(getattr(item, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(item, name, value)
    item.starts_at, item.ends_at = _moments(item.starts_local, item.ends_local, gathering)
    item.version += 1
    item.sequence += 1
    item.revised_at = moment
    session.add(item)
    outbox.add(session, state_of(item, gathering))
    return True


def _moments(
    starts_local: datetime, ends_local: datetime, gathering: Gathering
) -> tuple[datetime, datetime]:
    return moments(
        starts_local,
        ends_local,
        time_zone=gathering.time_zone,
        first=gathering.starts_local,
        last=gathering.ends_local,
    )


def _one(session: Session, gathering_id: str, id: str) -> AgendaSession:
    item = session.get(AgendaSession, id)
    if item is None or item.gathering_id != gathering_id:
        raise NotFound("This session is not on the agenda (any more).")
    return item


def _all(session: Session, gathering_id: str) -> Sequence[AgendaSession]:
    return session.exec(
        select(AgendaSession)
        .where(AgendaSession.gathering_id == gathering_id)
        .order_by(
            col(AgendaSession.starts_at), AgendaSession.room, AgendaSession.title, AgendaSession.id
        )
    ).all()


def _count(session: Session, gathering_id: str) -> int:
    return session.exec(
        select(func.count())
        .select_from(AgendaSession)
        .where(AgendaSession.gathering_id == gathering_id)
    ).one()
