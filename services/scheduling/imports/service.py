"""The use case of imports: a gathering from elsewhere is made, changed, or stays as it is."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from events import outbox
from services.kit.identity import Identity
from services.kit.timers import set_timer
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.models import Gathering
from services.scheduling.gatherings.schemas import GatheringCreate, GatheringUpdate
from services.scheduling.imports.schemas import GatheringImported, GatheringTaken
from services.scheduling.occurrences.rules import finish_of, known_overrides
from services.scheduling.reminders import service as reminders

_OWN = {"source_uid", "rdates", "exdates"}
_ONCE = {*_OWN, "draft", "made_up", "capacity_online", "capacity_onsite"}
"""What an import says only when it makes a gathering."""


def take_in(
    session: Session, *, order: GatheringImported, caller: Identity, moment: datetime
) -> GatheringTaken:
    """Bring one in; raises Forbidden when somebody else's gathering has this UID."""
    there = session.exec(select(Gathering).where(Gathering.source_uid == order.source_uid)).first()
    if there is None:
        return _taken(_make(session, order, caller, moment), "made")
    gathering = gatherings.locked(session, there.id, caller)
    if not _differs(gathering, order):
        return _taken(gathering, "same")
    wanted = order.model_dump(exclude=_ONCE)
    wanted = {name: value for name, value in wanted.items() if getattr(gathering, name) != value}
    gatherings.update(
        session,
        id=gathering.id,
        change=GatheringUpdate(**wanted),
        caller=caller,
        moment=moment,
    )
    _set_dates(session, gathering, order, moment)
    return _taken(gathering, "changed")


def _make(
    session: Session, order: GatheringImported, caller: Identity, moment: datetime
) -> Gathering:
    plain = GatheringCreate(**order.model_dump(exclude=_OWN))
    gathering = gatherings.create(session, order=plain, organiser=caller, moment=moment)
    gathering.source_uid = order.source_uid
    _set_dates(session, gathering, order, moment)
    return gathering


def _differs(gathering: Gathering, order: GatheringImported) -> bool:
    wanted: dict[str, Any] = order.model_dump(exclude=_ONCE)
    wanted["join_url"] = wanted["join_url"] or ""
    wanted["rdates"], wanted["exdates"] = _written(order.rdates), _written(order.exdates)
    return any(getattr(gathering, name) != value for name, value in wanted.items())


def _set_dates(
    session: Session, gathering: Gathering, order: GatheringImported, moment: datetime
) -> None:
    """Have the dates that the rule does not give, and leave those out that it gives in vain."""
    rdates, exdates = _written(order.rdates), _written(order.exdates)
    if (gathering.rdates, gathering.exdates) == (rdates, exdates):
        return
    gathering.rdates, gathering.exdates = rdates, exdates
    gathering.finishes_at = finish_of(gathering)
    gathering.overrides = known_overrides(gathering)
    gathering.version += 1
    session.add(gathering)
    session.flush()
    outbox.add(session, gatherings.state_of(gathering))
    if gathering.status == "published":
        set_timer(session, kind=gatherings.FINISH, key=gathering.id, due_at=gathering.finishes_at)
    reminders.plan_again(session, gathering, moment)


def _written(dates: list[datetime]) -> list[str]:
    return sorted({date.isoformat() for date in dates})


def _taken(gathering: Gathering, outcome: Any) -> GatheringTaken:
    return GatheringTaken(id=gathering.id, slug=gathering.slug, outcome=outcome)
