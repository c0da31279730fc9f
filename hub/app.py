"""The gateway people see, put together."""

from collections.abc import Sequence
from functools import partial

import structlog
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from events.catalogue.membership import CommunityState
from events.catalogue.notification import MessageDelivered
from events.envelope import Envelope
from hub import assets, live, problems
from hub.assets import Assets
from hub.clients import Clients
from hub.community import CommunityCache
from hub.first_run import SetupCode
from hub.guard import Guard
from hub.kept import Keeping, KeptPages
from hub.limits import Limited, Limits
from hub.live import Live
from hub.numbers import NumbersCache
from hub.pages import (
    accounts,
    admission,
    agenda,
    attendance,
    covers,
    data,
    demo_cases,
    design,
    embeds,
    event_forms,
    event_lists,
    event_people,
    events,
    expertise,
    feedback,
    feeds,
    groups,
    home,
    inbox,
    information,
    invited,
    joining,
    mailbox,
    materials,
    me,
    moderation,
    occurrences,
    organisation_review,
    organisations,
    organise,
    passkeys,
    people,
    polls,
    posts,
    preferences,
    profile,
    providers,
    regions,
    registering,
    registrations,
    representatives,
    running,
    search,
    security,
    setup,
    system,
)
from hub.rendering import Pages, ahead, environment
from hub.sessions import Sessions
from hub.settings import Settings
from hub.unread import UnreadCounts
from services.kit.app import NO_TELEMETRY
from services.kit.errors import HubError

SHOWN = ("membership", "scheduling", "knowledge", "matchmaking")
"""Services of whose things pages show something to everybody."""

log = structlog.get_logger()


def create(settings: Settings, clients: Clients, feed_routes: Sequence[BaseRoute] = ()) -> FastAPI:
    """The gateway; `feed_routes` are calendar's own when it runs in this process."""
    app = FastAPI(
        title=settings.name,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    app.state.settings = settings
    app.state.clients = clients
    app.state.sessions = Sessions(settings, clients)
    app.state.community = CommunityCache(settings, clients)
    app.state.limits = Limits(settings)
    app.state.providers = providers.providers(settings)
    app.state.setup_code = SetupCode(settings.data_dir)
    app.state.numbers = NumbersCache(clients)
    app.state.unread = unread = UnreadCounts(clients)
    app.state.live = Live(app.state.sessions, clients)
    app.state.assets = Assets()
    app.state.pages = Pages(environment(asset=app.state.assets.url), settings)
    app.state.kept = KeptPages()
    app.state.live.whenever(SHOWN, app.state.kept.clear, missed=app.state.kept.begin)
    app.state.live.whenever(SHOWN, app.state.numbers.stir, missed=app.state.numbers.stir)
    app.state.live.listen(CommunityState, partial(_said_anew, app), missed=app.state.community.drop)
    app.state.live.listen(MessageDelivered, unread.delivered, missed=unread.begin)
    app.add_middleware(Keeping, pages=app.state.kept, settings=settings)
    app.add_middleware(Guard, settings=settings)
    app.add_exception_handler(HubError, problems.on_hub_error)
    app.add_exception_handler(RequestValidationError, problems.on_invalid)
    app.add_exception_handler(HTTPException, problems.on_http_error)
    app.router.routes.extend(feed_routes)
    if not feed_routes:
        app.include_router(feeds.router)
    for parts in (assets, live, system, preferences, inbox):
        app.include_router(parts.router, dependencies=[Limited])
    for pages in (
        # Routes are looked at in this order; nothing else comes in such crowds.
        joining,
        home,
        information,
        search,
        accounts,
        passkeys,
        providers,
        event_forms,
        agenda,
        event_lists,
        event_people,
        occurrences,
        registering,
        groups,
        running,
        attendance,
        admission,
        feedback,
        invited,
        covers,
        materials,
        organise,
        embeds,
        polls,
        events,
        regions,
        registrations,
        posts,
        demo_cases,
        expertise,
        people,
        organisations,
        organisation_review,
        representatives,
        moderation,
        data,
        me,
        profile,
        security,
        mailbox,
        design,
        setup,
    ):
        app.include_router(pages.router, dependencies=[Limited, Depends(ahead)])
    return app


def _said_anew(app: FastAPI, _envelope: Envelope[CommunityState]) -> None:
    """The community says something else of itself, here or by another gateway."""
    app.state.community.drop()
    # After that: a page that was made in between says the old.
    app.state.kept.clear()
