"""From a commit in scheduling to its effect in calendar over Kafka, against produce to consume.

Ours: the commit returns, the relay wakes and produces, `calendar.feeds` consumes and commits inbox
and projection on SQLite. Floor: `floor` below, kafka-python on the same broker, from before `send`
until `poll` gives the message, with no lingering. One at a time, 10 ms between.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing

from events.log_kafka import KafkaLog
from services.kit.settings import Settings
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.benchmarks.latency import commit_to_handled, one_by_one, summary
from tests.benchmarks.pipeline import Pipeline
from tests.benchmarks.pipeline_kafka import new_message
from tests.benchmarks.raw_kafka import RawKafka

NAME = "latency_kafka"


def measure(bench: Bench) -> Iterator[Figure]:
    """Milliseconds, the middle and the slow end."""
    bootstrap = bench.kafka

    def ours() -> dict[str, float]:
        settings = Settings(data_dir=bench.folder())
        prefix = f"b{uuid.uuid4().hex[:10]}"
        with closing(Pipeline(settings, lambda _: KafkaLog(bootstrap, prefix=prefix))) as pipeline:
            return summary("ours", commit_to_handled(pipeline))

    found = interleaved(bench.rounds, bench.say, [ours, lambda: floor(bootstrap)])
    yield Figure(f"{NAME} p50", found["ours p50"], found["floor p50"], "ms", Target("<=", 2))
    yield Figure(f"{NAME} p99", found["ours p99"], found["floor p99"], "ms")


def floor(bootstrap: str) -> dict[str, float]:
    """The floor: one message after another through the broker."""
    with closing(RawKafka(bootstrap, linger_ms=0)) as kafka:
        arrived = threading.Event()
        stop = threading.Event()

        def consume() -> None:
            while not stop.is_set():
                if kafka.consume(timeout=0.3):
                    arrived.set()

        thread = threading.Thread(target=consume, daemon=True)
        thread.start()

        def once() -> float:
            message = new_message()
            arrived.clear()
            started = time.perf_counter()
            kafka.send(message)
            if not arrived.wait(30):
                raise RuntimeError("a message did not arrive within 30 s")
            return time.perf_counter() - started

        took = one_by_one(once)
        stop.set()
        thread.join(10)
    return summary("floor", took)
