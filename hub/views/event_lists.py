"""Lists of gatherings: as cards, as a month, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.views.cards import EventCard
from hub.views.embeds import EmbedCodes
from hub.views.shell import Facet, Filter, Pager, View


@dataclass(frozen=True)
class Entry:
    """One date of a gathering in a calendar."""

    slug: str
    title: str
    language: str
    time: str
    off: bool
    """Whether it does not take place."""


@dataclass(frozen=True)
class Day:
    """One day of a calendar; `number` is 0 for days of other months."""

    number: int
    label: str
    iso: str
    today: bool
    entries: Sequence[Entry]


@dataclass(frozen=True)
class EventsPage(View):
    """Gatherings as an address asks for them; `mine` are those the reader organises."""

    template = "pages/events/list.html"
    kept = True

    path: str
    view: str
    views: Sequence[Filter]
    times: Sequence[Filter]
    facets: Sequence[Facet]
    chips: Sequence[tuple[str, str]]
    hidden: Sequence[tuple[str, str]]
    """What the form keeps besides its fields."""
    query: str
    events: Sequence[EventCard]
    pager: Pager
    past: bool
    mine: bool
    month: str
    """The month that is shown, in words."""
    before: str
    after: str
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[Day]]
    days: Sequence[Day]
    may_publish: bool
    feed: str
    webcal: str
    codes: EmbedCodes
