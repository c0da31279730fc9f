"""Lists of events for other sites: in a frame of theirs, and as data."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from hub.clients import Clients, GatheringBrief
from hub.event_filters import AskedEvents, EventsAsked
from hub.lists import SHOWN
from hub.pages.asking import ClientsOf, SettingsOf
from hub.pages.cards import event_card
from hub.rendering import page
from hub.settings import Settings
from hub.views.embeds import EmbedCodes, EmbedPage
from services.kit.identity import ANYONE
from services.kit.language import _

HEIGHT = 640
"""Pixels of the frame: two events and the beginning of the third; the rest is scrolled to."""
router = APIRouter(prefix="/embed")


@router.get("/events")
async def framed_events(request: Request, clients: ClientsOf, asked: AskedEvents) -> Response:
    """The same events as /events lists for everybody, without the hub around them."""
    found = await _found(clients, asked)
    view = EmbedPage(
        events=[event_card(gathering, None) for gathering in found],
        path=_as_list(asked).address("/events"),
    )
    return await page(request, view)


@router.get("/events.json")
async def events_as_data(clients: ClientsOf, settings: SettingsOf, asked: AskedEvents) -> Response:
    """The same for programs; what stands here keeps its name."""
    found = await _found(clients, asked)
    return JSONResponse(
        {
            "page": f"{settings.address}{_as_list(asked).address('/events')}",
            "events": [_data(settings, gathering) for gathering in found],
        }
    )


def codes(settings: Settings, asked: EventsAsked) -> EmbedCodes:
    """What partners put on their own sites to show what an address of /events shows."""
    plain = _as_list(asked)
    framed = plain.address(f"{settings.address}/embed/events").replace("&", "&amp;")
    title = _("Events")
    return EmbedCodes(
        frame=f'<iframe src="{framed}" title="{title}" width="100%" height="{HEIGHT}" '
        'loading="lazy" frameborder="0"></iframe>',
        data=plain.address(f"{settings.address}/embed/events.json"),
        link=plain.address(f"{settings.address}/events"),
    )


async def _found(clients: Clients, asked: EventsAsked) -> Sequence[GatheringBrief]:
    return await clients.scheduling.gatherings(
        ANYONE, past=asked.past, asked=asked.query(), limit=SHOWN
    )


def _as_list(asked: EventsAsked) -> EventsAsked:
    """The same events, whichever way they are looked at."""
    return replace(asked, view="list", month="", past=asked.past and asked.view == "list")


def _data(settings: Settings, gathering: GatheringBrief) -> dict[str, Any]:
    address = f"{settings.address}/events/{gathering.slug}"
    return {
        "id": gathering.id,
        "url": address,
        "calendar": f"{address}.ics",
        "title": gathering.title,
        "summary": gathering.summary,
        "kind": gathering.kind,
        "mode": gathering.mode,
        "status": gathering.status,
        "starts_at": _utc(gathering.starts_at),
        "ends_at": _utc(gathering.ends_at),
        "time_zone": gathering.time_zone,
        "rrule": gathering.rrule,
        "location": gathering.location,
        "region": gathering.region_code,
        "language": gathering.language,
        "topics": gathering.topics,
        "capacity": gathering.capacity,
        "seats_left": gathering.seats_left,
    }


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
