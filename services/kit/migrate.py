"""Runs a service's Alembic history on its own database."""

import time
from importlib import import_module, resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from sqlalchemy import inspect, text
from sqlmodel.sql.sqltypes import AutoString

from services.kit.db import Database, UtcDateTime, open_database
from services.kit.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config


def configuration(database: Database) -> "Config":
    """Alembic's configuration for one service, with no ini file."""
    # Imported where it is used: a start that finds everything up to date does without.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder(database)).replace("%", "%%"))
    config.attributes["database"] = database
    return config


_TURNS = {"name": "hub: a schema is made"}


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision; PostgreSQL gets its schema first."""
    newest = max(path.name[:4] for path in _folder(database).glob("versions/[0-9]*.py"))
    with database.engine.begin() as connection:
        if database.url.drivername != "sqlite":
            # Two that make it at once fail in spite of IF NOT EXISTS: they take turns.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), _TURNS)
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{database.service}"'))
        if inspect(connection).has_table("alembic_version"):
            current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if current == newest:
                return
    from alembic import command

    alone = False
    while not alone:
        # Several processes start at once: one migrates, the others come after it.
        with database.exclusive("migrate") as alone:
            if alone:
                command.upgrade(configuration(database), "head")
        if not alone:
            time.sleep(0.1)


def _folder(database: Database) -> Path:
    return Path(str(resources.files(f"services.{database.service}") / "migrations"))


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
    from alembic import command

    with TemporaryDirectory() as folder:
        database = open_database(service, Settings(data_dir=Path(folder)))
        upgrade(database)
        revisions = list(_folder(database).glob("versions/[0-9]*.py"))
        command.revision(
            configuration(database),
            message,
            autogenerate=True,
            rev_id=f"{len(revisions) + 1:04}",
        )
        database.close()
