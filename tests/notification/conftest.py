"""A world around the notification service, on each database or on SQLite alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.notification.world import World

MakeWorld = Callable[..., World]


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[MakeWorld]:
    """Makes worlds on SQLite, with settings such as `smtp_url`."""
    made: list[World] = []

    def make(**settings: Any) -> World:
        world = World(tmp_path / f"world-{len(made)}", **settings)
        made.append(world)
        return world

    yield make
    for world in made:
        world.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, make_world: MakeWorld) -> World:
    """A world with the mailbox, on each database."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    return make_world(database_url=url)
