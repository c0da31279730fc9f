"""Rebuild a projection from the log, without effects."""

from collections.abc import Callable, Sequence
from itertools import groupby

from sqlalchemy import Table, text

from events.consumer import Handlers
from events.log import EventLog, Record, subscriptions_of
from events.store import Store


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
    tables are locked until the rebuilt ones are there.
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
                handler(session, [record.open(event_class) for record in run])
            handled += len(wanted)
            progress(len(wanted))
    return handled


def _type_of(record: Record) -> str:
    return record.type
