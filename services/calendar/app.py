"""The calendar service, put together."""

import threading
from functools import partial

from sqlalchemy.exc import OperationalError

from services.calendar.addresses import routes as addresses
from services.calendar.feeds import routes as feeds
from services.calendar.feeds.cache import FeedCache
from services.calendar.handlers import FEEDS, forgetting, handlers
from services.calendar.made_up import routes as made_up
from services.calendar.personal import routes as personal
from services.calendar.projection import TABLES, render_stale
from services.calendar.settings import FeedSettings, Settings
from services.kit.app import Service, build_app
from services.kit.errors import Busy
from services.kit.keeping import Keeper
from services.kit.peers import Peers


def create(settings: Settings, peers: Peers, feed_settings: FeedSettings | None = None) -> Service:
    """Calendar as the settings say.

    `app.state.feed_routes` are the public routes, for the gateway's app as they are;
    `app.state.feeds_first` wraps an ASGI app so that they are answered before its middleware.
    """
    app = build_app("calendar", settings, [addresses.router, made_up.router, personal.router])
    database = app.state.database
    forgets = forgetting(settings)
    keeper = Keeper(database)
    switches = feed_settings or FeedSettings()
    cache = FeedCache(database, address=settings.address, compress=switches.gzip)
    feed_routes = feeds.routes(cache, database)
    app.router.routes.extend(feed_routes)
    app.state.feed_routes = feed_routes
    app.state.feeds_first = partial(feeds.FeedsFirst, feed_routes=feed_routes)
    app.middleware_stack = app.state.feeds_first(app.build_middleware_stack())

    def render_again(stop: threading.Event) -> None:
        """Once at the start: the hub's address, or this code, may be another than last time."""
        stale = 1
        while stale and not stop.is_set():
            try:
                with database.unit_of_work() as session:
                    stale = render_stale(session, address=settings.address)
                cache.changed()
            except (Busy, OperationalError):
                stop.wait(1.0)
        stop.wait()

    def forgotten() -> None:
        cache.changed()
        keeper.untidy()

    return Service(
        name="calendar",
        settings=settings,
        database=database,
        app=app,
        groups={**handlers(settings.address), **forgets.groups},
        projections={FEEDS: TABLES},
        timers=forgets.timers,
        workers=[render_again, keeper.run],
        after_batch={FEEDS: cache.changed, forgets.group: forgotten},
    )
