"""Pages that stay open: a gateway on a real socket, and streams of it read as they come."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import httpx
import uvicorn
from fastapi import FastAPI

from events.log import EventLog
from hub.compose import Server
from hub.live import Live


class OpenGateway:
    """A gateway that listens on a port and follows a log, until it is closed."""

    def __init__(self, app: FastAPI, event_log: EventLog) -> None:
        self.live: Live = app.state.live
        config = uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=5)
        self._server = Server(config, self.live.close)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._server.run),
            threading.Thread(target=self.live.follow, args=(event_log, self._stop)),
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        assert until(lambda: self._server.started)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def stop(self) -> float:
        """Stop it as a signal would; gives the seconds that took."""
        began = time.monotonic()
        self._stop.set()
        self._server.should_exit = True
        for thread in self._threads:
            thread.join()
        return time.monotonic() - began


class Stream:
    """One open page: what it was told, in a thread of its own."""

    def __init__(self, port: int, about: str, cookies: httpx.Cookies | None = None) -> None:
        self.told: list[str] = []
        self.lines: list[str] = []
        self.ended = threading.Event()
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=60
        )
        query = "&".join(f"about={name}" for name in about.split())
        request = self._client.build_request("GET", f"/live?{query}")
        self.answer = self._client.send(request, stream=True)
        self._socket = self.answer.extensions["network_stream"].get_extra_info("socket")
        if self.answer.status_code == 200:
            threading.Thread(target=self._read, daemon=True).start()
            assert until(lambda: ": listening" in self.lines)

    def hears(self, *subjects: str, within: float = 1.0) -> bool:
        """Whether it is told so, and nothing else, in time; what was told before is forgotten."""
        wanted = sorted(subjects)
        until(lambda: len(self.told) >= len(wanted), within)
        told, self.told = sorted(self.told), []
        return told == wanted

    def close(self) -> None:
        """Leave the page."""
        if self.answer.status_code == 200:
            # Closing alone would wait for the thread that reads.
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self.ended.wait()
        self.answer.close()
        self._client.close()

    def _read(self) -> None:
        with suppress(httpx.HTTPError):
            for line in self.answer.iter_lines():
                self.lines.append(line)
                if line.startswith("data: "):
                    self.told.append(line.removeprefix("data: "))
        self.ended.set()


def until(look: Callable[[], object], limit: float = 5.0) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + limit
    while not look():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True
