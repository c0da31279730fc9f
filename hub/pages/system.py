"""Health, readiness, and the schemas of events."""

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse

from events.envelope import CATALOGUE
from hub.assets import Assets
from hub.pages.asking import ClientsOf, SettingsOf
from services.kit.errors import NotFound

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


@router.get("/robots.txt")
async def robots(settings: SettingsOf) -> Response:
    """What search engines leave alone."""
    lines = ("/dev/", "/me", "/inbox", "/confirm", "/sign-in", "/registrations/", "/feeds/private/")
    text = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in lines)
    return PlainTextResponse(text)
