"""The load: keep-alive HTTP/1.1 connections that each ask again as soon as they are answered.

Written by hand because a client library costs more than the server it is to measure.
Takes its order as JSON on standard input, gives its figures as JSON on standard output.
"""

import asyncio
import json
import math
import os
import random
import sys
import time
from typing import Any

import uvloop

FRESH_ID = "00000000-0000-4000-8000-000000000000"
"""Replaced by another random id in each request."""
WARM_UP = 0.5
"""Seconds whose answers are not counted."""


class Connection(asyncio.Protocol):
    """One request under way at a time; keeps the seconds each answer took."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._buffer = b""
        self._asked = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask at once."""
        self._transport = transport
        self._go_on()

    def data_received(self, data: bytes) -> None:
        """Count the answer when it is complete, and ask again while there is time."""
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        status = int(head[9:12])
        length = 0 if status == 304 else int(head.partition(b"content-length: ")[2].split()[0])
        if len(self._buffer) < end + 4 + length:
            return
        moment = time.perf_counter()
        self._run.count(status, self._buffer, self._asked, moment)
        self._buffer = b""
        self._go_on()

    def connection_lost(self, error: Exception | None) -> None:
        """The run is over when every connection is."""
        self._run.left()

    def _go_on(self) -> None:
        if not self._run.wants_more():
            self._transport.close()
            return
        request = self._run.request()
        self._asked = time.perf_counter()
        self._transport.write(request)


class Run:
    """All connections together."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._before, self._fresh, self._after = order["request"].partition(FRESH_ID)
        self._whole: bytes = order["request"].encode()
        self._expect = order["expect"]
        self._seconds: float | None = order["seconds"]
        self._left: int | None = order["requests"]
        self._connections = order["connections"]
        self._port = order["port"]
        self._took: list[float] = []
        self._open = 0
        self._over = asyncio.Event()
        self._begins = self._last = 0.0
        self._ends = math.inf
        self._unexpected = b""

    async def run(self) -> dict[str, float]:
        """Load for as long as ordered; raises when an answer was not the expected one."""
        self._begins = time.perf_counter()
        if self._seconds is not None:
            self._begins += WARM_UP
            self._ends = self._begins + self._seconds
        loop = asyncio.get_running_loop()
        for _ in range(self._connections):
            self._open += 1
            await loop.create_connection(lambda: Connection(self), "127.0.0.1", self._port)
        await self._over.wait()
        if self._unexpected or not self._took:
            raise RuntimeError(f"unexpected answer: {self._unexpected[:2000]!r}")
        ordered = sorted(self._took)
        return {
            "rate": len(ordered) / (self._seconds or self._last - self._begins),
            "p50": ordered[len(ordered) // 2] * 1000,
            "p99": ordered[len(ordered) * 99 // 100] * 1000,
        }

    def wants_more(self) -> bool:
        """Whether another request is to be sent."""
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                return False
        return time.perf_counter() < self._ends

    def request(self) -> bytes:
        """The bytes of the next request."""
        if not self._fresh:
            return self._whole
        digits = f"{random.getrandbits(128):032x}"
        id = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
        return f"{self._before}{id}{self._after}".encode()

    def count(self, status: int, answer: bytes, asked: float, moment: float) -> None:
        """Take an answer into account, unless it belongs to the warm-up or came too late."""
        if status != self._expect:
            self._unexpected = answer
            self._ends = 0.0
        elif asked >= self._begins and moment <= self._ends:
            self._took.append(moment - asked)
            self._last = moment

    def left(self) -> None:
        """One connection is closed."""
        self._open -= 1
        if not self._open:
            self._over.set()


async def main() -> None:
    """Take the order, load, give the figures."""
    print(json.dumps(await Run(json.load(sys.stdin)).run()))


if __name__ == "__main__":
    if len(cores := sorted(os.sched_getaffinity(0))) > 1:
        # The first is the server's.
        os.sched_setaffinity(0, cores[1:])
    uvloop.run(main())
