"""What all tests share: the real parts, and the switch for the long runs."""

import pytest

pytest_plugins = ["tests.real.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make soak` runs the long tests whole."""
    parser.addoption("--soak", action="store_true", help="run the long fault tests whole")
