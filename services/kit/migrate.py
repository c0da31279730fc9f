"""Runs a service's Alembic history on its own database."""

from importlib import import_module, resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlmodel.sql.sqltypes import AutoString

from services.kit.db import Database, UtcDateTime, open_database
from services.kit.settings import Settings


def configuration(database: Database) -> Config:
    """Alembic's configuration for one service, with no ini file."""
    config = Config()
    folder = resources.files(f"services.{database.service}") / "migrations"
    config.set_main_option("script_location", str(Path(str(folder))).replace("%", "%%"))
    config.attributes["database"] = database
    return config


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision; PostgreSQL gets its schema first."""
    if database.url.drivername != "sqlite":
        with database.engine.begin() as connection:
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{database.service}"'))
    command.upgrade(configuration(database), "head")


def run_environment() -> None:
    """What every service's migrations/env.py calls."""
    from alembic import context

    database: Database = context.config.attributes["database"]
    models = import_module(f"services.{database.service}.models")
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=models.Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=_render,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types into revisions by their plain names."""
    if isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    return False


def revise(service: str, message: str) -> None:
    """Write a new revision from the difference between the models and the newest one."""
    with TemporaryDirectory() as folder:
        database = open_database(service, Settings(data_dir=Path(folder)))
        upgrade(database)
        revisions = list(
            Path(configuration(database).get_main_option("script_location") or "").glob(
                "versions/[0-9]*.py"
            )
        )
        command.revision(
            configuration(database),
            message,
            autogenerate=True,
            rev_id=f"{len(revisions) + 1:04}",
        )
        database.close()
