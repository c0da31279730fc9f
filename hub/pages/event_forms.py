"""Publishing, changing and calling off gatherings, for those who organise them."""

from fastapi import APIRouter, Request, Response

from hub.clients import Clients, GatheringRead
from hub.event_orders import (
    FIELDS,
    INPUTS,
    RENAMED,
    event_choices,
    order_of,
    values_of,
)
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SlugPath
from hub.rendering import page, redirect
from hub.sessions import Organiser, Person, SignedIn
from hub.views.event_forms import EventEditPage, EventFormPage
from hub.views.flashes import FLASHES
from services.kit.errors import Forbidden, HubError

SHOWN_PROJECTS = 12
"""Demonstration projects that a form offers, newest first."""
router = APIRouter()


@router.get("/events/new")
async def new_event(request: Request, clients: ClientsOf, person: Organiser) -> Response:
    """The form that publishes an event."""
    return await _form_page(request, clients, person, Form({"time_zone": [person.time_zone]}))


@router.post("/events/new")
async def publish_event(
    request: Request, clients: ClientsOf, person: Organiser, form: Posted
) -> Response:
    """Publish an event or save a draft; what does not fit is said beside its field."""
    form.only(*FIELDS)
    order, errors = order_of(form)
    if errors:
        return await _form_page(request, clients, person, form.with_errors(**errors), status=422)
    draft = form.text("way") == "draft"
    try:
        gathering = await clients.scheduling.create({**order, "draft": draft}, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, INPUTS, RENAMED)
        return await _form_page(request, clients, person, failed, status=422)
    said = FLASHES["draft-saved" if draft else "event-published"]
    return redirect(request, f"/events/{gathering.slug}", said)


@router.get("/events/{slug}/edit")
async def edit_event(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """The form that changes an event, for those who look after it."""
    gathering = await looked_after(clients, person, slug)
    admission = await clients.scheduling.admission(gathering.id, person.identity)
    form = Form(values_of(gathering, admission))
    return await _edit_page(request, clients, person, gathering, form)


@router.post("/events/{slug}/edit")
async def change_event(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Change an event; those registered are told when it concerns them."""
    form.only(*FIELDS)
    gathering = await looked_after(clients, person, slug)
    change, errors = order_of(form, before=gathering)
    if errors:
        failed = form.with_errors(**errors)
        return await _edit_page(request, clients, person, gathering, failed, status=422)
    try:
        await clients.scheduling.update(gathering.id, change, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, INPUTS, RENAMED)
        return await _edit_page(request, clients, person, gathering, failed, status=422)
    said = "draft-saved" if gathering.status == "draft" else "event-changed"
    if form.text("way") == "publish" and gathering.status == "draft":
        await clients.scheduling.publish(gathering.id, person.identity)
        said = "event-published"
    return redirect(request, f"/events/{gathering.slug}", FLASHES[said])


@router.post("/events/{slug}/publish")
async def publish_draft(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Open a draft for registration."""
    form.only()
    gathering = await looked_after(clients, person, slug)
    await clients.scheduling.publish(gathering.id, person.identity)
    return redirect(request, f"/events/{gathering.slug}", FLASHES["event-published"])


@router.post("/events/{slug}/duplicate")
async def duplicate_event(
    request: Request, clients: ClientsOf, person: Organiser, slug: SlugPath, form: Posted
) -> Response:
    """Make a draft that begins as this event is."""
    form.only()
    gathering = await looked_after(clients, person, slug)
    copy = await clients.scheduling.duplicate(gathering.id, person.identity)
    return redirect(request, f"/events/{copy.slug}/edit", FLASHES["draft-made"])


@router.post("/events/{slug}/postpone")
async def postpone_event(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Put an event off, when it is ticked that this is meant."""
    form.only("sure")
    gathering = await looked_after(clients, person, slug)
    if not form.ticked("sure"):
        raise Forbidden("Nothing was changed: tick the box to say that the event is postponed.")
    await clients.scheduling.postpone(gathering.id, person.identity)
    return redirect(request, f"/events/{gathering.slug}", FLASHES["event-postponed"])


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


async def looked_after(clients: Clients, person: Person, slug: str) -> GatheringRead:
    """The gathering, for those who look after it; raises Forbidden for others."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    if not manages(gathering, person):
        raise Forbidden("Only the organiser can change this event.")
    return gathering


def manages(gathering: GatheringRead, person: Person | None) -> bool:
    """Whether somebody looks after the gathering: its organiser, who helps, a moderator."""
    if person is None:
        return False
    theirs = (gathering.organiser_id, *gathering.co_organiser_ids)
    return person.contact_id in theirs or person.has("moderator")


async def _form_page(
    request: Request, clients: Clients, person: Person, form: Form, *, status: int = 200
) -> Response:
    projects = await _projects(clients, person)
    view = EventFormPage(form=form, offers=event_choices(projects), has_address=False)
    return await page(request, view, status=status)


async def _edit_page(
    request: Request,
    clients: Clients,
    person: Person,
    gathering: GatheringRead,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    projects = await _projects(clients, person, *gathering.demo_case_ids)
    view = EventEditPage(
        form=form,
        offers=event_choices(projects, before=gathering),
        has_address=gathering.mode != "onsite",
        slug=gathering.slug,
        title=gathering.title,
        status=gathering.status,
    )
    return await page(request, view, status=status)


async def _projects(clients: Clients, person: Person, *chosen: str) -> dict[str, str]:
    """Projects by id: the newest, and those chosen already."""
    found = await clients.matchmaking.demo_cases(person.identity, limit=SHOWN_PROJECTS)
    names = {project.id: project.title for project in found}
    for id in chosen:
        if id not in names:
            try:
                names[id] = (
                    await clients.matchmaking.overview(id, person.identity)
                ).demo_case.title
            except HubError:
                # Gone meanwhile: what cannot be offered any more is not kept.
                continue
    return names
