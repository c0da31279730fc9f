"""The contract suite's rig, on every log and database the hub runs on."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.kit.db import open_database
from services.kit.settings import Settings
from tests.events.rig import CONSUMER, PRODUCERS, EmbeddedLog, KafkaLog, Rig, make_tables


@pytest.fixture(params=["embedded-sqlite", "embedded-postgresql", "kafka-sqlite"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A fresh rig; topics and groups are the test's own."""
    log_name, database = request.param.split("-")
    url = request.getfixturevalue("empty_postgres_url") if database == "postgresql" else None
    settings = Settings(data_dir=tmp_path, database_url=url)
    stores = {name: open_database(name, settings) for name in (*PRODUCERS, CONSUMER)}
    make_tables(stores)
    if log_name == "kafka":
        broker = request.getfixturevalue("kafka_broker")
        event_log = KafkaLog(broker.bootstrap, prefix=f"t{uuid.uuid4().hex[:10]}")
        made = Rig(stores, event_log)
    else:
        made = Rig(stores, EmbeddedLog(stores))
    yield made
    made.close()
