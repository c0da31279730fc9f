"""Claiming a unique key: two requests at once make one row, and neither fails."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from services.membership.base import Base


def claim(session: Session, row: Base, *, key: str) -> bool:
    """Insert the row unless one with this value of `key` is there; whether it was inserted.

    PostgreSQL waits for a rival that has not committed yet, so that whoever is told False
    can select the rival's row right after.
    """
    return claim_values(session.connection(), type(row), row.model_dump(), key=key)


def claim_values(
    connection: Connection, model: type[Base], values: Mapping[str, Any], *, key: str
) -> bool:
    """The same for the values of a row; those left out have the model's defaults."""
    statement = _claiming(model, key, connection.dialect.name)
    return connection.execute(statement, {**_defaults(model), **values}).rowcount == 1


@cache
def _claiming(model: type[Base], key: str, dialect: str) -> Insert:
    table = model.__table__  # type: ignore[attr-defined]
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    claiming = insert(table).on_conflict_do_nothing(index_elements=[key])
    return claiming.execution_options(preserve_rowcount=True)


@cache
def _defaults(model: type[Base]) -> dict[str, Any]:
    """What the model says of fields that are not given: asking it anew costs more than a row."""
    fields = model.model_fields.items()
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if not field.is_required()
    }
