"""Claiming a unique key: two requests at once make one row, and neither fails."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session

from services.membership.base import Base


def claim(session: Session, row: Base, *, key: str) -> bool:
    """Insert the row unless one with this value of `key` is there; whether it was inserted.

    PostgreSQL waits for a rival that has not committed yet, so that whoever is told False
    can select the rival's row right after.
    """
    return claim_values(session, type(row), row.model_dump(), key=key)


def claim_values(
    session: Session, model: type[Base], values: Mapping[str, Any], *, key: str
) -> bool:
    """The same for the values of a row; those left out have the model's defaults."""
    statement = _claiming(model, key, session.get_bind().dialect.name)
    row = {**_defaults(model), **values}
    return session.connection().execute(statement, row).first() is not None


@cache
def _claiming(model: type[Base], key: str, dialect: str) -> Insert:
    table = model.__table__  # type: ignore[attr-defined]
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    return insert(table).on_conflict_do_nothing(index_elements=[key]).returning(table.c[key])


@cache
def _defaults(model: type[Base]) -> dict[str, Any]:
    """What the model says of fields that are not given: asking it anew costs more than a row."""
    fields = model.model_fields.items()
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if not field.is_required()
    }
