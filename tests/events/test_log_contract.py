"""What every log must keep, whichever it is: the same tests run on all of them."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from events import outbox, parked
from events.catalogue.membership import ContactState, MemberConfirmed
from events.catalogue.scheduling import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationState,
)
from events.envelope import Envelope, new_id
from events.log import subscriptions_of
from events.replay import replay
from events.tables import INBOX, OUTBOX
from tests.events.rig import CONSUMER, Collected, Rig
from tests.events.samples import confirmed, contact, registration


def test_facts_arrive_once_and_in_order_of_their_key(rig: Rig) -> None:
    keys = [new_id() for _ in range(5)]
    facts = [confirmed(keys[number % 5]) for number in range(200)]
    got = Collected()
    consumer = rig.consumer({RegistrationConfirmed: got})
    rig.commit(*facts)
    assert rig.relay() == 200
    rig.drain(consumer, until=got.has(200))
    rig.settle(consumer)
    by_key = {key: [fact for fact in facts if fact.registration_id == key] for key in keys}
    arrived = {key: [e for e in got.events if e.registration_id == key] for key in keys}
    assert arrived == by_key


def test_a_rolled_back_transaction_leaves_nothing_in_the_log(rig: Rig) -> None:
    def fail_after_adding() -> None:
        with rig.stores["scheduling"].unit_of_work() as session:
            outbox.add(session, confirmed())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_adding()
    assert rig.relay() == 0


def test_every_group_gets_every_fact(rig: Rig) -> None:
    first, second = Collected(), Collected()
    one = rig.consumer({RegistrationConfirmed: first}, "calendar.one")
    two = rig.consumer({RegistrationConfirmed: second}, "calendar.two")
    rig.commit(confirmed(), confirmed())
    rig.relay()
    rig.drain(one, until=first.has(2))
    rig.drain(two, until=second.has(2))
    key = lambda event: event.registration_id  # noqa: E731
    assert sorted(first.events, key=key) == sorted(second.events, key=key)


def test_a_record_appended_twice_is_handled_once(rig: Rig) -> None:
    got = Collected()
    consumer = rig.consumer({RegistrationConfirmed: got})
    rig.commit(*[confirmed() for _ in range(10)])
    rig.relay()
    rig.drain(consumer, until=got.has(10))
    # What a relay leaves behind that died after publishing and before marking.
    with rig.stores["scheduling"].unit_of_work() as session:
        session.connection().execute(update(OUTBOX).values(number=None))
    rig.relays["scheduling"]._last = 10
    rig.relay()
    rig.commit(confirmed())
    rig.relay()
    rig.drain(consumer, until=got.has(11))
    rig.settle(consumer)
    assert len(got.envelopes) == 11


def test_versions_win_whatever_the_order_between_producers(rig: Rig) -> None:
    """Two producers, shuffled: the projection ends the same."""
    ids = [new_id() for _ in range(4)]
    states: list[Any] = [contact(id, version) for id in ids for version in (1, 2, 3)]
    states += [registration(id, version) for id in ids for version in (1, 2, 3)]
    random.Random(7).shuffle(states)
    newest: dict[tuple[str, str], int] = {}

    def keep(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        for envelope in envelopes:
            key = (envelope.type, envelope.subject)
            newest[key] = max(newest.get(key, 0), envelope.version)

    consumer = rig.consumer({ContactState: keep, RegistrationState: keep})
    for state in states:
        rig.commit(state)
        if state.version == 2:
            rig.relay()
    rig.relay()
    rig.drain(consumer, until=lambda: len(newest) == 8 and set(newest.values()) == {3})


def test_a_tombstone_arrives_with_its_version(rig: Rig) -> None:
    got = Collected()
    consumer = rig.consumer({ContactState: got})
    id = new_id()
    rig.commit(contact(id, 1))
    with rig.stores["membership"].unit_of_work() as session:
        outbox.bury(session, ContactState, id=id, version=2)
    rig.relay()
    rig.drain(consumer, until=lambda: any(e.data is None for e in got.envelopes))
    last = got.envelopes[-1]
    assert (last.subject, last.version, last.data) == (id, 2, None)


def test_a_poison_message_is_parked_and_the_rest_goes_on(rig: Rig) -> None:
    got = Collected()
    consumer = rig.consumer({RegistrationConfirmed: got})
    rig.commit(confirmed(), confirmed(), confirmed())
    with rig.stores["scheduling"].unit_of_work() as session:
        session.connection().execute(
            update(OUTBOX).where(OUTBOX.c.seq == 2).values(payload=b"\xff not JSON")
        )
    rig.relay()
    rig.drain(consumer, until=got.has(2))
    rig.settle(consumer)
    with rig.stores[CONSUMER].reader() as session:
        (row,) = parked.listed(session)
    assert (row.group_name, row.type, row.value) == (
        "calendar.test",
        RegistrationConfirmed.TYPE,
        b"\xff not JSON",
    )
    assert len(got.envelopes) == 2


def test_an_unknown_version_is_parked_and_an_unknown_type_passed_over(rig: Rig) -> None:
    got = Collected()
    consumer = rig.consumer({RegistrationConfirmed: got})
    rig.commit(confirmed(), confirmed(), confirmed())
    newer = RegistrationConfirmed.TYPE.replace(".v1", ".v2")
    with rig.stores["scheduling"].unit_of_work() as session:
        connection = session.connection()
        connection.execute(update(OUTBOX).where(OUTBOX.c.seq == 1).values(type=newer))
        connection.execute(
            update(OUTBOX).where(OUTBOX.c.seq == 2).values(type="hub.scheduling.weather.v1")
        )
    rig.relay()
    rig.drain(consumer, until=got.has(1))
    rig.settle(consumer)
    with rig.stores[CONSUMER].reader() as session:
        assert [row.type for row in parked.listed(session)] == [newer]


def test_a_failing_handler_parks_its_record_and_requeue_tries_again(rig: Rig) -> None:
    bad = new_id()
    healed = False
    got = Collected()

    def handle(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        if not healed and any(envelope.subject == bad for envelope in envelopes):
            raise ValueError("cannot do this one")
        got(session, envelopes)

    consumer = rig.consumer({RegistrationConfirmed: handle})
    rig.commit(confirmed(), confirmed(bad), confirmed())
    rig.relay()
    rig.drain(consumer, until=got.has(2))
    rig.settle(consumer)
    with rig.stores[CONSUMER].unit_of_work() as session:
        (row,) = parked.listed(session)
        assert "cannot do this one" in row.error
        assert parked.requeue(session, row.id)
    healed = True
    rig.drain(consumer, until=got.has(3))
    with rig.stores[CONSUMER].reader() as session:
        assert parked.listed(session) == []
    assert {event.registration_id for event in got.events} >= {bad}


def test_transient_trouble_is_waited_out_not_parked(rig: Rig) -> None:
    failures = 2
    got = Collected()

    def handle(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise OperationalError("SELECT", {}, Exception("database is locked"))
        got(session, envelopes)

    consumer = rig.consumer({RegistrationConfirmed: handle})
    rig.commit(confirmed())
    rig.relay()
    rig.drain(consumer, until=got.has(1))
    with rig.stores[CONSUMER].reader() as session:
        assert parked.listed(session) == []


def test_a_failing_batch_leaves_no_trace_of_its_first_try(rig: Rig) -> None:
    """The inbox, the position and the effects of a failed batch roll back together."""
    calls = 0
    got = Collected()

    def handle(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        nonlocal calls
        calls += 1
        session.connection().execute(
            text("INSERT INTO inbox (group_name, event_id, handled_at) VALUES ('x', :id, 0)"),
            [{"id": envelope.id} for envelope in envelopes],
        )
        if calls == 1:
            raise ValueError("only the first time")
        got(session, envelopes)

    consumer = rig.consumer({RegistrationConfirmed: handle})
    rig.commit(*[confirmed() for _ in range(20)])
    rig.relay()
    rig.drain(consumer, until=got.has(20))
    rig.settle(consumer)
    with rig.stores[CONSUMER].reader() as session:
        effects = session.connection().execute(select(INBOX).where(INBOX.c.group_name == "x"))
        assert len(effects.fetchall()) == 20
    assert len(got.envelopes) == 20


def test_a_new_consumer_goes_on_where_the_last_one_stopped(rig: Rig) -> None:
    got = Collected()
    first = rig.consumer({RegistrationConfirmed: got})
    rig.commit(*[confirmed() for _ in range(7)])
    rig.relay()
    rig.drain(first, until=got.has(7))
    first.close()
    rig.commit(*[confirmed() for _ in range(5)])
    rig.relay()
    second = rig.consumer({RegistrationConfirmed: got})
    rig.drain(second, until=got.has(12))
    rig.settle(second)
    assert len(got.envelopes) == 12


def test_two_types_of_two_producers_reach_their_own_handlers(rig: Rig) -> None:
    facts, members, unheard = Collected(), Collected(), Collected()
    consumer = rig.consumer(
        {RegistrationConfirmed: facts, MemberConfirmed: members, RegistrationCancelled: unheard}
    )
    rig.commit(confirmed(), MemberConfirmed(contact_id=new_id()), confirmed())
    rig.relay()
    rig.drain(consumer, until=lambda: len(facts.envelopes) == 2 and len(members.envelopes) == 1)
    assert unheard.envelopes == []


def test_replay_sees_the_newest_state_of_everything_and_no_group(rig: Rig) -> None:
    first, second = new_id(), new_id()
    rig.commit(contact(first, 1), contact(first, 2), contact(second, 1))
    rig.relay()
    newest: dict[str, int] = {}

    def keep(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
        for envelope in envelopes:
            newest[envelope.subject] = max(newest.get(envelope.subject, 0), envelope.version)

    for _ in range(2):
        newest.clear()
        replay(
            store=rig.stores[CONSUMER],
            event_log=rig.log,
            handlers={ContactState: keep},
            tables=[],
        )
        assert newest == {first: 2, second: 1}


def test_tail_sees_only_what_comes_after_it_began(rig: Rig) -> None:
    rig.commit(confirmed())
    rig.relay()
    reader = rig.log.tail(subscriptions_of([RegistrationConfirmed]))
    later = confirmed()
    rig.commit(later)
    rig.relay()
    seen: list[str] = []
    for _ in range(50):
        seen += [record.key for record in reader.poll(0.2)]
        if seen:
            break
    reader.close()
    assert seen == [later.registration_id]


def test_only_one_relay_of_a_database_is_active(rig: Rig) -> None:
    store = rig.stores["scheduling"]
    with store.exclusive("relay") as first:
        assert first
        with store.exclusive("relay") as second:
            assert not second
    with store.exclusive("relay") as third:
        assert third


def test_state_that_was_superseded_leaves_the_outbox(rig: Rig) -> None:
    """Personal data lives in state; an old version must not linger in the producer."""
    id = new_id()
    rig.commit(contact(id, 1), contact(id, 2))
    rig.relay()
    with rig.stores["membership"].unit_of_work() as session:
        outbox.bury(session, ContactState, id=id, version=3)
    rig.relay()
    with rig.stores["membership"].reader() as session:
        rows = session.connection().execute(select(OUTBOX).order_by(OUTBOX.c.seq)).fetchall()
    assert [(row.version, row.payload, row.superseded) for row in rows] == [
        (1, None, True),
        (2, None, True),
        (3, None, False),
    ]
