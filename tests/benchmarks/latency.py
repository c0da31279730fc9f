"""From a commit to its effect, one at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tests.benchmarks.figures import percentile
from tests.benchmarks.pipeline import Pipeline

TIMES = 300
BETWEEN = 0.01
"""Seconds of rest between two."""


def commit_to_handled(pipeline: Pipeline) -> list[float]:
    """Milliseconds from the return of a commit until its effect is committed, as many times.

    Relay and consumer run in threads of their own, as the hub runs them.
    """
    stop = threading.Event()
    threads = [
        threading.Thread(target=job, args=(stop,), daemon=True)
        for job in (pipeline.relay.run, pipeline.consumer.run)
    ]
    for thread in threads:
        thread.start()

    def once() -> float:
        pipeline.watched.handled.clear()
        pipeline.commit(1)
        committed = time.perf_counter()
        if not pipeline.watched.handled.wait(30):
            raise RuntimeError("an event was not handled within 30 s")
        return time.perf_counter() - committed

    took = one_by_one(once)
    stop.set()
    pipeline.scheduling.committed.set()
    pipeline.consumer.wake()
    for thread in threads:
        thread.join(10)
    return took


def one_by_one(once: Callable[[], float]) -> list[float]:
    """Milliseconds each took, with a rest between, after some to warm up."""
    took = []
    for number in range(TIMES + 20):
        time.sleep(BETWEEN)
        seconds = once()
        if number >= 20:
            took.append(seconds * 1000)
    return took


def summary(name: str, took: list[float]) -> dict[str, float]:
    """The middle and the slow end of a round."""
    return {f"{name} p50": percentile(took, 50), f"{name} p99": percentile(took, 99)}
