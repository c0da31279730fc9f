"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SettingsOf, even_time, safe_next
from hub.rendering import page, redirect
from hub.sessions import Visitor, sessions_of
from hub.views.accounts import MailSentPage, SignInPage, UseLinkPage
from hub.views.flashes import FLASHES
from services.kit.errors import HubError
from services.kit.language import _

NEXT_COOKIE = "hub_next"
Secret = Annotated[str, Query(max_length=200)]
router = APIRouter()


@router.get("/sign-in")
async def sign_in_form(request: Request, person: Visitor, next: str = "/") -> Response:
    """The form that asks for a sign-in link."""
    if person:
        return redirect(request, safe_next(next))
    view = SignInPage(form=Form(), next=safe_next(next))
    return await page(request, view)


@router.post("/sign-in")
async def ask_sign_in(
    request: Request, clients: ClientsOf, settings: SettingsOf, form: Posted
) -> Response:
    """Send a sign-in link, and say the same whether or not there is an account."""
    form.only("email", "next")
    try:
        async with even_time():
            await clients.membership.ask_sign_in(form.text("email"))
    except HubError as problem:
        if problem.status != 422:
            raise
        view = SignInPage(form=form.failed(problem, ("email",)), next=safe_next(form.text("next")))
        return await page(request, view, status=422)
    sent = MailSentPage(
        title=_("Please look into your mail"),
        text=_(
            "If {email} has an account here, a sign-in link is on its way. "
            "It works once, for 15 minutes."
        ).format(email=form.text("email").strip()),
        next_step=_(
            "No mail after a few minutes? Look into the spam folder. If you have no account "
            "yet, join first."
        ),
    )
    response = await page(request, sent)
    response.set_cookie(
        NEXT_COOKIE,
        safe_next(form.text("next")),
        max_age=1800,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/sign-in/use")
async def use_link_form(request: Request, secret: Secret = "") -> Response:
    """A button, for the same reason as on the confirmation page."""
    view = UseLinkPage(
        title=_("Welcome back"),
        text=_("One more click and you are signed in on this device."),
        action="/sign-in/use",
        button=_("Sign me in"),
        secret=secret,
    )
    return await page(request, view)


@router.post("/sign-in/use")
async def use_link(request: Request, clients: ClientsOf, form: Posted) -> Response:
    """Use the sign-in link."""
    form.only("secret")
    session = await clients.membership.sign_in(form.text("secret"))
    path = safe_next(request.cookies.get(NEXT_COOKIE, "/"))
    response = redirect(request, path, FLASHES["signed-in"])
    response.delete_cookie(NEXT_COOKIE, path="/", httponly=True, samesite="lax")
    sessions_of(request).start(response, session)
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session everywhere."""
    response = redirect(request, "/", FLASHES["signed-out"])
    await sessions_of(request).end(request, response)
    return response
