"""How a service is put together: its web app, its groups, timers and workers."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from pydantic import BaseModel
from sqlalchemy import Table, text
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from events.consumer import Handlers
from events.envelope import Context, in_context, new_id
from services.kit.complaints import words_of
from services.kit.db import Database, open_database
from services.kit.errors import Busy, HubError, Invalid, TooLarge
from services.kit.files import Files
from services.kit.identity import Verifier, public_keys
from services.kit.language import LANGUAGES, SOURCE, _, preferred, speaking
from services.kit.settings import Settings
from services.kit.timers import Action

log = structlog.get_logger()

NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""Events carry the trace; FastAPI's own look for an exporter costs every request."""

Worker = Callable[[threading.Event], None]
"""Runs in a thread of its own until the event is set."""


@dataclass
class Service:
    """One service, ready to be run by whoever composes a process."""

    name: str
    settings: Settings
    database: Database
    app: FastAPI
    groups: Mapping[str, Handlers] = field(default_factory=dict)
    """Consumer groups by name, each a table of handlers."""
    projections: Mapping[str, Sequence[Table]] = field(default_factory=dict)
    """Groups that can be replayed, with the tables a replay empties and fills again."""
    timers: Mapping[str, Action] = field(default_factory=dict)
    workers: Sequence[Worker] = ()
    after_batch: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    """Called after each committed batch of a group, to wake a worker."""


class Problem(BaseModel):
    """An error as problem+json (RFC 9457); `errors` names the inputs at fault."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []


def build_app(name: str, settings: Settings, routers: Sequence[APIRouter]) -> FastAPI:
    """The service's web app with identity, errors, health and limits in place."""
    app = FastAPI(
        title=f"Hub {name}",
        version="1",
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
        responses={422: {"model": Problem, "description": "What was sent does not fit"}},
    )
    app.state.database = open_database(name, settings)
    app.state.settings = settings
    app.state.files = Files(settings.data_dir / "files" / name, most=settings.upload_limit)
    app.state.verifier = Verifier(name, public_keys(settings.data_dir))
    app.add_middleware(BodyLimits, body=settings.body_limit, upload=settings.upload_limit)
    app.add_middleware(RequestMiddleware, body=settings.body_limit, upload=settings.upload_limit)
    app.add_exception_handler(HubError, _hub_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(OperationalError, _database_error)
    app.add_exception_handler(Exception, _unexpected_error)
    for router in [*routers, _health()]:
        app.include_router(router)
    return app


async def database_of(request: Request) -> Database:
    """FastAPI dependency: the service's database; async, or it would cost a thread's turn."""
    database: Database = request.app.state.database
    return database


Db = Annotated[Database, Depends(database_of)]


async def files_of(request: Request) -> Files:
    """FastAPI dependency: where the service keeps the files that people bring."""
    files: Files = request.app.state.files
    return files


FilesOf = Annotated[Files, Depends(files_of)]

UPLOAD = "application/octet-stream"
"""Media type of a body that is a file's bytes; its limit is another than that of all else."""


class BodyLimits:
    """Counts bodies while they are read: files have one limit, all else another."""

    def __init__(self, app: ASGIApp, body: int, upload: int) -> None:
        self._body = RequestBodyLimitMiddleware(app, max_body_size=body)
        self._upload = RequestBodyLimitMiddleware(app, max_body_size=upload)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose the limit by what is declared."""
        await (self._upload if _is_upload(scope) else self._body)(scope, receive, send)


def _is_upload(scope: Scope) -> bool:
    return (b"content-type", UPLOAD.encode()) in scope.get("headers", ())


class RequestMiddleware:
    """Gives every event the request's correlation id and trace; refuses bodies too large."""

    def __init__(self, app: ASGIApp, body: int, upload: int) -> None:
        self._app = app
        self._body = body
        self._upload = upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the context from the caller's headers, or begin anew."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        # A body of undeclared length is counted by the inner middleware while it is read.
        most = self._upload if _is_upload(scope) else self._body
        if declared.isdigit() and int(declared) > most:
            words = f"A request can have {most} bytes at most."
            await problem(TooLarge.status, TooLarge.title, words)(scope, receive, send)
            return
        correlation = headers.get(b"x-correlation-id", b"").decode("ascii", "ignore")[:64]
        trace = headers.get(b"traceparent", b"").decode("ascii", "ignore")[:64]
        wish = headers.get(b"accept-language", b"").decode("latin-1")
        # The gateway asks in one language, by its name alone.
        known = wish in LANGUAGES or not wish
        language = (wish if known else preferred(wish, LANGUAGES)) or SOURCE
        with in_context(Context(correlation or new_id(), None, trace or None)), speaking(language):
            await self._app(scope, receive, send)


def _health() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    def readyz(db: Db) -> dict[str, str]:
        with db.reader() as session:
            session.connection().execute(text("SELECT 1"))
        return {"status": "ready"}

    return router


def answer(model: BaseModel, *, status: int = 200) -> Response:
    """A model as the answer of a busy route; name it there as `response_model`.

    Left to FastAPI, a model is validated a second time, in one more turn of a thread.
    """
    return Response(model.model_dump_json(), status, media_type="application/json")


def problem(
    status: int, title: str, detail: str, errors: list[dict[str, str]] | None = None
) -> JSONResponse:
    """An error answer as problem+json (RFC 9457)."""
    content = Problem(title=title, status=status, detail=detail, errors=errors or [])
    return JSONResponse(
        content.model_dump(), status_code=status, media_type="application/problem+json"
    )


async def _hub_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HubError)
    errors = [{"field": error.field, "message": _(error.detail)}] if error.field else []
    return problem(error.status, _(error.title), _(error.detail), errors)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {
            "field": ".".join(str(part) for part in item["loc"][1:]),
            "message": words_of(item),
        }
        for item in error.errors()
    ]
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in errors[:5])
    return problem(422, _(Invalid.title), detail, errors)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), str(error.detail))


async def _database_error(request: Request, error: Exception) -> Response:
    log.warning("database_unavailable", path=request.url.path, error=str(error))
    return problem(503, _(Busy.title), _("Nothing was saved. Please try again in a minute."))


async def _unexpected_error(request: Request, error: Exception) -> Response:
    log.error("request_failed", path=request.url.path, exc_info=error)
    return problem(500, _("Something broke on our side"), _("Nothing was saved. Please try again."))
