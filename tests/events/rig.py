"""Two producing services, one consuming service and a log between them, for the contract suite."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlmodel import Session

from events import outbox
from events.consumer import Consumer, Handlers
from events.envelope import Envelope, Event
from events.log import EventLog
from events.log_embedded import EmbeddedLog
from events.log_kafka import KafkaLog
from events.relay import Relay
from events.tables import BACKBONE
from services.kit.db import Database

PRODUCERS = ("scheduling", "membership")
CONSUMER = "calendar"


class Rig:
    """Everything by hand: tests say when a relay or a consumer takes a step."""

    def __init__(self, stores: dict[str, Database], event_log: EventLog) -> None:
        self.stores = stores
        self.log = event_log
        self.relays = {name: Relay(stores[name], event_log) for name in PRODUCERS}
        self._consumers: list[Consumer] = []

    def commit(self, *events: Event) -> None:
        """Commit each event in a transaction of its own, at its producer."""
        for event in events:
            with self.stores[event.producer()].unit_of_work() as session:
                outbox.add(session, event)

    def relay(self) -> int:
        """Relay until both outboxes are empty."""
        total = 0
        for relay in self.relays.values():
            while done := relay.step():
                total += done
        return total

    def consumer(self, handlers: Handlers, group: str = "calendar.test") -> Consumer:
        """A consumer of the calendar service with quick retries."""
        consumer = Consumer(
            group=group,
            store=self.stores[CONSUMER],
            event_log=self.log,
            handlers=handlers,
            retries=(0.01, 0.01),
        )
        self._consumers.append(consumer)
        return consumer

    def drain(self, consumer: Consumer, *, until: Callable[[], bool], limit: float = 20.0) -> None:
        """Step the consumer until the condition holds."""
        deadline = time.monotonic() + limit
        while not until():
            assert time.monotonic() < deadline, "the consumer did not get there in time"
            consumer.step(timeout=0.2)

    def settle(self, consumer: Consumer, seconds: float = 1.0) -> None:
        """Step the consumer until nothing has come for a while."""
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < seconds:
            if consumer.step(timeout=0.1):
                quiet_since = time.monotonic()

    def close(self) -> None:
        """Let go of everything."""
        for consumer in self._consumers:
            consumer.close()
        self.log.close()
        for store in self.stores.values():
            store.close()


class Collected:
    """A handler that keeps what it was given, and only what was committed counts for tests."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope[Any]] = []
        self.lock = threading.Lock()

    def __call__(self, session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        with self.lock:
            self.envelopes += envelopes

    @property
    def events(self) -> list[Any]:
        """The events without their envelopes; None for a tombstone."""
        return [envelope.data for envelope in self.envelopes]

    def has(self, number: int) -> Callable[[], bool]:
        """A condition: this many arrived."""
        return lambda: len(self.envelopes) >= number


def make_tables(stores: dict[str, Database]) -> None:
    """The backbone's tables in every store."""
    for store in stores.values():
        if store.url.drivername != "sqlite":
            with store.engine.begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {store.service}")
        BACKBONE.create_all(store.engine)


__all__ = ["CONSUMER", "PRODUCERS", "Collected", "EmbeddedLog", "KafkaLog", "Rig", "make_tables"]
