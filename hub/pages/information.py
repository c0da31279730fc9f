"""What every hub has to say about itself: rules, privacy, accessibility, imprint, interfaces."""

import asyncio
from typing import Any

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from hub.clients import Client, Clients, ServiceAway
from hub.pages.asking import ClientsOf, CommunityOf, SettingsOf
from hub.rendering import page
from hub.terms import terms_shown
from hub.views.information import (
    AboutPage,
    AccessibilityPage,
    ApiPage,
    ImprintPage,
    Operation,
    PrivacyPage,
    ServiceApi,
)
from services.kit.errors import NotFound

FEEDS = ("/feeds/public.ics", "/feeds/topic/TOPIC.ics", "/feeds/region/REGION.ics",
         "/feeds/language/LANGUAGE.ics", "/feeds/kind/KIND.ics", "/events/EVENT.ics")  # fmt: skip
router = APIRouter()


@router.get("/about")
async def about(request: Request) -> Response:
    """The rules of the community."""
    return await page(request, AboutPage())


@router.get("/privacy")
async def privacy(request: Request, community: CommunityOf, settings: SettingsOf) -> Response:
    """What is done with people's data, and who answers for it (GDPR, article 13)."""
    view = PrivacyPage(community.controller, community.controller_email, terms_shown(settings))
    return await page(request, view)


@router.get("/accessibility")
async def accessibility(request: Request, community: CommunityOf) -> Response:
    """The accessibility statement (Directive (EU) 2016/2102, article 7)."""
    return await page(request, AccessibilityPage(community.controller_email))


@router.get("/imprint")
async def imprint(request: Request, community: CommunityOf) -> Response:
    """Who runs the hub, and who pays for it."""
    view = ImprintPage(
        imprint=community.imprint,
        funding=community.funding,
        controller=community.controller,
        controller_email=community.controller_email,
    )
    return await page(request, view)


@router.get("/api")
async def api(request: Request, clients: ClientsOf) -> Response:
    """What programs can ask and subscribe to."""
    services = await asyncio.gather(*(_service(client) for client in clients.all))
    return await page(request, ApiPage(services, FEEDS))


@router.get("/api/{service}/openapi.json")
async def openapi(clients: ClientsOf, service: str) -> Response:
    """The OpenAPI document of one service."""
    return JSONResponse(await _document(_client(clients, service)))


def _client(clients: Clients, name: str) -> Client:
    for client in clients.all:
        if client.name == name:
            return client
    raise NotFound("There is no such service.")


async def _service(client: Client) -> ServiceApi:
    path = f"/api/{client.name}/openapi.json"
    try:
        document = await _document(client)
    except ServiceAway:
        return ServiceApi(client.name, path, None)
    operations = [
        Operation(method.upper(), where, str(said.get("description") or said.get("summary", "")))
        for where, methods in document.get("paths", {}).items()
        for method, said in methods.items()
    ]
    return ServiceApi(client.name, path, operations)


async def _document(client: Client) -> dict[str, Any]:
    try:
        answer = await client.http.get("/openapi.json")
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise ServiceAway(client.name) from error
    found: dict[str, Any] = answer.json()
    return found
