"""The real parts as pytest fixtures: loaded by `pytest_plugins` in the root conftest.

The shared ones (`kafka_broker`, `postgres_server`) run for the whole session and must be left
running; a test that stops or kills takes the `own_` ones.

Where Kafka cannot be had, or with HUB_TEST_BROKER=tansu, the shared broker is Tansu and the tests
that only Kafka can pass (`real_kafka`, `own_kafka_broker`) skip; under HUB_TEST_STRICT=1 nothing
stands in.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.migrated import migrate
from tests.real import parts
from tests.real.browser import chromium
from tests.real.kafka import KafkaBroker
from tests.real.postgres import PostgresServer
from tests.real.smtp import SmtpServer
from tests.real.tansu import TansuBroker

Broker = KafkaBroker | TansuBroker


def need(missing: str | None) -> None:
    """Skips the test, loudly, for a part that lacks; under HUB_TEST_STRICT=1 fails it."""
    if missing is None:
        return
    if _strict():
        pytest.fail(f"MISSING PART: {missing}", pytrace=False)
    pytest.skip(f"MISSING PART: {missing}")


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A running broker for the whole session: use topics and groups of your own on it."""
    folder = tmp_path_factory.mktemp("kafka")
    if _missing_kafka() is None or _strict() or parts.missing_tansu() is not None:
        yield from _broker(folder)
    else:
        with closing(TansuBroker(folder)) as stand_in:
            stand_in.start()
            yield stand_in


@pytest.fixture(scope="session")
def real_kafka() -> None:
    """Says that the test proves what Kafka alone keeps, so that no stand-in will do."""
    need(_missing_kafka())


@pytest.fixture
def own_kafka_broker(tmp_path: Path) -> Iterator[KafkaBroker]:
    """A running broker for this test alone, which may stop, kill and start it."""
    yield from _broker(tmp_path / "kafka")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running database server for the whole session: use databases of your own on it."""
    yield from _server()


@pytest.fixture
def own_postgres_server() -> Iterator[PostgresServer]:
    """A running database server for this test alone, which may stop, kill and start it."""
    yield from _server()


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database, dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


@pytest.fixture(scope="session")
def _model_database(postgres_server: PostgresServer) -> str:
    migrate(postgres_server.create_database("model"))
    return "model"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, _model_database: str) -> Iterator[str]:
    """The address of a database with the empty tables of all services, dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    yield postgres_server.create_database(name, model=_model_database)
    postgres_server.drop_database(name)


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A listening mail server that has taken nothing yet."""
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for a module of tests; contexts and pages are the test's own to open and close.

    Not for the session: while Playwright runs, no test in this thread could call asyncio.run.
    """
    need(parts.missing_chromium())
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def icaljs() -> None:
    """Says that the test reads calendars with ical.js (`tests.real.icaljs.parse`)."""
    need(parts.missing_icaljs())


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that finds barriers in a page, to be evaluated in it."""
    need(parts.missing_axe())
    return parts.AXE.read_text()


@pytest.fixture(scope="session")
def vnu() -> Path:
    """The jar that checks HTML."""
    need(parts.missing_vnu())
    return parts.VNU


def _broker(folder: Path) -> Iterator[KafkaBroker]:
    need(_missing_kafka())
    with closing(KafkaBroker(folder)) as broker:
        broker.start()
        yield broker


def _missing_kafka() -> str | None:
    if os.environ.get("HUB_TEST_BROKER") == "tansu":
        return "Kafka broker: HUB_TEST_BROKER=tansu asks to do without"
    return parts.missing_kafka()


def _strict() -> bool:
    return os.environ.get("HUB_TEST_STRICT") == "1"


def _server() -> Iterator[PostgresServer]:
    need(parts.missing_postgres())
    with closing(PostgresServer()) as server:
        server.start()
        yield server
