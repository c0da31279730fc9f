"""The consumer: takes a group's records to its handlers, once in effect.

A batch is one transaction: skip what the inbox knows, handle, write inbox and positions,
commit; only then is the log told. A batch that fails is redone record by record; a record
that goes on failing is parked, and the rest goes on.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import Executable, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from events import parked
from events.envelope import Envelope, Event
from events.inbox import once
from events.log import EventLog, Reader, Record, subscriptions_of
from events.seams import seam
from events.store import Store
from events.tables import PARKED, POSITIONS

log = structlog.get_logger()

Handler = Callable[[Session, Sequence[Envelope[Any]]], None]
"""Takes a run of events of one type, in order, inside the batch's transaction."""

Handlers = Mapping[type[Event], Handler]

RETRIES = (0.05, 0.2, 0.8)
_TRANSIENT = (OperationalError, InterfaceError, PoolTimeout, TimeoutError)


def _advance(insert: sqlite.Insert | postgresql.Insert) -> Executable:
    return insert.on_conflict_do_update(
        index_elements=["group_name", "producer"], set_={"number": insert.excluded.number}
    )


_ADVANCE = {
    "sqlite": _advance(sqlite.insert(POSITIONS)),
    "postgresql": _advance(postgresql.insert(POSITIONS)),
}


class Consumer:
    """One group of one service, run by one thread."""

    def __init__(
        self,
        *,
        group: str,
        store: Store,
        event_log: EventLog,
        handlers: Handlers,
        retries: Sequence[float] = RETRIES,
        done: Callable[[], None] | None = None,
    ) -> None:
        self.group = group
        self._store = store
        self._log = event_log
        self._by_type = {event.TYPE: (event, handler) for event, handler in handlers.items()}
        self._bases = {event.TYPE.rpartition(".")[0] for event in handlers}
        self._subscriptions = subscriptions_of(handlers)
        self._retries = retries
        self._done = done
        self._reader: Reader | None = None
        self._stop = threading.Event()
        self._requeue_looked = 0.0

    def run(self, stop: threading.Event) -> None:
        """Consume until stopped; transient trouble (database, broker) is waited out."""
        self._stop = stop
        failures = 0
        while not stop.is_set():
            try:
                self.step(timeout=1.0)
                failures = 0
            except Exception as error:
                failures += 1
                log.warning("consumer_failed", group=self.group, error=str(error))
                self.close()
                stop.wait(min(5.0, 0.1 * 2 ** min(failures, 6)))
        self.close()

    def close(self) -> None:
        """Leave the group; the next step joins again from the stored positions."""
        reader, self._reader = self._reader, None
        if reader:
            try:
                reader.close()
            except Exception as error:
                # Its connection may be what broke: the group goes on with a new one.
                log.warning("reader_not_closed", group=self.group, error=str(error))

    def wake(self) -> None:
        """Let a waiting step return early."""
        if reader := self._reader:
            reader.wake()

    def step(self, timeout: float) -> int:
        """Handle the next batch, waiting up to `timeout` seconds; returns its size."""
        if self._reader is None:
            self._reader = self._log.reader(self.group, self._subscriptions, self._positions())
        records = self._reader.poll(timeout)
        self._handle_requeued()
        if not records:
            return 0
        seam("consumer.before_handle")
        try:
            self._handle_batch(records)
        except Exception as error:
            log.info("batch_redone", group=self.group, size=len(records), error=str(error))
            for record in records:
                self._handle_alone(record)
        seam("consumer.handled")
        self._reader.commit(records)
        if self._done:
            self._done()
        return len(records)

    def _positions(self) -> dict[str, int]:
        query = select(POSITIONS.c.producer, POSITIONS.c.number).where(
            POSITIONS.c.group_name == self.group
        )
        with self._store.reader() as session:
            return {row.producer: row.number for row in session.connection().execute(query)}

    def _handle_batch(self, records: Sequence[Record]) -> None:
        with self._store.unit_of_work() as session:
            fresh = once(session, self.group, [r for r in records if self._concerns(r)])
            for _, run in groupby(fresh, key=lambda record: record.type):
                self._handle(session, list(run))
                seam("consumer.mid_batch")
            self._advance(session, records)

    def _concerns(self, record: Record) -> bool:
        """Known types, and newer versions of known types (those are parked)."""
        return record.type in self._by_type or record.type.rpartition(".")[0] in self._bases

    def _handle(self, session: Session, run: Sequence[Record]) -> None:
        known = self._by_type.get(run[0].type)
        if known is None:
            for record in run:
                parked.park(session, self.group, record, f"unknown event version {record.type}")
            return
        event_class, handler = known
        envelopes = []
        for record in run:
            try:
                envelopes.append(record.open(event_class))
            except ValidationError as error:
                log.error(
                    "event_parked",
                    group=self.group,
                    event_id=record.id,
                    type=record.type,
                )
                parked.park(session, self.group, record, f"not a valid {record.type}: {error}")
        if envelopes:
            handler(session, envelopes)

    def _handle_alone(self, record: Record) -> None:
        attempt = 0
        while True:
            try:
                self._handle_batch([record])
                return
            except _TRANSIENT:
                if self._stop.wait(1.0):
                    raise
            except Exception as error:
                if attempt == len(self._retries):
                    self._park(record, error)
                    return
                if self._stop.wait(self._retries[attempt]):
                    raise
                attempt += 1

    def _park(self, record: Record, error: Exception) -> None:
        log.error(
            "event_parked",
            group=self.group,
            event_id=record.id,
            type=record.type,
            error=repr(error),
        )
        with self._store.unit_of_work() as session:
            if once(session, self.group, [record]):
                parked.park(session, self.group, record, f"{type(error).__name__}: {error}")
            self._advance(session, [record])

    def _handle_requeued(self) -> None:
        if time.monotonic() - self._requeue_looked < 0.5:
            return
        self._requeue_looked = time.monotonic()
        with self._store.reader() as session:
            again = parked.requeued(session, self.group)
        for row_id, record in again:
            taken = delete(PARKED).where(PARKED.c.id == row_id, PARKED.c.requeued.is_(True))
            try:
                with self._store.unit_of_work() as session:
                    # Another process may have handled it, or a person discarded it, meanwhile.
                    if session.connection().execute(taken).rowcount:
                        self._handle(session, [record])
            except _TRANSIENT as error:
                log.info("requeued_later", group=self.group, error=str(error))
            except Exception as error:
                with self._store.unit_of_work() as session:
                    parked.park(session, self.group, record, f"{type(error).__name__}: {error}")
        if again and self._done:
            self._done()

    def _advance(self, session: Session, records: Sequence[Record]) -> None:
        highest: dict[str, int] = {}
        for record in records:
            highest[record.source] = max(record.number, highest.get(record.source, 0))
        connection = session.connection()
        connection.execute(
            _ADVANCE[connection.dialect.name],
            [
                {"group_name": self.group, "producer": source, "number": number}
                for source, number in highest.items()
            ],
        )
