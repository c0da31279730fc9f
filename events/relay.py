"""The relay: takes committed outbox rows to the log, in order, at least once."""

import random
import threading
import time
from typing import Any

import structlog
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    bindparam,
    func,
    literal_column,
    select,
    update,
)

from events.log import EventLog, Record
from events.seams import seam
from events.store import Store
from events.tables import OUTBOX

log = structlog.get_logger()

BATCH = 500
_UNPUBLISHED = (
    select(
        OUTBOX.c.seq,
        OUTBOX.c.stream,
        OUTBOX.c.id,
        OUTBOX.c.type,
        OUTBOX.c.key,
        OUTBOX.c.version,
        OUTBOX.c.time,
        OUTBOX.c.correlationid,
        OUTBOX.c.payload,
    )
    .where(OUTBOX.c.number.is_(None))
    .order_by(OUTBOX.c.seq)
    .limit(bindparam("most"))
)
_LAST = select(func.coalesce(func.max(OUTBOX.c.number), 0)).where(OUTBOX.c.number.is_not(None))


def _numbering(chosen: Select[Any]) -> Update:
    """Gives the chosen rows their places in the log, in one statement.

    A statement a row would let go of the interpreter's lock each time, and beside a busy
    thread of the same process each of these takes a turn to get it back.
    """
    rows = chosen.subquery("chosen")
    place = func.row_number().over(order_by=rows.c.seq).label("place")
    given = select(rows.c.seq, place).subquery("given")
    return (
        update(OUTBOX)
        # Numbered already: another relay was at work after this one lost its lock.
        .where(OUTBOX.c.seq == given.c.seq, OUTBOX.c.number.is_(None))
        .values(number=bindparam("last") + given.c.place, published_at=bindparam("at"))
    )


_WAITING = (
    select(OUTBOX.c.seq)
    .where(OUTBOX.c.number.is_(None))
    .order_by(OUTBOX.c.seq)
    .limit(bindparam("most"))
)
_NUMBER_WAITING = _numbering(_WAITING)
_NUMBER_TAKEN = _numbering(
    select(OUTBOX.c.seq).where(OUTBOX.c.seq.in_(bindparam("taken", expanding=True)))
)
_LATER = OUTBOX.alias("later")
# A literal: for a parameter SQLite leaves a partial index unused, or plans anew each time.
_STATE: ColumnElement[str] = literal_column("'state'")
_SUPERSEDE = (
    update(OUTBOX)
    .where(
        _LATER.c.number > bindparam("last"),
        _LATER.c.stream == _STATE,
        _LATER.c.version > literal_column("1"),  # a first version supersedes nothing
        OUTBOX.c.key == _LATER.c.key,
        OUTBOX.c.type == _LATER.c.type,
        OUTBOX.c.version < _LATER.c.version,
        OUTBOX.c.stream == _STATE,
        OUTBOX.c.payload.is_not(None),
        OUTBOX.c.number.is_not(None),
    )
    .values(payload=None, superseded=True)
)


class Relay:
    """Moves one service's outbox into the log; only one is active per database."""

    def __init__(self, store: Store, event_log: EventLog, *, poll: float = 1.0) -> None:
        self._store = store
        self._log = event_log
        self._poll = poll
        self._last: int | None = None

    def run(self, stop: threading.Event) -> None:
        """Relay until stopped; when another relay is active, wait to take over."""
        failures = 0
        while not stop.is_set():
            try:
                with self._store.exclusive("relay") as alone:
                    if alone:
                        self._last = None
                        while not stop.is_set():
                            if self.step() < BATCH:
                                self._store.committed.wait(self._poll)
                            failures = 0
                    else:
                        log.info("relay_waits_for_another", service=self._store.service)
                        stop.wait(self._poll)
            except Exception as error:
                # Whatever it was, the rows are still there: back off and begin anew.
                failures += 1
                log.warning("relay_failed", service=self._store.service, error=str(error))
                stop.wait(min(5.0, 0.1 * 2 ** min(failures, 6)) * random.uniform(0.5, 1))

    def step(self) -> int:
        """Publish one batch; returns how many records the log took.

        Raises when the log took only a part, after marking that part.
        """
        self._store.committed.clear()
        return self._carry() if self._log.carries else self._number_waiting()

    def _carry(self) -> int:
        with self._store.reading() as connection:
            rows = connection.execute(_UNPUBLISHED, {"most": BATCH}).fetchall()
        if not rows:
            return 0
        seam("relay.before_publish")
        service = self._store.service
        taken = self._log.append(service, [_record(service, row) for row in rows])
        seam("relay.published")
        done = [row.seq for row, durable in zip(rows, taken, strict=True) if durable]
        if done:
            with self._store.transaction() as connection:
                self._number(connection, _NUMBER_TAKEN, {"taken": done})
            self._log.published(service)
        if len(done) < len(rows):
            raise RuntimeError(f"the log took {len(done)} of {len(rows)} records")
        return len(done)

    def _number_waiting(self) -> int:
        with self._store.transaction() as connection:
            done = self._number(connection, _NUMBER_WAITING, {"most": BATCH})
            if done:
                seam("relay.before_publish")
        if done:
            seam("relay.published")
            self._log.published(self._store.service)
        return done

    def _number(self, connection: Connection, statement: Update, chosen: dict[str, Any]) -> int:
        last = self._last
        if last is None:
            last = int(connection.execute(_LAST).scalar_one())
        done = connection.execute(statement, {**chosen, "last": last, "at": time.time()}).rowcount
        if done:
            connection.execute(_SUPERSEDE, {"last": last})
        self._last = last + done
        return done


def _record(service: str, row: Row) -> Record:  # type: ignore[type-arg]
    return Record(service, row[0], service, *row[1:])
