"""A newcomer joins, is found, finds somebody, and leaves again; and nothing of them is left."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.walk import Walker
from tests.flows.people import Mailbox, eventually
from tests.flows.test_erasure import id_of, settled, two_weeks_pass, verified
from tests.hubs import RunningHub, running_hub

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
VERA, NAME = "vera.vos@example.org", "Vera Verbruggen"
PICTURES = os.environ.get("HUB_PICTURES")
"""Folder for a picture of every stop, for whoever wants to look."""
WAYS = [("embedded-sqlite", PHONE), ("kafka-postgresql", DESK)]


@pytest.fixture(params=WAYS, ids=["phone-sqlite", "desk-kafka-postgresql"])
def hub_and_view(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[RunningHub, ViewportSize]]:
    """A hub on fresh data, and the screen it is looked at on."""
    way, view = request.param
    with running_hub(way, tmp_path, request, kafka_compaction_lag="1") as hub:
        yield hub, view


def test_a_newcomer_joins_finds_somebody_and_is_forgotten(
    hub_and_view: tuple[RunningHub, ViewportSize], browser: Browser
) -> None:
    hub, view = hub_and_view
    with ExitStack() as stack:

        def somebody() -> Walker:
            context = browser.new_context(viewport=view)
            stack.callback(context.close)
            return Walker(hub, context.new_page())

        vera, carl = somebody(), somebody()
        stops = iter(range(100))

        def picture(name: str) -> None:
            if PICTURES:
                path = Path(PICTURES) / f"{hub.way}-{next(stops):02}-{name}.png"
                vera.page.screenshot(path=path, full_page=True)

        hub.command("admin", "create", "boss@example.org", "--name", "Boss")
        carl.join("Carl Company", "carl@example.org", "Company or field lab", "Show me in the")
        vera.open("/join")
        picture("who")
        vera.join(NAME, VERA, "Research or education", "Show me in the")
        picture("joined")
        vera.page.get_by_role("button", name="Sign out").first.click()
        vera.open("/sign-in")
        picture("sign-in")
        vera.sign_in(VERA)
        picture("signed-in")

        vera.open("/people?q=carl")
        picture("found")
        vera.page.get_by_role("link", name="Carl Company").first.click()
        expect(vera.page.get_by_role("heading", level=1)).to_contain_text("Carl Company")
        picture("person")
        carl.open("/people?q=verb")
        expect(carl.page.get_by_role("link", name=NAME).first).to_be_visible()
        for path in ("/me", "/me/profile", "/me/consents", "/me/security", "/me/data"):
            vera.open(path)
            picture(path.replace("/", "-"))

        vera.open("/me/leave")
        picture("leave")
        member_id = id_of(hub, VERA)
        vera.page.get_by_role("button", name="Leave and erase my data").click()
        expect(vera.page.get_by_role("heading", level=1)).to_be_visible()
        picture("left")
        carl.open("/people?q=verb")
        expect(carl.page.get_by_role("link", name=NAME)).to_have_count(0)
        two_weeks_pass(hub)
        assert eventually(lambda: Mailbox(hub.url).to("(erased)"), limit=120)
        settled(hub)
        deadline = time.monotonic() + 180
        while (outcome := verified(hub, member_id, VERA, NAME))[0] and time.monotonic() < deadline:
            time.sleep(1)
        assert outcome[0] == 0, outcome[1]
