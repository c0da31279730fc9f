"""What is kept no longer than it was said to be: sweeps by term, and a clean disk after them."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from sqlmodel import Session

from services.kit.db import Database

log = structlog.get_logger()

Sweep = Callable[[Session, datetime], int]
"""Does some of what a term asks for; returns how much, 0 when nothing is left."""

EVERY = 3600.0
"""Seconds between two sweeps."""
SOON = 2.0
"""Seconds from something forgotten to a clean disk: by then the relay has overwritten states."""


class Keeper:
    """Sweeps one service's rows by their terms, and empties SQLite's write-ahead log after."""

    def __init__(
        self,
        database: Database,
        sweeps: Sequence[Sweep] = (),
        *,
        every: float = EVERY,
        soon: float = SOON,
    ) -> None:
        self._db = database
        self._sweeps = sweeps
        self._every = every
        self._soon = soon
        self._untidy = threading.Event()

    def untidy(self) -> None:
        """Something was forgotten; safe from any thread."""
        self._untidy.set()

    def run(self, stop: threading.Event) -> None:
        """Sweep and tidy until stopped."""
        swept = -self._every
        # What was forgotten before a crash may lie in the write-ahead log still.
        self._untidy.set()
        while not stop.is_set():
            try:
                if time.monotonic() - swept >= self._every:
                    swept = time.monotonic()
                    self.sweep(datetime.now(UTC))
                if self._untidy.is_set() and not stop.wait(self._soon):
                    self._untidy.clear()
                    if not self._db.tidy():
                        self._untidy.set()
            except Exception as error:
                log.warning("keeper_failed", service=self._db.service, error=repr(error))
            stop.wait(1.0)

    def sweep(self, moment: datetime) -> int:
        """Everything past its term at this moment goes, a part at a time; returns how much."""
        total = 0
        with self._db.exclusive("keeping") as alone:
            for sweep in self._sweeps if alone else ():
                gone = 1
                while gone:
                    with self._db.unit_of_work() as session:
                        gone = sweep(session, moment)
                    total += gone
        if total:
            self._untidy.set()
        return total
