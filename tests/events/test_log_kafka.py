"""What only the Kafka log has: topics made for their stream, members that come back."""

import time
import uuid
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaProducer

from events import parked
from events.catalogue.scheduling import RegistrationConfirmed
from events.log import subscriptions_of
from events.log_kafka import PARTITIONS, KafkaLog
from services.kit.db import open_database
from services.kit.settings import Settings
from tests.events.rig import CONSUMER, PRODUCERS, Collected, Rig, make_tables
from tests.events.samples import confirmed
from tests.real.kafka import KafkaBroker


@pytest.mark.usefixtures("real_kafka")
def test_a_named_member_that_was_killed_takes_its_place_again_at_once(
    kafka_broker: KafkaBroker, tmp_path: Path
) -> None:
    """A nameless one would be waited for until its session ends, 10 s or longer."""
    prefix = f"t{uuid.uuid4().hex[:10]}"
    stores = {
        name: open_database(name, Settings(data_dir=tmp_path)) for name in (*PRODUCERS, CONSUMER)
    }
    make_tables(stores)
    rig = Rig(stores, KafkaLog(kafka_broker.bootstrap, prefix=prefix, member="one"))
    wanted = subscriptions_of([RegistrationConfirmed])
    killed = rig.log.reader("calendar.test", wanted, {})
    deadline = time.monotonic() + 20
    rig.commit(confirmed())
    rig.relay()
    while not killed.poll(0.3):
        assert time.monotonic() < deadline
    again = rig.log.reader("calendar.test", wanted, {})
    began = time.monotonic()
    while not again.poll(0.3):
        assert time.monotonic() - began < 6
    again.close()
    killed.close()
    rig.close()


def test_state_is_compacted_and_facts_are_kept(kafka_broker: KafkaBroker) -> None:
    prefix = f"t{uuid.uuid4().hex[:10]}"
    log = KafkaLog(kafka_broker.bootstrap, prefix=prefix)
    log.tail(frozenset({("scheduling", "facts"), ("scheduling", "state")})).close()
    admin = KafkaAdminClient(bootstrap_servers=kafka_broker.bootstrap)
    topics = {topic["name"]: topic for topic in admin.describe_topics()}
    admin.close()
    log.close()
    assert {
        name: len(topic["partitions"]) for name, topic in topics.items() if name.startswith(prefix)
    } == {f"{prefix}.scheduling.facts.v1": PARTITIONS, f"{prefix}.scheduling.state.v1": PARTITIONS}


@pytest.mark.parametrize(
    "headers",
    [
        [("ce_id", b'"quoted\\')],
        [("ce_id", b"\xff\x00" + b"x" * 200)],
        [("ce_version", b"many"), ("ce_time", b"inf")],
    ],
)
def test_headers_that_nobody_of_us_wrote_do_not_hold_up_a_group(
    kafka_broker: KafkaBroker, tmp_path: Path, headers: list[tuple[str, bytes]]
) -> None:
    prefix = f"t{uuid.uuid4().hex[:10]}"
    stores = {
        name: open_database(name, Settings(data_dir=tmp_path)) for name in (*PRODUCERS, CONSUMER)
    }
    make_tables(stores)
    rig = Rig(stores, KafkaLog(kafka_broker.bootstrap, prefix=prefix))
    topic = f"{prefix}.scheduling.facts.v1"
    rig.log.tail(subscriptions_of([RegistrationConfirmed])).close()
    producer = KafkaProducer(bootstrap_servers=kafka_broker.bootstrap)
    fact = RegistrationConfirmed.TYPE.encode()
    producer.send(
        topic, key=b"\xfe", value=b"\xff", headers=[("ce_type", fact), *headers], partition=0
    )
    producer.flush(timeout=10)
    producer.close()
    got = Collected()
    consumer = rig.consumer({RegistrationConfirmed: got})
    # Whatever partition they lie in, some lie behind the stranger's.
    rig.commit(*[confirmed() for _ in range(12)])
    rig.relay()
    rig.drain(consumer, until=got.has(12))
    with rig.stores[CONSUMER].reader() as session:
        assert [row.type for row in parked.listed(session)] == [RegistrationConfirmed.TYPE]
    rig.close()
