"""The calendar service on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calendar.world import CalendarUnderTest


@pytest.fixture(params=["sqlite", "postgresql"])
def calendar(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CalendarUnderTest]:
    """Calendar that knows nothing yet."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    under_test = CalendarUnderTest(tmp_path, url)
    yield under_test
    under_test.close()


@pytest.fixture
def sqlite_calendar(tmp_path: Path) -> Iterator[CalendarUnderTest]:
    """Calendar that knows nothing yet, where the database makes no difference."""
    under_test = CalendarUnderTest(tmp_path)
    yield under_test
    under_test.close()
