"""Passkeys: signing in with a device, and which devices may."""

import json
import re
import secrets
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from hub.devices import device_of, device_words
from hub.forms import Form, Posted
from hub.pages.accounts import sign_in_page
from hub.pages.asking import ClientsOf, CommunityOf, IdPath, SettingsOf, safe_next
from hub.pages.ways import origin_of
from hub.rendering import page, redirect
from hub.sessions import Fresh, SignedIn, sessions_of
from hub.settings import Settings
from hub.views.flashes import FLASHES
from services.kit.errors import Gone, HubError, Invalid, NotFound
from services.kit.language import _

COOKIE = "hub_passkey"
_HOLDER = re.compile(r"[A-Za-z0-9_-]{43}")
router = APIRouter()


@router.post("/sign-in/passkey/options")
async def sign_in_options(request: Request, clients: ClientsOf, settings: SettingsOf) -> Response:
    """What a device is to sign; this browser alone can answer."""
    # The same for all its pages, so that a second one takes nothing from the first.
    holder = _holder(request, settings) or secrets.token_urlsafe(32)
    options = await clients.membership.ask_passkey(_origin(request, settings), holder)
    response = JSONResponse(options)
    response.set_cookie(
        settings.cookie(COOKIE), holder, max_age=1800, path="/", secure=settings.secure,
        httponly=True, samesite="strict",
    )  # fmt: skip
    return response


@router.post("/sign-in/passkey")
async def sign_in(
    request: Request, clients: ClientsOf, settings: SettingsOf, form: Posted
) -> Response:
    """Sign in by what a device has signed."""
    form.only("credential", "next")
    next = safe_next(form.text("next", "/"))
    sessions = sessions_of(request)
    try:
        holder = _holder(request, settings)
        if holder is None:
            raise Gone(_("This took too long or was used already. Please try again."))
        session = await clients.membership.sign_in_by_passkey(
            _credential(form), _origin(request, settings), holder, sessions.entry(request)
        )
    except HubError as problem:
        if problem.status not in (403, 404, 410, 422):
            raise
        view = sign_in_page(request, Form(summary=_(problem.detail)), next)
        return await page(request, view, status=problem.status)
    response = redirect(request, next, FLASHES["signed-in"])
    sessions.start(response, session)
    return response


@router.post("/me/security/passkeys/options")
async def new_options(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    community: CommunityOf,
    person: Fresh,
) -> Response:
    """What a device is to make; this session alone can answer."""
    return JSONResponse(
        await clients.membership.ask_new_passkey(
            _origin(request, settings),
            person.session_id,
            community.name or settings.name,
            person.identity,
        )
    )


@router.post("/me/security/passkeys")
async def add(
    request: Request, clients: ClientsOf, settings: SettingsOf, person: Fresh, form: Posted
) -> Response:
    """Add the passkey that a device has made."""
    form.only("credential", "label")
    device = device_words(*device_of(request.headers.get("user-agent", "")))
    await clients.membership.add_passkey(
        _credential(form),
        form.text("label").strip() or device,
        _origin(request, settings),
        person.session_id,
        person.identity,
    )
    return redirect(request, "/me/security", FLASHES["passkey-added"])


@router.post("/me/security/passkeys/{id}")
async def rename(
    request: Request, clients: ClientsOf, person: SignedIn, id: IdPath, form: Posted
) -> Response:
    """Call a passkey something else."""
    form.only("label")
    await clients.membership.rename_passkey(id, form.text("label"), person.identity)
    return redirect(request, "/me/security", FLASHES["passkey-renamed"])


@router.post("/me/security/passkeys/{id}/remove")
async def remove(request: Request, clients: ClientsOf, person: Fresh, id: IdPath) -> Response:
    """Take a passkey away."""
    await clients.membership.remove_passkey(id, person.identity)
    return redirect(request, "/me/security", FLASHES["passkey-removed"])


def _holder(request: Request, settings: Settings) -> str | None:
    held = request.cookies.get(settings.cookie(COOKIE), "")
    return held if _HOLDER.fullmatch(held) else None


def _origin(request: Request, settings: Settings) -> str:
    origin = origin_of(request, settings)
    if origin is None:
        raise NotFound(_("Browsers cannot use passkeys at this address."))
    return origin


def _credential(form: Form) -> dict[str, Any]:
    try:
        told = json.loads(form.text("credential"))
    except (ValueError, RecursionError) as error:
        raise Invalid(_("This is not the answer of a passkey.")) from error
    if not isinstance(told, dict):
        raise Invalid(_("This is not the answer of a passkey."))
    return told
