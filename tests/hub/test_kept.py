"""Visitors' pages are made once and shown until something changes; nobody gets another's."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from hub import app as gateway
from hub.kept import LASTS, MOST_BYTES, Kept, KeptPages
from hub.numbers import SOON, NumbersCache
from services.kit.identity import Identity
from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of
from tests.hub.streams import OpenGateway, until

ADMIN = Identity("00000000-0000-7000-8000-000000000001", ("admin",))


@pytest.fixture
def app(hub: WholeHub) -> Iterator[FastAPI]:
    """A gateway that follows the hub's log."""
    made = gateway.create(hub.settings, hub.clients, [])
    with OpenGateway(made, hub.runtime.log):
        assert until(lambda: made.state.kept.generation > 0)
        yield made


def asked(hub: WholeHub, browser: Browser, path: str, **headers: str) -> int:
    """How many calls to services it takes to answer."""
    before = hub.calls.total()
    assert browser.get(path, **headers).status_code == 200
    return hub.calls.total() - before


@pytest.mark.parametrize("path", ["/", "/events", "/posts", "/organisations", "/join"])
def test_second_visitor_costs_no_call_and_sees_the_same(
    hub: WholeHub, app: FastAPI, path: str
) -> None:
    first, second = Browser(hub, app), Browser(hub, app)
    text = first.get(path).text
    assert asked(hub, second, path) == 0
    assert second.get(path).text == text


def test_change_anywhere_in_the_hub_is_seen_at_once(
    hub: WholeHub, app: FastAPI, olga: Browser
) -> None:
    visitor = Browser(hub, app)
    visitor.get("/events")
    # By another gateway: this one hears of it by the log alone.
    soon = {"starts_local": "2040-01-01T10:00", "ends_local": "2040-01-01T11:00"}
    olga.post("/events/new", **{**SEMINAR, **soon, "title": "Fresh from the log"})
    assert until(lambda: "Fresh from the log" in visitor.get("/events").text, limit=LASTS / 2)


def test_seats_that_are_taken_show_at_once(
    hub: WholeHub, app: FastAPI, anna: Browser, seminar: str
) -> None:
    visitor = Browser(hub, app)
    assert "1 seat left" in visitor.get(seminar).text
    anna.post(f"{seminar}/register")
    assert until(lambda: "All seats taken" in visitor.get(seminar).text, limit=LASTS / 2)


def test_name_given_elsewhere_is_seen_at_once(hub: WholeHub, app: FastAPI) -> None:
    def give(name: str) -> None:
        change = hub.clients.membership.change_community({"name": name}, ADMIN)
        hub.loop.run(change)

    visitor = Browser(hub, app)
    assert "Renamed elsewhere" not in visitor.get("/about").text
    give("Renamed elsewhere")
    seen = until(lambda: "Renamed elsewhere" in visitor.get("/about").text, limit=LASTS / 2)
    give(hub.settings.name)
    assert seen


def test_numbers_are_there_for_all_who_come_at_once(hub: WholeHub) -> None:
    numbers = NumbersCache(hub.clients)

    async def both() -> list[object]:
        return list(await asyncio.gather(numbers.now(), numbers.now()))

    one, other = hub.loop.run(both())
    assert one is not None
    assert one == other


def test_own_doing_is_seen_on_the_next_page(hub: WholeHub, app: FastAPI, seminar: str) -> None:
    guest = Browser(hub, app)
    guest.get(seminar)
    guest.post(f"{seminar}/register", name="Gia Guest", email="gia-kept@example.org")
    guest.http.cookies.delete("hub_flash")
    assert "All seats taken" in guest.get(seminar).text


def test_member_never_gets_a_kept_page_nor_leaves_one(
    hub: WholeHub, app: FastAPI, anna: Browser
) -> None:
    visitor, member = Browser(hub, app), Browser(hub, app)
    member.http.cookies = anna.http.cookies
    assert "My page" in text_of(member.get("/events"))
    assert "My page" not in text_of(visitor.get("/events"))
    assert "My page" in text_of(member.get("/events"))


def test_pages_are_kept_by_language_theme_and_query(hub: WholeHub, app: FastAPI) -> None:
    visitor = Browser(hub, app)
    plain = visitor.get("/events").text
    german = visitor.get("/events", accept_language="de").text
    dark = visitor.get("/events", cookie="hub_theme=dark").text
    past = visitor.get("/events?past=true").text
    assert '<html lang="de"' in german
    assert 'data-theme="dark"' in dark
    assert len({plain, german, dark, past}) == 4
    assert visitor.get("/events").text == plain


def test_errors_and_messages_are_not_kept(hub: WholeHub, app: FastAPI) -> None:
    visitor = Browser(hub, app)
    assert visitor.get("/events/there-is-none").status_code == 404
    told = visitor.get("/events", cookie="hub_flash=signed-out")
    assert "You are signed out." in told.text
    assert "You are signed out." not in visitor.get("/events").text


def test_cookies_split_over_two_headers_are_looked_at_together(hub: WholeHub, app: FastAPI) -> None:
    visitor = Browser(hub, app)

    def sent(*cookies: str) -> str:
        headers = [("cookie", cookie) for cookie in cookies]
        return hub.loop.run(visitor.http.get("/events", headers=headers)).text

    assert "You are signed out." in sent("a=b", "hub_flash=signed-out")
    assert "You are signed out." not in sent()
    assert 'data-theme="dark"' in sent("a=b", "hub_theme=dark")
    assert 'data-theme="dark"' not in sent()
    assert '<html lang="de"' in sent("a=b", "hub_language=de")


def test_kept_pages_take_bounded_memory_and_the_oldest_goes_first() -> None:
    pages = KeptPages()
    pages.begin()
    page = Kept(float("inf"), [], b"x" * (MOST_BYTES // 4 - 10))
    for number in range(6):
        pages.keep((f"/{number}", b"", "en", "", False), page, pages.generation)
    found = [bool(pages.find((f"/{number}", b"", "en", "", False))) for number in range(6)]
    assert found == [False, False, True, True, True, True]


def test_long_addresses_count_as_memory() -> None:
    pages = KeptPages()
    pages.begin()
    for number in range(6):
        query = str(number).encode() * (MOST_BYTES // 4)
        pages.keep(("/", query, "en", "", False), Kept(float("inf"), [], b"x"), pages.generation)
    found = [
        bool(pages.find(("/", str(number).encode() * (MOST_BYTES // 4), "en", "", False)))
        for number in range(6)
    ]
    assert found == [False, False, False, True, True, True]


def test_page_begun_before_a_change_is_not_kept_after_it() -> None:
    pages = KeptPages()
    pages.begin()
    begun = pages.generation
    pages.clear()
    key = ("/", b"", "en", "", False)
    pages.keep(key, Kept(float("inf"), [], b"old"), begun)
    assert pages.find(key) is None


def test_nothing_is_kept_before_the_log_is_followed() -> None:
    pages = KeptPages()
    key = ("/", b"", "en", "", False)
    pages.keep(key, Kept(float("inf"), [], b"page"), pages.generation)
    assert pages.find(key) is None


def test_numbers_of_the_home_page_follow_what_happens(
    hub: WholeHub, app: FastAPI, olga: Browser
) -> None:
    visitor = Browser(hub, app)

    def posts() -> int:
        found = re.search(r"<dd>(\d+)</dd>", visitor.get("/").text.split('href="/posts">')[-1])
        assert found
        return int(found[1])

    before = posts()
    olga.post("/posts/new", kind="news", title="One more", body="It counts.", audience="public")
    assert until(lambda: posts() == before + 1, limit=SOON + LASTS + 2)
