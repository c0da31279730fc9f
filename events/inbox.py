"""The inbox: an event that a group has handled is not handled by it again."""

import json
import time
from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session

from events.log import Record
from events.tables import INBOX

_TAKE_IN = {
    "sqlite": text(
        "INSERT INTO inbox (group_name, event_id, handled_at)"
        " SELECT :group, value, :moment FROM json_each(:ids) WHERE true"
        " ON CONFLICT DO NOTHING RETURNING event_id"
    ).columns(INBOX.c.event_id),
    "postgresql": text(
        "INSERT INTO inbox (group_name, event_id, handled_at)"
        " SELECT :group, json_array_elements_text(CAST(:ids AS json)), :moment"
        " ON CONFLICT DO NOTHING RETURNING event_id"
    ).columns(INBOX.c.event_id),
}
"""One statement for all: see `events/relay.py` on statements a row."""


def once(session: Session, group: str, records: Sequence[Record]) -> list[Record]:
    """Those records this group has not handled; they count as handled once this commits."""
    by_id = {record.id: record for record in records}
    if not by_id:
        return []
    connection = session.connection()
    ids = json.dumps(list(by_id))
    taken = connection.execute(
        _TAKE_IN[connection.dialect.name], {"group": group, "ids": ids, "moment": time.time()}
    )
    new = {id for (id,) in taken}
    return [record for id, record in by_id.items() if id in new]
