"""How often somebody may try: forms of visitors, counted by the address they come from.

Counted in the memory of each gateway, over a moving window of WINDOW seconds.
"""

import time
from collections.abc import Sequence
from functools import cached_property
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Literal

from fastapi import Depends, Request

from hub.sessions import Visitor
from hub.settings import Settings
from services.kit.errors import HubError
from services.kit.language import N_

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.storage import MemoryStorage

Kind = Literal["mails", "secrets", "writes"]
Network = IPv4Network | IPv6Network

WINDOW = 600
"""Seconds over which forms are counted."""
MOST_ADDRESSES = 50_000
"""Addresses that are remembered; with more of them, all begin anew."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KINDS: dict[str, Kind] = {
    "/join": "mails",
    "/sign-in": "mails",
    "/events/{slug}/register": "mails",
    "/events/{slug}/register/group": "mails",
    "/me/address": "mails",
    "/organisations/{reference}/ask": "mails",
    "/organise/{slug}/invited": "mails",
    "/people/invite": "mails",
    "/address": "secrets",
    "/address/back": "secrets",
    "/confirm": "secrets",
    "/join/invited": "secrets",
    "/sign-in/code": "secrets",
    "/sign-in/passkey": "secrets",
    "/sign-in/use": "secrets",
    "/registrations/{secret}/cancel": "secrets",
    "/setup": "secrets",
    "/stay": "secrets",
    "/still-right": "secrets",
}
"""What forms do, by route; all others only write."""


class TooMany(HubError):
    """More was asked from one address than one place with many people asks."""

    status = 429
    title = N_("Too much at once from your network")

    def __init__(self, wait: int) -> None:
        super().__init__(
            N_(
                "So many forms came from your connection that this one has to wait. Nothing was "
                "changed by it, and nothing is lost."
            )
        )
        self.wait = wait
        """Seconds after which it works again."""


class Limits:
    """Counts the forms of one gateway."""

    def __init__(self, settings: Settings) -> None:
        self._most: dict[Kind, int] = {
            "mails": settings.limit_mails,
            "secrets": settings.limit_secrets,
            "writes": settings.limit_writes,
        }
        self._proxies = networks(settings.trusted_proxies)

    def hit(self, kind: Kind, request: Request) -> None:
        """Count a form; raises TooMany when it is one too many."""
        if not self._most[kind]:
            return
        # Here, for the library takes a while and a hub without limits does without.
        from limits import RateLimitItemPerSecond
        from limits.strategies import MovingWindowRateLimiter

        if len(self._counts.events) > MOST_ADDRESSES:
            self._counts.reset()
        limit: RateLimitItem = RateLimitItemPerSecond(self._most[kind], WINDOW, namespace=kind)
        limiter = MovingWindowRateLimiter(self._counts)
        address = client_of(request, self._proxies)
        if not limiter.hit(limit, address):
            free = limiter.get_window_stats(limit, address).reset_time
            raise TooMany(max(1, int(free - time.time()) + 1))

    @cached_property
    def _counts(self) -> "MemoryStorage":
        from limits.storage import MemoryStorage

        return MemoryStorage()


async def limited(request: Request, person: Visitor) -> None:
    """FastAPI dependency of every page: forms that anybody can send are counted.

    What leads to mail or tries secrets counts for members too.
    """
    if request.method in SAFE:
        return
    kind = KINDS.get(request.scope["route"].path, "writes")
    if person is None or kind != "writes":
        limits: Limits = request.app.state.limits
        limits.hit(kind, request)


Limited = Depends(limited)


def networks(listed: str) -> Sequence[Network]:
    """Addresses and networks written with commas between them; raises ValueError."""
    return [ip_network(part.strip(), strict=False) for part in listed.split(",") if part.strip()]


def client_of(request: Request, proxies: Sequence[Network]) -> str:
    """Where a request comes from; of IPv6 the network, for a household has a whole one.

    Proxies that are trusted say for whom they ask: the last in X-Forwarded-For that is none of
    them. What stands before it anybody may have written.
    """
    asked = request.client.host if request.client else ""
    if _within(asked, proxies):
        chain = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        for told in reversed([part.strip() for part in chain]):
            if not _is_address(told):
                break
            asked = told
            if not _within(told, proxies):
                break
    return _counted(asked)


def _counted(address: str) -> str:
    if not _is_address(address):
        return address[:64]
    known = ip_address(address)
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ip_network((int(known), 64), strict=False))
    return str(known)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _within(address: str, proxies: Sequence[Network]) -> bool:
    if not proxies or not _is_address(address):
        return False
    known = ip_address(address)
    return any(known in network for network in proxies)
