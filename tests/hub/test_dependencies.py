"""What pages and routes ask of FastAPI before they begin."""

import inspect
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from tests.hub.gateway import WholeHub


def of_routes(app: FastAPI) -> Iterator[Dependant]:
    """Every dependency of every route, and theirs."""
    waiting = [
        found
        for route in iter_route_contexts(app.routes)
        if (found := getattr(route, "dependant", None))
    ]
    while waiting:
        below = waiting.pop().dependencies
        yield from below
        waiting.extend(below)


def test_no_dependency_costs_a_turn_of_a_thread(hub: WholeHub) -> None:
    apps = [hub.app, *(service.app for service in hub.services.values())]
    asked = {found.call for app in apps for found in of_routes(app)}
    assert len(asked) > 20
    waits = {
        call
        for call in asked
        if not inspect.iscoroutinefunction(call) and not inspect.isasyncgenfunction(call)
    }
    assert waits == set()
