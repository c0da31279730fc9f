"""What the outbox and the relay do to rows, on both databases."""

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session

from events import outbox
from events.catalogue.membership import ContactState, OrganisationState
from events.envelope import Envelope, new_id
from events.relay import _NUMBER_TAKEN, Relay
from events.replay import replay
from events.tables import OUTBOX
from tests.events.rig import CONSUMER, Rig
from tests.events.samples import confirmed, contact

pytestmark = pytest.mark.parametrize(
    "rig", ["embedded-sqlite", "embedded-postgresql"], indirect=True
)


def test_state_of_another_type_under_the_same_key_stays(rig: Rig) -> None:
    id = new_id()
    organisation = OrganisationState(
        id=id, version=1, audience="public", name="Lab", slug="lab", helix_side="research"
    )
    rig.commit(contact(id, 1), organisation, contact(id, 2))
    rig.relay()
    with rig.stores["membership"].reader() as session:
        rows = session.connection().execute(select(OUTBOX).order_by(OUTBOX.c.seq)).fetchall()
    assert [(row.type, row.version, row.superseded) for row in rows] == [
        (ContactState.TYPE, 1, True),
        (OrganisationState.TYPE, 1, False),
        (ContactState.TYPE, 2, False),
    ]


@pytest.mark.parametrize("version", [1, 2])
def test_a_tombstone_not_newer_than_what_it_buries_is_refused(rig: Rig, version: int) -> None:
    """Every projection would pass it over, and the personal data would stay."""
    id = new_id()
    rig.commit(contact(id, 1), contact(id, 2))
    rig.relay()
    with (
        pytest.raises(ValueError, match="version"),
        rig.stores["membership"].unit_of_work() as session,
    ):
        outbox.bury(session, ContactState, id=id, version=version)
    with rig.stores["membership"].unit_of_work() as session:
        outbox.bury(session, ContactState, id=id, version=3)
    assert rig.relay() == 1


def test_a_relay_that_lost_its_lock_renumbers_nothing(rig: Rig) -> None:
    """On PostgreSQL the lock goes with its connection; for a moment two relays are at work."""
    rig.commit(confirmed(), confirmed(), confirmed())
    store = rig.stores["scheduling"]
    with store.reader() as session:
        rows = session.connection().execute(select(OUTBOX).order_by(OUTBOX.c.seq)).fetchall()
    seqs = [row.seq for row in rows[:2]]
    rig.relay()
    other = Relay(store, rig.log)
    with store.transaction() as connection:
        assert other._number(connection, _NUMBER_TAKEN, {"taken": seqs}) == 0
    with store.reader() as session:
        numbers = session.connection().execute(select(OUTBOX.c.number).order_by(OUTBOX.c.seq))
        assert list(numbers.scalars()) == [1, 2, 3]


def test_a_replay_passes_a_poison_message_over(rig: Rig) -> None:
    first, second = new_id(), new_id()
    rig.commit(contact(first, 1), contact(second, 1))
    with rig.stores["membership"].unit_of_work() as session:
        session.connection().execute(
            update(OUTBOX).where(OUTBOX.c.seq == 1).values(payload=b"\xff not JSON")
        )
    rig.relay()
    seen: list[str] = []

    def keep(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        seen.extend(envelope.subject for envelope in envelopes)

    replay(store=rig.stores[CONSUMER], event_log=rig.log, handlers={ContactState: keep}, tables=[])
    assert seen == [second]


def test_a_relay_with_nothing_to_do_rests(rig: Rig) -> None:
    """Its own transactions are no news to it."""
    stop = threading.Event()
    relay = Relay(rig.stores["scheduling"], rig.log)
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    stop.wait(0.2)
    began = time.process_time()
    stop.wait(0.5)
    spent = time.process_time() - began
    stop.set()
    rig.stores["scheduling"].committed.set()
    thread.join()
    assert spent < 0.1
