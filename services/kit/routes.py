"""Routers of services: what a route returns becomes bytes in the thread that made it."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints

from fastapi import APIRouter, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter


class Route(APIRoute):
    """A route whose result is written once, as its declared type and nothing beyond it.

    Left to FastAPI, the result is validated a second time, in one more turn of a thread: that
    costs as much as most routes themselves.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _writing(endpoint, options.get("status_code"))
        super().__init__(path, endpoint, **options)


class Router(APIRouter):
    """A router of a service."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, **options)


def _writing(endpoint: Callable[..., Any], status: int | None) -> Callable[..., Any]:
    kind = get_type_hints(endpoint, include_extras=True).get("return")
    if kind is None or kind is type(None) or kind is Response:
        return endpoint
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    @wraps(endpoint)
    def written(**given: Any) -> Any:
        made = endpoint(**given)
        if isinstance(made, Response):
            return made
        return Response(adapter.dump_json(made), status or 200, media_type="application/json")

    return written
