"""The member's own page: registrations, calendar addresses, profile."""

import asyncio

from fastapi import APIRouter, Request, Response

from hub.clients import (
    Clients,
    FeedAddressRead,
    GatheringBrief,
    RegistrationRead,
    ServiceAway,
)
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, IdPath, SettingsOf
from hub.pages.cards import event_card, today
from hub.pages.events import webcal
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.settings import Settings
from hub.views.flashes import FLASHES
from hub.views.me import FeedRow, MePage, MyRegistration
from hub.words import REGISTRATION, ROLES
from services.kit.errors import HubError
from services.kit.language import _
from services.kit.times import moment_in

router = APIRouter()


@router.get("/me")
async def me(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: SignedIn
) -> Response:
    """Everything that is the member's own."""
    return await _me_page(request, clients, settings, person)


@router.post("/me/registrations/{id}/cancel")
async def cancel_registration(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath
) -> Response:
    """Give up a seat or a place in line."""
    await clients.scheduling.cancel(id, person.identity)
    return redirect(request, "/me", FLASHES["cancelled"])


@router.post("/me/registrations/{id}/take-up")
async def take_up_seat(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath
) -> Response:
    """Take a seat that is offered."""
    await clients.scheduling.take_up(id, person.identity)
    return redirect(request, "/me", FLASHES["seat-confirmed"])


@router.post("/me/calendar")
async def issue_address(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: SignedIn, form: Posted
) -> Response:
    """Make a calendar address and show it this once: its secret is kept nowhere."""
    form.only("label")
    label = form.text("label").strip() or _("My calendar")
    try:
        issued = await clients.calendar.issue(label, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, ("label",))
        return await _me_page(request, clients, settings, person, label=failed, status=422)
    return await _me_page(request, clients, settings, person, secret=issued.secret)


@router.post("/me/calendar/{id}/revoke")
async def revoke_address(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath
) -> Response:
    """Switch a calendar address off."""
    await clients.calendar.revoke(id, person.identity)
    return redirect(request, "/me", FLASHES["feed-revoked"])


async def _me_page(
    request: Request,
    clients: Clients,
    settings: Settings,
    person: Person,
    *,
    secret: str = "",
    label: Form | None = None,
    status: int = 200,
) -> Response:
    profile, gatherings, addresses = await asyncio.gather(
        clients.membership.me(person.identity),
        clients.scheduling.gatherings(person.identity, registered=True, own=True, limit=200),
        _addresses(clients, person),
    )
    rows = [_row(gathering.own, gathering, person) for gathering in gatherings if gathering.own]
    feed = f"/feeds/private/{secret}.ics" if secret else ""
    view = MePage(
        name=profile.name,
        email=profile.email,
        roles=[ROLES[role] for role in profile.roles if role != "member"],
        coming=[row for row in rows if row.open],
        earlier=[row for row in rows if not row.open],
        feeds=[
            FeedRow(
                id=address.id,
                label=address.label,
                made=moment_in(address.made_at, person.time_zone, today()),
            )
            for address in addresses or ()
            if address.revoked_at is None
        ],
        calendar_away=addresses is None,
        new_feed=settings.address + feed if feed else "",
        new_webcal=webcal(settings, feed) if feed else "",
        label=label or Form(),
    )
    return await page(request, view, status=status)


async def _addresses(clients: Clients, person: Person) -> list[FeedAddressRead] | None:
    try:
        return await clients.calendar.addresses(person.identity)
    except ServiceAway:
        return None


def _row(found: RegistrationRead, gathering: GatheringBrief, person: Person) -> MyRegistration:
    return MyRegistration(
        id=found.id,
        status=found.status,
        label=REGISTRATION[found.status],
        position=found.position,
        event=event_card(gathering, person),
        open=gathering.status == "published" and found.status != "cancelled",
    )
