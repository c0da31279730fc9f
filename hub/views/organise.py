"""Pages of those who organise: their events, and how one fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.curves import Curve
from hub.views.cards import EventCard
from hub.views.shell import Filter, Pager, View


@dataclass(frozen=True)
class OrganisedEvent:
    """One event of an organiser; `seats` is how many are taken, in words."""

    card: EventCard
    seats: str
    waiting: int
    asking: int
    helped: bool
    """Whether the reader helps with it and somebody else is the organiser."""


@dataclass(frozen=True)
class OrganisePage(View):
    """Events that the reader organises or helps with."""

    template = "pages/organise/list.html"

    times: Sequence[Filter]
    past: bool
    events: Sequence[OrganisedEvent]
    pager: Pager
    may_publish: bool


@dataclass(frozen=True)
class FillingPage(View):
    """How one event fills, and with whom."""

    template = "pages/organise/show.html"

    event: EventCard
    seats: str
    waiting: int
    asking: int
    curve: Curve | None
    """None while nobody has a seat."""
    first: str
    last: str
    capacity: int | None
    days: Sequence[tuple[str, int]]
    sides: Mapping[str, int]
    unknown: int
    """How many have told no side, such as guests."""
    regions: Sequence[tuple[str, int]]
    """Regions by name, the largest first."""
