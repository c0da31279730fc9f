"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.clients import SessionStarted
from hub.forms import Form, Posted
from hub.pages.asking import ClientsOf, SettingsOf, even_time, safe_next
from hub.pages.ways import other_ways
from hub.rendering import page, redirect
from hub.sessions import Visitor, needs_proof, sessions_of
from hub.settings import Settings
from hub.views.accounts import CodePage, ElsewherePage, SignInPage, UseLinkPage
from hub.views.flashes import FLASHES
from services.kit.errors import Gone, HubError, Invalid
from services.kit.language import _

NEXT_COOKIE = "hub_next"
Secret = Annotated[str, Query(max_length=200)]
router = APIRouter()


@router.get("/sign-in")
async def sign_in_form(
    request: Request, clients: ClientsOf, person: Visitor, next: str = "/", why: str = ""
) -> Response:
    """The form that asks for a sign-in link; with `why=proof` also for whoever is signed in."""
    if person is None:
        return await page(request, sign_in_page(request, Form(), next))
    if why != "proof" or not needs_proof(person):
        return redirect(request, safe_next(next))
    email = (await clients.membership.me(person.identity)).email
    return await page(request, sign_in_page(request, Form(), next, own_email=email))


@router.post("/sign-in")
async def ask_sign_in(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: Visitor, form: Posted
) -> Response:
    """Send a sign-in link, and say the same whether or not there is an account."""
    form.only("email", "next", "again")
    sessions = sessions_of(request)
    asking = sessions.new_asking(request)
    email = form.text("email").strip()
    if person and form.ticked("again"):
        email = (await clients.membership.me(person.identity)).email
    try:
        async with even_time():
            await clients.membership.ask_sign_in(email, asking)
    except HubError as problem:
        if problem.status != 422:
            raise
        failed = form.failed(problem, ("email",))
        view = sign_in_page(request, failed, form.text("next"))
        return await page(request, view, status=422)
    response = await page(request, CodePage(form=Form(), email=email))
    sessions.keep_asking(response, asking)
    response.set_cookie(
        settings.cookie(NEXT_COOKIE),
        safe_next(form.text("next")),
        max_age=1800,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/sign-in/code")
async def code_form(request: Request) -> Response:
    """Where the code of a mail is typed, in the browser that asked for it."""
    return await page(request, CodePage(form=Form(), email=""))


@router.post("/sign-in/code")
async def use_code(
    request: Request, clients: ClientsOf, settings: SettingsOf, form: Posted
) -> Response:
    """Sign in by the code of a mail."""
    form.only("code")
    sessions = sessions_of(request)
    asking = sessions.asking(request)
    if asking is None:
        raise Gone(
            _(
                "In this browser nobody asked for a code within the last half hour. Ask for one "
                "here, or type it in the browser where you asked."
            )
        )
    code = "".join(form.text("code").split())
    try:
        if not (len(code) == 6 and code.isascii() and code.isdecimal()):
            raise Invalid(_("The code has six digits."), field="code")
        async with even_time():
            session = await clients.membership.sign_in_by_code(
                code, asking, sessions.entry(request)
            )
    except HubError as problem:
        if problem.status != 422:
            raise
        view = CodePage(form=form.failed(problem, ("code",)), email="")
        return await page(request, view, status=422)
    return signed_in(request, settings, session)


@router.get("/sign-in/use")
async def use_link_form(request: Request, secret: Secret = "") -> Response:
    """A button: mail programs open links by themselves, and must not use them up.

    In a browser that did not ask for the link there is none.
    """
    if sessions_of(request).asking(request) is None:
        return await page(request, ElsewherePage())
    view = UseLinkPage(
        title=_("Welcome back"),
        text=_("One more click and you are signed in on this device."),
        action="/sign-in/use",
        button=_("Sign me in"),
        secret=secret,
    )
    return await page(request, view)


@router.post("/sign-in/use")
async def use_link(
    request: Request, clients: ClientsOf, settings: SettingsOf, form: Posted
) -> Response:
    """Use the sign-in link."""
    form.only("secret")
    sessions = sessions_of(request)
    try:
        session = await clients.membership.sign_in(
            form.text("secret"), sessions.asking(request), sessions.entry(request)
        )
    except HubError as problem:
        if problem.status != 409:
            raise
        return await page(request, ElsewherePage(), status=409)
    return signed_in(request, settings, session)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session everywhere."""
    response = redirect(request, "/", FLASHES["signed-out"])
    await sessions_of(request).end(request, response)
    return response


def sign_in_page(request: Request, form: Form, next: str, *, own_email: str = "") -> SignInPage:
    """The page on which people sign in, in any way."""
    return SignInPage(
        form=form, next=safe_next(next), own_email=own_email, ways=other_ways(request)
    )


def signed_in(request: Request, settings: Settings, session: SessionStarted) -> Response:
    """The answer to whoever has just signed in, however: on to where they came from."""
    cookie = settings.cookie(NEXT_COOKIE)
    response = redirect(request, safe_next(request.cookies.get(cookie, "/")), FLASHES["signed-in"])
    response.delete_cookie(cookie, path="/", secure=settings.secure, httponly=True, samesite="lax")
    sessions_of(request).start(response, session)
    return response
