"""Durable timers: a promise to do something later that survives a restart.

Fired in the transaction of their effect: when that rolls back, the timer is still there.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

import structlog
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from events.seams import seam
from events.store import Store
from services.kit.db import UtcDateTime

log = structlog.get_logger()

_TIMERS = MetaData()
TIMERS = Table(
    "timers",
    _TIMERS,
    Column("kind", String(80), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("due_at", UtcDateTime, nullable=False, index=True),
)
PAUSE = timedelta(minutes=1)
"""Until a timer whose action failed is tried again."""
_DUE = (
    select(TIMERS.c.kind, TIMERS.c.key)
    .where(TIMERS.c.due_at <= bindparam("moment"))
    .order_by(TIMERS.c.due_at)
    .limit(100)
)

Action = Callable[[Session, str, datetime], None]
"""Takes the session, the timer's key and the present moment.

It may not wait for a row whose holder may want the timer: lock with `nowait`.
"""


def add_timer_table(metadata: MetaData) -> None:
    """Copy the timer table into a service's metadata, for its migrations."""
    TIMERS.to_metadata(metadata)


def set_timer(session: Session | Connection, *, kind: str, key: str, due_at: datetime) -> None:
    """Set or move the one timer of this kind and key."""
    timer = {"kind": kind, "key": key, "due_at": due_at}
    connection = _connection(session)
    connection.execute(_setting(connection.dialect.name), timer)


def drop_timer(session: Session | Connection, *, kind: str, key: str) -> None:
    """Forget a timer; nothing happens when it is not set."""
    gone = delete(TIMERS).where(TIMERS.c.kind == kind, TIMERS.c.key == key)
    _connection(session).execute(gone)


def _connection(session: Session | Connection) -> Connection:
    return session.connection() if isinstance(session, Session) else session


@cache
def _setting(dialect: str) -> Insert:
    statement = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(TIMERS)
    return statement.on_conflict_do_update(
        index_elements=["kind", "key"], set_={"due_at": statement.excluded.due_at}
    )


class TimerLoop:
    """Fires a service's due timers; only one loop is active per database."""

    def __init__(self, store: Store, actions: Mapping[str, Action], *, poll: float = 1.0) -> None:
        self._store = store
        self._actions = actions
        self._poll = poll

    def run(self, stop: threading.Event) -> None:
        """Fire due timers until stopped."""
        while not stop.is_set():
            try:
                with self._store.exclusive("timers") as alone:
                    while alone and not stop.is_set():
                        self.step(datetime.now(UTC))
                        stop.wait(self._poll)
            except Exception as error:
                log.warning("timers_failed", service=self._store.service, error=str(error))
            stop.wait(self._poll)

    def step(self, moment: datetime) -> int:
        """Fire everything due at `moment`, each in a transaction of its own.

        One that fails holds up no other: after a pause it is tried again.
        """
        with self._store.reader() as session:
            due = session.connection().execute(_DUE, {"moment": moment}).fetchall()
        fired = 0
        for kind, key in due:
            try:
                fired += self._fire(kind, key, moment)
            except (OperationalError, TimeoutError) as error:
                # Busy, or the row is locked: the next step comes soon.
                log.info("timer_waits", kind=kind, key=key, error=type(error).__name__)
            except Exception as error:
                log.error("timer_failed", kind=kind, key=key, error=repr(error))
                with self._store.unit_of_work() as session:
                    later = update(TIMERS).values(due_at=moment + PAUSE)
                    session.connection().execute(later.where(*_due_still(kind, key, moment)))
        return fired

    def _fire(self, kind: str, key: str, moment: datetime) -> int:
        with self._store.unit_of_work() as session:
            gone = session.connection().execute(
                delete(TIMERS).where(*_due_still(kind, key, moment))
            )
            if gone.rowcount:
                self._actions[kind](session, key, moment)
                seam("timers.fired")
        return gone.rowcount


def _due_still(kind: str, key: str, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return TIMERS.c.kind == kind, TIMERS.c.key == key, TIMERS.c.due_at <= moment
