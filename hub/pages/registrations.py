"""A registration reached by the link in a mail; also for those without an account."""

from fastapi import APIRouter, Request, Response

from hub.pages.asking import ClientsOf, SecretPath
from hub.pages.cards import event_card
from hub.rendering import page, redirect
from hub.sessions import Visitor
from hub.views.events import RegistrationPage
from hub.views.flashes import FLASHES
from hub.words import REGISTRATION
from services.kit.identity import ANYONE

router = APIRouter()


@router.get("/registrations/{secret}")
async def registration(
    request: Request, clients: ClientsOf, person: Visitor, secret: SecretPath
) -> Response:
    """How things stand, and a button to cancel."""
    found = await clients.scheduling.by_secret(secret)
    gathering = await clients.scheduling.gathering(found.gathering_id, ANYONE)
    view = RegistrationPage(
        secret=secret,
        status=found.status,
        label=REGISTRATION[found.status],
        position=found.position,
        event=event_card(gathering, person, found),
    )
    return await page(request, view)


@router.post("/registrations/{secret}/cancel")
async def cancel_registration(request: Request, clients: ClientsOf, secret: SecretPath) -> Response:
    """Give up the seat or the place in line."""
    await clients.scheduling.cancel_by_secret(secret)
    return redirect(request, f"/registrations/{secret}", FLASHES["cancelled"])
