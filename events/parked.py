"""Parked events: what a group could not process, kept with its bytes and the reason."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlmodel import Session

from events.log import Record
from events.privacy import without_values
from events.tables import PARKED

_INSERT = PARKED.insert()


def park(session: Session, group: str, record: Record, error: str) -> None:
    """Keep the record for a person to look at; parking it twice keeps one row."""
    connection = session.connection()
    connection.execute(
        delete(PARKED).where(PARKED.c.group_name == group, PARKED.c.event_id == record.id)
    )
    connection.execute(
        _INSERT,
        {
            "group_name": group,
            "event_id": record.id,
            "producer": record.producer,
            "stream": record.stream,
            "type": record.type,
            "key": record.key,
            "version": record.version,
            "time": record.time,
            "correlationid": record.correlationid,
            "value": record.value,
            "error": without_values(error),
            "parked_at": time.time(),
            "requeued": False,
        },
    )


def listed(session: Session, group: str | None = None) -> Sequence[Row[Any]]:
    """Parked events, oldest first."""
    query = select(PARKED).order_by(PARKED.c.id)
    if group:
        query = query.where(PARKED.c.group_name == group)
    return session.connection().execute(query).fetchall()


def requeue(session: Session, parked_id: int) -> bool:
    """Ask the group to try again; False when there is no such row."""
    done = session.connection().execute(
        update(PARKED).where(PARKED.c.id == parked_id).values(requeued=True)
    )
    return done.rowcount == 1


def discard(session: Session, parked_id: int) -> bool:
    """Drop a parked event for good; False when there is no such row."""
    done = session.connection().execute(delete(PARKED).where(PARKED.c.id == parked_id))
    return done.rowcount == 1


def requeued(session: Session, group: str) -> list[tuple[int, Record]]:
    """Row ids and records that a person asked this group to try again."""
    rows = session.connection().execute(
        select(PARKED)
        .where(PARKED.c.group_name == group, PARKED.c.requeued.is_(True))
        .order_by(PARKED.c.id)
    )
    return [
        (
            row.id,
            Record(
                row.producer,
                0,
                row.producer,
                row.stream,
                row.event_id,
                row.type,
                row.key,
                row.version,
                row.time,
                row.correlationid,
                row.value,
            ),
        )
        for row in rows
    ]
