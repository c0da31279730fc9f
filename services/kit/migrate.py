"""Runs a service's Alembic history on its own database."""

from importlib import import_module, resources
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from services.kit.db import Database


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
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()
