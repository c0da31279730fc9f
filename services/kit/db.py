"""One service's database: SQLite file or PostgreSQL schema, written by units of work."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, TypeDecorator, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlmodel import Session

from events.outbox import ADDED
from services.kit.errors import Busy
from services.kit.settings import Settings

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_BUSY_SECONDS = 10
GATE_TIMEOUT = 30.0
"""Seconds a unit of work waits for its turn to write."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and given back with its zone on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive times; they mean nothing here."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """SQLite forgets the zone; it is UTC."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


class Database:
    """Reads run at will; writes take turns on SQLite and run at once on PostgreSQL."""

    def __init__(self, service: str, url: URL, *, threads: int, durability: str) -> None:
        self.service = service
        self.url = url
        self.committed = threading.Event()
        self._gate: threading.Lock | None = None
        self._locks = Path(url.database or "").parent if url.drivername == "sqlite" else None
        if self._locks is not None:
            self._locks.mkdir(parents=True, exist_ok=True)
            self._gate = threading.Lock()
            self._write_engine = _sqlite_engine(url, "BEGIN IMMEDIATE", 1, durability)
            self._read_engine = _sqlite_engine(url, "BEGIN", threads, durability)
        else:
            self._write_engine = self._read_engine = create_engine(
                url,
                connect_args={"options": f"-csearch_path={service} -ctimezone=UTC"},
                pool_size=min(5, threads),
                max_overflow=max(0, threads - 5) + 5,
                pool_pre_ping=True,
                hide_parameters=True,  # errors are logged, and values are personal
            )

    @property
    def engine(self) -> Engine:
        """The engine that writes; for migrations and tests."""
        return self._write_engine

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A write transaction of one thread: commits at the end, rolls back on an error.

        Raises Busy when its turn to write does not come within GATE_TIMEOUT.
        """
        with self._turn(), Session(self._write_engine, expire_on_commit=False) as session:
            yield session
            session.commit()
        if ADDED in session.info:
            self.committed.set()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The same for statements alone: without a session it costs a third."""
        with self._turn(), self._write_engine.begin() as connection:
            info = connection.info
            yield connection
        if info.pop(ADDED, False):
            self.committed.set()

    @contextmanager
    def reader(self) -> Iterator[Session]:
        """A read-only transaction."""
        with Session(self._read_engine, expire_on_commit=False) as session:
            yield session

    def reading(self) -> Connection:
        """The same for statements alone; close it, or use it as a context."""
        return self._read_engine.connect()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """On SQLite one gate a process is taken before BEGIN IMMEDIATE and held until the
        connection is back, so that writers queue fairly.
        """
        if self._gate is None:
            yield
            return
        if not self._gate.acquire(timeout=GATE_TIMEOUT):
            raise Busy("The hub is very busy. Nothing was saved; please try again in a minute.")
        try:
            yield
        finally:
            self._gate.release()

    @contextmanager
    def exclusive(self, name: str) -> Iterator[bool]:
        """Hold a lock among all processes on this database; freed when the holder dies."""
        if self._locks is not None:
            with (self._locks / f"{self.service}.{name}.lock").open("w") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    yield False
                    return
                yield True
        else:
            key = {"key": f"{self.service}.{name}"}
            with self._write_engine.connect() as connection:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                got = connection.execute(
                    text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))"), key
                ).scalar_one()
                try:
                    yield bool(got)
                finally:
                    if got:
                        connection.execute(
                            text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))"),
                            key,
                        )

    def tidy(self) -> bool:
        """Leave no overwritten pages behind on SQLite; False when somebody reads just now.

        `secure_delete` overwrites what goes in the file itself, and the write-ahead log is
        copied there and emptied here. PostgreSQL's dead rows are autovacuum's.
        """
        if self._locks is None:
            return True
        with self._turn(), closing(self._write_engine.raw_connection()) as connection:
            # Whoever reads is not waited for: meanwhile nobody could write.
            connection.execute("PRAGMA busy_timeout = 50")
            try:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        return not busy

    def close(self) -> None:
        """Give back all connections."""
        self._write_engine.dispose()
        self._read_engine.dispose()


def _sqlite_engine(url: URL, begin: str, connections: int, durability: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=4,
        hide_parameters=True,  # errors are logged, and values are personal
        connect_args={
            "check_same_thread": False,
            "timeout": _BUSY_SECONDS,
            "isolation_level": None,
        },
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {durability}",
            "foreign_keys = ON",
            "secure_delete = ON",
            "cache_size = -8000",
            "temp_store = MEMORY",
            # Four times the default: a page written again and again is copied back less often.
            "wal_autocheckpoint = 4000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    def _begin(connection: Any) -> None:
        connection.cursor().execute(begin)

    # In the dialect's place for it: a "begin" listener slows every statement of the engine down.
    engine.dialect.do_begin = _begin  # type: ignore[assignment,method-assign]
    return engine


def database_url(service: str, settings: Settings) -> URL:
    """PostgreSQL when it is configured, else the service's own file in the data folder."""
    if settings.database_url:
        return make_url(settings.database_url)
    return URL.create("sqlite", database=str(settings.data_dir / f"{service}.sqlite3"))


def open_database(service: str, settings: Settings) -> Database:
    """The service's database as the settings say."""
    return Database(
        service,
        database_url(service, settings),
        threads=settings.threads,
        durability=settings.durability,
    )
