"""Publishing, changing and calling off gatherings, for those who organise them."""

import re
from typing import Any

from fastapi import APIRouter, Request, Response

from hub.choices import Choice, choices
from hub.clients import Clients, GatheringRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SlugPath
from hub.regions import region_groups
from hub.rendering import page, redirect
from hub.sessions import Organiser, Person, SignedIn
from hub.views.events import EventEditPage, EventFormPage
from hub.views.flashes import FLASHES
from hub.words import GATHERING_KINDS, LANGUAGES, MODES
from hub.zones import zone_groups
from services.kit.errors import Forbidden, HubError
from services.kit.language import N_, _

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
