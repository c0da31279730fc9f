"""The matchmaking service on each database, and a membership that tells it who there is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from events import outbox
from events.consumer import Consumer
from events.envelope import State
from events.log_embedded import EmbeddedLog
from events.relay import Relay
from events.tables import BACKBONE
from services.kit.db import open_database
from services.kit.settings import Settings
from services.matchmaking.projection import INDEX, TABLES
from tests.harness import ServiceUnderTest


class Membership:
    """Publishes states as membership does, and lets matchmaking hear them."""

    def __init__(self, listener: ServiceUnderTest, data_dir: Path) -> None:
        self._database = open_database("membership", Settings(data_dir=data_dir))
        BACKBONE.create_all(self._database.engine)
        service = listener.service
        stores = {"membership": self._database, service.name: service.database}
        self.log = EmbeddedLog(stores)
        self._relay = Relay(self._database, self.log)
        self._consumer = Consumer(
            group=INDEX,
            store=service.database,
            event_log=self.log,
            handlers=service.groups[INDEX],
        )

    def tells(self, *states: State) -> None:
        """Publish these states, and wait until they are handled."""
        with self._database.unit_of_work() as session:
            outbox.add(session, *states)
        self.catch_up()

    def buries(self, state: State) -> None:
        """Publish that this one is gone, and wait until that is handled."""
        with self._database.unit_of_work() as session:
            outbox.bury(session, type(state), id=state.id, version=state.version + 1)
        self.catch_up()

    def catch_up(self) -> None:
        """Relay and handle all there is."""
        while self._relay.step():
            pass
        while self._consumer.step(timeout=0):
            pass

    def close(self) -> None:
        """Give back what is held."""
        self._consumer.close()
        self._database.close()


def index_rows(matchmaking: ServiceUnderTest) -> dict[str, list[Any]]:
    """All that the index holds, by table, in the order of the keys."""
    with matchmaking.service.database.reader() as session:
        connection = session.connection()
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in TABLES
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def matchmaking(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    """A fresh matchmaking service."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    under_test = ServiceUnderTest("matchmaking", tmp_path, url)
    yield under_test
    under_test.service.database.close()


@pytest.fixture
def membership(matchmaking: ServiceUnderTest, tmp_path: Path) -> Iterator[Membership]:
    """Membership's side of the log."""
    made = Membership(matchmaking, tmp_path)
    yield made
    made.close()
