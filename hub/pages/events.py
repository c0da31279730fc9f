"""Gatherings, which pages call events."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from hub.clients import HUB, Clients, GatheringRead, RegistrationRead
from hub.event_links import google_link, outlook_link, schema_of
from hub.forms import Form
from hub.pages.asked import own_days
from hub.pages.asking import ClientsOf, SettingsOf, SlugPath
from hub.pages.cards import active, event_card, occurrence, picture_path, today
from hub.pages.event_parts import event_more, runs
from hub.regions import region_name
from hub.rendering import page
from hub.sessions import Person, Visitor, identity_of
from hub.settings import Settings
from hub.views.events import (
    Attendee,
    EventPage,
    OwnRegistration,
)
from hub.words import LANGUAGES, REGISTRATION, SIDES
from services.kit.forgetting import FORMER
from services.kit.language import _
from services.kit.markdown import render
from services.kit.times import moment_in

router = APIRouter()


@router.get("/events/{slug}")
async def event(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: Visitor, slug: SlugPath
) -> Response:
    """One event."""
    return await event_page(request, clients, settings, person, slug, Form())


def webcal(settings: Settings, path: str) -> str:
    """The address that calendar apps subscribe to with one click."""
    return f"webcal://{settings.authority}{path}"


async def event_page(
    request: Request,
    clients: Clients,
    settings: Settings,
    person: Person | None,
    slug: str,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    """The page of one gathering, with what a visitor typed when that was refused."""
    signed_in = person is not None
    gathering = await clients.scheduling.gathering(
        slug, identity_of(person), own=signed_in, attendees=signed_in
    )
    is_organiser = runs(gathering, person)
    own = active(gathering.own)
    organiser, attendees, more = await asyncio.gather(
        _organiser_name(clients, person, gathering),
        _attendees(clients, gathering.attendees if is_organiser else None),
        event_more(clients, person, gathering),
    )
    days = await own_days(clients, gathering, own, person)
    community = await request.app.state.community.now()
    feed = f"/events/{gathering.slug}.ics"
    view = EventPage(
        card=event_card(gathering, person),
        live=f"gathering:{gathering.id}",
        picture=picture_path(gathering, gathering.cover),
        picture_alt=gathering.cover_alt,
        description=render(gathering.description),
        dates=[occurrence(gathering, start, person) for start in gathering.occurrences],
        language=LANGUAGES.get(gathering.language, gathering.language),
        organiser=organiser,
        open=gathering.status == "published" and gathering.finishes_at > datetime.now(UTC),
        by_date=by_date(gathering),
        plain=not (gathering.asks or gathering.pooled or by_date(gathering)),
        says=_for_whom(gathering),
        by_invitation=gathering.admits == "invited",
        own=OwnRegistration(
            own.id,
            own.status,
            REGISTRATION[own.status],
            own.position,
            days,
        )
        if own
        else None,
        can_join=gathering.mode != "onsite"
        and gathering.status == "published"
        and (is_organiser or bool(own and own.status == "confirmed")),
        is_organiser=is_organiser,
        more=more,
        attendees=attendees,
        form=form,
        feed=feed,
        webcal=webcal(settings, feed),
        google=google_link(gathering, settings.address),
        outlook=outlook_link(gathering, settings.address),
        schema=schema_of(
            gathering,
            settings.address,
            [host.name for host in more.hosts if host.path],
            community.name,
        ),
    )
    return await page(request, view, status=status)


def by_date(gathering: GatheringRead) -> bool:
    """Whether people register for each date."""
    return gathering.registers_for == "occurrence" and len(gathering.occurrences) > 1


def _for_whom(gathering: GatheringRead) -> str:
    """What somebody should know before they register: for whom, and since when."""
    said = []
    if gathering.opens_at and gathering.opens_at > datetime.now(UTC):
        opens = moment_in(gathering.opens_at, gathering.time_zone, today())
        said.append(_("Registration opens {moment}.").format(moment=opens))
    elif gathering.closes_at:
        closes = moment_in(gathering.closes_at, gathering.time_zone, today())
        said.append(_("Registration closes {moment}.").format(moment=closes))
    if gathering.admits == "members":
        said.append(_("For members of the community."))
    elif gathering.admits == "invited":
        said.append(_("For people whom the organiser invites."))
    if gathering.admits_sides:
        sides = ", ".join(SIDES[side] for side in gathering.admits_sides)
        said.append(_("For: {sides}.").format(sides=sides))
    if gathering.admits_regions:
        regions = ", ".join(region_name(code) for code in gathering.admits_regions)
        said.append(_("For people from {regions}.").format(regions=regions))
    if gathering.needs_approval:
        said.append(_("The organiser decides who gets a seat."))
    return " ".join(said)


async def _organiser_name(clients: Clients, person: Person | None, g: GatheringRead) -> str:
    if person is None:
        return ""
    if person.contact_id == g.organiser_id:
        return person.name
    if g.organiser_id == FORMER:
        return _("A former member")
    names = await clients.membership.contacts([g.organiser_id], person.identity)
    return names[g.organiser_id].name if g.organiser_id in names else ""


async def _attendees(
    clients: Clients, registered: Sequence[RegistrationRead] | None
) -> list[Attendee]:
    """Who comes, with names and addresses, for the organiser whom scheduling accepts as such."""
    if not registered:
        return []
    people = await clients.membership.contacts([r.contact_id for r in registered], HUB)
    return [
        Attendee(
            name=people[r.contact_id].name,
            email=people[r.contact_id].email or "",
            status=r.status,
            position=r.position,
        )
        for r in registered
        if r.contact_id in people
    ]
