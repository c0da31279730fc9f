"""How a worker reaches another service: over HTTP, or in the same process without a socket.

Only workers, and only outside a transaction; a request never calls another service.
"""

import httpx
from starlette.types import ASGIApp

from services.kit.identity import Identity, Signer
from services.kit.settings import Settings

HUB = Identity(None, ("hub",))


class Peers:
    """Clients to the other services, signed as one part of the hub."""

    def __init__(self, settings: Settings, signer: Signer) -> None:
        self._settings = settings
        self._signer = signer
        self._apps: dict[str, ASGIApp] = {}
        # Made once: a client that makes its own takes longer than the call.
        self._tls = httpx.create_ssl_context()

    def here(self, service: str, app: ASGIApp) -> None:
        """This service runs in the same process."""
        self._apps[service] = app

    def client(self, service: str, identity: Identity = HUB) -> httpx.AsyncClient:
        """A new client for one service; close it (async with) when done."""
        headers = {"authorization": f"Bearer {self._signer.sign(identity, service)}"}
        url = self._settings.service_urls.get(service)
        if url:
            return httpx.AsyncClient(base_url=url, headers=headers, timeout=10, verify=self._tls)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self._apps[service]),
            base_url=f"http://{service}",
            headers=headers,
        )
