"""Who sees a gathering, and who looks after it."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from services.kit.audience import visible_to
from services.kit.errors import Forbidden, NotFound
from services.kit.identity import Identity
from services.scheduling.gatherings.models import Gathering
from services.scheduling.people.models import GatheringPerson


def visible(viewer: Identity) -> ColumnElement[bool]:
    """The condition that the viewer may see a gathering: drafts of others they help with, too."""
    public = visible_to(col(Gathering.audience), viewer.grants)
    if viewer.contact_id is None:
        return public
    return or_(public, col(Gathering.id).in_(helped_with(viewer.contact_id)))


def helped_with(contact_id: str) -> SelectOfScalar[str]:
    """The ids of gatherings that somebody helps to run."""
    return select(GatheringPerson.gathering_id).where(
        GatheringPerson.contact_id == contact_id, GatheringPerson.role == "co-organiser"
    )


def find(session: Session, *, reference: str, viewer: Identity) -> Gathering:
    """By id or slug, if the viewer may see it; raises NotFound."""
    gathering = session.exec(
        select(Gathering).where(
            (col(Gathering.id) == reference) | (col(Gathering.slug) == reference), visible(viewer)
        )
    ).first()
    if gathering is None:
        raise NotFound("This event does not exist, or it is not public.")
    return gathering


def managed(session: Session, id: str, caller: Identity, *, lock: bool = False) -> Gathering:
    """The gathering, for those who look after it; raises NotFound or Forbidden."""
    gathering = session.get(Gathering, id, with_for_update=lock)
    if gathering is None:
        raise NotFound("This event does not exist.")
    if not may_manage(gathering, caller):
        raise Forbidden("Only the organiser can change this event.")
    return gathering


def locked(session: Session, id: str, caller: Identity) -> Gathering:
    """The same under its row lock, to change it."""
    return managed(session, id, caller, lock=True)


def may_manage(gathering: Gathering, caller: Identity) -> bool:
    """Whether the caller looks after the gathering: its organiser, who helps, a moderator."""
    if caller.contact_id is None:
        return caller.has("moderator")
    return (
        gathering.organiser_id == caller.contact_id
        or caller.has("moderator")
        or caller.contact_id in gathering.co_organiser_ids
    )
