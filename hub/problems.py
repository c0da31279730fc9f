"""Errors as pages that help, or as problem+json for programs."""

from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from hub.forms import Form, problem_fields, read_form
from hub.limits import TooMany
from hub.pages.asking import safe_next
from hub.rendering import page
from hub.sessions import ProofNeeded
from hub.settings import Settings
from hub.views.information import HELP, ErrorPage
from hub.views.limits import TooManyPage
from services.kit.app import problem
from services.kit.errors import HubError, Invalid, NotFound, SignInNeeded, TooLarge
from services.kit.language import N_, _, ngettext

TRY_AGAIN = (429, 500, 503)
"""Errors that may be gone in a minute."""


class Broken(HubError):
    """Something nobody foresaw."""

    status = 500
    title = N_("Something broke on our side")


BROKEN = Broken(N_("The page could not be made. If it happens again, tell us the number below."))
TOO_LARGE = TooLarge(N_("What you sent is more than this hub takes at once. Nothing was saved."))


class WrongMethod(HubError):
    """The address exists, and is asked in a way it does not answer."""

    status = 405
    title = N_("This does not work that way")


def wants_json(request: Request) -> bool:
    """Whether the caller is a program that asks for JSON."""
    accept = request.headers.get("accept", "")
    return request.url.path.endswith(".json") or ("json" in accept and "text/html" not in accept)


async def error_answer(request: Request, error: HubError) -> Response:
    """The answer to an error, in the form that the caller reads."""
    if wants_json(request):
        errors = [{"field": name, "message": said} for name, said in problem_fields(error)]
        answer = problem(error.status, _(error.title), _(error.detail), errors)
        if isinstance(error, TooMany):
            answer.headers["retry-after"] = str(error.wait)
        return answer
    if isinstance(error, SignInNeeded) or error.status == 401:
        if isinstance(error, ProofNeeded):
            back = quote(_asked(request) if request.method == "GET" else _form_of(request))
            return RedirectResponse(f"/sign-in?next={back}&why=proof", status_code=303)
        back = _asked(request) if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?next={quote(back)}", status_code=303)
    if isinstance(error, TooMany):
        return await _wait(request, error)
    view = ErrorPage(
        status=error.status,
        title=_(error.title),
        detail=_(error.detail),
        help=_(HELP.get(error.status, HELP[400])),
        reference=getattr(request.state, "correlation", ""),
        retry=_asked(request) if error.status in TRY_AGAIN and request.method == "GET" else "",
    )
    response = await page(request, view, status=error.status)
    if error.status in (429, 503):
        response.headers["retry-after"] = "60"
    return response


async def _wait(request: Request, error: TooMany) -> Response:
    """The page that keeps what was typed until it can be sent."""
    try:
        typed = await read_form(request)
    except HubError:
        typed = Form()
    minutes = -(-error.wait // 60)
    view = TooManyPage(
        title=_(error.title),
        detail=_(error.detail),
        wait=ngettext(
            "Please wait a minute, then press the button. What you typed is kept on this page.",
            "Please wait {num} minutes, then press the button. What you typed is kept on this "
            "page.",
            minutes,
        ).format(num=minutes),
        action=request.url.path,
        fields=[(name, value) for name, values in typed.values.items() for value in values],
    )
    answer = await page(request, view, status=error.status)
    answer.headers["retry-after"] = str(error.wait)
    return answer


async def on_hub_error(request: Request, error: Exception) -> Response:
    """Exception handler of HubError."""
    assert isinstance(error, HubError)
    return await error_answer(request, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Exception handler of what the framework refuses by itself."""
    assert isinstance(error, HTTPException)
    path = str(request.scope["path"])
    match error.status_code:
        case 404 if path.endswith("/") and request.method == "GET":
            # Not the framework's own way, which leads to whatever host the request names.
            return RedirectResponse(quote(safe_next(path.rstrip("/"))), status_code=307)
        case 404:
            known: HubError = NotFound(_("There is no page at this address."))
        case 405 if request.method == "GET" and not wants_json(request):
            # Where forms are sent to is seen as an address when one is answered by a page.
            return RedirectResponse(quote(safe_next(path.rpartition("/")[0])), status_code=307)
        case 405:
            known = WrongMethod(
                _("This address is not asked in this way. Start from the home page.")
            )
        case 413:
            known = TOO_LARGE
        case _:
            known = HubError(str(error.detail))
            known.status = error.status_code
    return await error_answer(request, known)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Exception handler of addresses and queries that do not fit."""
    assert isinstance(error, RequestValidationError)
    places = {str(item["loc"][0]) for item in error.errors()}
    if "path" in places:
        return await error_answer(request, NotFound(_("There is no page at this address.")))
    names = ", ".join(sorted(str(item["loc"][-1]) for item in error.errors()))
    return await error_answer(
        request,
        Invalid(_("The address has a part that does not fit: {names}.").format(names=names)),
    )


def _form_of(request: Request) -> str:
    """The page of this hub that a form was on, as the browser says; else the home page."""
    came = urlsplit(request.headers.get("referer", ""))
    settings: Settings = request.app.state.settings
    return safe_next(came.path) if came.netloc == settings.authority else "/"


def _asked(request: Request) -> str:
    """The page with what it was asked for, or the page alone when that is too long to be led to."""
    path = request.url.path
    full = f"{path}?{request.url.query}"
    return full if request.url.query and safe_next(full) == full else path
