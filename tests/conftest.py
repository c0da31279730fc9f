"""What all tests share: the real parts, and the switch for the long runs."""

import os
from collections.abc import Iterator

import pytest

from tests.flows.people import Person

pytest_plugins = ["tests.real.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make soak` runs the long tests whole."""
    parser.addoption("--soak", action="store_true", help="run the long fault tests whole")


WAITING = ("tests/faults", "tests/flows")
"""Tests that wait for processes more than they compute."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers share the tests out: those of one file, or of one page, stay together.

    Those that wait are spread over the run, so that another worker has the machine meanwhile.
    """
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        file = item.nodeid.partition("::")[0]
        page = getattr(getattr(item, "callspec", None), "params", {}).get("shown")
        name = f"{file} {page.name}" if page else file
        name = item.nodeid if file.startswith(WAITING) else name
        item.add_marker(pytest.mark.xdist_group(name))
        groups.setdefault(name, []).append(item)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    waiting = [groups.pop(name) for name in list(groups) if name.startswith(WAITING)]
    others = list(groups.values())
    for number, group in enumerate(waiting):
        others.insert(number + number * len(groups) // len(waiting), group)
    items[:] = [item for group in others for item in group]


@pytest.fixture(autouse=True)
def _browsers_closed() -> Iterator[None]:
    """Close what people of the flows left open."""
    yield
    while Person.opened:
        Person.opened.pop().browser.close()
