"""What the pages' functions ask of a request."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Annotated, TypeVar

from fastapi import Depends, Path, Request

from hub.clients import Clients, CommunityRead, ServiceAway
from hub.community import community_now
from hub.settings import Settings

T = TypeVar("T")


async def clients_of(request: Request) -> Clients:
    """FastAPI dependency: the services."""
    clients: Clients = request.app.state.clients
    return clients


async def settings_of(request: Request) -> Settings:
    """FastAPI dependency: the gateway's settings."""
    settings: Settings = request.app.state.settings
    return settings


ClientsOf = Annotated[Clients, Depends(clients_of)]
SettingsOf = Annotated[Settings, Depends(settings_of)]
CommunityOf = Annotated[CommunityRead, Depends(community_now)]
SlugPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,130}$")]
IdPath = Annotated[str, Path(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
SecretPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]

EVEN = 0.1
"""Seconds after which an answer comes that must not tell by its time what was found."""


@asynccontextmanager
async def even_time() -> AsyncIterator[None]:
    """Whether an address is known shows in milliseconds; what is done herein takes as long."""
    until = time.monotonic() + EVEN
    try:
        yield
    finally:
        await asyncio.sleep(until - time.monotonic())


def safe_next(path: str) -> str:
    """Where to go after signing in: a path of this hub, never another site."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    if not ours or len(path) > 300 or not path.isprintable() or "\\" in path:
        return "/"
    return path


async def or_none(asked: Awaitable[T]) -> T | None:
    """An answer, or None while its service is away: the rest of a page is still worth reading."""
    try:
        return await asked
    except ServiceAway:
        return None
