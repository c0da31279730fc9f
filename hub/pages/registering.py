"""Taking a seat in a gathering."""

from fastapi import APIRouter, Request, Response

from hub.choices import Choice
from hub.clients import HUB, Clients, GatheringRead, QuestionRead
from hub.forms import Form, Posted
from hub.pages.asked import answers_in, fields_of, open_dates, places
from hub.pages.asking import ClientsOf, SettingsOf, SlugPath, even_time
from hub.pages.cards import event_card
from hub.pages.events import event_page
from hub.rendering import page, redirect
from hub.sessions import Person, Visitor, identity_of
from hub.views.flashes import FLASHES
from hub.views.registering import RegisterPage
from services.kit.errors import HubError

FLASH_OF = {"confirmed": "seat", "waitlisted": "line", "requested": "asked"}
router = APIRouter()


@router.get("/events/{slug}/register")
async def register_form(
    request: Request, clients: ClientsOf, person: Visitor, slug: SlugPath
) -> Response:
    """The form that asks for a seat."""
    gathering = await clients.scheduling.gathering(slug, identity_of(person))
    asked = await clients.scheduling.questions(gathering.id, identity_of(person))
    dates = await open_dates(clients, gathering, person)
    return await _page(request, gathering, asked, dates, person, Form())


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
    gathering = await clients.scheduling.gathering(slug, identity_of(person))
    asked: list[QuestionRead] = []
    if gathering.asks:
        asked = await clients.scheduling.questions(gathering.id, identity_of(person))
    names = [field.name for field in fields_of(asked)]
    form.only("name", "email", "attending", "access_needs", "dates", *names)
    path = f"/events/{gathering.slug}"
    order = {
        **form.order("attending", "access_needs"),
        "answers": answers_in(form, asked),
    }
    dates = await open_dates(clients, gathering, person)
    if dates:
        order["dates"] = form.all("dates")
    try:
        if person:
            got = await clients.scheduling.register(gathering.id, person.identity, **order)
            return redirect(request, path, FLASHES[FLASH_OF.get(got.status, "seat")])
        async with even_time():
            await _register_guest(clients, gathering, form, order)
    except HubError as problem:
        # Whether an address is invited is nobody's to try out.
        if problem.status == 403 and gathering.admits == "invited" and person is None:
            return redirect(request, path, FLASHES["guest"])
        if problem.status != 422:
            raise
        failed = form.failed(
            problem, ("name", "email", "attending", "access_needs", "dates", *names)
        )
        if not (gathering.asks or gathering.pooled or dates):
            return await event_page(request, clients, settings, person, slug, failed, status=422)
        return await _page(request, gathering, asked, dates, person, failed, status=422)
    # The answer is the same for every address: who is registered is said by mail alone.
    return redirect(request, path, FLASHES["guest"])


async def _register_guest(
    clients: Clients, gathering: GatheringRead, form: Form, order: dict[str, object]
) -> None:
    guest = await clients.membership.guest(
        {**form.order("name", "email"), "time_zone": gathering.time_zone}
    )
    await clients.scheduling.register(
        gathering.id, HUB, contact_id=guest.contact_id, unproved=True, **order
    )


async def _page(
    request: Request,
    gathering: GatheringRead,
    asked: list[QuestionRead],
    dates: list[Choice],
    person: Person | None,
    form: Form,
    *,
    status: int = 200,
) -> Response:
    view = RegisterPage(
        event=event_card(gathering, person),
        action=f"/events/{gathering.slug}/register",
        asks_who=person is None,
        places=places(gathering.mode, pooled=gathering.pooled),
        dates=dates,
        questions=fields_of(asked),
        needs_approval=gathering.needs_approval,
        form=form,
    )
    return await page(request, view, status=status)
