"""How the gateway asks a service, over HTTP or in the same process: typed answers, or errors."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import httpx
import structlog
from pydantic import TypeAdapter, ValidationError

from events.envelope import current_context
from services.kit.app import UPLOAD
from services.kit.errors import HubError, SignInNeeded
from services.kit.identity import ANYONE, Identity, Signer
from services.kit.language import N_, spoken

log = structlog.get_logger()

T = TypeVar("T")

HUB = Identity(None, ("hub",))
"""The gateway itself, where no person may or can ask."""


class ServiceProblem(HubError):
    """A service said no; `errors` names the inputs at fault."""

    def __init__(
        self, status: int, title: str, detail: str, errors: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.errors = errors


class ServiceAway(HubError):
    """A service cannot be reached."""

    status = 503
    title = N_("This part of the hub is resting")

    def __init__(self, service: str) -> None:
        super().__init__(N_("It cannot be reached just now. Nothing was changed."))
        self.service = service


class Client:
    """Calls one service and turns its answers into typed values or errors."""

    def __init__(self, name: str, http: httpx.AsyncClient, signer: Signer) -> None:
        self.name = name
        self.http = http
        self._signer = signer

    async def close(self) -> None:
        """Let the connections go."""
        await self.http.aclose()

    async def ready(self) -> bool:
        """Whether the service answers and has its database."""
        try:
            return (await self.http.get("/readyz", timeout=2)).status_code == 200
        except httpx.HTTPError:
            return False

    async def get(
        self, kind: type[T], path: str, identity: Identity = ANYONE, /, **query: Any
    ) -> T:
        """Ask for something."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._read(kind, await self._send("GET", path, identity, params=given))

    async def fetch(self, path: str, identity: Identity) -> bytes:
        """Ask for something that is no JSON."""
        return (await self._send("GET", path, identity)).content

    async def send(
        self, kind: type[T], method: str, path: str, identity: Identity, body: object = None
    ) -> T:
        """Have something done; `kind` is what comes back."""
        return self._read(kind, await self._send(method, path, identity, json=body))

    async def tell(self, method: str, path: str, identity: Identity, body: object = None) -> None:
        """Have something done whose answer says nothing more."""
        await self._send(method, path, identity, json=body)

    async def bring(self, kind: type[T], path: str, identity: Identity, content: bytes) -> T:
        """Bring a file's bytes."""
        return self._read(kind, await self._send("POST", path, identity, content=content))

    async def _send(
        self, method: str, path: str, identity: Identity, **what: Any
    ) -> httpx.Response:
        context = current_context()
        headers = {"x-correlation-id": context.correlationid, "accept-language": spoken()}
        if "content" in what:
            headers["content-type"] = UPLOAD
        if context.traceparent:
            headers["traceparent"] = context.traceparent
        if identity != ANYONE:
            headers["authorization"] = f"Bearer {self._signer.sign(identity, self.name)}"
        try:
            response = await self.http.request(method, path, headers=headers, **what)
        except httpx.HTTPError as error:
            log.warning("service_away", service=self.name, path=path, error=repr(error))
            raise ServiceAway(self.name) from error
        if response.is_success:
            return response
        raise _problem(response)

    def _read(self, kind: type[T], response: httpx.Response) -> T:
        try:
            return _adapter(kind).validate_json(response.content)
        except ValidationError as error:
            log.error("answer_unreadable", service=self.name, url=str(response.url), exc_info=error)
            raise ServiceAway(self.name) from error


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    """How answers of a kind are read; built once, for it takes a while."""
    known: TypeAdapter[T] | None = _ADAPTERS.get(kind)
    if known is None:
        known = _ADAPTERS[kind] = TypeAdapter(kind)
    return known


def _problem(response: httpx.Response) -> HubError:
    try:
        said = response.json()
        title, detail = str(said["title"]), str(said["detail"])
        errors = [
            {"field": str(item["field"]), "message": str(item["message"])}
            for item in said.get("errors", ())
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        title, detail, errors = N_("That did not work"), N_("Please try again in a minute."), []
    if response.status_code == 401:
        return SignInNeeded(detail)
    return ServiceProblem(response.status_code, title, detail, errors)
