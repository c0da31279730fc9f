"""The stage of the review, its pages each open once, and a site of test pages for the scripts."""

from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.behaviour.opening import Open
from tests.browser.behaviour.site import Site, running
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


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Site, str]]:
    """The site of this module."""
    with running() as made:
        yield made


@pytest.fixture
def site(served: tuple[Site, str]) -> Iterator[Site]:
    """The site, as it was at the beginning."""
    made = served[0]
    made.asked.clear()
    made.news = 0
    yield made
    made.broken = False


@pytest.fixture
def visit(browser: Browser, served: tuple[Site, str]) -> Iterator[Open]:
    """Opens pages of the site in Lisbon; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def one(path: str, *, scripts: bool = True, failing: bool = False) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts, timezone_id="Europe/Lisbon", locale="pt-PT"
        )
        contexts.append(context)
        context.set_default_timeout(5000)
        page = context.new_page()
        if not failing:
            page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served[1] + path)
        if scripts and path != "/live-page":
            page.wait_for_load_state("networkidle")
        return page

    yield one
    for context in contexts:
        context.close()
    assert complaints == []
