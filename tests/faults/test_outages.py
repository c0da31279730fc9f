"""The broker or the database away for a while: requests go on, nothing is lost."""

import sqlite3
import time
from pathlib import Path

import pytest

from tests.faults.ledger import Auditor
from tests.faults.load import Guests, a_seminar
from tests.faults.test_kills import balanced
from tests.hubs import running_hub
from tests.real.kafka import KafkaBroker
from tests.real.postgres import PostgresServer


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_requests_never_fail_because_kafka_is_away(
    how: str, tmp_path: Path, request: pytest.FixtureRequest, own_kafka_broker: KafkaBroker
) -> None:
    """Stopped for 30 s, or killed and back on the same data."""
    with running_hub(
        "kafka-postgresql", tmp_path, request, kafka=own_kafka_broker.bootstrap
    ) as hub:
        seminar = a_seminar(hub)
        with Guests(hub, seminar, threads=2) as guests:
            time.sleep(1)
            getattr(own_kafka_broker, how)()
            before = len(guests.registered)
            time.sleep(30 if how == "stop" else 5)
            assert len(guests.registered) > before
            own_kafka_broker.start()
            time.sleep(2)
        assert (guests.errors, guests.unanswered) == ([], set())
        balanced(hub, guests.registered)


def test_postgresql_killed_and_back_loses_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, own_postgres_server: PostgresServer
) -> None:
    url = own_postgres_server.create_database("hub")
    with running_hub("embedded-postgresql", tmp_path, request, database_url=url) as hub:
        seminar = a_seminar(hub)
        with Guests(hub, seminar, threads=2) as guests:
            time.sleep(1)
            own_postgres_server.kill()
            time.sleep(2)
            own_postgres_server.start()
            time.sleep(3)
        assert {error[:3] for error in guests.errors} <= {"503"}
        with Guests(hub, seminar, threads=2, name="after") as later:
            time.sleep(2)
        assert later.errors == []
        assert later.registered
        balanced(hub, guests.registered | later.registered)


def test_a_locked_sqlite_database_delays_but_loses_nothing(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with running_hub("embedded-sqlite", tmp_path, request) as hub:
        seminar = a_seminar(hub)
        locks = [
            sqlite3.connect(
                hub.settings.data_dir / f"{name}.sqlite3", isolation_level=None, timeout=30
            )
            for name in ("scheduling", "notification", "calendar")
        ]
        with Guests(hub, seminar, threads=2) as guests:
            time.sleep(0.5)
            for lock in locks:
                lock.execute("BEGIN IMMEDIATE")
            time.sleep(4)
            for lock in locks:
                lock.execute("ROLLBACK")
            time.sleep(1)
        for lock in locks:
            lock.close()
        assert (guests.errors, guests.unanswered) == ([], set())
        balanced(hub, guests.registered)


def test_the_auditor_sees_a_lost_and_an_invented_event(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The control run: a ledger that cannot fail proves nothing."""
    with running_hub("embedded-sqlite", tmp_path, request) as hub:
        a_seminar(hub)
        auditor = Auditor(hub)
        auditor.settles()
        with auditor.stores["calendar"].unit_of_work() as session:
            session.connection().exec_driver_sql("DELETE FROM inbox")
        with auditor.stores["notification"].unit_of_work() as session:
            session.connection().exec_driver_sql(
                "INSERT INTO inbox VALUES ('notification.send', 'never-committed', 0)"
            )
        ledger = auditor.ledger()
        auditor.close()
        assert ledger.unhandled
        assert ledger.invented == ["notification.send never-committed"]
