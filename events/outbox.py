"""The transactional outbox: an event is committed together with the rows it speaks of."""

from typing import Any

from sqlalchemy import Connection, bindparam, func, literal_column, select
from sqlmodel import Session

from events.envelope import Context, Event, State, current_context, new_id, now, pack
from events.tables import OUTBOX

_INSERT = OUTBOX.insert()
ADDED = "outbox.added"
"""Key of `info` of a session or connection: there is something for the relay once this commits."""
_NEWEST = select(func.max(OUTBOX.c.version)).where(
    OUTBOX.c.stream == literal_column("'state'"),  # a literal, or the partial index is not used
    OUTBOX.c.payload.is_not(None),
    OUTBOX.c.key == bindparam("same_key"),
    OUTBOX.c.type == bindparam("same_type"),
)


def add(session: Session | Connection, *events: Event, context: Context | None = None) -> None:
    """Write events to the outbox in the session's (or connection's) transaction, in this order.

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
    connection = session if isinstance(session, Connection) else session.connection()
    connection.execute(_INSERT, rows)
    session.info[ADDED] = True


def bury(
    session: Session,
    state_class: type[State],
    *,
    id: str,
    version: int,
    context: Context | None = None,
) -> None:
    """Write a tombstone: the aggregate is gone, and every projection forgets it.

    Raises ValueError when its version is not above every state's: it would be passed over.
    """
    same = {"same_key": id, "same_type": state_class.TYPE}
    newest = session.connection().execute(_NEWEST, same).scalar()
    if newest is not None and version <= newest:
        raise ValueError(f"a tombstone of version {version} cannot bury version {newest}")
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
    session.info[ADDED] = True


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
