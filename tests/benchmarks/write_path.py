"""A committed registration, with its fact and state rows, against a bare committed row.

Ours: `POST /registrations` of the scheduling service, as `hub service scheduling` serves it; the
line "with relay" has the relay at work in the same process, as `hub run` has it.
Floor: `floor` below, a sync FastAPI endpoint that commits one row by Core to the same kind of
database, opened by the same code: same settings, same write gate. Sixteen connections, one
gathering, every contact another. On PostgreSQL each registration of one gathering waits for the row
lock of the one before until that is on disk, while the floor's rows do not wait for each other:
reported only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, MetaData, String, Table

from events.envelope import new_id
from hub.compose import Runtime, create_services, open_log
from services.kit.db import open_database
from services.kit.identity import Identity, Signer, private_key
from services.kit.peers import HUB
from services.kit.settings import Settings
from services.scheduling.gatherings import service as gatherings
from services.scheduling.gatherings.schemas import GatheringCreate
from tests.benchmarks.bench import Bench, Served, run_load
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.benchmarks.load import FRESH_ID

NAME = "write_path"
SECONDS = 3.0

_ROWS = Table(
    "rows",
    MetaData(),
    Column("id", String(36), primary_key=True),
    Column("gathering_id", String(36), nullable=False),
    Column("contact_id", String(36), nullable=False),
)
_INSERT = _ROWS.insert()


class Row(BaseModel):
    """What the floor takes and gives back."""

    gathering_id: str
    contact_id: str


def floor(settings: Settings) -> FastAPI:
    """The floor: one row, one commit, nothing else."""
    database = open_database("floor", settings)
    if settings.database_url:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS floor")
    _ROWS.create(database.engine)
    app = FastAPI()

    @app.post("/registrations", status_code=201)
    def create(row: Row) -> Row:
        with database.unit_of_work() as session:
            session.connection().execute(
                _INSERT,
                {"id": new_id(), "gathering_id": row.gathering_id, "contact_id": row.contact_id},
            )
        return row

    return app


def ours(settings: Settings) -> FastAPI:
    """Scheduling's own app."""
    return create_services(settings, ["scheduling"])["scheduling"].app


def ours_with_relay(settings: Settings) -> FastAPI:
    """Scheduling's own app, with its relay numbering what is committed."""
    services = create_services(settings, ["scheduling"])
    Runtime(services, open_log(settings, {"scheduling": services["scheduling"].database})).start()
    return services["scheduling"].app


def measure(bench: Bench) -> Iterator[Figure]:
    """Registrations a second and their slowest, on both databases."""
    for database in ("sqlite", "postgresql"):
        bench.say(f"{database}: starting servers")
        env = {"HUB_DATA_DIR": str(bench.folder())}
        if database == "postgresql":
            env["HUB_DATABASE_URL"] = bench.postgres()
        alone = _Load(bench, "ours", env)
        relayed = _Load(bench, "ours_with_relay", {**env, **_another(bench, env)})
        bare = _Load(bench, "floor", env)
        found = interleaved(
            bench.rounds,
            bench.saying(database),
            [alone.run, bare.run, relayed.run],
        )
        on_sqlite = database == "sqlite"
        floor_rate, floor_p99 = found["floor rate"], found["floor p99"]
        yield Figure(
            f"{NAME} {database}",
            found["ours rate"],
            floor_rate,
            "requests/s",
            Target(">=", 0.6) if on_sqlite else None,
        )
        yield Figure(
            f"{NAME} {database} p99",
            found["ours p99"],
            floor_p99,
            "ms",
            Target("<=", 100, of="ours") if on_sqlite else None,
        )
        name = f"{NAME} {database} with relay"
        yield Figure(name, found["ours_with_relay rate"], floor_rate, "requests/s")
        yield Figure(f"{name} p99", found["ours_with_relay p99"], floor_p99, "ms")


def _another(bench: Bench, env: dict[str, str]) -> dict[str, str]:
    """The same kind of database once more."""
    other = {"HUB_DATA_DIR": str(bench.folder())}
    return other | ({"HUB_DATABASE_URL": bench.postgres()} if "HUB_DATABASE_URL" in env else {})


class _Load:
    """One served app and the requests it gets."""

    def __init__(self, bench: Bench, app: str, env: dict[str, str]) -> None:
        settings = Settings(
            data_dir=Path(env["HUB_DATA_DIR"]),
            database_url=env.get("HUB_DATABASE_URL"),
        )
        self._app = app
        self._signer = Signer("gateway", private_key(settings.data_dir, "gateway"))
        self._gathering = new_id() if app == "floor" else publish(settings)
        self._served: Served = bench.serve(f"{__name__}:{app}", env)

    def run(self) -> dict[str, float]:
        """One round: 16 connections, every contact another."""
        found = run_load(
            self._served,
            method="POST",
            path="/registrations",
            headers={"authorization": f"Bearer {self._signer.sign(HUB, 'scheduling')}"},
            body={"gathering_id": self._gathering, "contact_id": FRESH_ID},
            seconds=SECONDS,
            expect=201,
        )
        return {f"{self._app} {name}": value for name, value in found.items()}


def publish(settings: Settings, *, capacity: int | None = None) -> str:
    """A gathering, without a limit of seats if none is given; returns its id."""
    database = create_services(settings, ["scheduling"])["scheduling"].database
    moment = datetime.now(UTC)
    start = (moment + timedelta(days=30)).replace(tzinfo=None, microsecond=0)
    order = GatheringCreate(
        title="A seminar that everybody comes to",
        starts_local=start,
        ends_local=start + timedelta(hours=1),
        time_zone="Europe/Brussels",
        capacity=capacity,
    )
    with database.unit_of_work() as session:
        organiser = Identity(new_id(), ("member", "organiser"))
        made = gatherings.create(session, order=order, organiser=organiser, moment=moment)
    database.close()
    return made.id
