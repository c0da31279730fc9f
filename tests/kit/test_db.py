"""What a database says when it refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.kit.db import Database, open_database
from services.kit.settings import Settings


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgresql" else None
    made = open_database("membership", Settings(data_dir=tmp_path, database_url=url))
    yield made
    made.close()


def test_an_error_of_the_database_names_no_person(database: Database) -> None:
    """Errors are logged and kept with parked events; values are personal."""
    statement = text("INSERT INTO nowhere VALUES (:email)")
    for transaction in (database.unit_of_work, database.reader):
        with pytest.raises(DBAPIError) as refused, transaction() as session:
            session.connection().execute(statement, {"email": "ada@example.org"})
        assert "ada@example.org" not in str(refused.value)
