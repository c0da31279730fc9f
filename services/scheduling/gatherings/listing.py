"""Lists of gatherings: what is asked for becomes one query that shows only what one may see."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Text, cast, or_
from sqlmodel import Session, col, select

from services.kit.fields import MOST_WORDS
from services.kit.identity import Identity
from services.scheduling.gatherings.access import helped_with, visible
from services.scheduling.gatherings.models import Gathering
from services.scheduling.models import Registration


@dataclass(frozen=True)
class Wanted:
    """What a list is of: any of the values given for each, or everything.

    With `ids`, or `registered` for, gatherings whenever they are; with `begins` and `ends`, those
    that take place then, in part at least. A region is meant with all within it.
    """

    past: bool = False
    topics: Sequence[str] = ()
    kinds: Sequence[str] = ()
    modes: Sequence[str] = ()
    languages: Sequence[str] = ()
    regions: Sequence[str] = ()
    pilot_id: str | None = None
    with_seats: bool = False
    begins: datetime | None = None
    ends: datetime | None = None
    organiser_id: str | None = None
    ids: Sequence[str] | None = None
    registered: bool = False
    query: str = ""


def listed(
    session: Session,
    wanted: Wanted,
    *,
    viewer: Identity,
    moment: datetime,
    limit: int = 50,
    offset: int = 0,
) -> Sequence[Gathering]:
    """Gatherings the viewer may see: coming ones soonest first, past ones latest first."""
    found = select(Gathering).where(visible(viewer))
    soonest = (col(Gathering.starts_at), col(Gathering.id))
    if wanted.registered:
        mine = select(Registration.gathering_id).where(Registration.contact_id == viewer.contact_id)
        found = found.where(col(Gathering.id).in_(mine)).order_by(*soonest)
    elif wanted.ids is not None:
        found = found.where(col(Gathering.id).in_(wanted.ids)).order_by(*soonest)
    elif wanted.begins and wanted.ends:
        found = found.where(
            col(Gathering.finishes_at) >= wanted.begins, col(Gathering.starts_at) < wanted.ends
        ).order_by(*soonest)
    elif wanted.past:
        found = found.where(col(Gathering.finishes_at) < moment)
        found = found.order_by(col(Gathering.starts_at).desc(), col(Gathering.id))
    else:
        found = found.where(col(Gathering.finishes_at) >= moment).order_by(*soonest)
    for column, values in (
        (Gathering.kind, wanted.kinds),
        (Gathering.mode, wanted.modes),
        (Gathering.language, wanted.languages),
    ):
        if values:
            found = found.where(col(column).in_(values))
    if wanted.organiser_id:
        helped = col(Gathering.id).in_(helped_with(wanted.organiser_id))
        found = found.where(or_(col(Gathering.organiser_id) == wanted.organiser_id, helped))
    if wanted.pilot_id:
        found = found.where(Gathering.pilot_id == wanted.pilot_id)
    if wanted.regions:
        # Codes of what lies within a region begin with its own.
        within = (col(Gathering.region_code).startswith(code) for code in wanted.regions)
        found = found.where(or_(*within))
    if wanted.with_seats:
        room = or_(
            col(Gathering.capacity).is_(None),
            col(Gathering.taken) < col(Gathering.capacity),
            # Whether these are full says who is invited, to whoever tries addresses.
            col(Gathering.admits) == "invited",
        )
        found = found.where(Gathering.status == "published", room)
    topics = cast(Gathering.topics, Text)
    if wanted.topics:
        # The whole topic stands in quotation marks in the list.
        found = found.where(
            or_(*(topics.contains(json.dumps(topic), autoescape=True) for topic in wanted.topics))
        )
    for word in wanted.query.split()[:MOST_WORDS]:
        found = found.where(
            col(Gathering.title).icontains(word, autoescape=True)
            | col(Gathering.summary).icontains(word, autoescape=True)
            | topics.icontains(word, autoescape=True)
        )
    return session.exec(found.limit(limit).offset(offset)).all()


def regions(session: Session, *, viewer: Identity, moment: datetime) -> list[str]:
    """The regions in which gatherings that the viewer may see are coming.

    Looks up one region after the other in the index: as many steps as there are regions, however
    many gatherings.
    """

    def next_after(*place: ColumnElement[bool]) -> ScalarSelect[str | None]:
        first = select(Gathering.region_code).where(
            visible(viewer), col(Gathering.finishes_at) >= moment, *place
        )
        return first.order_by(col(Gathering.region_code)).limit(1).scalar_subquery()

    begin = select(next_after(col(Gathering.region_code).is_not(None)).label("code"))
    codes = begin.cte("codes", recursive=True)
    step = select(next_after(col(Gathering.region_code) > codes.c.code)).where(
        codes.c.code.is_not(None)
    )
    codes = codes.union_all(step)
    found = session.connection().execute(select(codes.c.code))
    return [code for code in found.scalars() if code]
