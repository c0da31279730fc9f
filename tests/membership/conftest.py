"""A membership service of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.membership.calling import Membership


@pytest.fixture
def membership(tmp_path: Path) -> Iterator[Membership]:
    made = Membership(tmp_path)
    yield made
    made.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def membership_on_each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Membership]:
    """The same on both databases."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    made = Membership(tmp_path, url)
    yield made
    made.database.close()
