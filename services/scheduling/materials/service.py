"""Use cases of materials: what is left of a gathering is for those who had a seat."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.scheduling import MaterialsPublished
from events.envelope import new_id
from services.kit.errors import Conflict, Forbidden, Invalid
from services.kit.identity import Identity
from services.scheduling.attendance.rules import HAS_SEAT
from services.scheduling.attendance.service import seen
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.models import Gathering
from services.scheduling.materials.models import Material
from services.scheduling.materials.rules import check_room, check_whole
from services.scheduling.materials.schemas import MaterialCreate, MaterialRead
from services.scheduling.models import Registration
from services.scheduling.registrations import reading as registrations


def listed(session: Session, *, gathering_id: str, caller: Identity) -> list[MaterialRead]:
    """All of a gathering, newest first; raises Forbidden for people without a seat."""
    gathering = session.get(Gathering, gathering_id)
    if gathering is None or not gatherings.may_manage(gathering, caller):
        seen(session, gathering_id, caller)
        own = session.exec(
            select(Registration.id).where(
                Registration.gathering_id == gathering_id,
                Registration.contact_id == (caller.contact_id or ""),
                col(Registration.status).in_(HAS_SEAT),
            )
        )
        if own.first() is None:
            raise Forbidden("Materials are for people who had a seat.")
    return _read(session, gathering_id)


def listed_by_secret(session: Session, *, secret: str) -> list[MaterialRead]:
    """The same by the link in a mail."""
    own = registrations.read_by_secret(session, secret=secret)
    if own.status not in HAS_SEAT:
        raise Forbidden("Materials are for people who had a seat.")
    return _read(session, own.gathering_id)


def add(
    session: Session,
    *,
    gathering_id: str,
    order: MaterialCreate,
    has_file: Callable[[str], bool],
    caller: Identity,
    moment: datetime,
) -> MaterialRead:
    """Put something beside the gathering, by who looks after it; nobody is told yet."""
    gathering = gatherings.locked(session, gathering_id, caller)
    check_whole(order)
    check_room(gathering.materials)
    if order.file_id and not has_file(order.file_id):
        raise Invalid("This file does not exist (any more).", field="file_id")
    material = Material(
        id=new_id(),
        gathering_id=gathering_id,
        kind=order.kind,
        title=order.title,
        url=order.url or "",
        file_id=order.file_id,
        added_at=moment,
    )
    session.add(material)
    session.flush()
    _say(session, gathering)
    return _one(material)


def remove(session: Session, *, gathering_id: str, material_id: str, caller: Identity) -> None:
    """Take something away again; doing it twice changes nothing."""
    gathering = gatherings.locked(session, gathering_id, caller)
    material = session.get(Material, material_id)
    if material is None or material.gathering_id != gathering_id:
        return
    session.delete(material)
    session.flush()
    _say(session, gathering)


def tell(session: Session, *, gathering_id: str, caller: Identity, moment: datetime) -> None:
    """Have everybody with a seat told of what they were not told yet: one mail for all of it."""
    gathering = gatherings.locked(session, gathering_id, caller)
    if gathering.status not in ("published", "finished"):
        raise Conflict("This event is not published.")
    new = session.exec(
        select(Material).where(
            Material.gathering_id == gathering_id, col(Material.told_at).is_(None)
        )
    ).all()
    if not new:
        raise Conflict("Everybody with a seat was told of these already.")
    for material in new:
        material.told_at = moment
        session.add(material)
    session.flush()
    outbox.add(session, MaterialsPublished(gathering_id=gathering_id))


def _say(session: Session, gathering: Gathering) -> None:
    """Let the gathering say how much there is, and whether there is a recording."""
    kinds = session.exec(
        select(Material.kind, Material.id).where(Material.gathering_id == gathering.id)
    ).all()
    recordings = [id for kind, id in kinds if kind == "recording"]
    gathering.materials = len(kinds)
    gathering.recording_url = (
        f"/events/{gathering.slug}/materials/{recordings[0]}" if recordings else ""
    )
    gathering.version += 1
    session.add(gathering)
    session.flush()
    outbox.add(session, gatherings.state_of(gathering))


def _read(session: Session, gathering_id: str) -> list[MaterialRead]:
    found = session.exec(
        select(Material)
        .where(Material.gathering_id == gathering_id)
        .order_by(col(Material.added_at).desc(), col(Material.id).desc())
    )
    return [_one(material) for material in found]


def _one(material: Material) -> MaterialRead:
    return MaterialRead.model_validate(
        {**material.model_dump(exclude={"told_at"}), "told": material.told_at is not None}
    )
