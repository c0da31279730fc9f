"""Pure decisions about who may register, when, and for which seats."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, get_args

from events.catalogue.membership import HelixSide
from services.kit import regions
from services.kit.errors import Conflict, Forbidden, Invalid
from services.kit.language import _
from services.scheduling.admission.schemas import Admission

_SIDES = get_args(HelixSide)


@dataclass(frozen=True)
class Standing:
    """What admission asks of a person."""

    member: bool
    helix_side: str
    region_code: str
    invited: bool = False


class Rules(Protocol):
    """What a gathering says of admission."""

    admits: str
    admits_sides: Sequence[str]
    admits_regions: Sequence[str]
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True)
class Kind:
    """One kind of seat: where it is, for whom it is kept, and how many there are."""

    attending: str
    reserved_by: str
    reserved_for: str
    capacity: int | None


def check_window(rules: Rules, moment: datetime) -> None:
    """Raise Conflict before registration opens and after it has closed."""
    if rules.opens_at and moment < rules.opens_at:
        raise Conflict("Registration is not open yet.")
    if rules.closes_at and moment >= rules.closes_at:
        raise Conflict("Registration is closed.")


def check_admitted(rules: Rules, person: Standing) -> None:
    """Raise Forbidden, in words for people, for whom the gathering is not meant."""
    if rules.admits == "invited" and not person.invited:
        raise Forbidden("This event is for people whom the organiser invites.")
    if rules.admits == "members" and not person.member:
        raise Forbidden("This event is for members. Please sign in or join first.")
    if rules.admits_sides and person.helix_side not in rules.admits_sides:
        raise Forbidden("This event is for people of other sides of the community.")
    if rules.admits_regions and not _within(person.region_code, rules.admits_regions):
        raise Forbidden("This event is for people of certain regions.")


def fits(kind: Kind, *, attending: str, person: Standing) -> bool:
    """Whether the person may have a seat of this kind."""
    if kind.attending != attending:
        return False
    match kind.reserved_by:
        case "side":
            return person.helix_side == kind.reserved_for
        case "region":
            return _within(person.region_code, (kind.reserved_for,))
        case _:
            return True


def in_order(kinds: Iterable[Kind], *, attending: str, person: Standing) -> list[Kind]:
    """The kinds of seats to try, those kept for people like this one first."""
    fitting = [kind for kind in kinds if fits(kind, attending=attending, person=person)]
    return sorted(fitting, key=lambda kind: (not kind.reserved_by, kind.reserved_for))


def kinds_of(order: Admission, mode: str) -> list[Kind]:
    """The kinds of seats that an order asks for; none when all seats are alike.

    Raises Invalid when more are reserved than there are, or things contradict each other.
    """
    if order.opens_at and order.closes_at and order.closes_at <= order.opens_at:
        raise Invalid("Registration must close after it opens.", field="closes_at")
    if mode != "hybrid":
        if order.capacity_online is not None or order.capacity_onsite is not None:
            raise Invalid(
                "Only an event in person and online has two numbers of seats.",
                field="capacity_online",
            )
        if not order.reserved:
            return []
        return _with_reserved({"": order.capacity}, order)
    if order.capacity is not None:
        raise Invalid(
            "Say how many seats there are in person and how many online.", field="capacity"
        )
    return _with_reserved({"online": order.capacity_online, "onsite": order.capacity_onsite}, order)


def check_attending(attending: str, mode: str) -> str:
    """Where somebody takes part, as seats are counted; raises Invalid."""
    if mode != "hybrid":
        return ""
    if attending not in ("online", "onsite"):
        raise Invalid("Please say whether you come in person or online.", field="attending")
    return attending


def _with_reserved(places: dict[str, int | None], order: Admission) -> list[Kind]:
    kinds = []
    kept = dict.fromkeys(places, 0)
    for each in order.reserved:
        if each.attending not in places:
            raise Invalid("Say where these seats are.", field="reserved")
        if each.by == "side" and each.value not in _SIDES:
            raise Invalid("This is no side of the community.", field="reserved")
        if each.by == "region" and not regions.chosen(each.value):
            raise Invalid("This is no region that the hub knows.", field="reserved")
        kept[each.attending] += each.seats
        kinds.append(Kind(each.attending, each.by, each.value, each.seats))
    if len({(kind.attending, kind.reserved_by, kind.reserved_for) for kind in kinds}) < len(kinds):
        raise Invalid("Seats are reserved twice for the same people.", field="reserved")
    for place, capacity in places.items():
        if capacity is not None and kept[place] > capacity:
            raise Invalid(
                _("More seats are reserved than there are: {seats}.").format(seats=capacity),
                field="reserved",
            )
        rest = None if capacity is None else capacity - kept[place]
        kinds.append(Kind(place, "", "", rest))
    return kinds


def _within(region_code: str, wanted: Sequence[str]) -> bool:
    return bool(region_code) and not set(regions.containing(region_code)).isdisjoint(wanted)
