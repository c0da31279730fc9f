"""The log behind one protocol; a position in it is (group, producer, number)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from events.envelope import Envelope, Event, Stream, envelope_class, unpack

EventClass = type[Event]


class Record(NamedTuple):
    """One event as it lies in the log; `value` is None for a tombstone."""

    source: str
    """Where it was read from: the producer, on Kafka topic and partition."""
    number: int
    producer: str
    stream: str
    id: str
    type: str
    key: str
    version: int
    time: float
    correlationid: str
    value: bytes | None

    def open(self, event_class: EventClass) -> Envelope[Any]:
        """The validated envelope; raises pydantic.ValidationError on a poison message."""
        if self.value is not None:
            return unpack(self.type, self.value)
        return envelope_class(event_class).tombstone(
            id=self.id,
            type=self.type,
            subject=self.key,
            version=self.version,
            time=datetime.fromtimestamp(self.time, UTC),
            correlationid=self.correlationid,
        )


Subscription = tuple[str, Stream]
"""A producing service and one of its two streams."""


def subscriptions_of(event_classes: Iterable[type[Event]]) -> frozenset[Subscription]:
    """The streams that carry these events."""
    return frozenset((event.producer(), event.STREAM) for event in event_classes)


class Reader(Protocol):
    """One group's way through the streams it subscribed to; used by one thread."""

    def poll(self, timeout: float) -> Sequence[Record]:
        """The next records, or none after `timeout` seconds."""

    def commit(self, records: Sequence[Record]) -> None:
        """Called after the database commit that holds the effects of these records."""

    def wake(self) -> None:
        """Let a waiting poll return early; safe from any thread."""

    def close(self) -> None:
        """Leave the group."""


class EventLog(Protocol):
    """Where relays append and consumers read."""

    carries: bool
    """Whether records are carried elsewhere; when not, the numbered outbox itself is the log."""

    def append(self, service: str, records: Sequence[Record]) -> Sequence[bool]:
        """Try to make records durable, in order; says for each whether it is.

        Called only when the log carries. After a failed record no later record of the same key
        may be durable and reported.
        """

    def published(self, service: str) -> None:
        """Called by the relay once the numbers of the appended records are committed."""

    def reader(
        self,
        group: str,
        subscriptions: frozenset[Subscription],
        positions: dict[str, int],
    ) -> Reader:
        """Join a group; `positions` maps source to the last number this group has handled."""

    def tail(self, subscriptions: frozenset[Subscription]) -> Reader:
        """Follow from now on, without a group: nothing is remembered."""

    def replay(self, subscriptions: frozenset[Subscription]) -> Iterable[Sequence[Record]]:
        """All records from the beginning to the end as it is now, without a group."""

    def close(self) -> None:
        """Flush and let go of connections."""
