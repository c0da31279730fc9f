"""An organisation registers several of its people at once; each of them confirms the seat."""

import asyncio
from email.utils import parseaddr

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter, ValidationError

from hub.clients import HUB, Clients, GatheringRead
from hub.forms import Form, Posted
from hub.pages.asked import places
from hub.pages.asking import ClientsOf, SlugPath, even_time
from hub.pages.cards import event_card
from hub.rendering import page, redirect
from hub.sessions import Person, SignedIn
from hub.views.flashes import FLASHES
from hub.views.groups import GroupPage
from services.kit.errors import Forbidden, HubError
from services.kit.fields import Email
from services.kit.language import _

MOST = 30
"""People whom one form registers; each gets a mail."""
FIELDS = ("people", "attending")
_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
EXAMPLE = "Anna Peeters <anna@example.org>"
router = APIRouter()


@router.get("/events/{slug}/register/group")
async def group_form(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath
) -> Response:
    """The form for those who speak for an organisation."""
    gathering = await clients.scheduling.gathering(slug, person.identity)
    return await _page(request, clients, person, gathering, Form())


@router.post("/events/{slug}/register/group")
async def register_group(
    request: Request, clients: ClientsOf, person: SignedIn, slug: SlugPath, form: Posted
) -> Response:
    """Hold a seat for each, who confirms it by the link in a mail."""
    form.only(*FIELDS)
    gathering = await clients.scheduling.gathering(slug, person.identity)
    if _each_alone(gathering) or not await _organisation_of(clients, person):
        raise Forbidden("Only people who speak for a verified organisation can do this.")
    people, complaint = _people_in(form.text("people"))
    if complaint:
        failed = form.with_errors(people=complaint)
        return await _page(request, clients, person, gathering, failed, status=422)
    try:
        await asyncio.gather(
            *(_register(clients, gathering, form, name, email) for email, name in people.items())
        )
    except HubError as problem:
        if problem.status not in (409, 422):
            raise
        failed = form.failed(problem, FIELDS)
        return await _page(request, clients, person, gathering, failed, status=problem.status)
    # The answer is the same for all addresses: who has a seat already is said by mail alone.
    return redirect(request, f"/events/{gathering.slug}", FLASHES["group"])


async def _register(
    clients: Clients, gathering: GatheringRead, form: Form, name: str, email: str
) -> None:
    async with even_time():
        order = {"name": name, "email": email, "time_zone": gathering.time_zone}
        guest = await clients.membership.guest(order)
        await clients.scheduling.register(
            gathering.id,
            HUB,
            contact_id=guest.contact_id,
            unproved=True,
            **form.order("attending"),
        )


def _people_in(text: str) -> tuple[dict[str, str], str]:
    """Names by address, each once; and what is wrong with them, before anybody is written down."""
    people: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, email = parseaddr(line)
        try:
            email = _EMAIL.validate_python(email)
        except ValidationError:
            email = ""
        if not email or not name or len(name) > 200:
            return {}, _(
                "This is not a name and an e-mail address: {line}. Write them as {example}."
            ).format(line=line[:80], example=EXAMPLE)
        people.setdefault(email, name)
    if not people:
        return {}, _("Enter at least one person.")
    if len(people) > MOST:
        return {}, _("Register {most} people at most at once.").format(most=MOST)
    return people, ""


def _each_alone(gathering: GatheringRead) -> bool:
    """Whether only the person can say what the event asks, or who they are for it."""
    return bool(
        gathering.asks
        or gathering.admits != "open"
        or gathering.admits_sides
        or gathering.admits_regions
    )


async def _organisation_of(clients: Clients, person: Person) -> str:
    """The name of the verified organisation for which somebody speaks; empty for none."""
    profile = await clients.membership.me(person.identity)
    if profile.organisation is None:
        return ""
    organisation, found = await asyncio.gather(
        clients.membership.organisation(profile.organisation.id, person.identity),
        clients.membership.organisation_people(profile.organisation.id, person.identity),
    )
    speaks = found.standing.role in ("owner", "representative")
    return organisation.name if speaks and organisation.verified else ""


async def _page(
    request: Request,
    clients: Clients,
    person: Person,
    gathering: GatheringRead,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    view = GroupPage(
        event=event_card(gathering, person),
        organisation=await _organisation_of(clients, person),
        each_alone=_each_alone(gathering),
        places=places(gathering.mode, pooled=gathering.pooled),
        most=MOST,
        form=form,
    )
    return await page(request, view, status=status)
