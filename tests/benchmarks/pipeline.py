"""From scheduling's outbox to calendar's projection: the real services, handler and tables."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import SimpleQueue

from sqlmodel import Session

from events import outbox
from events.catalogue.scheduling import RegistrationState
from events.consumer import Consumer
from events.envelope import new_id
from events.log import EventLog
from events.relay import Relay
from events.store import Store
from hub.compose import create_services
from services.calendar.handlers import FEEDS
from services.kit.audience import only
from services.kit.db import Database
from services.kit.settings import Settings

EVENTS = 20_000
BATCH = 500


class Watched:
    """A database as its consumer sees it; says when a batch is committed."""

    def __init__(self, database: Database) -> None:
        self.service = database.service
        self.committed = database.committed
        self.handled = threading.Event()
        self.transaction = database.transaction
        self.reader = database.reader
        self.reading = database.reading
        self.exclusive = database.exclusive
        self._database = database

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """As the database has it, and tell."""
        with self._database.unit_of_work() as session:
            yield session
        self.handled.set()


class Pipeline:
    """A relay and a consumer that have taken one event already: connected, joined and warm."""

    def __init__(
        self, settings: Settings, open_log: Callable[[Mapping[str, Store]], EventLog]
    ) -> None:
        services = create_services(settings, ["scheduling", "calendar"])
        self.scheduling = services["scheduling"].database
        self.calendar = services["calendar"].database
        self.watched = Watched(self.calendar)
        stores: dict[str, Store] = {"scheduling": self.scheduling, "calendar": self.calendar}
        self._log = open_log(stores)
        self.relay = Relay(self.scheduling, self._log)
        self.consumer = Consumer(
            group=FEEDS,
            store=self.watched,
            event_log=self._log,
            handlers=services["calendar"].groups[FEEDS],
        )
        self.consumer.step(timeout=0.1)
        self.commit(1)
        self.relay.step()
        while not self.consumer.step(timeout=1.0):
            pass

    def commit(self, number: int) -> None:
        """Commit this many registrations to the outbox."""
        for start in range(0, number, BATCH):
            with self.scheduling.unit_of_work() as session:
                outbox.add(session, *(state() for _ in range(min(BATCH, number - start))))

    def run(self, number: int) -> float:
        """Relay and consume at once, in two threads, until all is handled; gives events/s."""

        def relay() -> None:
            left = number
            while left > 0:
                left -= self.relay.step()

        def consume() -> None:
            left = number
            while left > 0:
                left -= self.consumer.step(timeout=1.0)

        return number / at_once(relay, consume)

    def close(self) -> None:
        """Let go of the log and the databases."""
        self.consumer.close()
        self._log.close()
        self.scheduling.close()
        self.calendar.close()


def state() -> RegistrationState:
    """A first registration of somebody for something."""
    contact_id = new_id()
    return RegistrationState(
        id=new_id(),
        version=1,
        audience=only(contact_id),
        gathering_id=new_id(),
        contact_id=contact_id,
        status="confirmed",
        revised_at=datetime.now(UTC),
    )


def at_once(*jobs: Callable[[], None]) -> float:
    """Run each in a thread of its own; gives the seconds until the last has ended."""
    ended: SimpleQueue[BaseException | None] = SimpleQueue()

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            ended.put(error)
        else:
            ended.put(None)

    started = time.perf_counter()
    for job in jobs:
        threading.Thread(target=run, args=(job,), daemon=True).start()
    for _ in jobs:
        # Raised at once: the others may wait for ever for what this one did not do.
        if error := ended.get():
            raise error
    return time.perf_counter() - started
