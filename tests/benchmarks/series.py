"""A weekly series over ten years with 50 of its dates changed, against the library alone.

Ours: `occurrences`, from the stored rule to each date's beginning and end in UTC, the changed ones
in place; what it keeps of series seen before is cleared each time. Floor: dateutil reads the same
rule and gives the local starts, no more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from dateutil.rrule import rrulestr

from services.scheduling.occurrences import rules
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.scheduling.samples import LENGTH, WEEK, Series, an_override

NAME = "series"
WEEKS, CHANGED = 521, 50
TIMES = 20
FIRST = datetime(2026, 1, 6, 10)
RULE = f"FREQ=WEEKLY;COUNT={WEEKS}"


def measure(bench: Bench) -> Iterator[Figure]:
    """Milliseconds for all dates, once."""
    changed = [FIRST + 10 * WEEK * number for number in range(CHANGED)]
    series = Series(
        starts_local=FIRST,
        ends_local=FIRST + LENGTH,
        rrule=RULE,
        overrides=[an_override(date, date + LENGTH, title="A bit later") for date in changed],
    )

    def ours() -> int:
        rules.starts.cache_clear()
        return len(rules.occurrences(series))

    def floor() -> int:
        return len(list(rrulestr(RULE, dtstart=FIRST)))

    def timed(who: str, expand: Callable[[], int]) -> dict[str, float]:
        started = time.perf_counter()
        for _ in range(TIMES):
            assert expand() == WEEKS
        return {who: (time.perf_counter() - started) / TIMES * 1000}

    found = interleaved(
        bench.rounds * 5,
        bench.saying(NAME),
        [lambda: timed("ours", ours), lambda: timed("floor", floor)],
    )
    yield Figure(NAME, found["ours"], found["floor"], "ms", Target("<=", 2))
