"""The list of events among 10,000 that are coming, against the same list among 100; one event.

Ours and the floor of the list are one hub, gateway and services in one process, asked over a
socket by one connection: the first page of all, one of each filter, two filters, words, and
pages further on, each time for another value. Pages are made anew: with a message to be shown
none that is kept will do. Months are only reported: they have room for more entries the more
events there are.

The floor of the page of one event is a bare FastAPI route that renders a constant Jinja page of
as many bytes. "Visitor" is what people get who are not signed in, from the pages that are kept;
"anew" is what the first of them gets after a change.
"""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import insert

from events.envelope import new_id
from services.kit.audience import PUBLIC
from services.kit.db import open_database
from services.kit.migrate import upgrade
from services.kit.settings import Settings
from services.scheduling.gatherings.models import Gathering
from tests.benchmarks.bench import Bench, Served, run_load
from tests.benchmarks.figures import Figure, Target, interleaved, percentile

NAME = "events list"
FEW, MANY = 100, 10_000
QUERIES = 80
SECONDS = 1.0
PART = 1_000
SPAN = timedelta(days=700)
"""Events begin within this time from tomorrow."""
KINDS = ("workshop", "seminar", "plenary", "brokerage", "visit")
MODES = ("online", "onsite", "hybrid")
REGIONS = ("BE23", "BE10", "NL21", "DE11", "FR10", "ES51", "ITC4", "PL22", "SE11", "PT17")
LANGUAGES = ("en", "fr", "de", "nl", "es")
TOPICS = ("genomics", "tissue banks", "rehabilitation", "imaging", "ageing", "registries",
          "federated learning", "procurement", "patient data", "digital twins")  # fmt: skip
ANEW = {"cookie": "hub_flash=none", "accept-encoding": "identity"}
PLAIN = {"accept-encoding": "identity"}


def constant(settings: Settings) -> FastAPI:
    """The floor of one event: a template without anything to fill in."""
    app = FastAPI()
    page = Environment(autoescape=True).from_string(
        "x" * int((settings.data_dir / "size").read_text())
    )

    @app.get("/")
    async def constant_page() -> HTMLResponse:
        return HTMLResponse(page.render())

    return app


def measure(bench: Bench) -> Iterator[Figure]:
    """The slowest twentieth of lists on both databases, and the page of one event."""
    for kind in ("sqlite", "postgresql"):
        rigs = {}
        for size in (FEW, MANY):
            bench.say(f"{kind}: writing {size:,} events")
            rigs[size] = _Rig(bench, bench.postgres() if kind == "postgresql" else None, size)
        found = interleaved(
            bench.rounds,
            bench.saying(kind),
            [
                rigs[FEW].lists,
                rigs[MANY].lists,
                rigs[FEW].months,
                rigs[MANY].months,
            ],
        )
        for name, target in (("p95", Target("<=", 3.0)), ("p50", None), ("month", None)):
            ours, floor = found[f"{MANY} {name}"], found[f"{FEW} {name}"]
            yield Figure(f"{NAME} {kind} {name}", ours, floor, "ms", target)
        yield from _one_event(bench, kind, rigs[MANY])


def _one_event(bench: Bench, kind: str, rig: _Rig) -> Iterator[Figure]:
    path = f"/events/{rig.slug}"
    folder = bench.folder()
    rig.connect()
    (folder / "size").write_text(str(len(rig.get(path, ANEW))))
    floor = bench.serve(f"{__name__}:constant", {"HUB_DATA_DIR": str(folder)})

    def rate(who: str, served: Served, path: str, headers: dict[str, str]) -> dict[str, float]:
        found = run_load(
            served, method="GET", path=path, headers=headers, seconds=SECONDS, expect=200
        )
        return {who: found["rate"]}

    found = interleaved(
        bench.rounds,
        bench.saying(f"{kind}: one event"),
        [
            lambda: rate("visitor", rig.served, path, PLAIN),
            lambda: rate("anew", rig.served, path, ANEW),
            lambda: rate("floor", floor, "/", PLAIN),
        ],
    )
    name = f"event page {kind}"
    yield Figure(f"{name} visitor", found["visitor"], found["floor"], "/s", Target(">=", 0.3))
    yield Figure(f"{name} anew", found["anew"], found["floor"], "/s")


class _Rig:
    """A hub with so many coming events."""

    def __init__(self, bench: Bench, url: str | None, size: int) -> None:
        self.size = size
        self._random = random.Random(size)
        settings = Settings(data_dir=bench.folder(), database_url=url)
        gatherings = _gatherings(size, self._random)
        self.slug = str(gatherings[0]["slug"])
        database = open_database("scheduling", settings)
        upgrade(database)
        with database.transaction() as connection:
            for begin in range(0, size, PART):
                connection.execute(insert(Gathering), gatherings[begin : begin + PART])
        database.close()
        env = {"HUB_DATA_DIR": str(settings.data_dir)}
        if url:
            env["HUB_DATABASE_URL"] = url
        self.served = bench.serve("tests.benchmarks.pages:ours", env)
        self._connection = http.client.HTTPConnection("127.0.0.1", self.served.port)
        bench.stack.callback(self._connection.close)
        self.lists()

    def lists(self) -> dict[str, float]:
        """One round of the mix."""
        taken = self._times(_mix(self._random, QUERIES))
        return {
            f"{self.size} p95": percentile(taken, 95),
            f"{self.size} p50": percentile(taken, 50),
        }

    def months(self) -> dict[str, float]:
        """Months ahead, one after another."""
        begins = datetime.now(UTC) + timedelta(days=40)
        months = [begins + timedelta(days=31 * number) for number in range(8)]
        taken = self._times(f"view=month&month={month:%Y-%m}" for month in months)
        return {f"{self.size} month": percentile(taken, 50)}

    def connect(self) -> None:
        """Connect anew: the server ends what is idle while others have their turn."""
        self._connection.close()
        self._connection.connect()

    def get(self, path: str, headers: dict[str, str]) -> bytes:
        """A page."""
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        return body

    def _times(self, queries: Iterable[str]) -> list[float]:
        self.connect()
        taken = []
        for query in queries:
            started = time.perf_counter()
            self.get(f"/events?{query}", ANEW)
            taken.append((time.perf_counter() - started) * 1000)
        return taken


def _mix(chance: random.Random, most: int) -> Iterator[str]:
    """What is asked of the list, in turn."""
    for number in range(most):
        kind, mode = chance.choice(KINDS), chance.choice(MODES)
        region, topic = chance.choice(REGIONS), chance.choice(TOPICS).replace(" ", "+")
        yield (
            "",
            f"kind={kind}",
            f"mode={mode}",
            f"region={region[:2]}",
            f"topic={topic}",
            f"language={chance.choice(LANGUAGES)}",
            "seats=yes",
            f"kind={kind}&region={region}",
            f"q={topic}",
            f"page={chance.randint(2, 3)}",
        )[number % 10]


def _gatherings(size: int, chance: random.Random) -> Sequence[dict[str, Any]]:
    """So many published events, in order of nothing."""
    tomorrow = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    made = []
    for number in range(size):
        starts = tomorrow + SPAN * chance.random()
        ends = starts + timedelta(hours=2)
        capacity = chance.choice((None, 30, 100))
        topics = chance.sample(TOPICS, 2)
        row = Gathering(
            id=new_id(),
            version=1,
            audience=PUBLIC,
            slug=f"event-{number}",
            kind=chance.choice(KINDS),
            mode=chance.choice(MODES),
            status="published",
            title=f"{topics[0].capitalize()} in practice, part {number}",
            summary=f"What {topics[1]} can do for people, and what it takes.",
            description="Two hours with *examples*.\n\n- Talks\n- Questions\n\n" * 5,
            starts_local=starts.replace(tzinfo=None),
            ends_local=ends.replace(tzinfo=None),
            time_zone="UTC",
            starts_at=starts,
            ends_at=ends,
            finishes_at=ends,
            capacity=capacity,
            taken=capacity if capacity and number % 3 == 0 else 0,
            location="Great hall",
            organiser_id=new_id(),
            topics=topics,
            region_code=chance.choice(REGIONS),
            language=chance.choice(LANGUAGES),
            created_at=tomorrow,
            revised_at=tomorrow,
        )
        made.append(row.model_dump())
    return made
