"""Use cases of partnership regions: load, decide, save, tell."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from events import outbox
from events.catalogue.membership import RegionState
from events.envelope import new_id
from services.kit.audience import PUBLIC
from services.kit.errors import Invalid, NotFound
from services.kit.language import N_
from services.kit.slugs import slug_of
from services.membership.claim import claim
from services.membership.organisations.rules import name_key
from services.membership.regions.models import PartnerRegion
from services.membership.regions.rules import holds, made_of
from services.membership.regions.schemas import RegionCreate, RegionUpdate


def create(session: Session, *, order: RegionCreate, moment: datetime) -> PartnerRegion:
    """A new region; raises Invalid when its name is taken or a code is none of today's."""
    id = new_id()
    region = PartnerRegion(
        id=id,
        version=1,
        audience=PUBLIC,
        slug=slug_of(order.name, id, otherwise="region"),
        name=order.name,
        name_key=name_key(order.name),
        nuts_codes=made_of(order.nuts_codes),
        created_at=moment,
    )
    if not claim(session, region, key="name_key"):
        raise _taken()
    outbox.add(session, _state_of(region))
    return region


def change(session: Session, *, id: str, wanted: RegionUpdate) -> PartnerRegion:
    """The region as wanted; nothing is told when nothing is different."""
    region = _locked(session, id)
    values = wanted.model_dump(exclude_none=True)
    if "nuts_codes" in values:
        values["nuts_codes"] = made_of(values["nuts_codes"])
    if "name" in values:
        values["name_key"] = name_key(values["name"])
        same = select(PartnerRegion.id).where(
            PartnerRegion.name_key == values["name_key"], PartnerRegion.id != id
        )
        if session.exec(same).first():
            raise _taken()
    changed = {name: value for name, value in values.items() if getattr(region, name) != value}
    if not changed:
        return region
    for name, value in changed.items():
        setattr(region, name, value)
    region.version += 1
    session.add(region)
    session.flush()
    outbox.add(session, _state_of(region))
    return region


def remove(session: Session, *, id: str) -> None:
    """Take a region away; places stay what they are."""
    region = _locked(session, id)
    outbox.bury(session, RegionState, id=id, version=region.version + 1)
    session.delete(region)


def listed(session: Session) -> Sequence[PartnerRegion]:
    """All of them, by name."""
    order = (col(PartnerRegion.name), col(PartnerRegion.id))
    return session.exec(select(PartnerRegion).order_by(*order)).all()


def find(session: Session, reference: str) -> PartnerRegion:
    """By id or slug; raises NotFound."""
    wanted = select(PartnerRegion).where(
        (col(PartnerRegion.id) == reference) | (col(PartnerRegion.slug) == reference)
    )
    found = session.exec(wanted).first()
    if found is None:
        raise NotFound("This region is not known.")
    return found


def regions_of(session: Session, region_code: str | None) -> list[PartnerRegion]:
    """Every region of the partnership that contains a place, by name."""
    return [region for region in listed(session) if holds(region.nuts_codes, region_code)]


def _locked(session: Session, id: str) -> PartnerRegion:
    region = session.get(PartnerRegion, id, with_for_update=True)
    if region is None:
        raise NotFound("This region is not known.")
    return region


def _state_of(region: PartnerRegion) -> RegionState:
    return RegionState.model_validate(region, from_attributes=True)


def _taken() -> Invalid:
    return Invalid(N_("Another region has this name."), field="name")
