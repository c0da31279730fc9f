"""What the consumer does when things go wrong around it, on both databases."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from events import parked
from events.catalogue.scheduling import RegistrationConfirmed
from events.consumer import Consumer
from events.envelope import Envelope, new_id
from events.log import Reader, Subscription, subscriptions_of
from events.log_embedded import EmbeddedLog
from services.kit.errors import Busy
from tests.events.rig import CONSUMER, Collected, Rig
from tests.events.samples import confirmed

pytestmark = pytest.mark.parametrize(
    "rig", ["embedded-sqlite", "embedded-postgresql"], indirect=True
)


class Healing(Collected):
    """A handler that refuses everything until it is healed."""

    error: Exception | None = ValueError("not yet")

    def __call__(self, session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        if self.error:
            raise self.error
        super().__call__(session, envelopes)


def parked_and_requeued(rig: Rig, consumer: Consumer, number: int) -> list[int]:
    """Have so many events parked, and ask for all of them again; their row ids."""
    rig.commit(*[confirmed() for _ in range(number)])
    rig.relay()
    consumer.step(timeout=0.2)
    with rig.stores[CONSUMER].unit_of_work() as session:
        ids = [row.id for row in parked.listed(session)]
        assert len(ids) == number
        for id in ids:
            assert parked.requeue(session, id)
    return ids


@pytest.mark.parametrize("error", [Busy("too many writers"), PoolTimeout("no connection free")])
def test_a_database_that_is_busy_is_waited_for(rig: Rig, error: Exception) -> None:
    """However often: a good event must not be parked for it."""
    got = Healing()
    got.error = error
    consumer = rig.consumer({RegistrationConfirmed: got})
    rig.commit(confirmed())
    rig.relay()
    stop = threading.Event()
    thread = threading.Thread(target=consumer.run, args=(stop,))
    thread.start()
    stop.wait(0.5)
    got.error = None
    for _ in range(50):
        if got.envelopes or stop.wait(0.1):
            break
    stop.set()
    thread.join()
    with rig.stores[CONSUMER].reader() as session:
        assert parked.listed(session) == []
    assert len(got.envelopes) == 1


def test_a_requeued_event_that_was_taken_away_meanwhile_is_not_handled(rig: Rig) -> None:
    """Another process handled it, or a person discarded it, since the list was read."""
    handled: list[str] = []
    healed = False

    def discard_the_others(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        if not healed:
            raise ValueError("not yet")
        handled.extend(envelope.id for envelope in envelopes)
        for row in parked.listed(session):
            parked.discard(session, row.id)

    consumer = rig.consumer({RegistrationConfirmed: discard_the_others})
    parked_and_requeued(rig, consumer, 2)
    healed = True
    rig.settle(consumer)
    assert len(handled) == 1


def test_a_requeued_event_is_tried_again_under_load(rig: Rig) -> None:
    got = Healing()
    consumer = rig.consumer({RegistrationConfirmed: got})
    parked_and_requeued(rig, consumer, 1)
    got.error = None
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        rig.commit(confirmed())
        rig.relay()
        assert consumer.step(timeout=0.2) == 1
        with rig.stores[CONSUMER].reader() as session:
            if not parked.listed(session):
                return
    raise AssertionError("it was never tried again")


def test_a_requeued_event_stays_requeued_through_transient_trouble(rig: Rig) -> None:
    got = Healing()
    consumer = rig.consumer({RegistrationConfirmed: got})
    parked_and_requeued(rig, consumer, 1)
    got.error = OperationalError("SELECT", {}, Exception("database is locked"))
    rig.settle(consumer)
    got.error = None
    rig.settle(consumer)
    assert len(got.envelopes) == 1


def test_a_consumer_goes_on_when_its_reader_cannot_even_be_closed(rig: Rig) -> None:
    got = Collected()
    consumer = Consumer(
        group="calendar.test",
        store=rig.stores[CONSUMER],
        event_log=BreakingOnce(rig.stores),
        handlers={RegistrationConfirmed: got},
    )
    rig.commit(confirmed())
    rig.relay()
    stop = threading.Event()
    thread = threading.Thread(target=consumer.run, args=(stop,))
    thread.start()
    for _ in range(50):
        if got.envelopes or stop.wait(0.1):
            break
    stop.set()
    thread.join()
    assert len(got.envelopes) == 1


def test_readers_that_were_closed_are_let_go(rig: Rig) -> None:
    """A consumer in trouble opens one after the other."""
    log = rig.log
    assert isinstance(log, EmbeddedLog)
    for _ in range(3):
        log.tail(subscriptions_of([RegistrationConfirmed])).close()
    assert log._readers == []


class BreakingOnce(EmbeddedLog):
    """A log whose first reader is broken, as after a lost connection."""

    def reader(
        self, group: str, subscriptions: frozenset[Subscription], positions: dict[str, int]
    ) -> Reader:
        """The first breaks, the others work."""
        reader = super().reader(group, subscriptions, positions)
        if len(self._readers) == 1:
            reader.poll = reader.close = _break  # type: ignore[method-assign]
        return reader


def _break(*_: Any, **__: Any) -> Any:
    raise ConnectionError(f"lost {new_id()}")
