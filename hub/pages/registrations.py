"""A registration reached by the link in a mail; also for those without an account."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from hub.clients import Clients
from hub.forms import Form, Posted
from hub.pages.asked import answers_in, fields_of, open_dates, own_days, places, typed
from hub.pages.asking import ClientsOf, SecretPath
from hub.pages.cards import event_card, today
from hub.rendering import page, redirect
from hub.sessions import Person, Visitor
from hub.views.flashes import FLASHES
from hub.views.registering import RegistrationPage
from hub.words import REGISTRATION
from services.kit.errors import HubError
from services.kit.identity import ANYONE
from services.kit.times import moment_in

router = APIRouter()


@router.get("/registrations/{secret}")
async def registration(
    request: Request, clients: ClientsOf, person: Visitor, secret: SecretPath
) -> Response:
    """How things stand, and what can be done about it."""
    return await _page(request, clients, person, secret, None)


@router.post("/registrations/{secret}")
async def change_registration(
    request: Request, clients: ClientsOf, person: Visitor, secret: SecretPath, form: Posted
) -> Response:
    """Change answers, needs, or where one takes part."""
    found = await clients.scheduling.by_secret(secret)
    asked = await clients.scheduling.questions(found.gathering_id, ANYONE)
    names = [field.name for field in fields_of(asked)]
    form.only("attending", "access_needs", "dates", *names)
    change = {
        **form.order("attending"),
        "access_needs": form.text("access_needs"),
        "answers": answers_in(form, asked),
    }
    if found.dates is not None:
        change["dates"] = form.all("dates")
    try:
        await clients.scheduling.change_by_secret(secret, change)
    except HubError as problem:
        if problem.status not in (409, 422):
            raise
        failed = form.failed(problem, ("attending", "access_needs", "dates", *names))
        return await _page(request, clients, person, secret, failed, status=problem.status)
    return redirect(request, f"/registrations/{secret}", FLASHES["registration-changed"])


@router.post("/registrations/{secret}/take-up")
async def take_up(request: Request, clients: ClientsOf, secret: SecretPath) -> Response:
    """Confirm the seat that is kept, or take the one that is offered."""
    await clients.scheduling.take_up_by_secret(secret)
    return redirect(request, f"/registrations/{secret}", FLASHES["seat-confirmed"])


@router.post("/registrations/{secret}/cancel")
async def cancel_registration(request: Request, clients: ClientsOf, secret: SecretPath) -> Response:
    """Give up the seat or the place in line."""
    await clients.scheduling.cancel_by_secret(secret)
    return redirect(request, f"/registrations/{secret}", FLASHES["cancelled"])


async def _page(
    request: Request,
    clients: Clients,
    person: Person | None,
    secret: str,
    form: Form | None,
    *,
    status: int = 200,
) -> Response:
    found = await clients.scheduling.by_secret(secret)
    gathering = await clients.scheduling.gathering(found.gathering_id, ANYONE)
    asked = await clients.scheduling.questions(gathering.id, ANYONE) if gathering.asks else []
    before = {
        "attending": [found.attending],
        "access_needs": [found.access_needs],
        "dates": [day.occurrence.isoformat() for day in found.dates or ()],
        **typed(asked, found.answers),
    }
    view = RegistrationPage(
        secret=secret,
        status=found.status,
        label=REGISTRATION[found.status],
        position=found.position,
        until=moment_in(found.until, gathering.time_zone, today()) if found.until else "",
        event=event_card(gathering, person, found),
        places=places(gathering.mode, pooled=gathering.pooled),
        days=await own_days(clients, gathering, found, person, found.lines),
        dates=await open_dates(clients, gathering, person),
        questions=fields_of(asked),
        over=gathering.finishes_at <= datetime.now(UTC),
        onsite=gathering.mode != "online",
        online=gathering.mode != "onsite",
        materials=gathering.materials,
        form=form or Form(before),
    )
    return await page(request, view, status=status)
