"""Starts servers that end with the test run, on ports that no client can take by chance."""

from __future__ import annotations

import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# Below every common ephemeral range: while a server is down, a client that keeps dialling a port
# of that range can be given the very same port as its own and so connect to itself.
# Workers that test side by side have ports of their own.
_SHARE = 3000
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = range(20000 + _SHARE * (_WORKER % 4), 20000 + _SHARE * (_WORKER % 4 + 1))
_taken: set[int] = set()


def free_port() -> int:
    """Gives a loopback TCP port that nobody listens on and that this run has not given before."""
    while True:
        port = random.choice(_PORTS)
        if port in _taken:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _taken.add(port)
        return port


def accepts(port: int) -> bool:
    """Whether somebody takes connections on this loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class ServerProcess:
    """One child process in its own session, killed by the kernel if the test run dies first."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        last_signal: signal.Signals = signal.SIGKILL,
        cwd: Path | None = None,
    ) -> None:
        """Starts `argv`; call it from the main thread, whose end is what the kernel watches."""
        self.log = log
        # A child in its own session is not reached by Ctrl-C at the terminal: it must not outlive
        # the run for that. setpriv becomes the program itself, so the process id stays true.
        wrapper = _setpriv(user=user, last_signal=last_signal)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*wrapper, *argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, **(env or {})},
                cwd=cwd,
            )
        atexit.register(self.end, signal.SIGKILL)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def end(self, number: signal.Signals, *, timeout: float = 30.0) -> int:
        """Sends a signal, waits up to `timeout` seconds, kills if that was not enough."""
        atexit.unregister(self.end)
        if self.running:
            self._process.send_signal(number)
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._process.wait()

    def tail(self) -> str:
        """The last lines that the process printed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])


def _setpriv(*, user: str | None, last_signal: signal.Signals) -> list[str]:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if user is not None:
            raise RuntimeError("setpriv (util-linux) is needed to run a server as another user")
        return []
    identity = [f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
    return [setpriv, *identity, "--pdeathsig", last_signal.name, "--"]
