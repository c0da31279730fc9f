"""One search through everything the reader may see."""

import asyncio

from fastapi import APIRouter, Request, Response

from hub.clients import Clients, MemberRead
from hub.lists import Words
from hub.pages.asking import ClientsOf, or_none
from hub.pages.cards import event_card, organisation_card, post_card, project_card
from hub.pages.members import person_card
from hub.rendering import page
from hub.sessions import Person, Visitor, identity_of
from hub.views.information import SearchPage

SHOWN = 6
router = APIRouter()


@router.get("/search")
async def search(request: Request, clients: ClientsOf, person: Visitor, q: Words = "") -> Response:
    """What fits, by kind; without words only the form."""
    query = q.strip()
    if not query:
        return await page(request, SearchPage("", (), (), (), (), ()))
    who = identity_of(person)
    events, posts, projects, organisations, people = await asyncio.gather(
        or_none(clients.scheduling.gatherings(who, q=query, own=person is not None, limit=SHOWN)),
        or_none(clients.knowledge.listing(who, q=query, limit=SHOWN)),
        or_none(clients.matchmaking.demo_cases(who, q=query, limit=SHOWN)),
        or_none(clients.membership.organisations(who, q=query, limit=SHOWN)),
        or_none(_people(clients, person, query)),
    )
    view = SearchPage(
        query=query,
        events=None if events is None else [event_card(event, person) for event in events],
        posts=None if posts is None else [post_card(post) for post in posts.posts],
        projects=None if projects is None else [project_card(found) for found in projects],
        organisations=None
        if organisations is None
        else [organisation_card(found) for found in organisations],
        people=None if people is None else [person_card(found) for found in people],
    )
    return await page(request, view)


async def _people(clients: Clients, person: Person | None, query: str) -> list[MemberRead]:
    """Members are found by members."""
    if person is None:
        return []
    return await clients.membership.members(person.identity, q=query, limit=SHOWN)
