"""Lists of gatherings, which pages call events: as cards, as a month, day by day."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from hub.clients import Clients, GatheringBrief
from hub.event_filters import (
    AskedEvents,
    EventsAsked,
    chips_of,
    facets_of,
    in_utc,
    months_of,
    most_shown,
    pager_of,
    times_of,
    views_of,
)
from hub.lists import SHOWN, PageNumber, skipped
from hub.pages.asking import ClientsOf, SettingsOf
from hub.pages.cards import event_card, today
from hub.pages.embeds import codes
from hub.pages.events import webcal
from hub.rendering import page
from hub.sessions import Organiser, Person, Visitor, identity_of
from hub.settings import Settings
from hub.views.event_lists import Day, Entry, EventsPage
from hub.views.shell import Pager
from services.kit.times import clock, day_of, month_name, short_weekday

WEEK = 7
router = APIRouter()


@router.get("/events")
async def events(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    person: Visitor,
    asked: AskedEvents,
    number: PageNumber = 1,
) -> Response:
    """Coming or past events."""
    return await _list(request, clients, settings, person, asked, number)


@router.get("/events/mine")
async def own_events(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    person: Organiser,
    asked: AskedEvents,
    number: PageNumber = 1,
) -> Response:
    """The events that an organiser runs or helps with, drafts among them."""
    return await _list(request, clients, settings, person, asked, number, mine=True)


async def _list(
    request: Request,
    clients: Clients,
    settings: Settings,
    person: Person | None,
    asked: EventsAsked,
    number: int,
    *,
    mine: bool = False,
) -> Response:
    path = "/events/mine" if mine else "/events"
    who = identity_of(person)
    first, after = asked.span(today())
    spans = asked.view != "list"
    found, regions = await asyncio.gather(
        clients.scheduling.gatherings(
            who,
            past=asked.past,
            asked=asked.query(),
            begins=in_utc(first - timedelta(days=1)) if spans else None,
            ends=in_utc(after + timedelta(days=1)) if spans else None,
            organiser_id=person.contact_id if mine and person else None,
            own=person is not None,
            limit=most_shown(asked),
            offset=0 if spans else skipped(number),
        ),
        clients.scheduling.regions(who),
    )
    listed = [] if spans else found[:SHOWN]
    by_day = _by_day(found, first, after) if spans else {}
    before_path, after_path = months_of(asked, path, today())
    feed = asked.feed()
    view = EventsPage(
        path=path,
        view=asked.view,
        views=views_of(asked, path),
        times=[] if spans else times_of(asked, path),
        facets=facets_of(asked, regions),
        chips=chips_of(asked, path),
        hidden=[
            *asked.ways(),
            *(("topic", value) for value in asked.chosen.get("topic", ())),
            *(("language", value) for value in asked.chosen.get("language", ())),
        ],
        query=asked.q,
        events=[event_card(gathering, person) for gathering in listed],
        pager=Pager(1, "", "")
        if spans
        else pager_of(asked, path, number=number, more=len(found) > SHOWN),
        past=asked.past,
        mine=mine,
        month=month_name(first) if asked.view == "month" else "",
        before=before_path,
        after=after_path,
        weekdays=[short_weekday(_monday(first) + timedelta(days=n)) for n in range(WEEK)],
        weeks=_weeks(by_day, first, after) if asked.view == "month" else [],
        days=[_day(day, entries, first) for day, entries in sorted(by_day.items())],
        may_publish=bool(person and person.has("organiser", "coordinator")),
        feed=feed,
        webcal=webcal(settings, feed),
        codes=codes(settings, asked),
    )
    return await page(request, view)


def _by_day(found: Sequence[GatheringBrief], first: date, after: date) -> dict[date, list[Entry]]:
    """The dates within the span, each day in order of time."""
    dated = [
        (start, gathering)
        for gathering in found
        for start in gathering.occurrences or [gathering.starts_local]
        if first <= start.date() < after
    ]
    days: dict[date, list[Entry]] = {}
    for start, gathering in sorted(dated, key=lambda pair: (pair[0], pair[1].title)):
        entry = Entry(
            slug=gathering.slug,
            title=gathering.title,
            language=gathering.language,
            time=clock(start),
            off=gathering.status in ("cancelled", "postponed"),
        )
        days.setdefault(start.date(), []).append(entry)
    return days


def _weeks(by_day: dict[date, list[Entry]], first: date, after: date) -> list[list[Day]]:
    """The month as weeks that begin on Monday (ISO 8601)."""
    begins = _monday(first)
    days = [begins + timedelta(days=n) for n in range((after - begins).days)]
    days += [days[-1] + timedelta(days=n) for n in range(1, -len(days) % WEEK + 1)]
    cells = [_day(day, by_day.get(day, ()), first) for day in days]
    return [cells[n : n + WEEK] for n in range(0, len(cells), WEEK)]


def _day(day: date, entries: Sequence[Entry], first: date) -> Day:
    return Day(
        number=day.day if day.month == first.month else 0,
        label=day_of(day, today()),
        iso=day.isoformat(),
        today=day == today(),
        entries=entries,
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
