"""What `make run` costs: memory with the demo loaded, and time from start to the first page.

Memory: resident set of `hub run` after `hub demo` and one visit to each list. Start: `hub run` on
existing data until `/` answers 200, against `BARE` below, a FastAPI app of one route that imports
the same libraries, until it answers 200.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import httpx

from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Target, interleaved
from tests.real.processes import ServerProcess, free_port

NAME = "footprint"
MEGABYTE = 1_000_000
HUB = (sys.executable, "-m", "hub.cli")
BARE = """
import sys
import aiosmtplib, dateutil.rrule, fastapi, httpx, icalendar, jinja2, jwt, markdown_it, nh3
import pydantic_settings, rich.console, sqlmodel, structlog, typer, uuid_utils, uvicorn
app = fastapi.FastAPI()
@app.get("/")
def home() -> str:
    return "home"
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""


def measure(bench: Bench) -> Iterator[Figure]:
    """Memory and start."""
    folder = bench.folder()
    env = {"HUB_DATA_DIR": str(folder / "data")}
    port = free_port()
    # A hub that nobody looks after shows its set-up page instead.
    admin = [*HUB, "admin", "create", "boss@example.org"]
    subprocess.run(admin, env={**os.environ, **env}, check=True, capture_output=True)
    hub = _start([*HUB, "run"], folder, {**env, "HUB_PORT": str(port)})
    try:
        _wait(port)
        bench.say("loading the demo")
        subprocess.run([*HUB, "demo"], env={**os.environ, **env}, check=True, capture_output=True)
        for path in (
            "/",
            "/events",
            "/posts",
            "/demo-cases",
            "/organisations",
            "/feeds/public.ics",
        ):
            httpx.get(f"http://127.0.0.1:{port}{path}", timeout=30).raise_for_status()
        resident = _resident(hub.pid)
    finally:
        hub.end(signal.SIGTERM)
    yield Figure(f"{NAME} memory", resident / MEGABYTE, None, "MB", Target("<=", 200, of="ours"))

    def timed(who: str, argv: Sequence[str], more: dict[str, str], port: int) -> dict[str, float]:
        started = time.perf_counter()
        process = _start(argv, folder, more)
        _wait(port)
        took = time.perf_counter() - started
        process.end(signal.SIGTERM)
        return {who: took}

    def ours() -> dict[str, float]:
        port = free_port()
        return timed("ours", [*HUB, "run"], {**env, "HUB_PORT": str(port)}, port)

    def floor() -> dict[str, float]:
        port = free_port()
        return timed("floor", [sys.executable, "-c", BARE, str(port)], {}, port)

    found = interleaved(bench.rounds, bench.saying("start"), [ours, floor])
    yield Figure(f"{NAME} start", found["ours"], found["floor"], "s", Target("<=", 3))


def _start(argv: Sequence[str], folder: Path, env: dict[str, str]) -> ServerProcess:
    # Compiled once and kept, as on any machine: the rounds after the first read it.
    kept = {"PYTHONDONTWRITEBYTECODE": ""}
    return ServerProcess(argv, log=folder / "process.log", env={**kept, **env})


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(f"http://127.0.0.1:{port}/", timeout=10).status_code == 200:
                return
        time.sleep(0.01)
    raise TimeoutError(f"nothing answered on port {port}")


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
