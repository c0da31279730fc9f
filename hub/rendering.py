"""Views to pages: the template environment, the shell around every page, flash messages."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hub.clients import Clients
from hub.sessions import Person, visitor
from hub.settings import Settings
from hub.views import FLASHES, Flash, Shell
from hub.words import WORDS
from services.kit.errors import HubError

TEMPLATES = Path(__file__).parent.parent / "templates"
FLASH_COOKIE = "hub_flash"

log = structlog.get_logger()


@dataclass(frozen=True)
class Pages:
    """Renders pages of one gateway."""

    environment: Environment
    settings: Settings
    clients: Clients


def environment(**names: Any) -> Environment:
    """Templates that escape everything and fail on a name that the view lacks."""
    built = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A changed template is seen after a restart; looking at files costs on every page.
        auto_reload=False,
    )
    built.filters["urlpath"] = lambda value: quote(str(value), safe="")
    built.globals.update(names, words=WORDS)
    return built


async def page(request: Request, template: str, view: object, *, status: int = 200) -> Response:
    """Answer with a page: `view` is all the template knows besides the shell."""
    pages: Pages = request.app.state.pages
    person = await _person(request)
    flash = FLASHES.get(request.cookies.get(FLASH_COOKIE, ""))
    shell = Shell(
        hub=pages.settings.name,
        path=request.url.path,
        address=pages.settings.address,
        person=person,
        unread=await _unread(pages.clients, person) if request.method == "GET" else None,
        flash=flash,
        development=pages.settings.development,
    )
    text = pages.environment.get_template(template).render(shell=shell, page=view)
    response = HTMLResponse(text, status_code=status)
    if FLASH_COOKIE in request.cookies:
        response.delete_cookie(FLASH_COOKIE, path="/", httponly=True, samesite="lax")
    return response


def redirect(request: Request, path: str, flash: Flash | None = None) -> Response:
    """Send the browser on with GET, with a message for the page it gets to."""
    response = RedirectResponse(path, status_code=303)
    if flash:
        settings: Settings = request.app.state.settings
        response.set_cookie(
            FLASH_COOKIE,
            flash.code,
            max_age=60,
            path="/",
            secure=settings.secure,
            httponly=True,
            samesite="lax",
        )
    return response


async def _person(request: Request) -> Person | None:
    """Who is signed in; nobody when that cannot be found out just now."""
    try:
        return await visitor(request)
    except HubError:
        return None


async def _unread(clients: Clients, person: Person | None) -> int | None:
    """The number on the inbox; a page never fails for it, nor waits long."""
    if person is None:
        return None
    try:
        async with asyncio.timeout(1):
            return (await clients.notification.unread(person.identity)).count
    except (HubError, TimeoutError) as error:
        log.info("unread_unknown", error=str(error))
        return None
