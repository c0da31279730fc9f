"""One service under test: its real app on a real database, called over ASGI."""

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar

import httpx
from sqlalchemy import select

from events.envelope import CATALOGUE, Event, new_id, unpack
from events.tables import OUTBOX
from hub.compose import create_services
from services.kit.app import Service
from services.kit.identity import ANYONE, Identity, Signer, private_key
from services.kit.settings import Settings
from tests.migrated import put_database

T = TypeVar("T")
HUB = Identity(None, ("hub",))


def a_member(*roles: str) -> Identity:
    """A signed-in member nobody else is."""
    return Identity(new_id(), ("member", *roles))


class ServiceUnderTest:
    """Calls a service as one person or another."""

    def __init__(self, name: str, data_dir: Path, database_url: str | None = None) -> None:
        self.settings = Settings(data_dir=data_dir, database_url=database_url)
        if database_url is None:
            put_database(data_dir, name)
        self.service: Service = create_services(self.settings, [name])[name]
        self._signer = Signer("gateway", private_key(data_dir, "gateway"))

    def call(
        self, method: str, path: str, *, as_: Identity = ANYONE, json: Any = None, **more: Any
    ) -> httpx.Response:
        """One request."""
        return self.run(self.call_async(method, path, as_=as_, json=json, **more))

    async def call_async(
        self, method: str, path: str, *, as_: Identity = ANYONE, json: Any = None, **more: Any
    ) -> httpx.Response:
        """One request among others."""
        headers = more.pop("headers", {})
        if as_ != ANYONE:
            headers["authorization"] = f"Bearer {self._signer.sign(as_, self.service.name)}"
        transport = httpx.ASGITransport(self.service.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, json=json, headers=headers, **more)

    def together(
        self, calls: Iterable[Coroutine[Any, Any, httpx.Response]]
    ) -> list[httpx.Response]:
        """Many requests at once."""

        async def gather() -> list[httpx.Response]:
            return list(await asyncio.gather(*calls))

        return self.run(gather())

    @staticmethod
    def run(coroutine: Coroutine[Any, Any, T]) -> T:
        """Run in an event loop of its own."""
        return asyncio.run(coroutine)

    def published(self, *only: type[Event]) -> list[Any]:
        """What the outbox holds, oldest first; None for a tombstone."""
        query = select(OUTBOX).where(OUTBOX.c.superseded.is_(False)).order_by(OUTBOX.c.seq)
        with self.service.database.reader() as session:
            rows = session.connection().execute(query).fetchall()
        return [
            unpack(row.type, row.payload).data if row.payload else None
            for row in rows
            if not only or CATALOGUE[row.type] in only
        ]
