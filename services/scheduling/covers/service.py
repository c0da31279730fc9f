"""Use cases of covers: a picture is made again in two sizes, and nothing else of it is kept."""

from dataclasses import dataclass

from sqlmodel import Session

from events import outbox
from services.kit.errors import Invalid
from services.kit.files import PICTURES, Files
from services.kit.identity import Identity
from services.kit.pictures import remade
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.access import managed
from services.scheduling.gatherings.models import Gathering

SIZES = ((1200, 630), (480, 252))
"""On the page of the event and where it is shared, and in lists."""


@dataclass(frozen=True)
class Cover:
    """The files of one picture."""

    large: str
    small: str


def make(
    session: Session, files: Files, *, gathering_id: str, file_id: str, caller: Identity
) -> Cover:
    """Keep a picture in the sizes that pages need; raises Invalid for what is none."""
    managed(session, gathering_id, caller)
    if not files.has(file_id):
        raise Invalid("This file does not exist (any more).", field="file")
    _stored, content = files.open(file_id)
    large, small = (files.put(each, kinds=PICTURES).id for each in remade(content, *SIZES))
    return Cover(large, small)


def set(
    session: Session, *, gathering_id: str, cover: Cover | None, alt: str, caller: Identity
) -> Gathering:
    """Have this picture, or other words for the one there is."""
    gathering = gatherings.locked(session, gathering_id, caller)
    if cover:
        gathering.cover, gathering.cover_small = cover.large, cover.small
    elif not gathering.cover:
        raise Invalid("Please choose a picture.", field="file")
    gathering.cover_alt = alt
    return _say(session, gathering)


def remove(session: Session, *, gathering_id: str, caller: Identity) -> None:
    """Have no picture any more; doing it twice changes nothing."""
    gathering = gatherings.locked(session, gathering_id, caller)
    if gathering.cover:
        gathering.cover, gathering.cover_small, gathering.cover_alt = None, None, ""
        _say(session, gathering)


def _say(session: Session, gathering: Gathering) -> Gathering:
    """Tell the new state; a picture is no change that those registered must know."""
    gathering.version += 1
    session.add(gathering)
    session.flush()
    outbox.add(session, gatherings.state_of(gathering))
    return gathering
