"""Health, readiness, and the schemas of events."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse

from events.envelope import CATALOGUE
from hub.assets import Assets
from hub.lists import Words
from hub.pages.asking import ClientsOf, CommunityOf, SettingsOf
from hub.regions import region_name, suggested
from hub.sessions import Visitor, identity_of
from services.kit.errors import NotFound

SHORTEST, SUGGESTED = 2, 8
"""Letters from which names are suggested, and how many at once."""
router = APIRouter()


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(clients: ClientsOf) -> Response:
    """Every service answers and has its database; 503 names those that do not."""
    ready = await asyncio.gather(*(client.ready() for client in clients.all))
    away = [
        client.name for client, is_ready in zip(clients.all, ready, strict=True) if not is_ready
    ]
    body = {"status": "away" if away else "ready", "away": away}
    return JSONResponse(body, status_code=503 if away else 200)


@router.get("/schemas/{type}.json")
async def schema(type: str) -> Response:
    """The JSON Schema of an event's data (the envelope's `dataschema`)."""
    if type not in CATALOGUE:
        raise NotFound("There is no event of this type.")
    return JSONResponse(
        CATALOGUE[type].model_json_schema(),
        media_type="application/schema+json",
        headers={"cache-control": "public, max-age=3600"},
    )


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    """Browsers ask for this address whatever a page says."""
    assets: Assets = request.app.state.assets
    return RedirectResponse(assets.url("favicon.svg"), status_code=308)


@router.get("/manifest.webmanifest")
async def manifest(request: Request, community: CommunityOf, settings: SettingsOf) -> Response:
    """What a device needs to keep the hub on its home screen."""
    assets: Assets = request.app.state.assets
    body = {
        "name": community.name or settings.name,
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#fcf9f3",
        "theme_color": "#fcf9f3",
        "icons": [
            {
                "src": assets.url(f"img/icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in (192, 512)
        ],
    }
    return JSONResponse(
        body,
        media_type="application/manifest+json",
        headers={"cache-control": "public, max-age=3600"},
    )


@router.get("/suggest/organisations")
async def suggest_organisations(
    clients: ClientsOf, person: Visitor, q: Words = ""
) -> list[dict[str, str]]:
    """Organisations by what is being typed of their names, for the field that takes one."""
    if len(q.strip()) < SHORTEST:
        return []
    found = await clients.membership.suggested_organisations(
        identity_of(person), q, limit=SUGGESTED
    )
    return [
        {
            "value": known.name,
            "label": known.name,
            "hint": region_name(known.region_code or known.country),
        }
        for known in found
    ]


@router.get("/suggest/regions")
async def suggest_regions(q: Words = "") -> list[dict[str, str]]:
    """Regions for a town or region in plain words, for the field that takes one."""
    return suggested(q) if len(q.strip()) >= SHORTEST else []


@router.get("/robots.txt")
async def robots(settings: SettingsOf) -> Response:
    """What search engines leave alone."""
    lines = (
        "/dev/",
        "/me",
        "/inbox",
        "/confirm",
        "/sign-in",
        "/registrations/",
        "/polls/",
        "/feeds/private/",
    )
    text = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in lines)
    return PlainTextResponse(text)
