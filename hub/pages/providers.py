"""Signing in with an account elsewhere (OpenID Connect), and linking one."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub import sealed
from hub.clients import Clients
from hub.guard import CrossSite
from hub.oidc import Proved, Provider, ProviderDoubted
from hub.pages.asking import ClientsOf, IdPath, SettingsOf, safe_next
from hub.rendering import page, redirect
from hub.sessions import Fresh, Person, Visitor, sessions_of
from hub.settings import Settings
from hub.views.flashes import FLASHES
from hub.views.ways import ProviderFailedPage
from services.kit.errors import HubError, NotFound
from services.kit.language import N_, _

FLOW_COOKIE = "hub_provider"
FLOW_LASTS = 600
"""Seconds somebody may take at a provider."""
JOIN_COOKIE = "hub_joining"
JOIN_LASTS = 1800
"""Seconds that the form for joining knows what a provider said."""
MOST = 4000
Answer = Annotated[str, Query(max_length=MOST)]
router = APIRouter()


async def provider_of(
    request: Request,
    settings: SettingsOf,
    name: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,119}$")],
) -> Provider:
    """FastAPI dependency: the provider of this name; raises NotFound."""
    known: dict[str, Provider] = request.app.state.providers
    if name not in known:
        raise NotFound(_("There is no page at this address."))
    return known[name]


ProviderOf = Annotated[Provider, Depends(provider_of)]


@router.get("/sign-in/with/{name}")
async def leave_to_sign_in(
    request: Request, settings: SettingsOf, provider: ProviderOf, next: str = "/"
) -> Response:
    """Send somebody to a provider."""
    return await _leave(request, settings, provider, next=safe_next(next))


@router.get("/me/security/link/{name}")
async def leave_to_link(
    request: Request, settings: SettingsOf, provider: ProviderOf, person: Fresh
) -> Response:
    """Send a member to a provider, to link the account they have there.

    Only from a page of the hub: else another site could have somebody's browser link an account
    that is not theirs.
    """
    site = request.headers.get("sec-fetch-site")
    came = request.headers.get("referer", "")
    if site != "same-origin" and (site or not came.startswith(f"{settings.address}/")):
        raise CrossSite(
            _(
                "The link was on a page of another site, so nothing was changed. If this was you, "
                "do it again from a page of this hub."
            )
        )
    return await _leave(request, settings, provider, next="/me/security", person=person)


@router.get("/sign-in/with/{name}/return")
async def come_back(
    request: Request,
    clients: ClientsOf,
    settings: SettingsOf,
    provider: ProviderOf,
    person: Visitor,
    code: Answer = "",
    state: Answer = "",
    iss: Answer = "",
    error: Answer = "",
) -> Response:
    """Where a provider sends people back to, with a code that says who they are."""
    flow = sealed.kept(request, settings, FLOW_COOKIE)
    linking = bool(flow and flow["session"])
    try:
        if flow is None or flow["provider"] != provider.settings.name:
            raise ProviderDoubted(
                N_(
                    "It took too long, or began in another browser. Please begin again from the "
                    "page for signing in."
                )
            )
        if not secrets.compare_digest(state.encode(), flow["state"].encode()):
            raise ProviderDoubted(
                N_(
                    "The answer does not belong to what was asked from this browser, so nobody "
                    "was signed in. Please begin again from the page for signing in."
                )
            )
        if error or not code:
            raise ProviderDoubted(
                N_(
                    "There it was not allowed, or you went back. Nobody was signed in. Please try "
                    "again, or sign in by mail."
                )
            )
        proved = await provider.finish(
            code, nonce=flow["nonce"], verifier=flow["verifier"], issuer=iss
        )
        if linking:
            response = await _link(request, clients, flow, person, proved)
        else:
            response = await _sign_in(request, clients, settings, flow["next"], proved)
    except HubError as problem:
        response = await _failed(request, problem, member=linking)
    sealed.drop(response, settings, FLOW_COOKIE)
    return response


@router.post("/me/security/identities/{id}/unlink")
async def unlink(request: Request, clients: ClientsOf, person: Fresh, id: IdPath) -> Response:
    """Have an account elsewhere sign nobody in any more."""
    await clients.membership.unlink_identity(id, person.identity)
    return redirect(request, "/me/security", FLASHES["identity-unlinked"])


def vouched_for(request: Request) -> dict[str, str]:
    """Name and address of somebody whom a provider vouched for and who is about to join."""
    settings: Settings = request.app.state.settings
    return sealed.kept(request, settings, JOIN_COOKIE) or {}


def providers(settings: Settings) -> dict[str, Provider]:
    """All providers by name."""
    return {
        known.name: Provider(known, f"{settings.address}/sign-in/with/{known.name}/return")
        for known in settings.oidc
    }


async def _leave(
    request: Request,
    settings: Settings,
    provider: Provider,
    *,
    next: str,
    person: Person | None = None,
) -> Response:
    try:
        flow = await provider.begin()
    except HubError as problem:
        return await _failed(request, problem, member=person is not None)
    response = RedirectResponse(flow.address, status_code=303)
    kept = {
        "provider": provider.settings.name,
        "state": flow.state,
        "nonce": flow.nonce,
        "verifier": flow.verifier,
        "next": next,
        "session": person.session_id if person else "",
    }
    sealed.keep(response, settings, FLOW_COOKIE, kept, seconds=FLOW_LASTS)
    return response


async def _sign_in(
    request: Request, clients: Clients, settings: Settings, next: str, proved: Proved
) -> Response:
    sessions = sessions_of(request)
    answer = await clients.membership.sign_in_by_identity(
        proved.issuer, proved.subject, proved.verified_email, sessions.entry(request)
    )
    if answer.session:
        response = redirect(request, safe_next(next), FLASHES["signed-in"])
        sessions.start(response, answer.session)
        return response
    if answer.outcome == "unknown":
        response = redirect(request, "/join?vouched=yes")
        known = {"name": proved.name, "email": proved.verified_email or ""}
        sealed.keep(response, settings, JOIN_COOKIE, known, seconds=JOIN_LASTS)
        return response
    raise ProviderDoubted(
        N_(
            "Your account there is linked with nobody here, and it says no e-mail address that "
            "was verified. Sign in by mail and link it on the page for signing in and security, "
            "or join first."
        )
    )


async def _link(
    request: Request,
    clients: Clients,
    flow: dict[str, str],
    person: Person | None,
    proved: Proved,
) -> Response:
    if person is None or person.session_id != flow["session"]:
        raise ProviderDoubted(
            N_("You have signed out or in again since you began. Please begin again.")
        )
    await clients.membership.link_identity(person.contact_id, proved.issuer, proved.subject)
    return redirect(request, "/me/security", FLASHES["identity-linked"])


async def _failed(request: Request, problem: HubError, *, member: bool) -> Response:
    view = ProviderFailedPage(title=_(problem.title), text=_(problem.detail), member=member)
    return await page(request, view, status=problem.status)
