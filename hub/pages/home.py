"""The home page."""

import asyncio

from fastapi import APIRouter, Request, Response

from hub.clients import DemoCaseRead
from hub.numbers import NumbersCache
from hub.pages.asking import ClientsOf, or_none
from hub.pages.cards import event_card, post_card, project_card
from hub.pages.setup import setup_needed
from hub.rendering import page, redirect
from hub.sessions import Visitor, identity_of
from hub.views.home import HomePage, Step
from hub.words import STEPS
from services.kit.language import _

SHOWN = 4
PER_STEP = 2
router = APIRouter()


@router.get("/")
async def home(request: Request, clients: ClientsOf, person: Visitor) -> Response:
    """What the hub is, what comes next, what is new; a part that is away is left out.

    On a new hub the way leads to the page that sets it up.
    """
    if await setup_needed(request):
        return redirect(request, "/setup")
    who = identity_of(person)
    numbers: NumbersCache = request.app.state.numbers
    events, posts, projects, counted = await asyncio.gather(
        or_none(clients.scheduling.gatherings(who, own=person is not None, limit=SHOWN)),
        or_none(clients.knowledge.listing(who, limit=SHOWN)),
        or_none(clients.matchmaking.demo_cases(who, per_phase=PER_STEP)),
        numbers.now(),
    )
    counts, community = counted or ({}, None)
    view = HomePage(
        events=None if events is None else [event_card(event, person) for event in events],
        posts=None if posts is None else [post_card(post) for post in posts.posts],
        steps=None if projects is None else _steps(projects, counts),
        numbers=community,
    )
    return await page(request, view)


def _steps(projects: list[DemoCaseRead], counts: dict[str, int]) -> list[Step]:
    """The steps in their order; a count from before a project came is not shown as less."""
    steps = []
    for value, label in STEPS.items():
        shown = [project_card(project) for project in projects if project.phase == value]
        count = max(counts.get(value, 0), len(shown))
        empty = _("No project is at this step.")
        steps.append(Step(label, f"/demo-cases?step={value}", count, shown, empty))
    return steps
