"""The number on the inbox is asked for once, and again as soon as it may have changed."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from hub import app as gateway
from tests.hub.gateway import SEMINAR, Browser, WholeHub
from tests.hub.streams import OpenGateway, until


@pytest.fixture
def app(hub: WholeHub) -> Iterator[FastAPI]:
    """A gateway that follows the hub's log."""
    made = gateway.create(hub.settings, hub.clients, [])
    with OpenGateway(made, hub.runtime.log):
        assert until(lambda: made.state.kept.generation > 0)
        yield made


def unread(browser: Browser) -> int:
    """The number on the inbox of a page."""
    found = re.search(
        r'id="bell".*?<span aria-hidden="true">(\d+)\+?</span>', browser.get("/about").text
    )
    return int(found[1]) if found else 0


def test_number_is_asked_for_once_and_follows_new_notices_and_reading(
    hub: WholeHub, app: FastAPI, olga: Browser
) -> None:
    own = Browser(hub).join("Una Read", "una@example.org")
    una = Browser(hub, app)
    una.http.cookies = own.http.cookies
    # The welcome of a new member is on its way.
    assert until(lambda: unread(una) == 1)

    def asks_nobody() -> bool:
        hub.calls.clear()
        assert [unread(una) for _ in range(3)] == [1, 1, 1]
        return "notification" not in hub.calls

    # Once the mail of the same news is out as well.
    assert until(asks_nobody)
    path = olga.post("/events/new", **SEMINAR).headers["location"]
    own.post(f"{path}/register")
    assert until(lambda: unread(una) == 2, limit=10)
    una.post("/inbox/read-all")
    assert unread(una) == 0


def test_number_is_of_the_member_alone(hub: WholeHub, app: FastAPI, anna: Browser) -> None:
    first, second = Browser(hub, app), Browser(hub, app)
    first.http.cookies = anna.http.cookies
    second.http.cookies = Browser(hub).join("Uma Other", "uma@example.org").http.cookies
    assert until(lambda: unread(second) == 1)
    first.post("/inbox/read-all")
    assert (unread(first), unread(second)) == (0, 1)
