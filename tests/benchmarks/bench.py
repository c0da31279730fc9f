"""What a benchmark is given: rounds, progress, folders, real servers, processes of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.benchmarks.figures import Say
from tests.real import parts
from tests.real.kafka import KafkaBroker
from tests.real.postgres import PostgresServer
from tests.real.processes import ServerProcess, free_port


class MissingPartError(Exception):
    """A real part that this machine lacks; the message says how to get it."""


@dataclass(frozen=True)
class Served:
    """An app that a uvicorn process of its own serves."""

    port: int
    process: ServerProcess


@dataclass
class Bench:
    """Starts what a benchmark needs when it asks for it; all of it ends with the `stack`."""

    stack: ExitStack
    rounds: int
    say: Say
    _folders: Path = field(init=False)

    def __post_init__(self) -> None:
        self._folders = Path(self.stack.enter_context(tempfile.TemporaryDirectory("hub-bench")))

    def saying(self, what: str) -> Say:
        """Tells which part of the benchmark is at work."""
        return lambda words: self.say(f"{what}: {words}")

    def folder(self) -> Path:
        """A fresh folder."""
        return Path(tempfile.mkdtemp(dir=self._folders))

    @cached_property
    def kafka(self) -> str:
        """Bootstrap address of a real broker."""
        _need(parts.missing_kafka())
        self.say("starting the Kafka broker")
        broker = self.stack.enter_context(closing(KafkaBroker(self.folder())))
        broker.start()
        return broker.bootstrap

    def postgres(self) -> str:
        """The address of an empty PostgreSQL database."""
        return self._postgres_server.create_database(f"bench_{uuid.uuid4().hex}")

    @cached_property
    def _postgres_server(self) -> PostgresServer:
        _need(parts.missing_postgres())
        self.say("starting PostgreSQL")
        server = self.stack.enter_context(closing(PostgresServer()))
        server.start()
        return server

    def serve(self, app: str, env: Mapping[str, str]) -> Served:
        """Serve `module:function` (settings in, app out) and return when it answers."""
        port = free_port()
        process = ServerProcess(
            [sys.executable, "-m", "tests.benchmarks.serve", app],
            log=self.folder() / "server.log",
            env={**env, "HUB_PORT": str(port)},
        )
        self.stack.callback(process.end, signal.SIGTERM)
        with httpx.Client(transport=httpx.HTTPTransport(retries=0)) as client:
            while True:
                try:
                    client.get(f"http://127.0.0.1:{port}/healthz")
                    return Served(port, process)
                except httpx.TransportError:
                    if not process.running:
                        raise RuntimeError(f"{app} did not start:\n{process.tail()}") from None


def run_load(
    served: Served,
    *,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    seconds: float | None = None,
    requests: int | None = None,
    connections: int = 16,
    expect: int,
) -> dict[str, float]:
    """Load an app from a process of its own; gives rate (per second), p50 and p99 (ms).

    It ends after so many `seconds`, or when so many `requests` are answered.
    `FRESH_ID` in the JSON `body` or the `form` is another random id in each request.
    """
    content, kind = b"", "application/json"
    if body is not None:
        content = json.dumps(body).encode()
    elif form is not None:
        content, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
    lines = [
        f"{method} {path} HTTP/1.1",
        "host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    if content:
        lines += [f"content-type: {kind}", f"content-length: {len(content)}"]
    order: dict[str, Any] = {
        "port": served.port,
        "request": "\r\n".join([*lines, "", ""]) + content.decode(),
        "seconds": seconds,
        "requests": requests,
        "connections": connections,
        "expect": expect,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the load failed:\n{done.stderr}\n{served.process.tail()}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _need(missing: str | None) -> None:
    if missing is not None:
        raise MissingPartError(missing)
