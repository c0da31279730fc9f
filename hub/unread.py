"""The number on the inbox, on every page of a member; asked for when it may have changed."""

import asyncio
import time
from collections import OrderedDict

import structlog

from events.catalogue.notification import MessageDelivered
from events.envelope import Envelope
from hub.clients import Clients
from hub.sessions import Person
from services.kit.errors import HubError

KEPT = 30.0
"""Seconds that a number is shown without asking again: another gateway may have marked as read."""
MOST_KEPT = 10_000

log = structlog.get_logger()


class UnreadCounts:
    """Unread notices by contact; nothing is kept before the log is followed."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._following = False
        self._drops = 0

    def begin(self) -> None:
        """The log is followed from now on; what came before may have been missed."""
        self._following = True
        self._drops += 1
        self._counts = OrderedDict()

    def delivered(self, envelope: Envelope[MessageDelivered]) -> None:
        """Somebody has a new notice; safe from any thread."""
        if envelope.event.channel == "inbox":
            self.drop(envelope.event.contact_id)

    def drop(self, contact_id: str) -> None:
        """The number of one person may have changed."""
        self._drops += 1
        self._counts.pop(contact_id, None)

    async def of(self, person: Person) -> int | None:
        """The number; None when it cannot be had soon: a page never fails for it."""
        kept = self._counts.get(person.contact_id)
        if kept and kept[0] > time.monotonic():
            return kept[1]
        drops, counts = self._drops, self._counts
        try:
            async with asyncio.timeout(1):
                count = (await self._clients.notification.unread(person.identity)).count
        except (HubError, TimeoutError) as error:
            log.info("unread_unknown", error=str(error))
            return None
        # An answer that crossed a new notice may be from before it.
        if self._following and drops == self._drops:
            counts[person.contact_id] = (time.monotonic() + KEPT, count)
            while len(counts) > MOST_KEPT:
                counts.popitem(last=False)
        return count
