"""The home page."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from fastapi import APIRouter, Request, Response

from hub.clients import ServiceAway
from hub.pages.asking import ClientsOf
from hub.pages.cards import event_card, post_card, project_card
from hub.rendering import page
from hub.sessions import Visitor, identity_of
from hub.views import HomePage

T = TypeVar("T")
router = APIRouter()


@router.get("/")
async def home(request: Request, clients: ClientsOf, person: Visitor) -> Response:
    """What the hub is, what comes next, what is new; a part that is away is left out."""
    who = identity_of(person)
    events, posts, projects = await asyncio.gather(
        _or_none(clients.scheduling.gatherings(who, limit=4)),
        _or_none(clients.knowledge.posts(who, limit=4)),
        _or_none(clients.matchmaking.demo_cases(who, limit=4)),
    )
    view = HomePage(
        events=None if events is None else [event_card(event, person) for event in events],
        posts=None if posts is None else [post_card(post) for post in posts],
        projects=None if projects is None else [project_card(project) for project in projects],
    )
    return await page(request, "pages/home.html", view)


@router.get("/about")
async def about(request: Request) -> Response:
    """The rules of the community, and what is done with people's data."""
    return await page(request, "pages/about.html", None)


async def _or_none(asked: Awaitable[T]) -> T | None:
    try:
        return await asked
    except ServiceAway:
        return None
