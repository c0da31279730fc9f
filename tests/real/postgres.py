"""A real PostgreSQL server for tests, in a temporary folder on a port of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from tests.real.parts import postgres_program
from tests.real.processes import ServerProcess, free_port

# `fsync` stays on: the tests are about what survives. The rest keeps the machine quiet.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


class PostgresServer:
    """A cluster that trusts everybody on loopback; its data outlives stop and kill."""

    def __init__(self) -> None:
        """Prepares the port; nothing is written before `start`."""
        self.port = free_port()
        self._folder: Path | None = None
        self._process: ServerProcess | None = None
        # The server refuses to run as root; Debian's package brings a user for it.
        self._user = "postgres" if os.geteuid() == 0 else None

    def url(self, database: str = "postgres", *, user: str = "postgres") -> str:
        """The SQLAlchemy address of a database, the same after every start."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, *, model: str = "template1") -> str:
        """Creates a copy of the model, by default an empty database, and gives its address."""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(self._dsn(), autocommit=True) as connection:
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(model)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drops a database, ending whoever is still connected to it."""
        with psycopg.connect(self._dsn(), autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))

    def start(self, *, timeout: float = 60.0) -> None:
        """Starts the server on its data (made the first time) and returns when it answers."""
        if self._process is not None:
            raise RuntimeError("the database server runs already")
        folder = self._prepare()
        deadline = time.monotonic() + timeout
        while True:
            self._process = process = self._launch(folder)
            if self._comes_up(deadline):
                return
            self.kill()
            # After a kill the old connections' processes need a moment to notice it.
            if time.monotonic() > deadline or "still in use" not in process.tail():
                raise RuntimeError(f"the database server did not come up:\n{process.tail()}")

    def stop(self) -> None:
        """Asks the server to leave (SIGINT, its fast shutdown) and waits until it has."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Ends the server at once (SIGKILL): the next start recovers from its log."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Stops the server if it runs and deletes its data."""
        if self._process is not None:
            self.stop()
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None

    def _dsn(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._running(), None
        process.end(number)

    def _running(self) -> ServerProcess:
        if self._process is None:
            raise RuntimeError("the database server does not run")
        return self._process

    def _prepare(self) -> Path:
        """Makes the cluster in a folder that the server's user may enter."""
        if self._folder is not None:
            return self._folder
        folder = Path(tempfile.mkdtemp(prefix="hub-postgres-"))
        if self._user is not None:
            shutil.chown(folder, self._user, self._user)
        made = subprocess.run(
            [
                _program("initdb"),
                f"--pgdata={folder / 'data'}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                # Durability of the empty cluster is nobody's concern, and this halves the wait.
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            check=False,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
            cwd=folder,
        )
        if made.returncode != 0:
            shutil.rmtree(folder)
            raise RuntimeError(f"the database cluster was not made:\n{made.stderr}")
        self._folder = folder
        return folder

    def _launch(self, folder: Path) -> ServerProcess:
        options = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        log = folder / "server.log"
        log.unlink(missing_ok=True)
        return ServerProcess(
            [
                _program("postgres"),
                "-D",
                str(folder / "data"),
                "-p",
                str(self.port),
                *options,
            ],
            log=log,
            user=self._user,
            cwd=folder,
            # Fast shutdown, so that no shared memory is left behind.
            last_signal=signal.SIGINT,
        )

    def _comes_up(self, deadline: float) -> bool:
        """Waits until the server answers; false when it ended or the time is over."""
        while not self._answers():
            if not self._running().running or time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._dsn(), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def _program(name: str) -> str:
    program = postgres_program(name)
    if program is None:
        raise FileNotFoundError(f"no `{name}` of PostgreSQL on this machine")
    return program
