"""What the community is called, speaks and stands for, as every page needs it."""

import asyncio
import time

import structlog
from fastapi import Request

from hub.clients import Clients, CommunityRead
from hub.settings import Settings
from services.kit.errors import HubError

KEPT = 30.0
"""Seconds that an answer is trusted without asking membership again."""
PAUSE = 1.0
"""Seconds until membership is asked again when it did not answer."""

log = structlog.get_logger()


class CommunityCache:
    """Asks membership once in a while; says what it last knew while membership is away."""

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._name = settings.name
        self._clients = clients
        # Before anything is known nobody is sent to the set-up page.
        self._last = CommunityRead(name=settings.name, set_up=True)
        self._until = 0.0
        self._drops = 0
        self._asking = asyncio.Lock()

    async def now(self) -> CommunityRead:
        """The community as it was at most half a minute ago; never fails, nor waits long."""
        if time.monotonic() < self._until:
            return self._last
        async with self._asking:
            if time.monotonic() >= self._until:
                await self._ask()
        return self._last

    @property
    def languages(self) -> list[str]:
        """Languages that visitors can choose from, as last known."""
        return self._last.languages

    def drop(self) -> None:
        """Something was changed: ask before the next answer. Safe from any thread."""
        self._drops += 1
        self._until = 0.0

    async def _ask(self) -> None:
        drops, kept = self._drops, KEPT
        try:
            async with asyncio.timeout(1):
                found = await self._clients.membership.community()
        except (HubError, TimeoutError) as error:
            log.info("community_unknown", error=str(error))
            kept = PAUSE
        else:
            self._last = found.model_copy(update={"name": found.name or self._name})
            # A hub is set up once, here or by another gateway, and must show it at once.
            kept = KEPT if found.set_up else 0.0
        # An answer that crossed a change under way may be from before it.
        if drops == self._drops:
            self._until = time.monotonic() + kept


async def community_now(request: Request) -> CommunityRead:
    """FastAPI dependency: the community."""
    cache: CommunityCache = request.app.state.community
    return await cache.now()
