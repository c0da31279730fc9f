"""One search through everything the reader may see."""

import asyncio

from fastapi import APIRouter, Request, Response

from hub.clients import SessionFound
from hub.lists import Words
from hub.pages.asking import ClientsOf, or_none
from hub.pages.cards import event_card, organisation_card, post_card, project_card, today
from hub.pages.people import person_card
from hub.rendering import page
from hub.sessions import Visitor, identity_of
from hub.views.information import SearchPage, SessionLine
from services.kit.times import clock, day_of

SHOWN = 6
router = APIRouter()


@router.get("/search")
async def search(request: Request, clients: ClientsOf, person: Visitor, q: Words = "") -> Response:
    """What fits, by kind; without words only the form."""
    query = q.strip()
    if not query:
        return await page(request, SearchPage("", (), (), (), (), (), ()))
    who = identity_of(person)
    events, sessions, posts, projects, organisations, people = await asyncio.gather(
        or_none(clients.scheduling.gatherings(who, q=query, own=person is not None, limit=SHOWN)),
        or_none(clients.scheduling.find_sessions(query, who, limit=SHOWN)),
        or_none(clients.knowledge.listing(who, q=query, limit=SHOWN)),
        or_none(clients.matchmaking.demo_cases(who, q=query, limit=SHOWN)),
        or_none(clients.membership.organisations_found(who, {"q": query}, limit=SHOWN)),
        or_none(clients.membership.people(who, {"q": query}, limit=SHOWN)),
    )
    view = SearchPage(
        query=query,
        events=None if events is None else [event_card(event, person) for event in events],
        sessions=None if sessions is None else [_session(found) for found in sessions],
        posts=None if posts is None else [post_card(post) for post in posts.posts],
        projects=None if projects is None else [project_card(found) for found in projects],
        organisations=None
        if organisations is None
        else [organisation_card(found) for found in organisations.organisations],
        people=None if people is None else [person_card(found) for found in people.people],
    )
    return await page(request, view)


def _session(found: SessionFound) -> SessionLine:
    when = f"{day_of(found.starts_local, today())}, {clock(found.starts_local)}"
    return SessionLine(
        path=f"/events/{found.gathering_slug}/agenda/{found.slug}",
        title=found.title,
        language=found.language,
        about=" · ".join(filter(None, (found.gathering_title, when, found.room))),
    )
