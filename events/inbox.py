"""The inbox: an event that a group has handled is not handled by it again."""

import time
from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session

from events.log import Record
from events.tables import INBOX

_INSERT = INBOX.insert()
_SEEN = {
    "sqlite": text(
        "SELECT event_id FROM inbox WHERE group_name = :group"
        " AND event_id IN (SELECT value FROM json_each(:ids))"
    ),
    "postgresql": text(
        "SELECT event_id FROM inbox WHERE group_name = :group"
        " AND event_id IN (SELECT json_array_elements_text(CAST(:ids AS json)))"
    ),
}


def once(session: Session, group: str, records: Sequence[Record]) -> list[Record]:
    """Those records this group has not handled; they count as handled once this commits."""
    by_id = {record.id: record for record in records}
    connection = session.connection()
    ids = "[" + ",".join(f'"{id}"' for id in by_id) + "]"
    seen = connection.execute(_SEEN[connection.dialect.name], {"group": group, "ids": ids})
    for (id,) in seen:
        by_id.pop(id, None)
    if by_id:
        moment = time.time()
        connection.execute(
            _INSERT,
            [{"group_name": group, "event_id": id, "handled_at": moment} for id in by_id],
        )
    return list(by_id.values())
