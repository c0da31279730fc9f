"""Pages of visitors, kept until something that they show changes.

All who are not signed in see the same, so a page is made once and then answered from memory.
The gateway follows the log: each change anywhere in the hub lets all kept pages go, within
milliseconds. A page is kept for a few seconds at most, for words such as "over" that only the
clock changes, and for the moments in which the log cannot be followed.
"""

import threading
import time
from collections import OrderedDict
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.assets import accepts
from hub.preferences import cookie_header, theme_of_header
from hub.settings import Settings
from services.kit.language import spoken

LASTS = 5.0
"""Seconds that a page is kept when nothing changes."""
MOST_BYTES = 16_000_000

Key = tuple[str, bytes, str, str, bool]
"""Path, query, language, theme, and whether it is compressed."""


class Kept(NamedTuple):
    """One page as it is answered."""

    until: float
    headers: list[tuple[bytes, bytes]]
    body: bytes


class KeptPages:
    """The pages of one gateway; nothing is kept before the log is followed."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._following = False
        # The log is followed in a thread of its own; a change must not come between two steps.
        self._lock = threading.Lock()
        self.generation = 0
        """Grows with each change; a page that was begun before one is not kept after it."""

    def begin(self) -> None:
        """The log is followed from now on; what happened before may have been missed."""
        self._following = True
        self.clear()

    def clear(self) -> None:
        """Something changed; safe from any thread."""
        with self._lock:
            self.generation += 1
            self._pages, self._bytes = OrderedDict(), 0

    def find(self, key: Key) -> Kept | None:
        """The kept page, while it is fresh."""
        kept = self._pages.get(key)
        return kept if kept and kept.until > time.monotonic() else None

    def keep(self, key: Key, page: Kept, generation: int) -> None:
        """Keep a page that was begun in this generation; the oldest make room for it."""
        if not self._following or _size(key, page) > MOST_BYTES:
            return
        with self._lock:
            if generation != self.generation:
                return
            if old := self._pages.pop(key, None):
                self._bytes -= _size(key, old)
            self._pages[key] = page
            self._bytes += _size(key, page)
            while self._bytes > MOST_BYTES:
                self._bytes -= _size(*self._pages.popitem(last=False))


def _size(key: Key, page: Kept) -> int:
    """Bytes that a kept page takes; anybody may put what they like behind the question mark."""
    return len(key[0]) + len(key[1]) + len(page.body)


class Keeping:
    """ASGI middleware that answers visitors from the kept pages."""

    def __init__(self, app: ASGIApp, pages: KeptPages, settings: Settings) -> None:
        self._app = app
        self._pages = pages
        # A signed-in reader, or one with a message to be shown, gets a page of their own.
        self._personal = (settings.session_cookie, "hub_flash")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory where that can be; keep what may be kept."""
        if scope["type"] != "http" or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        if scope["method"] != "GET":
            try:
                await self._app(scope, receive, send)
            finally:
                # Whoever did something here sees it on the next page, before the log says it.
                self._pages.clear()
            return
        key = self._key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        if kept := self._pages.find(key):
            await send({"type": "http.response.start", "status": 200, "headers": [*kept.headers]})
            await send({"type": "http.response.body", "body": kept.body})
            return
        await self._app(scope, receive, self._kept(scope, key, send))

    def _key(self, scope: Scope) -> Key | None:
        headers = Headers(scope=scope)
        cookies = cookie_header(headers)
        if any(name in cookies for name in self._personal) or "hub-block" in headers:
            return None
        packed = accepts(headers.get("accept-encoding", ""), "gzip")
        return scope["path"], scope["query_string"], spoken(), theme_of_header(cookies), packed

    def _kept(self, scope: Scope, key: Key, send: Send) -> Send:
        """Like `send`, and keeps a page that says it may be kept."""
        generation = self._pages.generation
        headers: list[tuple[bytes, bytes]] = []

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers.extend(message["headers"])
            elif (
                message["type"] == "http.response.body"
                and scope.get("state", {}).get("keep")
                and headers
                and not message.get("more_body")
            ):
                page = Kept(time.monotonic() + LASTS, headers, message["body"])
                self._pages.keep(key, page, generation)
            await send(message)

        return sending
