"""Taking a seat in a gathering."""

from fastapi import APIRouter, Request, Response

from hub.clients import HUB
from hub.forms import Posted
from hub.pages.asking import ClientsOf, SettingsOf, SlugPath, even_time
from hub.pages.events import event_page
from hub.rendering import redirect
from hub.sessions import Visitor, identity_of
from hub.views.flashes import FLASHES
from services.kit.errors import HubError

router = APIRouter()


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
        return await event_page(request, clients, settings, None, slug, failed, status=422)
    # The answer is the same for every address: who is registered is said by mail alone.
    return redirect(request, path, FLASHES["guest"])
