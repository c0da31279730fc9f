"""Whole hubs in processes of their own, in each of the four ways they can be run."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from events.catalogue import SERVICES
from hub.cli.cluster import parts_of
from services.kit.settings import Settings
from tests.real.processes import ServerProcess, free_port

WAYS = ("embedded-sqlite", "embedded-postgresql", "kafka-postgresql", "cluster")


@dataclass
class RunningHub:
    """A hub under test; processes can be killed and started again by name."""

    way: str
    settings: Settings
    environment: dict[str, str]
    log: Path
    processes: dict[str, ServerProcess] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where people reach it."""
        return self.settings.address

    @property
    def names(self) -> list[str]:
        """Names of the processes it consists of."""
        return [name for name, _, _ in self._plan()]

    def start(self, *names: str) -> None:
        """Start these processes (all by default) and wait until they are ready."""
        started = []
        for name, argv, environment in self._plan():
            if not names or name in names:
                process = ServerProcess(
                    argv, log=self.log / f"{name.replace(' ', '-')}.log", env=environment
                )
                self.processes[name] = process
                started.append(name)
        for name in started:
            if url := self._url(name):
                wait_ready(url, self.processes[name])

    def kill(self, *names: str) -> None:
        """SIGKILL to these processes, all by default."""
        for name in names or list(self.processes):
            self.processes.pop(name).end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM to all."""
        for name in list(self.processes):
            self.processes.pop(name).end(signal.SIGTERM)

    def command(self, *argv: str) -> str:
        """Run `hub ...` on this hub's data and give back what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "hub.cli", *argv],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def _plan(self) -> list[tuple[str, list[str], dict[str, str]]]:
        if self.way != "cluster":
            argv = [sys.executable, "-m", "hub.cli", "run"]
            return [("hub", argv, {**self.environment, **self.extra})]
        return [
            (part.name, list(part.argv), {**self.environment, **part.environment, **self.extra})
            for part in parts_of(self.settings, self.environment)
        ]

    def _url(self, name: str) -> str | None:
        if name in ("hub", "gateway"):
            return self.url
        for part in parts_of(self.settings, self.environment):
            if part.name == name:
                return part.url
        return None


def wait_ready(url: str, process: ServerProcess, *, limit: float = 60.0) -> None:
    """Wait for /readyz; fails at once when the process has ended."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        assert process.running, process.tail()
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        time.sleep(0.05)
    raise TimeoutError(f"{url} did not get ready")


@contextmanager
def running_hub(
    way: str, folder: Path, request: pytest.FixtureRequest, **more: str
) -> Iterator[RunningHub]:
    """A hub in one of the four ways on fresh data; `more` are further HUB_ settings."""
    port = free_ports(len(SERVICES) + 1)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("HUB_")},
        "HUB_DATA_DIR": str(folder / "data"),
        "HUB_PORT": str(port),
        # Everybody in the tests comes from one address.
        "HUB_LIMIT_MAILS": "0",
        "HUB_LIMIT_SECRETS": "0",
        "HUB_LIMIT_WRITES": "0",
    }
    if "postgresql" in way or way == "cluster":
        environment["HUB_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    if "kafka" in way or way == "cluster":
        # The stand-in is slow to let groups in: on it the flows were not through after 5 minutes.
        request.getfixturevalue("real_kafka")
        environment["HUB_KAFKA"] = request.getfixturevalue("kafka_broker").bootstrap
        environment["HUB_KAFKA_PREFIX"] = f"t{port}-{os.getpid()}"
    environment.update({f"HUB_{name.upper()}": value for name, value in more.items()})
    settings = Settings(
        data_dir=Path(environment["HUB_DATA_DIR"]),
        port=port,
        database_url=environment.get("HUB_DATABASE_URL"),
        kafka=environment.get("HUB_KAFKA"),
        kafka_prefix=environment.get("HUB_KAFKA_PREFIX", "hub"),
    )
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    hub = RunningHub(way, settings, environment, folder / "logs")
    if way == "cluster":
        hub.command("migrate")
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


def free_ports(number: int) -> int:
    """The first of this many free ports in a row."""
    while True:
        first = free_port()
        try:
            for port in range(first, first + number):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
