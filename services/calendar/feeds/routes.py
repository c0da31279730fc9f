"""HTTP to the feeds and back: plain ASGI, no thread and no parsing while a feed is ready.

The routes stand on their own, so that the gateway can put them into its app as they are.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import get_args

from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from events.catalogue.scheduling import GatheringKind
from services.calendar.addresses.service import contact_of
from services.calendar.feeds.cache import FeedCache, Prepared, Variant, http_date
from services.calendar.feeds.rules import accepts_gzip, asked_in, matches, topic_slug
from services.calendar.feeds.schemas import Feed, GatheringFeed, PrivateFeed, PublicFeed
from services.kit.app import problem
from services.kit.db import Database
from services.kit.errors import Busy, HubError, NotFound
from services.kit.language import _

_KINDS = get_args(GatheringKind)
_METHODS = frozenset({"GET", "HEAD"})
_PUBLIC = PublicFeed("all")


def routes(cache: FeedCache, database: Database) -> list[BaseRoute]:
    """Every feed's route, for GET and HEAD."""

    def private(parameters: Mapping[str, str]) -> Prepared | None:
        with database.reader() as session:
            contact_id = contact_of(session, secret=parameters["secret"])
            return cache.prepare_in(session, PrivateFeed(contact_id))

    gathering = PublicEndpoint(cache, lambda parameters: GatheringFeed(parameters["slug"]))
    return [
        Route("/feeds/public.ics", PublicEndpoint(cache, lambda _: _PUBLIC), methods=["GET"]),
        Route("/feeds/events.ics", QueryEndpoint(cache), methods=["GET"]),
        Route("/feeds/private/{secret}.ics", PrivateEndpoint(private), methods=["GET"]),
        Route("/feeds/{by}/{value}.ics", PublicEndpoint(cache, _filtered), methods=["GET"]),
        Route("/events/{slug}.ics", gathering, methods=["GET"]),
    ]


class FeedsFirst:
    """ASGI: answers feeds before an app's middleware, which costs several times the answer."""

    def __init__(self, app: ASGIApp, feed_routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = [route for route in feed_routes if isinstance(route, Route)]
        self._fixed = {route.path: route for route in self._routes if not route.param_convertors}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take what a feed's route takes whole; the rest, also wrong methods, is the app's."""
        if scope["type"] == "http" and scope["path"].endswith(".ics"):
            fixed = self._fixed.get(scope["path"])
            if fixed is not None and scope["method"] in _METHODS:
                scope["path_params"] = {}
                await fixed.app(scope, receive, send)
                return
            for route in self._routes:
                match, child = route.matches(scope)
                if match is Match.FULL:
                    scope.update(child)
                    await route.app(scope, receive, send)
                    return
        await self._app(scope, receive, send)


class PublicEndpoint:
    """Answers a feed that everybody may see."""

    def __init__(self, cache: FeedCache, feed_of: Callable[[Mapping[str, str]], Feed]) -> None:
        self._cache = cache
        self._feed_of = feed_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is ready, or have it made."""
        try:
            feed = self._feed_of(scope["path_params"])
            prepared = self._cache.current(feed)
            if prepared is None:
                prepared = await run_in_threadpool(self._cache.prepare, feed)
        except (HubError, OperationalError) as error:
            await _refuse(error, scope, receive, send)
            return
        await _answer(prepared, scope, receive, send)


class QueryEndpoint:
    """Answers a feed of what an address asks for, as the lists of events do."""

    def __init__(self, cache: FeedCache) -> None:
        self._cache = cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is ready, or have it made."""
        try:
            feed = asked_in(scope["query_string"])
            prepared = self._cache.current(feed)
            if prepared is None:
                prepared = await run_in_threadpool(self._cache.prepare, feed)
        except (HubError, OperationalError) as error:
            await _refuse(error, scope, receive, send)
            return
        await _answer(prepared, scope, receive, send)


class PrivateEndpoint:
    """Answers a feed behind a secret, which is checked each time before anything else."""

    def __init__(self, feed_of: Callable[[Mapping[str, str]], Prepared | None]) -> None:
        self._feed_of = feed_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the secret, then send what is ready."""
        try:
            prepared = await run_in_threadpool(self._feed_of, scope["path_params"])
        except (HubError, OperationalError) as error:
            await _refuse(error, scope, receive, send)
            return
        await _answer(prepared, scope, receive, send)


def _filtered(parameters: Mapping[str, str]) -> Feed:
    by, value = parameters["by"], parameters["value"]
    match by:
        case "topic" if 0 < len(topic_slug(value)) <= 120:
            return PublicFeed("topic", topic_slug(value))
        case "kind" if value in _KINDS:
            return PublicFeed("kind", value)
        case "region" if value.isascii() and value.isalnum() and 2 <= len(value) <= 5:
            return PublicFeed("region", value.upper())
        case "language" if value.isascii() and value.isalpha() and len(value) == 2:
            return PublicFeed("language", value.lower())
        case _:
            raise NotFound(
                _(
                    "There is no such calendar. There are /feeds/public.ics, and those by "
                    "/feeds/topic/, /feeds/region/, /feeds/language/ and /feeds/kind/ ({kinds})."
                ).format(kinds=", ".join(_KINDS))
            )


async def _answer(prepared: Prepared | None, scope: Scope, receive: Receive, send: Send) -> None:
    if prepared is None:
        missing = NotFound("This event does not exist, or it is not public.")
        await _refuse(missing, scope, receive, send)
        return
    none_match = modified_since = None
    variant = prepared.plain
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            none_match = value
        elif name == b"if-modified-since":
            modified_since = value
        elif name == b"accept-encoding" and prepared.compressed and accepts_gzip(value):
            variant = prepared.compressed
    if _has_it(prepared, variant, none_match, modified_since):
        headers, body, status = variant.not_modified, b"", 304
    else:
        headers, body, status = variant.dated, variant.body, 200
        if prepared.changed_at > (now := time.time()):
            # Changes in one second have dates of their own; none may be shown before it comes.
            headers = (*variant.undated, (b"last-modified", http_date(now)))
        if scope["method"] == "HEAD":
            body = b""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _has_it(
    prepared: Prepared, variant: Variant, none_match: bytes | None, modified_since: bytes | None
) -> bool:
    if none_match is not None:
        return none_match == variant.etag or matches(none_match, variant.etag)
    if modified_since is not None:
        try:
            moment = parsedate_to_datetime(modified_since.decode("latin-1"))
            return moment.timestamp() >= prepared.changed_at
        except (ValueError, OverflowError):
            return False
    return False


async def _refuse(
    error: HubError | OperationalError, scope: Scope, receive: Receive, send: Send
) -> None:
    if isinstance(error, OperationalError):
        error = Busy("The calendar is very busy. Your app will try again.")
    response = problem(error.status, error.title, error.detail)
    response.headers["cache-control"] = "no-store"
    await response(scope, receive, send)
