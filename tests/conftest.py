"""What all tests share: the real parts, and the switch for the long runs."""

from collections.abc import Iterator

import pytest

from tests.flows.people import Person

pytest_plugins = ["tests.real.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make soak` runs the long tests whole."""
    parser.addoption("--soak", action="store_true", help="run the long fault tests whole")


@pytest.fixture(autouse=True)
def _browsers_closed() -> Iterator[None]:
    """Close what people of the flows left open."""
    yield
    while Person.opened:
        Person.opened.pop().browser.close()
