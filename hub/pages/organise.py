"""What organisers look after: their events, and how each fills."""

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from hub.clients import GatheringBrief, SeatCounts
from hub.curves import curve
from hub.lists import SHOWN, PageNumber, address, paged, skipped
from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.cards import event_card, today
from hub.regions import region_name
from hub.rendering import page
from hub.sessions import SignedIn
from hub.views.organise import FillingPage, OrganisedEvent, OrganisePage
from hub.views.shell import Filter
from hub.words import SIDES
from services.kit.language import _, ngettext
from services.kit.times import day_of

router = APIRouter()


@router.get("/organise")
async def organised(
    request: Request,
    clients: ClientsOf,
    person: SignedIn,
    past: bool = False,
    number: PageNumber = 1,
) -> Response:
    """The events that the reader organises or helps with, drafts among them."""
    found = await clients.scheduling.gatherings(
        person.identity,
        past=past,
        organiser_id=person.contact_id,
        limit=SHOWN + 1,
        offset=skipped(number),
    )
    kept = {"past": "true"} if past else {}
    shown, pager = paged(found, number, "/organise", **kept)
    ids = [gathering.id for gathering in shown]
    seat_counts = await clients.scheduling.seat_counts(ids, person.identity) if ids else []
    by_id = {counts.gathering_id: counts for counts in seat_counts}
    words = {False: _("Coming"), True: _("Past")}
    view = OrganisePage(
        times=[
            Filter(
                label=label,
                path=address("/organise", past="true" if value else ""),
                current=value == past,
                count=None,
            )
            for value, label in words.items()
        ],
        past=past,
        events=[
            OrganisedEvent(
                card=event_card(gathering, person),
                seats=_seats(gathering, by_id[gathering.id]),
                waiting=by_id[gathering.id].waiting,
                asking=by_id[gathering.id].asking,
                helped=gathering.organiser_id != person.contact_id,
            )
            for gathering in shown
            if gathering.id in by_id
        ],
        pager=pager,
        may_publish=person.has("organiser", "coordinator"),
    )
    return await page(request, view)


@router.get("/organise/{slug}")
async def filling(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """How one event fills, and with whom."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    read = await clients.scheduling.statistics(gathering.id, person.identity)
    days = [(count.day, count.seats) for count in read.days]
    # After the end nobody registers any more.
    until = min(datetime.now(UTC), gathering.finishes_at).date()
    last = max(until, days[-1][0]) if days else until
    view = FillingPage(
        event=event_card(gathering, person),
        seats=_seats(gathering, read),
        waiting=read.waiting,
        asking=read.asking,
        curve=curve(days, until=until, most=gathering.capacity) if days else None,
        first=day_of(days[0][0], today()) if days else "",
        last=day_of(last, today()),
        capacity=gathering.capacity,
        days=[(day_of(day, today()), seats) for day, seats in days],
        sides={side: read.sides.get(side, 0) for side in SIDES} if read.seats else {},
        unknown=read.sides.get("", 0),
        regions=_largest_first(read.regions),
    )
    return await page(request, view)


def _seats(gathering: GatheringBrief, counts: SeatCounts) -> str:
    """How many seats are taken, and of how many."""
    if gathering.capacity is None:
        words = ngettext("{num} person has a seat", "{num} people have a seat", counts.seats)
        return words.format(num=counts.seats)
    return _("{seats} of {capacity} seats are taken").format(
        seats=counts.seats, capacity=gathering.capacity
    )


def _largest_first(regions: Mapping[str, int]) -> list[tuple[str, int]]:
    """Regions by name; those of whom nothing is known come last."""
    named = [(region_name(code), number) for code, number in regions.items() if code]
    named.sort(key=lambda pair: (-pair[1], pair[0]))
    return named + ([(_("Not known"), regions[""])] if "" in regions else [])
