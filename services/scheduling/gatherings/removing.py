"""Taking away everything that hangs on a gathering which goes."""

from sqlalchemy import Connection

from services.scheduling.base import Base

_KEPT = frozenset({"gatherings", "registrations", "polls"})
"""What goes by itself, with its own events, or outlives the gathering."""


def remove_rows(connection: Connection, gathering_id: str) -> None:
    """Delete the rows of every table that names the gathering, those that refer to others first."""
    for table in reversed(Base.metadata.sorted_tables):
        if "gathering_id" in table.c and table.name not in _KEPT:
            connection.execute(table.delete().where(table.c.gathering_id == gathering_id))
