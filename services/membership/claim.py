"""Claiming a unique key: two requests at once make one row, and neither fails."""

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from services.membership.base import Base


def claim(session: Session, row: Base, *, key: str) -> bool:
    """Insert the row unless one with this value of `key` is there; whether it was inserted.

    PostgreSQL waits for a rival that has not committed yet, so that whoever is told False
    can select the rival's row right after.
    """
    table = type(row).__table__  # type: ignore[attr-defined]
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = (
        insert(table)
        .values(**row.model_dump())
        .on_conflict_do_nothing(index_elements=[key])
        .returning(table.c[key])
    )
    return session.connection().execute(statement).first() is not None
