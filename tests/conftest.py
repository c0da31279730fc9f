"""What all tests share: the real parts, and the switch for the long runs."""

from collections.abc import Iterator

import pytest

from tests.flows.people import Person

pytest_plugins = ["tests.real.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make soak` runs the long tests whole."""
    parser.addoption("--soak", action="store_true", help="run the long fault tests whole")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers share the tests out: those of one file, or of one page, stay together."""
    for item in items:
        group = item.nodeid.partition("::")[0]
        page = getattr(getattr(item, "callspec", None), "params", {}).get("shown")
        item.add_marker(pytest.mark.xdist_group(f"{group} {page.name}" if page else group))


@pytest.fixture(autouse=True)
def _browsers_closed() -> Iterator[None]:
    """Close what people of the flows left open."""
    yield
    while Person.opened:
        Person.opened.pop().browser.close()
