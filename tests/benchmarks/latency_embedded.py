"""From a commit in scheduling to its effect in calendar in one process, against one commit.

Ours: the commit returns, the relay wakes and numbers the row, `calendar.feeds` reads it and commits
inbox and projection. Floor: `floor` below, one SQLModel row added and committed to the same kind of
database. One at a time, 10 ms between.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

from events.log_embedded import EmbeddedLog
from hub.compose import create_services
from services.calendar.projection import CalendarRegistration
from services.kit.settings import Settings
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.benchmarks.latency import commit_to_handled, one_by_one, summary
from tests.benchmarks.pipeline import Pipeline, state

NAME = "latency_embedded"


def measure(bench: Bench) -> Iterator[Figure]:
    """Milliseconds, the middle and the slow end."""

    def ours() -> dict[str, float]:
        with closing(Pipeline(Settings(data_dir=bench.folder()), EmbeddedLog)) as pipeline:
            return summary("ours", commit_to_handled(pipeline))

    found = interleaved(bench.rounds, bench.say, [ours, lambda: floor(bench)])
    yield Figure(f"{NAME} p50", found["ours p50"], found["floor p50"], "ms", Target("<=", 3))
    yield Figure(
        f"{NAME} p99", found["ours p99"], found["floor p99"], "ms", Target("<=", 10, of="ours")
    )


def floor(bench: Bench) -> dict[str, float]:
    """The floor: one row, one commit."""
    settings = Settings(data_dir=bench.folder())
    database = create_services(settings, ["calendar"])["calendar"].database

    def once() -> float:
        row = CalendarRegistration(**state().model_dump(exclude={"audience"}))
        started = time.perf_counter()
        with database.unit_of_work() as session:
            session.add(row)
        return time.perf_counter() - started

    took = one_by_one(once)
    database.close()
    return summary("floor", took)
