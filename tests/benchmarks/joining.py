"""People who send the join form, against a bare form that commits one row.

Ours: `POST /join` of a whole hub in one process, as browsers reach it: the gateway checks the form
and shows a page, membership saves a contact, a link with the form, its timer, a state and a fact.
The relays and consumers have nothing to do; in the line "at work" they number, send on and mail
what is joined meanwhile, on the same core. Floor: `floor` below, a sync FastAPI endpoint that
reads the same form and commits one row by Core to the same kind of database, opened by the same
code. Everybody who joins is another person. An answer takes a tenth of a second at least, lest its
time tell who is known, so there are many connections at once, the same for both. "Two bare apps"
is the floor's own endpoint called by httpx from another bare app in the process, as the gateway
calls a service: what that way costs before anything is done on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import httpx
from fastapi import FastAPI, Form
from sqlalchemy import Column, MetaData, String, Table

from events.envelope import new_id
from hub import app as gateway
from hub.clients import Clients
from hub.compose import Runtime, create_services, open_log
from hub.settings import Settings as HubSettings
from services.kit.db import open_database
from services.kit.identity import Signer, private_key
from services.kit.settings import Settings
from services.membership.joining.schemas import AdminCreate
from services.membership.joining.service import appoint_admin
from tests.benchmarks.bench import Bench, Served, run_load
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.benchmarks.load import FRESH_ID

NAME = "joining"
SECONDS = 3.0
CONNECTIONS = 256
"""A tenth of a second an answer: 2,560 a second at most."""
FORM = {
    "name": "Anna Peeters",
    "email": f"{FRESH_ID}@example.org",
    "helix_side": "citizen",
    "region_code": "BE23",
    "language": "en",
    "time_zone": "Europe/Brussels",
    "terms": "yes",
    "directory": "yes",
}
UNLIMITED = {"HUB_LIMIT_MAILS": "0", "HUB_LIMIT_SECRETS": "0", "HUB_LIMIT_WRITES": "0"}
"""Everybody comes from one address."""

_ROWS = Table(
    "rows",
    MetaData(),
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),
)
_INSERT = _ROWS.insert()


def floor(settings: Settings) -> FastAPI:
    """The floor: one form, one row, one commit, nothing else."""
    database = open_database("floor", settings)
    if settings.database_url:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS floor")
    _ROWS.create(database.engine)
    app = FastAPI()

    @app.post("/join")
    def join(name: Annotated[str, Form()], email: Annotated[str, Form()]) -> dict[str, str]:
        id = new_id()
        with database.unit_of_work() as session:
            session.connection().execute(_INSERT, {"id": id, "name": name, "email": email})
        return {"id": id}

    return app


def two_hops(settings: Settings) -> FastAPI:
    """The floor behind a bare gateway: what the way through two apps alone costs."""
    service = floor(settings)
    transport = httpx.ASGITransport(service)
    client = httpx.AsyncClient(transport=transport, base_url="http://floor")
    app = FastAPI()

    @app.post("/join")
    async def join(name: Annotated[str, Form()], email: Annotated[str, Form()]) -> dict[str, str]:
        answer = await client.post("/join", data={"name": name, "email": email})
        made: dict[str, str] = answer.json()
        return made

    return app


def ours(settings: Settings, *, at_work: bool = False) -> FastAPI:
    """Gateway and services."""
    hub = HubSettings()
    services = create_services(hub)
    signer = Signer("gateway", private_key(hub.data_dir, "gateway"))
    order = AdminCreate(name="Olga Organiser", email="olga@example.org")
    with services["membership"].database.unit_of_work() as session:
        appoint_admin(session, order=order, moment=datetime.now(UTC))
    clients = Clients(hub, signer, {name: made.app for name, made in services.items()})
    if at_work:
        stores = {name: made.database for name, made in services.items()}
        Runtime(services, open_log(hub, stores)).start()
    return gateway.create(hub, clients)


ours_at_work = partial(ours, at_work=True)
"""The same with every relay, consumer and sender of `hub run`."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Answers a second and the slowest, on both databases."""
    for database in ("sqlite", "postgresql"):
        bench.say(f"{database}: starting servers")
        served = {}
        for app in ("ours", "ours_at_work", "two_hops", "floor"):
            env = {"HUB_DATA_DIR": str(bench.folder()), **UNLIMITED}
            if database == "postgresql":
                env["HUB_DATABASE_URL"] = bench.postgres()
            served[app] = bench.serve(f"{__name__}:{app}", env)
        found = interleaved(
            bench.rounds,
            bench.saying(database),
            [partial(_load, app, each) for app, each in served.items()],
        )
        name, bare = f"{NAME} {database}", found["floor rate"]
        target = Target(">=", 0.4) if database == "sqlite" else None
        yield Figure(name, found["ours rate"], bare, "requests/s", target)
        yield Figure(f"{name} p99", found["ours p99"], found["floor p99"], "ms")
        yield Figure(f"{name} two bare apps", found["two_hops rate"], bare, "requests/s")
        yield Figure(f"{name} at work", found["ours_at_work rate"], bare, "requests/s")


def _load(app: str, served: Served) -> dict[str, float]:
    found = run_load(
        served,
        method="POST",
        path="/join",
        headers={"sec-fetch-site": "same-origin"},
        form=FORM,
        seconds=SECONDS,
        connections=CONNECTIONS,
        expect=200,
    )
    return {f"{app} {name}": value for name, value in found.items()}
