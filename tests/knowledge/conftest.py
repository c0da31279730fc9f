"""The knowledge service on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import ServiceUnderTest


@pytest.fixture(params=["sqlite", "postgresql"])
def knowledge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    """A fresh knowledge service."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    under_test = ServiceUnderTest("knowledge", tmp_path, url)
    yield under_test
    under_test.service.database.close()
