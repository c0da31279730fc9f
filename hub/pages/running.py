"""The way in to a gathering, online and at the door."""

from datetime import UTC, datetime
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from hub.certificates import certificate
from hub.clients import HUB, Clients, GatheringRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, CommunityOf, SecretPath, SettingsOf, SlugPath, even_time
from hub.pages.cards import event_card, occurrence, today
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn, Visitor, identity_of
from hub.settings import Settings
from hub.views.flashes import FLASHES
from hub.views.running import CheckInPage, EnteredPage, JoinPage, TicketPage
from hub.words import MODES
from services.kit.errors import HubError
from services.kit.identity import ANYONE
from services.kit.language import _, ngettext, spoken
from services.kit.times import day_of, moment_in

HAS_SEAT = ("confirmed", "unconfirmed")
router = APIRouter()


@router.get("/events/{slug}/join")
async def join_event(
    request: Request, clients: ClientsOf, person: Visitor, slug: SlugPath
) -> Response:
    """On to where it happens, for those with a seat and the organiser."""
    gathering = await clients.scheduling.gathering(slug, identity_of(person))
    if person is None:
        return await _join_page(request, gathering, None)
    try:
        way = await clients.scheduling.enter(gathering.id, person.identity)
    except HubError as problem:
        if problem.status not in (403, 409):
            raise
        # Who has no seat yet may come in by one button, as long as seats are left.
        comes_in = problem.status == 403
        said = "" if comes_in else problem.detail
        return await _join_page(
            request, gathering, person, said=said, comes_in=comes_in, status=problem.status
        )
    return RedirectResponse(way.url, status_code=303, headers=_SILENT)


@router.post("/events/{slug}/join")
async def come_in(
    request: Request, clients: ClientsOf, person: Visitor, slug: SlugPath, form: Posted
) -> Response:
    """Come in without a registration: it is made now, and confirmed later."""
    form.only("name", "email")
    gathering = await clients.scheduling.gathering(slug, identity_of(person))
    try:
        if person:
            contact_id = person.contact_id
            way = await clients.scheduling.walk_in(gathering.id, contact_id, "online", HUB)
        else:
            async with even_time():
                guest = await clients.membership.guest(
                    {**form.order("name", "email"), "time_zone": gathering.time_zone}
                )
                way = await clients.scheduling.walk_in(
                    gathering.id, guest.contact_id, "online", HUB
                )
    except HubError as problem:
        if problem.status == 422:
            failed = form.failed(problem, ("name", "email"))
            return await _join_page(request, gathering, person, form=failed, status=422)
        if problem.status != 409:
            raise
        return await _join_page(request, gathering, person, said=problem.detail, status=409)
    return await _entered(request, gathering, way.url)


@router.post("/registrations/{secret}/join")
async def join_by_link(request: Request, clients: ClientsOf, secret: SecretPath) -> Response:
    """The same for people without an account, by the link in their mail."""
    found = await clients.scheduling.by_secret(secret)
    gathering = await clients.scheduling.gathering(found.gathering_id, ANYONE)
    way = await clients.scheduling.enter_by_secret(secret)
    return await _entered(request, gathering, way.url)


@router.get("/registrations/{secret}/ticket")
async def ticket_by_link(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: Visitor, secret: SecretPath
) -> Response:
    """What a guest shows at the door."""
    found = await clients.scheduling.by_secret(secret)
    gathering = await clients.scheduling.gathering(found.gathering_id, ANYONE)
    code = await clients.scheduling.ticket_code_by_secret(secret)
    return await _ticket_page(request, settings, gathering, person, code)


@router.get("/events/{slug}/ticket")
async def ticket(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """What a member shows at the door."""
    gathering = await clients.scheduling.gathering(slug, person.identity, own=True)
    if gathering.own is None:
        return redirect(request, f"/events/{gathering.slug}")
    code = await clients.scheduling.ticket_code(gathering.own.id, person.identity)
    return await _ticket_page(request, settings, gathering, person, code)


@router.get("/events/{slug}/certificate.pdf")
async def certificate_file(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    community: CommunityOf,
    person: SignedIn,
    slug: SlugPath,
) -> Response:
    """A certificate for somebody who came."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    read = await clients.scheduling.certificate(gathering.id, person.identity)
    dates = [occurrence(gathering, start, person).text for start in read.dates]
    minutes = read.minutes
    made = partial(
        certificate,
        language=spoken(),
        hub=community.name,
        heading=_("Certificate of attendance"),
        name=person.name,
        sentence=_("took part in"),
        title=read.title,
        facts=[
            (_("When"), "; ".join(dates)),
            (
                _("Duration"),
                ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes),
            ),
            (_("Where"), read.location or MODES[gathering.mode]),
        ],
        footer=_("Made on {day} by {hub}, {address}").format(
            day=day_of(today(), today()), hub=community.name, address=settings.address
        ),
        made_at=datetime.now(UTC),
    )
    return Response(
        await run_in_threadpool(made),
        media_type="application/pdf",
        headers={
            "content-disposition": f'attachment; filename="{gathering.slug}.pdf"',
            "cache-control": "no-store",
        },
    )


@router.get("/checkin/{secret}")
async def read_code(
    request: Request, clients: ClientsOf, person: SignedIn, secret: SecretPath
) -> Response:
    """What the organiser's phone shows when it has read a code at the door."""
    return await _check_in_page(request, clients, person, secret)


@router.post("/checkin/{secret}")
async def check_in(
    request: Request, clients: ClientsOf, person: SignedIn, secret: SecretPath
) -> Response:
    """Write down that this person is here."""
    found = await clients.scheduling.ticket(secret, person.identity)
    await clients.scheduling.check_in(found.registration_id, person.identity, found.occurrence)
    return redirect(request, f"/checkin/{secret}", FLASHES["checked-in"])


_SILENT = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
"""Where somebody comes from and goes to is nobody else's business."""


async def _join_page(
    request: Request,
    gathering: GatheringRead,
    person: Person | None,
    *,
    said: str = "",
    comes_in: bool = True,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    view = JoinPage(
        event=event_card(gathering, person),
        said=said,
        action=f"/events/{gathering.slug}/join",
        asks=person is None,
        comes_in=comes_in and gathering.mode != "onsite",
        form=form or Form(),
    )
    return await page(request, view, status=status)


async def _entered(request: Request, gathering: GatheringRead, url: str) -> Response:
    response = await page(request, EnteredPage(title=gathering.title, url=url))
    response.headers.update(_SILENT)
    return response


async def _ticket_page(
    request: Request,
    settings: Settings,
    gathering: GatheringRead,
    person: Person | None,
    code: str,
) -> Response:
    # segno loads slowly, and few pages show a code.
    import segno

    picture = segno.make(f"{settings.address}/checkin/{code}", error="m").svg_inline(
        scale=6, border=3, dark="#000", light="#fff", omitsize=True
    )
    view = TicketPage(event=event_card(gathering, person), code=code, picture=picture)
    response = await page(request, view)
    response.headers["cache-control"] = "no-store"
    return response


async def _check_in_page(request: Request, clients: Clients, person: Person, code: str) -> Response:
    found = await clients.scheduling.ticket(code, person.identity)
    gathering = await clients.scheduling.gathering(found.gathering_slug, person.identity)
    names = await clients.membership.contacts([found.contact_id], HUB)
    known = names.get(found.contact_id)
    arrived = found.arrived_at
    view = CheckInPage(
        event=event_card(gathering, person),
        name=known.name if known else _("A former member"),
        code=code,
        has_seat=found.status in HAS_SEAT,
        arrived=moment_in(arrived, person.time_zone, today()) if arrived else "",
    )
    return await page(request, view)
