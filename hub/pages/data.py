"""Control of one's data: taking it away, leaving, and coming back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.forms import Posted
from hub.pages.asking import ClientsOf
from hub.pages.cards import today
from hub.personal_data import PARTS, packed
from hub.rendering import page, redirect
from hub.sessions import Fresh, SignedIn, sessions_of
from hub.views.accounts import UseLinkPage
from hub.views.data import DataPage, LeavePage, LeftPage
from hub.views.flashes import FLASHES
from services.kit.language import _
from services.kit.times import moment_in

UNDO_DAYS = 14
Secret = Annotated[str, Query(max_length=200)]
router = APIRouter()


@router.get("/me/data")
async def data(request: Request, person: SignedIn) -> Response:
    """What the hub holds, and the way to take it away."""
    return await page(request, _data_page())


@router.post("/me/data")
async def make_export(request: Request, clients: ClientsOf, person: Fresh) -> Response:
    """Make the button that fetches everything once; whoever asks has just proved who they are."""
    made = await clients.membership.make_export(person.contact_id)
    until = moment_in(made.expires_at, person.time_zone, today())
    return await page(request, _data_page(made.secret, until))


@router.post("/me/data/file")
async def export(request: Request, clients: ClientsOf, person: SignedIn, form: Posted) -> Response:
    """Everything the hub holds on the member, as a ZIP."""
    form.only("secret")
    await clients.membership.use_export(person.contact_id, form.text("secret"))
    moment = datetime.now(UTC)
    return Response(
        await packed(clients, person.contact_id, moment),
        media_type="application/zip",
        headers={
            "content-disposition": f'attachment; filename="my-data-{moment:%Y-%m-%d}.zip"',
            "cache-control": "no-store",
        },
    )


@router.get("/me/leave")
async def leave_form(request: Request, person: SignedIn) -> Response:
    """What will happen, before anything does."""
    return await page(request, LeavePage(name=person.name, days=UNDO_DAYS))


@router.post("/me/leave")
async def leave(request: Request, clients: ClientsOf, person: Fresh) -> Response:
    """Leave: hidden now, signed out everywhere, erased later."""
    leaving = await clients.membership.leave(person.contact_id)
    sessions = sessions_of(request)
    sessions.drop(contact_id=person.contact_id)
    request.state.person = None
    view = LeftPage(until=moment_in(leaving.erase_at, person.time_zone, today()))
    response = await page(request, view)
    await sessions.end(request, response)
    return response


@router.get("/stay")
async def stay_form(request: Request, secret: Secret = "") -> Response:
    """A button: mail programs open links by themselves, and must not use them up."""
    view = UseLinkPage(
        title=_("Do you want to stay?"),
        text=_("One more click, and you are a member again as if you had never left."),
        action="/stay",
        button=_("Keep my account"),
        secret=secret,
    )
    return await page(request, view)


@router.post("/stay")
async def stay(request: Request, clients: ClientsOf, form: Posted) -> Response:
    """Come back by the link in the mail, and be signed in."""
    form.only("secret")
    sessions = sessions_of(request)
    session = await clients.membership.stay(form.text("secret"), sessions.entry(request))
    response = redirect(request, "/me", FLASHES["stayed"])
    sessions.start(response, session)
    return response


def _data_page(secret: str = "", until: str = "") -> DataPage:
    return DataPage(parts=[_(what) for what in PARTS.values()], secret=secret, until=until)
