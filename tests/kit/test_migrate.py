"""Migrations bring exactly the tables of the models, on both databases, also two at once."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from events.catalogue import SERVICES
from services.kit.db import open_database
from services.kit.migrate import upgrade
from services.kit.settings import Settings


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("service", SERVICES)
def test_migrations_bring_what_the_models_say(
    service: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("empty_postgres_url") if kind == "postgresql" else None
    database = open_database(service, Settings(data_dir=tmp_path, database_url=url))
    upgrade(database)
    upgrade(database)
    metadata = import_module(f"services.{service}.models").Base.metadata
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_two_processes_may_migrate_one_database(empty_postgres_url: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "HUB_DATABASE_URL": empty_postgres_url,
        "HUB_DATA_DIR": str(tmp_path),
    }
    argv = [sys.executable, "-m", "hub.cli", "migrate"]
    both = [
        subprocess.Popen(argv, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
