"""How large the community is; asked of the services once in a while, not on every page."""

import asyncio
import time

from hub.clients import Clients
from hub.pages.asking import or_none
from hub.views.home import Numbers
from hub.words import SIDES

KEPT = 30.0
"""Seconds that numbers are shown before they are asked for again, when nothing seems to change."""
SOON = 3.0
"""Seconds after which they are asked for again when something has changed."""


class NumbersCache:
    """The numbers of the home page, as they were a moment ago."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._asked = self._until = 0.0
        self._stirred = False
        self._counts: tuple[dict[str, int], Numbers] | None = None
        self._asking = asyncio.Lock()

    def stir(self) -> None:
        """Something changed somewhere; safe from any thread."""
        self._stirred = True
        self._until = min(self._until, self._asked + SOON)

    async def now(self) -> tuple[dict[str, int], Numbers] | None:
        """Projects by step, and the other numbers; None while they cannot be had."""
        if time.monotonic() < self._until:
            return self._counts
        async with self._asking:
            if time.monotonic() >= self._until:
                self._asked, self._stirred = time.monotonic(), False
                self._counts = await self._ask()
                # What changed meanwhile may not have been counted.
                self._until = self._asked + (SOON if self._stirred else KEPT)
        return self._counts

    async def _ask(self) -> tuple[dict[str, int], Numbers] | None:
        people, gatherings, posts, steps = await asyncio.gather(
            or_none(self._clients.membership.counts()),
            or_none(self._clients.scheduling.counts()),
            or_none(self._clients.knowledge.counts()),
            or_none(self._clients.matchmaking.counts()),
        )
        if people is None or gatherings is None or posts is None or steps is None:
            return None
        return steps, Numbers(
            sides={side: people.sides.get(side, 0) for side in SIDES},
            members=sum(people.sides.values()),
            regions=people.regions,
            organisations=people.organisations,
            coming=gatherings.coming,
            past=gatherings.past,
            posts=sum(posts.values()),
        )
