"""Rebuild a projection from the log, without effects."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import Table, text

from events.consumer import Handlers
from events.envelope import Envelope, Event
from events.log import EventLog, Record, subscriptions_of
from events.store import Store

log = structlog.get_logger()


def replay(
    *,
    store: Store,
    event_log: EventLog,
    handlers: Handlers,
    tables: Sequence[Table],
    progress: Callable[[int], None] = lambda handled: None,
) -> int:
    """Empty the tables and fill them from the log in one transaction; returns records handled.

    The group's consumer may go on meanwhile: handlers keep the highest version, and the
    tables are locked until the rebuilt ones are there. A poison message, which the consumer
    has parked, is passed over.
    """
    by_type = {event.TYPE: (event, handler) for event, handler in handlers.items()}
    handled = 0
    with store.unit_of_work() as session:
        connection = session.connection()
        for table in tables:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f'LOCK TABLE "{table.name}" IN EXCLUSIVE MODE'))
            connection.execute(table.delete())
        for batch in event_log.replay(subscriptions_of(handlers)):
            wanted = [record for record in batch if record.type in by_type]
            for type, run in groupby(wanted, key=_type_of):
                event_class, handler = by_type[type]
                if envelopes := _opened(event_class, run):
                    handler(session, envelopes)
            handled += len(wanted)
            progress(len(wanted))
    return handled


def _opened(event_class: type[Event], run: Iterable[Record]) -> list[Envelope[Any]]:
    envelopes = []
    for record in run:
        try:
            envelopes.append(record.open(event_class))
        except ValidationError:
            log.warning("event_passed_over", event_id=record.id, type=record.type)
    return envelopes


def _type_of(record: Record) -> str:
    return record.type
