"""Pages of the hub with the demonstration, as a visitor and a member get them, one after another.

Ours: gateway and services in one process, as `hub run` has them, over a socket; "anew" is what the
first visitor after a change waits for, "visitor" what the others do. Floor: one bare
FastAPI route that renders a constant Jinja page of as many bytes and, for each call of a service
that the page makes, calls a bare FastAPI route in the same process for JSON of as many bytes. The
lines "bare" have for floor an ASGI function that answers with two bytes under the same server.
Medians of requests on one connection, without compression.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from starlette.types import ASGIApp, Receive, Scope, Send

from hub import app as gateway
from hub.clients import Clients
from hub.compose import create_services, open_log
from hub.live import Live
from hub.settings import Settings as HubSettings
from services.kit.app import Service
from services.kit.identity import Signer, private_key
from services.kit.settings import Settings
from tests.benchmarks.bench import Bench, Served, run_load
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.browser.stage import (
    BOSS,
    PEOPLE,
    events_of_the_demonstration,
    fresh_hub,
    sign_in,
)

NAME = "pages"
SECONDS = 1.0


@dataclass(frozen=True)
class Asked:
    """A page as somebody gets it, and what it costs to make."""

    name: str
    path: str
    headers: Mapping[str, str]
    size: int
    """Bytes of the page."""
    calls: tuple[int, ...]
    """Bytes of the answer of each call that the page makes."""


def ours(settings: Settings) -> FastAPI:
    """Gateway and services, and the thread that follows the log; the others have nothing to do."""
    hub = HubSettings()
    app, _clients, services = _hub(hub)
    event_log = open_log(hub, {name: made.database for name, made in services.items()})
    live: Live = app.state.live
    threading.Thread(target=live.follow, args=(event_log, threading.Event()), daemon=True).start()
    return app


def floor(settings: Settings) -> FastAPI:
    """The floor: constant pages, and as many bare calls as the real ones make."""
    pages: dict[str, Any] = json.loads((settings.data_dir / "pages.json").read_text())
    service = FastAPI()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(service), base_url="http://service")
    templates = Environment(autoescape=True)
    constants = {name: templates.from_string("x" * page["size"]) for name, page in pages.items()}
    app = FastAPI()

    @service.get("/{size}")
    async def json_of_size(size: int) -> dict[str, str]:
        return {"x": "x" * max(0, size - len('{"x":""}'))}

    @app.get("/{name}")
    async def constant_page(name: str) -> HTMLResponse:
        for size in pages[name]["calls"]:
            (await client.get(f"/{size}")).json()
        return HTMLResponse(constants[name].render())

    return app


def bare(settings: Settings) -> ASGIApp:
    """The least that a server can answer."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        head = [(b"content-length", b"2"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"ok"})

    return app


def measure(bench: Bench) -> Iterator[Figure]:
    """Time to answer each page, against both floors."""
    folder, floors = bench.folder(), bench.folder()
    bench.say("loading the demonstration")
    filled = fresh_hub(folder)
    filled.start()
    try:
        filled.command("admin", "create", BOSS, "--name", "Olga Organiser")
        filled.command("demo")
        event = events_of_the_demonstration(filled.url)["event"]
        cookies = sign_in(filled.url, PEOPLE["member"])
    finally:
        filled.stop()
    data = filled.settings.data_dir
    hub = bench.serve(f"{__name__}:ours", {"HUB_DATA_DIR": str(data)})
    settings = HubSettings(data_dir=data, port=hub.port)
    pages = asyncio.run(_asked(settings, event, cookies))
    kept = {page.name: {"size": page.size, "calls": page.calls} for page in pages}
    (floors / "pages.json").write_text(json.dumps(kept))
    constant = bench.serve(f"{__name__}:floor", {"HUB_DATA_DIR": str(floors)})
    least = bench.serve(f"{__name__}:bare", {"HUB_DATA_DIR": str(bench.folder())})
    for page in pages:

        def load(who: str, served: Served, path: str, page: Asked = page) -> dict[str, float]:
            found = run_load(
                served,
                method="GET",
                path=path,
                headers=page.headers,
                seconds=SECONDS,
                connections=1,
                expect=200,
            )
            return {who: found["p50"]}

        found = interleaved(
            bench.rounds,
            bench.saying(page.name),
            [
                lambda page=page: load("ours", hub, page.path),  # type: ignore[misc]
                lambda page=page: load("floor", constant, f"/{page.name}"),  # type: ignore[misc]
                lambda: load("bare", least, "/"),
            ],
        )
        name = f"{NAME} {page.name.replace('-', ' ')}"
        yield Figure(name, found["ours"], found["floor"], "ms", Target("<=", 3))
        yield Figure(f"{name} bare", found["ours"], found["bare"], "ms", Target("<=", 15))


def _hub(settings: HubSettings) -> tuple[FastAPI, Clients, dict[str, Service]]:
    services = create_services(settings)
    signer = Signer("gateway", private_key(settings.data_dir, "gateway"))
    clients = Clients(settings, signer, {name: made.app for name, made in services.items()})
    feeds = services["calendar"].app.state.feed_routes
    return gateway.create(settings, clients, feeds), clients, services


async def _asked(settings: HubSettings, event: str, cookies: Mapping[str, str]) -> list[Asked]:
    """The pages, each as a visitor and a member get it once what can be kept is kept."""
    app, clients, _services = _hub(settings)
    app.state.kept.begin()
    calls: list[int] = []

    async def count(response: httpx.Response) -> None:
        calls.append(len(await response.aread()))

    for client in clients.all:
        client.http.event_hooks["response"].append(count)
    found = []
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    whole = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=whole, base_url=settings.address) as browser:
        for page, path in (("home", "/"), ("events", "/events"), ("event", event)):
            for who, headers in (
                ("visitor", {}),
                # With a message to be shown, a visitor gets a page that is made anew.
                ("visitor-anew", {"cookie": "hub_flash=none"}),
                ("member", {"cookie": cookie}),
            ):
                plain = {"accept-encoding": "identity", **headers}
                for _ in range(2):
                    calls.clear()
                    answer = await browser.get(path, headers=plain)
                    assert answer.status_code == 200, answer.text
                name = f"{page}-{who}"
                found.append(Asked(name, path, plain, len(answer.content), tuple(calls)))
    await clients.close()
    return found
