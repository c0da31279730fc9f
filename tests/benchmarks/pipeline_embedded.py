"""A full outbox through the embedded log to a projection, against bare Core inserts.

Ours: 20,000 registrations in scheduling's outbox, numbered by the relay in batches of 500, read by
`calendar.feeds` with inbox and projection; relay and consumer are two threads of one process.
Floor: `floor` below inserts the same projection and inbox rows by Core `executemany`, 500 a
transaction, rows ready made, into the same tables.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

from events.envelope import new_id
from events.log_embedded import EmbeddedLog
from events.tables import INBOX
from hub.compose import create_services
from services.calendar.handlers import FEEDS
from services.calendar.projection import REGISTRATIONS
from services.kit.settings import Settings
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.benchmarks.pipeline import BATCH, EVENTS, Pipeline, state

NAME = "pipeline_embedded"


def measure(bench: Bench) -> Iterator[Figure]:
    """Events a second on SQLite."""

    def ours() -> dict[str, float]:
        with closing(Pipeline(Settings(data_dir=bench.folder()), EmbeddedLog)) as pipeline:
            pipeline.commit(EVENTS)
            return {"ours": pipeline.run(EVENTS)}

    found = interleaved(bench.rounds, bench.say, [ours, lambda: floor(bench)])
    yield Figure(f"{NAME} sqlite", found["ours"], found["floor"], "events/s", Target(">=", 0.3))


def floor(bench: Bench) -> dict[str, float]:
    """The floor: the rows that ours leaves behind, and nothing else."""
    settings = Settings(data_dir=bench.folder())
    database = create_services(settings, ["calendar"])["calendar"].database
    states = [state() for _ in range(EVENTS)]
    projected = [event.model_dump(include=set(REGISTRATIONS.c.keys())) for event in states]
    moment = time.time()
    handled = [
        {"group_name": FEEDS, "event_id": new_id(), "handled_at": moment} for _ in range(EVENTS)
    ]
    project, take_in = REGISTRATIONS.insert(), INBOX.insert()
    started = time.perf_counter()
    for start in range(0, EVENTS, BATCH):
        with database.unit_of_work() as session:
            connection = session.connection()
            connection.execute(project, projected[start : start + BATCH])
            connection.execute(take_in, handled[start : start + BATCH])
    seconds = time.perf_counter() - started
    database.close()
    return {"floor": EVENTS / seconds}
