"""The scheduling service on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import ServiceUnderTest


@pytest.fixture(params=["sqlite", "postgresql"])
def scheduling(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    """Scheduling with empty tables."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    under_test = ServiceUnderTest("scheduling", tmp_path, url)
    yield under_test
    under_test.service.database.close()
