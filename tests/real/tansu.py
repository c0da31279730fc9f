"""A Tansu broker, which stands in for Kafka where that cannot be had; it keeps all in memory."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from tests.real.parts import TANSU
from tests.real.processes import ServerProcess, accepts, free_port


class TansuBroker:
    """A broker that forgets everything when it ends: not for tests that stop or kill it."""

    def __init__(self, folder: Path) -> None:
        """Prepares the port; nothing runs before `start`."""
        self.folder = folder
        self.port = free_port()
        self._process: ServerProcess | None = None

    @property
    def bootstrap(self) -> str:
        """The address for clients."""
        return f"127.0.0.1:{self.port}"

    def start(self, *, timeout: float = 30.0) -> None:
        """Starts the broker and returns when it takes connections, which is when it is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        address = f"tcp://{self.bootstrap}"
        process = ServerProcess(
            [
                str(TANSU),
                "broker",
                f"--listener-url={address}",
                f"--advertised-listener-url={address}",
                "--storage-engine=memory://tansu/",
            ],
            log=self.folder / "broker.log",
        )
        self._process = process
        deadline = time.monotonic() + timeout
        while not accepts(self.port):
            if not process.running or time.monotonic() > deadline:
                self.close()
                raise RuntimeError(f"the broker did not come up:\n{process.tail()}")
            time.sleep(0.05)

    def close(self) -> None:
        """Ends the broker if it runs, and with it all that it holds."""
        if self._process is not None:
            process, self._process = self._process, None
            process.end(signal.SIGKILL)
