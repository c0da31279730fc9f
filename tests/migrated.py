"""Databases at the newest revision, made once a run and copied: most tests begin with one."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from events.catalogue import SERVICES
from services.kit.db import open_database
from services.kit.migrate import upgrade
from services.kit.settings import Settings


def put_database(folder: Path, service: str) -> None:
    """Lay a service's SQLite file with empty tables into a data folder that has none yet."""
    model = _model(service)
    if not (folder / model.name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(model, folder)


def migrate(url: str) -> None:
    """Bring all services' tables into a PostgreSQL database."""
    with tempfile.TemporaryDirectory() as folder:
        for service in SERVICES:
            database = open_database(service, Settings(data_dir=Path(folder), database_url=url))
            upgrade(database)
            database.close()


@cache
def _model(service: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hub-model-"))
    database = open_database(service, Settings(data_dir=folder))
    upgrade(database)
    database.close()
    return folder / f"{service}.sqlite3"
