"""What a list of events is narrowed to, as an address says it, and the ways from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from fastapi import Depends, Query

from hub.choices import choices
from hub.lists import SHOWN, Words
from hub.regions import region_name
from hub.views.shell import Facet, Filter, Option, Pager
from hub.words import GATHERING_KINDS, LANGUAGES, MODES
from services.kit.language import N_, _
from services.kit.language import Words as Labels

View = Literal["list", "month", "agenda"]
VIEWS = Labels({"list": N_("List"), "month": N_("Month"), "agenda": N_("Agenda")})
NAMES = Labels(
    {
        "kind": N_("Kind of event"),
        "mode": N_("How people take part"),
        "language": N_("Language"),
        "region": N_("Country or region"),
        "seats": N_("Seats"),
    }
)
AGENDA_DAYS = 60
"""How far the agenda looks ahead."""
MOST = 500
"""Events of one month or agenda that are shown."""
Values = Annotated[tuple[str, ...], Query(max_length=20)]
Month = Annotated[str, Query(pattern=r"^([12][0-9]{3}-(0[1-9]|1[0-2]))?$")]


@dataclass(frozen=True)
class EventsAsked:
    """What an address of /events asks for."""

    view: View = "list"
    past: bool = False
    month: str = ""
    q: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def query(self) -> dict[str, Any]:
        """The same as a question to scheduling."""
        asked: dict[str, Any] = {
            name: list(values) for name, values in self.chosen.items() if name != "seats"
        }
        if self.chosen.get("seats"):
            asked["seats"] = True
        return asked | ({"q": self.q} if self.q else {})

    def pairs(self, without: tuple[str, str] = ("", "")) -> Iterator[tuple[str, str]]:
        """Names and values of what narrows the list, but one."""
        if self.q and without[0] != "q":
            yield "q", self.q
        for name, values in self.chosen.items():
            yield from ((name, value) for value in values if (name, value) != without)

    def address(self, path: str, *, without: tuple[str, str] = ("", ""), number: int = 1) -> str:
        """The address of a part of the list, or of the list without one of the choices."""
        pairs = [*self.ways(), *self.pairs(without)]
        if number > 1:
            pairs.append(("page", str(number)))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def ways(self) -> list[tuple[str, str]]:
        """How the list is looked at: kept when it is narrowed."""
        looked: list[tuple[str, str]] = [("view", self.view)] if self.view != "list" else []
        looked += [("month", self.month)] if self.month and self.view == "month" else []
        return looked + ([("past", "true")] if self.past and self.view == "list" else [])

    def feed(self) -> str:
        """The calendar of the same events; what calendars do not tell apart is left out."""
        told = ("topic", "kind", "region", "language")
        pairs = [(name, value) for name, value in self.pairs() if name in told]
        return f"/feeds/events.ics?{urlencode(pairs)}" if pairs else "/feeds/public.ics"

    def span(self, today: date) -> tuple[date, date]:
        """The first day that a month or agenda shows, and the first that it does not."""
        if self.view == "agenda":
            return today, today + timedelta(days=AGENDA_DAYS)
        year, month = map(int, (self.month or today.isoformat()[:7]).split("-"))
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


async def events_asked(
    view: View = "list",
    past: bool = False,
    month: Month = "",
    q: Words = "",
    topic: Values = (),
    kind: Values = (),
    mode: Values = (),
    language: Values = (),
    region: Values = (),
    seats: Values = (),
) -> EventsAsked:
    """FastAPI dependency: what the address asks for; values that mean nothing are passed over."""
    chosen = {
        "topic": [value.strip().lower() for value in topic if 2 <= len(value.strip()) <= 80],
        "kind": [value for value in kind if value in GATHERING_KINDS],
        "mode": [value for value in mode if value in MODES],
        "language": [value for value in language if value in LANGUAGES],
        "region": [value for value in region if value.isalnum() and value.isupper()],
        "seats": ["yes"] if "yes" in seats else [],
    }
    kept = {name: list(dict.fromkeys(values)) for name, values in chosen.items() if values}
    return EventsAsked(view, past, month, q.strip(), kept)


AskedEvents = Annotated[EventsAsked, Depends(events_asked)]


def facets_of(asked: EventsAsked, regions: Sequence[str]) -> list[Facet]:
    """The choices; `regions` are those in which events take place."""
    given = {
        "kind": [(each.value, each.label) for each in choices(GATHERING_KINDS)],
        "mode": [(each.value, each.label) for each in choices(MODES)],
        "region": [(code, region_name(code)) for code in regions],
        "seats": [("yes", _("Still has seats"))],
    }
    return [
        Facet(
            name,
            NAMES[name],
            [
                Option(value, label, None, value in asked.chosen.get(name, ()))
                for value, label in options
            ],
        )
        for name, options in given.items()
        if options
    ]


def chips_of(asked: EventsAsked, path: str) -> list[tuple[str, str]]:
    """What the list is narrowed to, each with the address of the list without it."""
    return [
        (_label(name, value), asked.address(path, without=(name, value)))
        for name, value in asked.pairs(("q", ""))
    ]


def views_of(asked: EventsAsked, path: str) -> list[Filter]:
    """The ways to look at the same events."""
    return [
        Filter(
            label=label,
            path=replace(asked, view=view, month="").address(path),
            current=asked.view == view,
            count=None,
        )
        for view, label in zip(get_args(View), VIEWS.values(), strict=True)
    ]


def times_of(asked: EventsAsked, path: str) -> list[Filter]:
    """Coming or past events."""
    words = {False: _("Coming"), True: _("Past")}
    return [
        Filter(
            label=label,
            path=replace(asked, past=past).address(path),
            current=asked.past == past,
            count=None,
        )
        for past, label in words.items()
    ]


def pager_of(asked: EventsAsked, path: str, *, number: int, more: bool) -> Pager:
    """The ways to the parts of a list before and after."""
    return Pager(
        number,
        asked.address(path, number=number - 1) if number > 1 else "",
        asked.address(path, number=number + 1) if more else "",
    )


def months_of(asked: EventsAsked, path: str, today: date) -> tuple[str, str]:
    """The addresses of the months before and after."""
    first, after = asked.span(today)
    before = (first - timedelta(days=1)).isoformat()[:7]
    return (
        replace(asked, month=before).address(path),
        replace(asked, month=after.isoformat()[:7]).address(path),
    )


def in_utc(day: date) -> datetime:
    """The beginning of a day; events of other zones begin within a day of it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def most_shown(asked: EventsAsked) -> int:
    """How many events one page asks for."""
    return SHOWN + 1 if asked.view == "list" else MOST


def _label(name: str, value: str) -> str:
    match name:
        case "kind":
            return GATHERING_KINDS[value]
        case "mode":
            return MODES[value]
        case "language":
            return LANGUAGES.get(value, value)
        case "region":
            return region_name(value)
        case "seats":
            return _("Still has seats")
        case _:
            return value
