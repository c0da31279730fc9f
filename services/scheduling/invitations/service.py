"""Use cases of invitations: who is invited, only the organiser knows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.scheduling import GatheringInvited
from services.kit.errors import Conflict
from services.kit.identity import Identity
from services.scheduling.gatherings.access import locked, managed
from services.scheduling.gatherings.models import Gathering
from services.scheduling.invitations.models import Invitation

MOST = 1_000
"""People invited to one gathering."""
_I = Invitation.__table__  # type: ignore[attr-defined]
_INVITED = select_columns(_I.c.contact_id).where(
    _I.c.gathering_id == bindparam("gathering"), _I.c.contact_id == bindparam("contact")
)


def listed(session: Session, *, gathering_id: str, caller: Identity) -> Sequence[Invitation]:
    """Who is invited, in the order in which they were."""
    managed(session, gathering_id, caller)
    return session.exec(
        select(Invitation)
        .where(Invitation.gathering_id == gathering_id)
        .order_by(col(Invitation.added_at), col(Invitation.contact_id))
    ).all()


def add(
    session: Session,
    *,
    gathering_id: str,
    contact_ids: Sequence[str],
    caller: Identity,
    moment: datetime,
) -> None:
    """Invite people by a mail each; who is invited already gets no second one."""
    gathering = locked(session, gathering_id, caller)
    if gathering.status != "published" or gathering.finishes_at <= moment:
        raise Conflict("People are invited to an event that is published and still to come.")
    known = {one.contact_id for one in listed(session, gathering_id=gathering_id, caller=caller)}
    fresh = [id for id in dict.fromkeys(contact_ids) if id not in known]
    if len(known) + len(fresh) > MOST:
        raise Conflict("No more people can be invited to this event.")
    for contact_id in fresh:
        session.add(Invitation(gathering_id=gathering_id, contact_id=contact_id, added_at=moment))
        outbox.add(session, GatheringInvited(gathering_id=gathering_id, contact_id=contact_id))
    session.flush()


def remove(session: Session, *, gathering_id: str, contact_id: str, caller: Identity) -> None:
    """Take an invitation back; a seat that they have stays theirs. Twice changes nothing."""
    locked(session, gathering_id, caller)
    session.connection().execute(
        delete(_I).where(_I.c.gathering_id == gathering_id, _I.c.contact_id == contact_id)
    )


def is_invited(connection: Connection, gathering_id: str, contact_id: str) -> bool:
    """Whether somebody may register for a gathering that is for those invited."""
    found = connection.execute(_INVITED, {"gathering": gathering_id, "contact": contact_id})
    return found.first() is not None


def of_person(session: Session, contact_id: str) -> list[dict[str, Any]]:
    """What somebody is invited to."""
    rows = session.exec(
        select(Gathering.title, Invitation.added_at)
        .join(Invitation, col(Invitation.gathering_id) == col(Gathering.id))
        .where(Invitation.contact_id == contact_id)
        .order_by(Gathering.id)
    )
    return [{"title": title, "since": added_at.isoformat()} for title, added_at in rows]


def forget(session: Session, contact_id: str) -> None:
    """Take a person off all lists."""
    session.connection().execute(delete(_I).where(_I.c.contact_id == contact_id))
