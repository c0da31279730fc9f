"""Views to pages: the template environment, the shell around every page, flash messages."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from babel.numbers import format_percent
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from hub.assets import accepts
from hub.choices import Choice
from hub.community import CommunityCache
from hub.navigation import desk_ways, main_ways
from hub.preferences import theme_of
from hub.sessions import Person, Visitor, visitor
from hub.settings import Settings
from hub.unread import UnreadCounts
from hub.views.flashes import FLASHES
from hub.views.inbox import InboxPage
from hub.views.shell import Flash, Shell, View
from hub.words import WORDS
from services.kit.errors import HubError
from services.kit.language import LANGUAGES, gettext, locale, ngettext, spoken

TEMPLATES = Path(__file__).parent.parent / "templates"
FLASH_COOKIE = "hub_flash"
MACROS = ("art", "ui", "cards", "forms", "asked")
GAP = "\ue000"
"""Stands in a page where something else comes for each visitor: for private use in Unicode."""
MOST_AROUND = 64
"""Pages with a gap that are remembered: one for each language, theme and path."""
WORTH_PACKING = 1000
"""Bytes from which a page is compressed."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Pages:
    """Renders pages of one gateway."""

    environment: Environment
    settings: Settings

    @cached_property
    def around(self) -> Callable[[View, Shell], str]:
        """A page in which GAP stands, as it was made before for the same view and shell."""
        return lru_cache(maxsize=MOST_AROUND)(self.made)

    def made(self, view: View, shell: Shell) -> str:
        """A whole page."""
        return self.environment.get_template(view.template).render(shell=shell, page=view)

    @cached_property
    def shared(self) -> frozenset[str]:
        """Blocks of every page; they need the page around them."""
        return frozenset(self.environment.get_template("base.html").blocks)


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
    built.filters["percent"] = percent
    built.globals.update(names, words=WORDS, _=said, ngettext=said_of)
    # Loaded once and without a page's context: importing them in each page costs as much as
    # the page itself, and a block alone could not see them.
    for name in MACROS:
        built.globals[name] = built.get_template(f"macros/{name}.html").module
    return built


def said(message: str, /, **given: object) -> Markup:
    """A message in the reader's language, with what is put into it escaped.

    Not Jinja's own way, which goes through the context of the template and takes thrice as long.
    """
    text = _message(message, spoken())
    return text % given if "%" in text else text


def said_of(one: str, many: str, num: int, /, **given: object) -> Markup:
    """The form of a message that fits a number, which it calls `num`."""
    return escape(ngettext(one, many, num)) % {"num": num, **given}


def percent(share: float) -> str:
    """A share of one, as the reader's language writes it: 17 % or 17%."""
    return format_percent(share, locale=locale(spoken()))


@lru_cache(maxsize=16_384)
def _message(message: str, language: str) -> Markup:
    return escape(gettext(message))


async def ahead(request: Request, person: Visitor) -> None:
    """FastAPI dependency: begin to ask for the number on the inbox while the page is made."""
    if person and request.method == "GET" and "hub-block" not in request.headers:
        counts: UnreadCounts = request.app.state.unread
        request.state.unread = asyncio.create_task(counts.of(person))


async def page(
    request: Request, view: View, *, status: int = 200, gap: str | None = None
) -> Response:
    """Answer with a page: `view` is all the template knows besides the shell.

    With the header `hub-block` only that block of the page comes, for a page that updates a
    part of itself. A view that can be hashed, with GAP where the words of one visitor stand, is
    made once for all of them; `gap` is what this one has there.
    """
    pages: Pages = request.app.state.pages
    template = pages.environment.get_template(view.template)
    block = request.headers.get("hub-block", "")
    shell = await _shell(request, pages, view, partly=bool(block))
    if block in template.blocks and block not in pages.shared:
        text = _block(template, block, {"shell": shell, "page": view})
    elif gap is not None and shell.person is None:
        text = pages.around(view, shell)
    else:
        text = pages.made(view, shell)
    if gap is not None:
        text = text.replace(GAP, escape(gap))
    response = _packed(request, text, status)
    request.state.keep = view.kept and shell.person is None
    if FLASH_COOKIE in request.cookies and not block:
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


async def _shell(request: Request, pages: Pages, view: View, *, partly: bool) -> Shell:
    person = await _person(request)
    flash = FLASHES.get(request.cookies.get(FLASH_COOKIE, ""))
    path = request.url.path
    known = view.unread if isinstance(view, InboxPage) else None
    asks = request.method == "GET" and not partly and known is None
    cache: CommunityCache = request.app.state.community
    under_way: Awaitable[int | None] | None = getattr(request.state, "unread", None)
    if under_way is None and asks and person:
        counts: UnreadCounts = request.app.state.unread
        under_way = counts.of(person)
    community = await cache.now()
    unread = await under_way if under_way else None
    offered = community.languages
    return Shell(
        hub=community.name,
        path=path,
        address=pages.settings.address,
        language=spoken(),
        direction=locale(spoken()).text_direction,
        languages=_named(offered) if len(offered) > 1 else (),
        theme=theme_of(request.cookies),
        person=person,
        unread=unread if known is None else known,
        navigation=main_ways(path, person),
        desk=desk_ways(path, person),
        flash=flash.spoken() if flash else None,
        live=person is not None,
        development=pages.settings.development,
    )


def _named(languages: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, LANGUAGES[code]) for code in languages)


def _block(template: Template, name: str, view: dict[str, object]) -> str:
    return "".join(template.blocks[name](template.new_context(view)))


def _packed(request: Request, text: str, status: int) -> Response:
    """The page, compressed for those who can read that.

    Nothing secret stands beside what a reader can put into a page: a session is never in it.
    """
    body = text.encode()
    headers = {"vary": "Accept-Encoding, Accept-Language, Cookie, Hub-Block"}
    if len(body) >= WORTH_PACKING and accepts(request.headers.get("accept-encoding", ""), "gzip"):
        headers["content-encoding"] = "gzip"
        body = gzip.compress(body, 4, mtime=0)
    return HTMLResponse(body, status_code=status, headers=headers)


async def _person(request: Request) -> Person | None:
    """Who is signed in; nobody when that cannot be found out just now."""
    try:
        return await visitor(request)
    except HubError:
        return None
