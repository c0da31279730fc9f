"""Who looks after a gathering besides its organiser, and who hosts it."""

from typing import Literal, cast

from fastapi import APIRouter, Request, Response

from hub.choices import Choice, choices
from hub.clients import HUB, Clients, GatheringRead
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SlugPath
from hub.pages.event_forms import looked_after
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.views.event_forms import EventPeoplePage, EventPerson
from hub.views.flashes import FLASHES
from hub.words import EVENT_ROLES
from services.kit.errors import HubError, Invalid
from services.kit.language import _

_PEOPLE = ("co-organiser", "host")
MOST_ORGANISATIONS = 200
router = APIRouter()


@router.get("/events/{slug}/people")
async def event_people(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """Who is named now, and how to name others."""
    gathering = await looked_after(clients, person, slug)
    return await _people_page(request, clients, person, gathering, Form())


@router.post("/events/{slug}/people")
async def name_person(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Name somebody by their address; who is new to the hub is a guest until they join."""
    form.only("name", "email", "role")
    gathering = await looked_after(clients, person, slug)
    try:
        if form.text("role") not in _PEOPLE:
            raise Invalid("Please choose what they are.", field="role")
        order = {"name": form.text("name"), "email": form.text("email")}
        contact = await clients.membership.guest(order)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, ("name", "email", "role"))
        return await _people_page(request, clients, person, gathering, failed, status=422)
    await clients.scheduling.add_person(
        gathering.id, contact.contact_id, _role(form), person.identity
    )
    return redirect(request, f"/events/{slug}/people", FLASHES["event-people-changed"])


@router.post("/events/{slug}/people/organisation")
async def name_organisation(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Name an organisation that hosts the event."""
    form.only("organisation_id")
    gathering = await looked_after(clients, person, slug)
    ids = list(dict.fromkeys((*gathering.host_organisation_ids, form.text("organisation_id"))))
    return await _with_organisations(request, clients, person, gathering, ids, form)


@router.post("/events/{slug}/people/remove")
async def remove_person(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Take somebody's part back, or an organisation's."""
    form.only("id", "role")
    gathering = await looked_after(clients, person, slug)
    if form.text("role") == "organisation":
        ids = [id for id in gathering.host_organisation_ids if id != form.text("id")]
        return await _with_organisations(request, clients, person, gathering, ids, form)
    await clients.scheduling.remove_person(
        gathering.id, form.text("id"), _role(form), person.identity
    )
    if form.text("id") == person.contact_id and _role(form) == "co-organiser":
        return redirect(request, f"/events/{slug}", FLASHES["event-people-changed"])
    return redirect(request, f"/events/{slug}/people", FLASHES["event-people-changed"])


async def _with_organisations(
    request: Request,
    clients: Clients,
    person: Person,
    gathering: GatheringRead,
    ids: list[str],
    form: Form,
) -> Response:
    try:
        change = {"host_organisation_ids": ids}
        await clients.scheduling.update(gathering.id, change, person.identity)
    except HubError as problem:
        if problem.status != 422:
            raise
        names = {"host_organisation_ids": "organisation_id"}
        failed = form.failed(problem, ("organisation_id",), names)
        return await _people_page(request, clients, person, gathering, failed, status=422)
    return redirect(request, f"/events/{gathering.slug}/people", FLASHES["event-people-changed"])


async def _people_page(
    request: Request,
    clients: Clients,
    person: Person,
    gathering: GatheringRead,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    organisations = await clients.membership.organisations(
        person.identity, limit=MOST_ORGANISATIONS
    )
    view = EventPeoplePage(
        slug=gathering.slug,
        title=gathering.title,
        people=await _named(clients, gathering, {o.id: o.name for o in organisations}),
        roles=choices(EVENT_ROLES),
        organisations=[
            Choice(organisation.id, organisation.name)
            for organisation in organisations
            if organisation.id not in gathering.host_organisation_ids
        ],
        form=form,
    )
    return await page(request, view, status=status)


async def _named(
    clients: Clients, gathering: GatheringRead, organisations: dict[str, str]
) -> list[EventPerson]:
    """Everybody who is named; who looks after an event knows who does so too."""
    parts = [
        *((id, "co-organiser") for id in gathering.co_organiser_ids),
        *((id, "host") for id in gathering.host_ids),
    ]
    names = await clients.membership.contacts([id for id, _role in parts], HUB)
    people = [
        EventPerson(id, names[id].name if id in names else _("A former member"), role,
                    EVENT_ROLES[role])
        for id, role in parts
    ]  # fmt: skip
    hosting = [
        EventPerson(id, organisations.get(id, _("An organisation")), "organisation", _("Host"))
        for id in gathering.host_organisation_ids
    ]
    return people + hosting


def _role(form: Form) -> Literal["co-organiser", "host"]:
    role = form.text("role")
    if role not in _PEOPLE:
        raise Invalid("Please choose what they are.", field="role")
    return cast(Literal["co-organiser", "host"], role)
