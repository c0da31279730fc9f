"""The production topology on one machine: every part of the hub as its own process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

from events.catalogue import SERVICES
from services.kit.settings import Settings

console = Console(stderr=True)


@dataclass(frozen=True, eq=False)
class Part:
    """One process of the cluster; `url` answers /readyz where it has one."""

    name: str
    argv: tuple[str, ...]
    environment: dict[str, str]
    url: str | None


def parts_of(settings: Settings, environment: Mapping[str, str]) -> list[Part]:
    """Services on the ports above the gateway's, a relay each, and the gateway."""
    ports = {name: settings.port + number for number, name in enumerate(SERVICES, 1)}
    urls = {name: f"http://{settings.host}:{port}" for name, port in ports.items()}
    common = {
        **environment,
        "HUB_DATA_DIR": str(settings.data_dir),
        "HUB_SERVICE_URLS": json.dumps(urls),
        "HUB_PUBLIC_URL": settings.address,
    }
    hub = (sys.executable, "-m", "hub.cli")
    parts = [
        Part(
            f"service {name}",
            (*hub, "service", name),
            {**common, "HUB_PORT": str(ports[name])},
            urls[name],
        )
        for name in SERVICES
    ]
    parts += [Part(f"relay {name}", (*hub, "relay", name), common, None) for name in SERVICES]
    gateway = {**common, "HUB_PORT": str(settings.port)}
    parts.append(
        Part("gateway", (*hub, "gateway"), gateway, f"http://{settings.host}:{settings.port}")
    )
    return parts


def run_cluster(settings: Settings) -> None:
    """Migrate, start every part, start again what dies, stop all on a signal."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # Only now, so that no signal leaves parts behind that nobody looks after.
    subprocess.run([sys.executable, "-m", "hub.cli", "migrate"], check=True)
    running = {part: _start(part) for part in parts_of(settings, os.environ)}
    console.print(
        f"The hub is open at [bold]{settings.address}[/bold], in {len(running)} processes"
    )
    while not stopping:
        for part, process in running.items():
            if process.poll() is not None and not stopping:
                console.print(f"{part.name} ended with {process.returncode}; starting it again")
                running[part] = _start(part)
        time.sleep(0.5)
    stop_all(list(running.values()))


def stop_all(processes: "Sequence[subprocess.Popen[bytes]]", *, patience: float = 15.0) -> None:
    """Ask all to end, and kill those who have not after `patience` seconds: nothing is lost."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + patience
    for process in processes:
        try:
            process.wait(timeout=max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _start(part: Part) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(part.argv, env=part.environment)  # noqa: S603
