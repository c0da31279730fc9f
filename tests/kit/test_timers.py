"""Timers fire once, in the transaction of their effect, whatever others do."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from services.kit.db import Database, open_database
from services.kit.settings import Settings
from services.kit.timers import TIMERS, TimerLoop, set_timer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with the timers' table."""
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgresql" else None
    made = open_database("scheduling", Settings(data_dir=tmp_path, database_url=url))
    with made.engine.begin() as connection:
        if url:
            connection.exec_driver_sql("CREATE SCHEMA scheduling")
    TIMERS.create(made.engine)
    yield made
    made.close()


def test_a_timer_that_fails_holds_up_no_other_and_is_tried_again(database: Database) -> None:
    fired: list[str] = []
    broken = True

    def act(session: Session, key: str, moment: datetime) -> None:
        if broken and key == "bad":
            raise ValueError("cannot do this one")
        fired.append(key)

    loop = TimerLoop(database, {"test": act})
    with database.unit_of_work() as session:
        set_timer(session, kind="unheard-of", key="x", due_at=NOON - timedelta(hours=2))
        set_timer(session, kind="test", key="bad", due_at=NOON - timedelta(hours=1))
        set_timer(session, kind="test", key="good", due_at=NOON)
    assert loop.step(NOON) == 1
    assert fired == ["good"]
    broken = False
    loop.step(NOON + timedelta(minutes=5))
    assert fired == ["good", "bad"]


def test_two_loops_at_once_fire_each_timer_once(database: Database) -> None:
    fired: list[str] = []

    def act(session: Session, key: str, moment: datetime) -> None:
        fired.append(key)

    keys = [f"key-{number:02}" for number in range(40)]
    with database.unit_of_work() as session:
        for key in keys:
            set_timer(session, kind="test", key=key, due_at=NOON)
    loops = [
        threading.Thread(target=TimerLoop(database, {"test": act}).step, args=(NOON,))
        for _ in range(2)
    ]
    for thread in loops:
        thread.start()
    for thread in loops:
        thread.join()
    assert sorted(fired) == keys
