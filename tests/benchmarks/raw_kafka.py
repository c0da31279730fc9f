"""Bare kafka-python on the real broker: the floor of everything that goes over Kafka.

The same client settings, topic shape and messages as ours; no database, no inbox, no offsets.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from events.log_kafka import COMPACTION_LAG, PARTITIONS, compacted


class Message(NamedTuple):
    """What is sent of one event."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class RawKafka:
    """A topic of its own, a producer, and a consumer that has joined its group."""

    def __init__(self, bootstrap: str, *, linger_ms: int = 5) -> None:
        self._topic = f"raw{uuid.uuid4().hex[:10]}"
        admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        configs = compacted(COMPACTION_LAG)
        options = {"num_partitions": PARTITIONS, "replication_factor": 1, "configs": configs}
        admin.create_topics({self._topic: options}, wait_for_metadata=True)
        admin.close()
        self._producer = KafkaProducer(
            bootstrap_servers=bootstrap,
            acks="all",
            enable_idempotence=True,
            linger_ms=linger_ms,
            batch_size=262_144,
        )
        self._consumer = KafkaConsumer(
            self._topic,
            bootstrap_servers=bootstrap,
            group_id=f"{self._topic}.group",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=500,
        )
        self._consumer.poll(timeout_ms=100)
        self.produce([Message(b"warm", b"up", [])])
        while not self.consume(timeout=1.0):
            pass

    def produce(self, messages: Sequence[Message]) -> None:
        """Send a batch, flush, look at every future."""
        futures = [
            self._producer.send(self._topic, key=m.key, value=m.value, headers=m.headers)
            for m in messages
        ]
        self._producer.flush()
        for future in futures:
            future.get(0)

    def send(self, message: Message) -> None:
        """Send one, without waiting."""
        self._producer.send(
            self._topic, key=message.key, value=message.value, headers=message.headers
        )

    def consume(self, timeout: float) -> int:
        """Poll once; gives how many messages came."""
        polled = self._consumer.poll(timeout_ms=int(timeout * 1000))
        return sum(len(messages) for messages in polled.values())

    def close(self) -> None:
        """Leave the group and the broker."""
        self._producer.close()
        self._consumer.close(autocommit=False)
