"""The log when there is no Kafka: the numbered outboxes themselves.

The only code that reads (never writes) another service's outbox. A row is in the log once
its number is committed; numbers are given in one place, so a reader never skips a row that
a slower transaction commits later.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from events.log import Reader, Record, Subscription
from events.store import Store
from events.tables import OUTBOX

_COLUMNS = (
    OUTBOX.c.number,
    OUTBOX.c.stream,
    OUTBOX.c.id,
    OUTBOX.c.type,
    OUTBOX.c.key,
    OUTBOX.c.version,
    OUTBOX.c.time,
    OUTBOX.c.correlationid,
    OUTBOX.c.payload,
)
_NEXT = (
    select(*_COLUMNS)
    .where(OUTBOX.c.number > bindparam("after"), OUTBOX.c.superseded.is_(False))
    .order_by(OUTBOX.c.number)
    .limit(bindparam("most"))
)
_END = select(func.coalesce(func.max(OUTBOX.c.number), 0)).where(OUTBOX.c.number.is_not(None))
_BATCH = 500


class EmbeddedLog:
    """Reads the outboxes of the services whose stores it is given."""

    carries = False

    def __init__(self, stores: Mapping[str, Store]) -> None:
        self._stores = stores
        self._readers: list[EmbeddedReader] = []

    def append(self, service: str, records: Sequence[Record]) -> Sequence[bool]:
        """Nothing to do: the relay's numbering is what puts a row into the log."""
        return [True] * len(records)

    def published(self, service: str) -> None:
        """Wake those who follow this service."""
        for reader in list(self._readers):
            if service in reader.streams:
                reader.wake(service)

    def reader(
        self,
        group: str,
        subscriptions: frozenset[Subscription],
        positions: dict[str, int],
    ) -> Reader:
        """Follow the outboxes named by the subscriptions."""
        reader = EmbeddedReader(self._stores, subscriptions, positions, self._readers.remove)
        self._readers.append(reader)
        return reader

    def tail(self, subscriptions: frozenset[Subscription]) -> Reader:
        """Follow the outboxes from their present ends."""
        ends = {}
        for service in {service for service, _ in subscriptions}:
            with self._stores[service].reading() as connection:
                ends[service] = int(connection.execute(_END).scalar_one())
        return self.reader("", subscriptions, ends)

    def replay(self, subscriptions: frozenset[Subscription]) -> Iterable[Sequence[Record]]:
        """Every record up to now; superseded states are left out."""
        reader = EmbeddedReader(self._stores, subscriptions, {})
        try:
            while records := reader.poll(timeout=0):
                yield records
        finally:
            reader.close()

    def close(self) -> None:
        """Wake all readers, so that their threads can end."""
        for reader in list(self._readers):
            reader.wake()


class EmbeddedReader:
    """Keeps a position per producer; the consumer stores it in its own transaction."""

    def __init__(
        self,
        stores: Mapping[str, Store],
        subscriptions: frozenset[Subscription],
        positions: dict[str, int],
        closed: Callable[["EmbeddedReader"], None] = lambda reader: None,
    ) -> None:
        self._stores = stores
        self._closed = closed
        self._positions = dict(positions)
        # Kept open: whoever waits for an event would wait for a connection too.
        self._connections: dict[str, Connection] = {}
        self._news = threading.Event()
        self.streams: dict[str, set[str]] = {}
        for service, stream in sorted(subscriptions):
            self.streams.setdefault(service, set()).add(stream)
        self._changed = set(self.streams)

    def poll(self, timeout: float) -> Sequence[Record]:
        """The next records of all producers, in order within each."""
        records = self._read()
        if not records and timeout:
            if not self._news.wait(timeout):
                # Another process may have published: look everywhere.
                self._changed.update(self.streams)
            records = self._read()
        return records

    def _read(self) -> list[Record]:
        self._news.clear()
        records: list[Record] = []
        while self._changed and not records:
            service = self._changed.pop()
            if rows := self._next(service):
                self._positions[service] = rows[-1].number
                streams = self.streams[service]
                records = [
                    Record(service, row[0], service, *row[1:]) for row in rows if row[1] in streams
                ]
                if len(rows) == _BATCH:
                    self._changed.add(service)
        return records

    def _next(self, service: str) -> Sequence[Any]:
        place = {"after": self._positions.get(service, 0), "most": _BATCH}
        connection = self._connections.get(service)
        if connection is None:
            connection = self._connections[service] = self._stores[service].reading()
        try:
            rows = connection.execute(_NEXT, place).fetchall()
            connection.rollback()
        except BaseException:
            self._connections.pop(service).close()
            raise
        return rows

    def commit(self, records: Sequence[Record]) -> None:
        """Nothing to do: the position was written in the consumer's transaction."""

    def wake(self, service: str | None = None) -> None:
        """Let a waiting poll look again, at what this service published."""
        if service:
            self._changed.add(service)
        self._news.set()

    def close(self) -> None:
        """Be woken no more, and give back the connections."""
        self._closed(self)
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()
