"""One fact's way: from the request that caused it to every group that handled it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from events.store import Store
from events.tables import INBOX, OUTBOX, PARKED


@dataclass
class Step:
    """An event, what became of it, and the events it caused; times are epoch seconds."""

    id: str
    service: str
    type: str
    key: str
    committed_at: float
    published_at: float | None
    causationid: str | None
    payload: bytes | None
    handled: list[tuple[str, float]] = field(default_factory=list)
    """Groups that handled it, and when."""
    parked: list[tuple[str, str]] = field(default_factory=list)
    """Groups that could not, and why."""
    caused: list["Step"] = field(default_factory=list)


def trace(stores: Mapping[str, Store], id: str) -> list[Step]:
    """Every event of the same correlation as a forest, causes above what they caused.

    `id` is that of an event or of the correlation itself; an unknown one gives [].
    """
    correlation = id
    for store in stores.values():
        with store.reader() as session:
            found = session.connection().execute(
                select(OUTBOX.c.correlationid).where(OUTBOX.c.id == id)
            )
            correlation = found.scalar() or correlation
    steps: dict[str, Step] = {}
    for service, store in stores.items():
        with store.reader() as session:
            rows = session.connection().execute(
                select(OUTBOX).where(OUTBOX.c.correlationid == correlation).order_by(OUTBOX.c.seq)
            )
            steps.update({row.id: _step(service, row) for row in rows})
    for store in stores.values():
        with store.reader() as session:
            connection = session.connection()
            for row in connection.execute(select(INBOX).where(INBOX.c.event_id.in_(steps))):
                steps[row.event_id].handled.append((row.group_name, row.handled_at))
            for row in connection.execute(select(PARKED).where(PARKED.c.event_id.in_(steps))):
                steps[row.event_id].parked.append((row.group_name, row.error))
    roots: list[Step] = []
    for step in steps.values():
        cause = steps.get(step.causationid or "")
        (cause.caused if cause else roots).append(step)
    return roots


def _step(service: str, row: Row[Any]) -> Step:
    return Step(
        id=row.id,
        service=service,
        type=row.type,
        key=row.key,
        committed_at=row.time,
        published_at=row.published_at,
        causationid=row.causationid,
        payload=row.payload,
    )
