"""Gatherings, which pages call events."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from hub.choices import Choice, choices
from hub.clients import HUB, Clients, GatheringRead, RegistrationRead
from hub.forms import Form, Posted
from hub.lists import SHOWN, PageNumber, Words, filters, paged, skipped
from hub.pages.asking import ClientsOf, SettingsOf, SlugPath, even_time
from hub.pages.cards import active, event_card, occurrence
from hub.regions import region_groups
from hub.rendering import page, redirect
from hub.sessions import Organiser, Person, SignedIn, Visitor, identity_of
from hub.settings import Settings
from hub.views.events import (
    Attendee,
    EventEditPage,
    EventFormPage,
    EventPage,
    EventsPage,
    OwnRegistration,
)
from hub.views.flashes import FLASHES
from hub.words import GATHERING_KINDS, LANGUAGES, MODES, REGISTRATION
from hub.zones import zone_groups
from services.kit.errors import Forbidden, HubError
from services.kit.forgetting import FORMER
from services.kit.language import N_, _
from services.kit.markdown import render

FIELDS = (
    "kind", "mode", "title", "summary", "description", "starts_local", "ends_local", "time_zone",
    "repeats", "times", "capacity", "location", "join_url", "topics", "region_code", "language",
)  # fmt: skip
EDITED = (
    "title", "summary", "description", "starts_local", "ends_local", "time_zone", "location",
    "join_url",
)  # fmt: skip
MOST_TIMES = 52
router = APIRouter()


@router.get("/events")
async def events(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    person: Visitor,
    past: bool = False,
    topic: Words = "",
    number: PageNumber = 1,
) -> Response:
    """Coming or past events."""
    return await _list(request, clients, settings, person, past=past, topic=topic, number=number)


@router.get("/events/mine")
async def own_events(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    person: Organiser,
    past: bool = False,
    number: PageNumber = 1,
) -> Response:
    """The events that an organiser runs, drafts among them."""
    return await _list(request, clients, settings, person, past=past, number=number, mine=True)


@router.get("/events/new")
async def new_event(request: Request, person: Organiser) -> Response:
    """The form that publishes an event."""
    return await _form_page(request, Form({"time_zone": [person.time_zone]}))


@router.post("/events/new")
async def publish_event(
    request: Request, clients: ClientsOf, person: Organiser, form: Posted
) -> Response:
    """Publish an event; what does not fit is said beside its field."""
    form.only(*FIELDS)
    order, errors = _order(form)
    if errors:
        return await _form_page(request, form.with_errors(**errors), status=422)
    try:
        gathering = await clients.scheduling.create(order, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, FIELDS, {"rrule": "times"})
        return await _form_page(request, failed, status=422)
    return redirect(request, f"/events/{gathering.slug}", FLASHES["event-published"])


@router.get("/events/{slug}")
async def event(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: Visitor, slug: SlugPath
) -> Response:
    """One event."""
    return await _event_page(request, clients, settings, person, slug, Form())


@router.get("/events/{slug}/edit")
async def edit_event(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """The form that changes an event, for its organiser."""
    gathering = await _own_event(clients, person, slug)
    values = {name: [str(getattr(gathering, name))] for name in ("title", "summary", "description")}
    values["time_zone"], values["location"] = [gathering.time_zone], [gathering.location]
    for name, local in (
        ("starts_local", gathering.starts_local),
        ("ends_local", gathering.ends_local),
    ):
        values[name] = [local.isoformat(timespec="minutes")]
    return await _edit_page(request, gathering, Form(values))


@router.post("/events/{slug}/edit")
async def change_event(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Change an event; those registered are told when it concerns them."""
    form.only(*EDITED)
    gathering = await _own_event(clients, person, slug)
    change = {name: form.text(name) for name in EDITED if name in form.values}
    if not change.get("join_url"):
        change.pop("join_url", None)
    try:
        await clients.scheduling.update(gathering.id, change, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        return await _edit_page(request, gathering, form.failed(problem, EDITED), status=422)
    return redirect(request, f"/events/{gathering.slug}", FLASHES["event-changed"])


@router.post("/events/{slug}/register")
async def register(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    person: Visitor,
    slug: SlugPath,
    form: Posted,
) -> Response:
    """Take a seat: a member by one button, a guest with name and address."""
    form.only("name", "email")
    gathering = await clients.scheduling.gathering(slug, identity_of(person))
    path = f"/events/{gathering.slug}"
    if person:
        got = await clients.scheduling.register(gathering.id, person.identity)
        return redirect(request, path, FLASHES["seat" if got.status == "confirmed" else "line"])
    try:
        async with even_time():
            guest = await clients.membership.guest(
                {**form.order("name", "email"), "time_zone": gathering.time_zone}
            )
            await clients.scheduling.register(gathering.id, HUB, contact_id=guest.contact_id)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, ("name", "email"))
        return await _event_page(request, clients, settings, None, slug, failed, status=422)
    # The answer is the same for every address: who is registered is said by mail alone.
    return redirect(request, path, FLASHES["guest"])


@router.get("/events/{slug}/join")
async def join_event(clients: ClientsOf, person: SignedIn, slug: SlugPath) -> Response:
    """On to where it happens, for those with a seat and the organiser."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    address = await clients.scheduling.join_address(gathering.id, person.identity)
    return RedirectResponse(
        address.url, status_code=303, headers={"referrer-policy": "no-referrer"}
    )


@router.post("/events/{slug}/cancel")
async def cancel_event(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Call an event off, when its organiser has ticked that they mean it."""
    form.only("sure")
    gathering = await clients.scheduling.gathering(slug, person.identity)
    if not form.ticked("sure"):
        raise Forbidden("Nothing was changed: tick the box to say that the event is called off.")
    await clients.scheduling.cancel_gathering(gathering.id, person.identity)
    return redirect(request, f"/events/{gathering.slug}", FLASHES["event-cancelled"])


async def _list(
    request: Request,
    clients: Clients,
    settings: Settings,
    person: Person | None,
    *,
    past: bool,
    number: int,
    topic: str = "",
    mine: bool = False,
) -> Response:
    path = "/events/mine" if mine else "/events"
    found = await clients.scheduling.gatherings(
        identity_of(person),
        past=past,
        topic=topic or None,
        organiser_id=person.contact_id if mine and person else None,
        own=person is not None,
        limit=SHOWN + 1,
        offset=skipped(number),
    )
    shown, pager = paged(found, number, path, past="true" if past else "", topic=topic)
    times = {"": _("Coming"), "true": _("Past")}
    feed = f"/feeds/topic/{quote(topic, safe='')}.ics" if topic else "/feeds/public.ics"
    view = EventsPage(
        events=[event_card(gathering, person) for gathering in shown],
        filters=filters(path, "past", "true" if past else "", times, topic=topic),
        pager=pager,
        past=past,
        mine=mine,
        topic=topic,
        may_publish=bool(person and person.has("organiser", "coordinator")),
        feed=feed,
        webcal=webcal(settings, feed),
    )
    return await page(request, view)


def webcal(settings: Settings, path: str) -> str:
    """The address that calendar apps subscribe to with one click."""
    return f"webcal://{settings.authority}{path}"


async def _own_event(clients: Clients, person: Person, slug: str) -> GatheringRead:
    gathering = await clients.scheduling.gathering(slug, person.identity)
    if gathering.organiser_id != person.contact_id and not person.has("moderator"):
        raise Forbidden("Only the organiser can change this event.")
    return gathering


async def _edit_page(
    request: Request, gathering: GatheringRead, form: Form, *, status: int = 200
) -> Response:
    view = EventEditPage(form=form, slug=gathering.slug, title=gathering.title, zones=zone_groups())
    return await page(request, view, status=status)


async def _event_page(
    request: Request,
    clients: Clients,
    settings: Settings,
    person: Person | None,
    slug: str,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    signed_in = person is not None
    gathering = await clients.scheduling.gathering(
        slug, identity_of(person), own=signed_in, attendees=signed_in
    )
    is_organiser = bool(person and person.contact_id == gathering.organiser_id)
    organiser, attendees = await asyncio.gather(
        _organiser_name(clients, person, gathering),
        _attendees(clients, gathering.attendees if is_organiser else None),
    )
    own = active(gathering.own)
    feed = f"/events/{gathering.slug}.ics"
    view = EventPage(
        card=event_card(gathering, person),
        live=f"gathering:{gathering.id}",
        description=render(gathering.description),
        dates=[occurrence(gathering, start, person) for start in gathering.occurrences],
        language=LANGUAGES.get(gathering.language, gathering.language),
        organiser=organiser,
        open=gathering.status == "published" and gathering.finishes_at > datetime.now(UTC),
        own=OwnRegistration(own.id, own.status, REGISTRATION[own.status], own.position)
        if own
        else None,
        can_join=gathering.mode != "onsite"
        and gathering.status == "published"
        and (is_organiser or bool(own and own.status == "confirmed")),
        is_organiser=is_organiser,
        attendees=attendees,
        form=form,
        feed=feed,
        webcal=webcal(settings, feed),
    )
    return await page(request, view, status=status)


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


def _order(form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    """The form as a request to scheduling, and what the page itself finds wrong."""
    errors: dict[str, str] = {}
    order = form.order(
        "kind", "mode", "title", "summary", "description", "starts_local", "ends_local",
        "time_zone", "location", "join_url", "region_code", "language",
    )  # fmt: skip
    for name, asked in (
        ("title", N_("Enter what the event is called.")),
        ("starts_local", N_("Enter when it starts.")),
        ("ends_local", N_("Enter when it ends.")),
    ):
        if not form.text(name).strip():
            errors[name] = _(asked)
    order["topics"] = form.words("topics")
    if seats := form.text("capacity").strip():
        if seats.isascii() and seats.isdigit() and len(seats) < 7:
            order["capacity"] = int(seats)
        else:
            errors["capacity"] = _("Enter the number of seats as digits, or leave it empty.")
    if form.text("repeats") not in ("", "no", "weekly"):
        errors["repeats"] = _("Choose whether the event is repeated.")
    if form.text("repeats") == "weekly":
        times = form.text("times").strip()
        if re.fullmatch("[0-9]{1,4}", times) and 2 <= int(times) <= MOST_TIMES:
            order["rrule"] = f"FREQ=WEEKLY;COUNT={int(times)}"
        else:
            errors["times"] = _(
                "Enter how often it takes place: a number from 2 to {most}."
            ).format(most=MOST_TIMES)
    return order, errors


async def _form_page(request: Request, form: Form, *, status: int = 200) -> Response:
    view = EventFormPage(
        form=form,
        kinds=choices(GATHERING_KINDS),
        modes=choices(MODES),
        rhythms=[
            Choice("no", _("Once")),
            Choice(
                "weekly", _("Every week"), _("On the same weekday, at the same time by the clock.")
            ),
        ],
        zones=zone_groups(),
        regions=region_groups(),
        languages=choices(LANGUAGES),
    )
    return await page(request, view, status=status)
