"""The stage for all tests of the review, and each page of the list open once for its tests."""

from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import Browser

from tests.browser.opened import Opened, opened
from tests.browser.pages import PAGES, ListedPage
from tests.browser.stage import Stage, the_stage
from tests.real import parts
from tests.real.fixtures import need


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two hubs at work, and people signed in."""
    need(parts.missing_chromium())
    with the_stage(tmp_path_factory.mktemp("stage")) as made:
        yield made


@pytest.fixture(scope="module", params=PAGES, ids=lambda listed: listed.name)
def shown(browser: Browser, stage: Stage, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """A page on a phone, opened once for all tests of a module; each leaves it as it was."""
    with opened(browser, stage, cast(ListedPage, request.param)) as made:
        yield made
