"""A full outbox over a real Kafka broker to a projection, against bare kafka-python.

Ours: 20,000 registrations in scheduling's outbox, relayed in batches of 500 to Kafka, consumed by
`calendar.feeds` with inbox, projection and offsets; relay and consumer are two threads of one
process. Floor: `RawKafka` in `raw_kafka.py` produces (in batches of 500, flushed and checked) and
consumes the same messages on the same broker, also in two threads.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing

from events.envelope import Context, new_id, now, pack
from events.log_kafka import KafkaLog
from services.kit.settings import Settings
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.benchmarks.pipeline import BATCH, EVENTS, Pipeline, at_once, state
from tests.benchmarks.raw_kafka import Message, RawKafka

NAME = "pipeline_kafka"


def measure(bench: Bench) -> Iterator[Figure]:
    """Events a second, with the projection on SQLite and on PostgreSQL."""
    bootstrap = bench.kafka
    batches = [[new_message() for _ in range(BATCH)] for _ in range(EVENTS // BATCH)]

    def ours(database: str) -> dict[str, float]:
        url = bench.postgres() if database == "postgresql" else None
        settings = Settings(data_dir=bench.folder(), database_url=url)
        prefix = f"b{uuid.uuid4().hex[:10]}"
        with closing(Pipeline(settings, lambda _: KafkaLog(bootstrap, prefix=prefix))) as pipeline:
            pipeline.commit(EVENTS)
            return {database: pipeline.run(EVENTS)}

    found = interleaved(
        bench.rounds,
        bench.say,
        [lambda: ours("sqlite"), lambda: floor(bootstrap, batches), lambda: ours("postgresql")],
    )
    rate = found["floor"]
    yield Figure(f"{NAME} sqlite", found["sqlite"], rate, "events/s", Target(">=", 0.5))
    yield Figure(f"{NAME} postgresql", found["postgresql"], rate, "events/s")


def floor(bootstrap: str, batches: list[list[Message]]) -> dict[str, float]:
    """The floor: produce and consume at once, nothing else."""
    with closing(RawKafka(bootstrap)) as kafka:

        def produce() -> None:
            for batch in batches:
                kafka.produce(batch)

        def consume() -> None:
            left = EVENTS
            while left > 0:
                left -= kafka.consume(timeout=1.0)

        return {"floor": EVENTS / at_once(produce, consume)}


def new_message() -> Message:
    """A registration as it lies in the log."""
    event, id = state(), new_id()
    value = pack(event, id=id, time=now(), context=Context(new_id()))
    headers = [("ce_id", id.encode()), ("ce_type", event.TYPE.encode())]
    return Message(event.id.encode(), value, headers)
