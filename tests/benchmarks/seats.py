"""10,000 registrations by 64 clients at once for 100 seats, against bare committed rows.

Ours: `POST /registrations` of the scheduling service, as `hub service scheduling` serves it; every
request is another person. Afterwards the database is read: exactly 100 have a seat, all others wait
in the order in which they were committed, nobody got an error, or there are no figures.
Floor: that of `write_path`, by the same clients into the same kind of database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from events.catalogue.scheduling import RegistrationConfirmed, RegistrationWaitlisted
from events.envelope import new_id, unpack
from events.tables import OUTBOX
from hub.compose import create_services
from services.kit.db import Database
from services.kit.identity import Signer, private_key
from services.kit.peers import HUB
from services.kit.settings import Settings
from services.scheduling.models import Registration
from tests.benchmarks.bench import Bench, Served, run_load
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.benchmarks.load import FRESH_ID
from tests.benchmarks.write_path import publish

NAME = "seats"
REQUESTS = 10_000
CLIENTS = 64
SEATS = 100

_R = Registration.__table__  # type: ignore[attr-defined]


def measure(bench: Bench) -> Iterator[Figure]:
    """Answers a second and their slowest, on both databases."""
    for database in ("sqlite", "postgresql"):
        bench.say(f"{database}: starting servers")
        env = {"HUB_DATA_DIR": str(bench.folder())}
        if database == "postgresql":
            env["HUB_DATABASE_URL"] = bench.postgres()
        loads = [_Load(bench, app, env) for app in ("ours", "floor")]
        found = interleaved(bench.rounds, bench.saying(database), [load.run for load in loads])
        yield Figure(
            f"{NAME} {database}",
            found["ours rate"],
            found["floor rate"],
            "requests/s",
            Target(">=", 0.3),
        )
        yield Figure(f"{NAME} {database} p99", found["ours p99"], found["floor p99"], "ms")


class _Load:
    """One served app and the people who all want in."""

    def __init__(self, bench: Bench, app: str, env: dict[str, str]) -> None:
        self._settings = Settings(
            data_dir=Path(env["HUB_DATA_DIR"]),
            database_url=env.get("HUB_DATABASE_URL"),
        )
        self._app = app
        self._served: Served = bench.serve(f"tests.benchmarks.write_path:{app}", env)
        self._signer = Signer("gateway", private_key(self._settings.data_dir, "gateway"))

    def run(self) -> dict[str, float]:
        """One round: another gathering, 64 connections, every contact another."""
        ours = self._app == "ours"
        gathering = publish(self._settings, capacity=SEATS) if ours else new_id()
        found = run_load(
            self._served,
            method="POST",
            path="/registrations",
            headers={"authorization": f"Bearer {self._signer.sign(HUB, 'scheduling')}"},
            body={"gathering_id": gathering, "contact_id": FRESH_ID},
            requests=REQUESTS,
            connections=CLIENTS,
            expect=201,
        )
        if ours:
            database = create_services(self._settings, ["scheduling"])["scheduling"].database
            check(database, gathering, requests=REQUESTS, seats=SEATS)
            database.close()
        return {f"{self._app} {name}": value for name, value in found.items()}


def check(database: Database, gathering: str, *, requests: int, seats: int) -> None:
    """Exactly the seats are taken, in the order of commit, and the line is in that order too.

    Raises RuntimeError. What happened to one gathering is written under its row lock: the outbox
    numbers it in the order of commit.
    """
    with database.reader() as session:
        connection = session.connection()
        states = connection.execute(select(_R.c.status).where(_R.c.gathering_id == gathering))
        counts = Counter(states.scalars())
        line = connection.execute(
            select(_R.c.id)
            .where(_R.c.gathering_id == gathering, _R.c.status == "waitlisted")
            .order_by(_R.c.asked_at, _R.c.id)
        ).scalars()
        waiting = list(line)
        told = connection.execute(
            select(OUTBOX.c.type, OUTBOX.c.payload)
            .where(OUTBOX.c.type.in_((RegistrationConfirmed.TYPE, RegistrationWaitlisted.TYPE)))
            .order_by(OUTBOX.c.seq)
        )
        facts: list[Any] = [unpack(row.type, row.payload).data for row in told]
    committed = [fact for fact in facts if fact.gathering_id == gathering]
    if counts != {"confirmed": seats, "waitlisted": requests - seats}:
        raise RuntimeError(f"seats are wrong: {dict(counts)}")
    if any(type(fact) is not RegistrationConfirmed for fact in committed[:seats]):
        raise RuntimeError("somebody waited while a seat was free")
    if [fact.registration_id for fact in committed[seats:]] != waiting:
        raise RuntimeError("the line is not in the order of commit")
