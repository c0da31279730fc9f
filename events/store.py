"""What the backbone asks of a service's own database."""

import threading
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection
from sqlmodel import Session


class Store(Protocol):
    """One service's database; `services.kit.db.Database` is the one that is."""

    service: str
    committed: threading.Event
    """Set after each commit that added to the outbox; the relay clears it."""

    def unit_of_work(self) -> AbstractContextManager[Session]:
        """A write transaction: commits at the end, rolls back on an error.

        Raises TimeoutError when its turn does not come.
        """

    def transaction(self) -> AbstractContextManager[Connection]:
        """The same for statements alone, at less cost."""

    def reader(self) -> AbstractContextManager[Session]:
        """A read-only transaction."""

    def reading(self) -> Connection:
        """The same for statements alone, at less cost; close it, or use it as a context."""

    def exclusive(self, name: str) -> AbstractContextManager[bool]:
        """Hold a lock among all processes on this database; False when another has it."""
