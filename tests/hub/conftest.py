"""One hub for all tests of the gateway: people in it differ by address."""

from collections.abc import Iterator

import pytest

from tests.hub.gateway import SEMINAR, Browser, WholeHub


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHub]:
    """Everything in this process, at work."""
    whole = WholeHub(tmp_path_factory.mktemp("hub"))
    yield whole
    whole.close()


@pytest.fixture
def stranger(hub: WholeHub) -> Browser:
    """Somebody who is not signed in."""
    return Browser(hub)


@pytest.fixture(scope="session")
def anna(hub: WholeHub) -> Browser:
    """A citizen in London."""
    return Browser(hub).join("Anna Citizen", "anna@example.org")


@pytest.fixture(scope="session")
def olga(hub: WholeHub) -> Browser:
    """An administrator, who may publish and propose."""
    hub.admin("olga@example.org", "Olga Organiser")
    browser = Browser(hub)
    browser.sign_in("olga@example.org")
    return browser


@pytest.fixture
def seminar(olga: Browser) -> str:
    """The path of a new seminar with one seat."""
    answer = olga.post("/events/new", **SEMINAR)
    assert answer.status_code == 303
    return answer.headers["location"]
