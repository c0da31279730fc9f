"""The transactional outbox: an event is committed together with the rows it speaks of."""

from typing import Any

from sqlmodel import Session

from events.envelope import Context, Event, State, current_context, new_id, now, pack
from events.tables import OUTBOX

_INSERT = OUTBOX.insert()


def add(session: Session, *events: Event, context: Context | None = None) -> None:
    """Write events to the outbox in the session's transaction, in this order.

    `context` is that of the event which led here (`envelope.caused`); without one the
    context of the request is taken.
    """
    context = context or current_context()
    moment = now()
    rows = []
    for event in events:
        id = new_id()
        rows.append(
            _row(
                event_class=type(event),
                id=id,
                key=event.subject,
                version=event.version if isinstance(event, State) else 0,
                time=moment.timestamp(),
                context=context,
                payload=pack(event, id=id, time=moment, context=context),
            )
        )
    session.connection().execute(_INSERT, rows)


def bury(
    session: Session,
    state_class: type[State],
    *,
    id: str,
    version: int,
    context: Context | None = None,
) -> None:
    """Write a tombstone: the aggregate is gone, and every projection forgets it."""
    row = _row(
        event_class=state_class,
        id=new_id(),
        key=id,
        version=version,
        time=now().timestamp(),
        context=context or current_context(),
        payload=None,
    )
    session.connection().execute(_INSERT, [row])


def _row(
    *,
    event_class: type[Event],
    id: str,
    key: str,
    version: int,
    time: float,
    context: Context,
    payload: bytes | None,
) -> dict[str, Any]:
    return {
        "id": id,
        "stream": event_class.STREAM,
        "type": event_class.TYPE,
        "key": key,
        "version": version,
        "time": time,
        "correlationid": context.correlationid,
        "causationid": context.causationid,
        "payload": payload,
        "superseded": False,
    }
