"""The log on Apache Kafka; the only importer of kafka-python."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from zlib import crc32

import structlog
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError, TopicAlreadyExistsError
from kafka.structs import OffsetAndMetadata

from events.envelope import STREAMS
from events.log import Reader, Record, Subscription

log = structlog.get_logger()

PARTITIONS = 3
TOMBSTONE_KEPT_MS = 7 * 24 * 3600 * 1000
COMPACTION_LAG = 24 * 3600
"""Seconds until what a newer state or a tombstone replaced is gone, about."""
HISTORY = {"cleanup.policy": "delete", "retention.ms": "-1"}


def compacted(lag: int) -> dict[str, str]:
    """Configuration of a topic of states whose old values go `lag` seconds after new ones come.

    The segment being written to is never compacted: it ends after half that time, at the next
    record, which for an erased person is a second tombstone.
    """
    return {
        "cleanup.policy": "compact",
        "delete.retention.ms": str(TOMBSTONE_KEPT_MS),
        "max.compaction.lag.ms": str(max(1, lag * 1000)),
        "segment.ms": str(max(1, lag * 500)),
        "min.cleanable.dirty.ratio": "0.1",
    }


class KafkaLog:
    """Topics `PREFIX.SERVICE.facts.v1` (history) and `PREFIX.SERVICE.state.v1` (compacted)."""

    carries = True

    def __init__(
        self,
        bootstrap: str,
        *,
        prefix: str = "hub",
        replication: int = 1,
        compaction_lag: int = COMPACTION_LAG,
        member: str | None = None,
        delivery_timeout: float = 30.0,
    ) -> None:
        self._bootstrap = bootstrap.split(",")
        self._prefix = prefix
        self._replication = replication
        self._compacted = compacted(compaction_lag)
        # A named (static, KIP-345) member that was killed takes its place again at once; a
        # nameless one is waited for by the whole group until its session ends.
        self._member = member
        self._delivery_timeout = delivery_timeout
        # One producer a service: the trouble of one relay is not another's.
        self._producers: dict[str, KafkaProducer] = {}
        self._topics_lock = threading.Lock()
        self._ready: set[str] = set()

    def topic(self, service: str, stream: str) -> str:
        """The topic that carries one stream of one service."""
        return f"{self._prefix}.{service}.{stream}.v1"

    def append(self, service: str, records: Sequence[Record]) -> Sequence[bool]:
        """Send a batch, flush, then look at every future."""
        topics: dict[str, str] = {stream: self.topic(service, stream) for stream in STREAMS}
        try:
            self._ensure_topics(topics.values())
            producer = self._producers.get(service) or self._connect(service)
            partitions = {
                stream: len(producer.partitions_for(topics[stream]))
                for stream in {record.stream for record in records}
            }
            futures = [
                producer.send(
                    topics[record.stream],
                    key=(key := record.key.encode()),
                    value=record.value,
                    headers=_headers(record),
                    # The client's own murmur2 is Python and a third of what a record costs.
                    partition=crc32(key) % partitions[record.stream],
                )
                for record in records
            ]
            producer.flush(timeout=self._delivery_timeout + 5)
        except KafkaError:
            self._disconnect(service)
            raise
        failed_keys: set[str] = set()
        taken = []
        for record, future in zip(records, futures, strict=True):
            durable = future.succeeded() and record.key not in failed_keys
            if not durable:
                failed_keys.add(record.key)
            taken.append(durable)
        if failed_keys:
            # The session's sequence numbers are of no use after a loss: begin a new one.
            self._disconnect(service)
        return taken

    def published(self, service: str) -> None:
        """Nothing to do: the broker wakes those who wait for records."""

    def reader(
        self,
        group: str,
        subscriptions: frozenset[Subscription],
        positions: dict[str, int],
    ) -> Reader:
        """Join the consumer group; its offsets are with the broker, `positions` only tells."""
        topics = [self.topic(service, stream) for service, stream in sorted(subscriptions)]
        self._ensure_topics(topics)
        consumer = self._consumer(group_id=f"{self._prefix}.{group}")
        for topic in topics:
            # Asks the broker and waits for its answer. The client forgets to ask about topics
            # subscribed to while an earlier request is under way, and a group leader that does
            # not know a topic's partitions gives them to nobody, for minutes.
            consumer.partitions_for_topic(topic)
        consumer.subscribe(topics)
        return KafkaReader(consumer)

    def tail(self, subscriptions: frozenset[Subscription]) -> Reader:
        """Follow all partitions from their present ends, without a group."""
        consumer, partitions = self._groupless(subscriptions)
        consumer.seek_to_end(*partitions)
        for partition in partitions:
            consumer.position(partition)
        return KafkaReader(consumer)

    def replay(self, subscriptions: frozenset[Subscription]) -> Iterable[Sequence[Record]]:
        """Read all partitions without a group, up to the end as it is at the start."""
        consumer, partitions = self._groupless(subscriptions)
        try:
            consumer.seek_to_beginning(*partitions)
            ends = consumer.end_offsets(partitions)
            while any(consumer.position(p) < ends[p] for p in partitions):
                yield _records(consumer.poll(timeout_ms=1000))
        finally:
            consumer.close()

    def _groupless(
        self, subscriptions: frozenset[Subscription]
    ) -> tuple[KafkaConsumer, list[TopicPartition]]:
        topics = [self.topic(service, stream) for service, stream in sorted(subscriptions)]
        self._ensure_topics(topics)
        consumer = self._consumer(group_id=None)
        partitions = [
            TopicPartition(topic, number)
            for topic in topics
            for number in sorted(consumer.partitions_for_topic(topic))
        ]
        consumer.assign(partitions)
        return consumer, partitions

    def close(self) -> None:
        """Close the producer; what it had not delivered stays in the outbox."""
        for service in list(self._producers):
            self._disconnect(service)

    def _consumer(self, group_id: str | None) -> KafkaConsumer:
        return KafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=group_id,
            group_instance_id=f"{group_id}.{self._member}" if group_id and self._member else None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            bootstrap_timeout_ms=10_000,
            reconnect_backoff_max_ms=1_000,
            max_poll_records=500,
        )

    def _connect(self, service: str) -> KafkaProducer:
        producer = self._producers[service] = KafkaProducer(
            bootstrap_servers=self._bootstrap,
            acks="all",
            enable_idempotence=True,
            linger_ms=5,
            batch_size=262_144,  # a relay's batch in one request a partition
            delivery_timeout_ms=int(self._delivery_timeout * 1000),
            request_timeout_ms=int(self._delivery_timeout * 500),
            bootstrap_timeout_ms=10_000,
            max_block_ms=10_000,
            reconnect_backoff_max_ms=1_000,
        )
        return producer

    def _disconnect(self, service: str) -> None:
        producer = self._producers.pop(service, None)
        if producer:
            # What cannot be flushed now was never reported as durable.
            with suppress(KafkaError):
                producer.close(timeout=1)

    def _ensure_topics(self, topics: Iterable[str]) -> None:
        wanted = set(topics)
        if wanted <= self._ready:
            return
        # One at a time: many threads start at once and want the same.
        with self._topics_lock:
            missing = sorted(wanted - self._ready)
            if not missing:
                return
            admin = KafkaAdminClient(bootstrap_servers=self._bootstrap, bootstrap_timeout_ms=10_000)
            try:
                self._ready.update(admin.list_topics())
                for topic in missing:
                    if topic not in self._ready:
                        self._create_topic(admin, topic)
            finally:
                admin.close()

    def _create_topic(self, admin: KafkaAdminClient, topic: str) -> None:
        options = {
            "num_partitions": PARTITIONS,
            "replication_factor": self._replication,
            "configs": self._compacted if topic.endswith(".state.v1") else HISTORY,
        }
        with suppress(TopicAlreadyExistsError):
            admin.create_topics({topic: options}, wait_for_metadata=True)
        self._ready.add(topic)


class KafkaReader:
    """A member of a consumer group."""

    def __init__(self, consumer: KafkaConsumer) -> None:
        self._consumer = consumer
        self._offsets: dict[TopicPartition, OffsetAndMetadata] = {}

    def poll(self, timeout: float) -> Sequence[Record]:
        """The next records, in order within each key; a third of a second at most."""
        return _records(self._consumer.poll(timeout_ms=int(min(timeout, 0.3) * 1000)))

    def commit(self, records: Sequence[Record]) -> None:
        """Commit the offsets, without waiting: what is delivered again the inbox absorbs."""
        if self._consumer.config["group_id"] is None:
            return
        self._offsets = {}
        for source, number in {record.source: record.number for record in records}.items():
            topic, _, partition = source.rpartition("/")
            place = TopicPartition(topic, int(partition))
            self._offsets[place] = OffsetAndMetadata(number + 1, "", -1)
        self._consumer.commit_async(self._offsets, callback=_committed)

    def wake(self) -> None:
        """Nothing to do: a poll ends by itself soon."""

    def close(self) -> None:
        """Leave the group, with what was handled last committed if the broker is there."""
        if self._offsets:
            with suppress(KafkaError):
                self._consumer.commit(self._offsets, timeout_ms=1000)
        self._consumer.close(autocommit=False, timeout_ms=2000)


def _committed(offsets: dict[TopicPartition, OffsetAndMetadata], answer: object) -> None:
    if isinstance(answer, Exception):
        log.info("offsets_not_committed", partitions=len(offsets), error=str(answer))


def _headers(record: Record) -> list[tuple[str, bytes]]:
    headers = [("ce_id", record.id.encode()), ("ce_type", record.type.encode())]
    if record.value is None:
        headers += [
            ("ce_version", b"%d" % record.version),
            ("ce_time", repr(record.time).encode()),
            ("ce_correlationid", record.correlationid.encode()),
        ]
    return headers


def _records(polled: dict[TopicPartition, list[object]]) -> list[Record]:
    records = []
    for partition, messages in polled.items():
        source = f"{partition.topic}/{partition.partition}"
        _, producer, stream, _ = partition.topic.rsplit(".", 3)
        for message in messages:
            headers = dict(message.headers)  # type: ignore[attr-defined]
            offset = message.offset  # type: ignore[attr-defined]
            records.append(
                Record(
                    source,
                    offset,
                    producer,
                    stream,
                    _text(headers.get("ce_id"), 64) or f"{source}/{offset}",
                    _text(headers.get("ce_type", b""), 120),
                    _text(message.key, 64),  # type: ignore[attr-defined]
                    int(_number(headers.get("ce_version"))),
                    _number(headers.get("ce_time")),
                    _text(headers.get("ce_correlationid", b""), 64),
                    message.value,  # type: ignore[attr-defined]
                )
            )
    return records


def _text(raw: bytes | None, most: int) -> str:
    """What strangers wrote must not fail here but at the handler, where it is parked."""
    return (raw or b"").decode(errors="replace").replace("\0", "\ufffd")[:most]


def _number(raw: bytes | None) -> float:
    try:
        number = float(raw or 0)
    except ValueError:
        return 0.0
    return number if 0 <= number < 2**53 else 0.0
