"""A stranger walks the path in Chromium, with JavaScript off: everything works without it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.walk import BOSS, Walker
from tests.flows.people import eventually
from tests.hubs import RunningHub, running_hub

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningHub]:
    """A hub as `make run` starts it."""
    with running_hub("embedded-sqlite", tmp_path, request) as running:
        yield running


@pytest.fixture
def walkers(hub: RunningHub, browser: Browser) -> Iterator[dict[str, Walker]]:
    """Four people on phones without JavaScript, each in a browser context of their own."""
    with ExitStack() as stack:
        made = {}
        for name in ("olga", "anna", "bert", "gia"):
            context = browser.new_context(viewport=PHONE, java_script_enabled=False)
            stack.callback(context.close)
            made[name] = Walker(hub, context.new_page())
        yield made


def test_the_path_can_be_walked_on_a_phone_without_javascript(
    hub: RunningHub, walkers: dict[str, Walker]
) -> None:
    title = "Genomics in the clinic"
    olga, anna, bert, gia = (walkers[name] for name in ("olga", "anna", "bert", "gia"))
    hub.command("admin", "create", BOSS, "--name", "Olga Organiser")
    olga.sign_in(BOSS)
    olga.publish_seminar(title, seats=1)
    anna.join("Anna Citizen", "anna@example.org", "Citizen or patient")
    bert.join("Bert Company", "bert@example.org", "Company or field lab")
    anna.register(title)
    expect(anna.page.get_by_text("You have a seat").first).to_be_visible()
    bert.register(title)
    expect(bert.page.get_by_text("You are on the waitlist").first).to_be_visible()
    gia.register_as_guest(title, "Gia Guest", "gia@example.org")
    gia.follow("gia@example.org", "/registrations/")
    expect(gia.page.get_by_text("waitlist").first).to_be_visible()
    anna.page.get_by_role("button", name="Cancel my registration").click()

    def promoted() -> bool:
        bert.open("/inbox")
        return bert.page.get_by_text(title).count() >= 2

    assert eventually(promoted)
    bert.open("/me")
    expect(bert.page.get_by_text(title).first).to_be_visible()
    download = bert.page.request.get(f"{hub.url}/feeds/public.ics")
    assert b"Genomics in the clinic" in download.body()


def test_a_refused_form_keeps_what_was_typed_and_says_what_to_do(
    walkers: dict[str, Walker],
) -> None:
    anna = walkers["anna"]
    anna.open("/join?as=citizen")
    anna.page.get_by_label("Your name", exact=True).fill("Anna")
    anna.page.get_by_label("E-mail address", exact=True).fill("not an address")
    anna.page.get_by_role("button", name="Join").click()
    expect(anna.page.get_by_label("Your name", exact=True)).to_have_value("Anna")
    expect(anna.page.get_by_label("E-mail address", exact=True)).to_have_value("not an address")
    assert anna.page.locator(".error").count() >= 2
    for box in anna.page.get_by_role("checkbox").all():
        expect(box).not_to_be_checked()


def test_no_page_asks_a_third_party_or_scrolls_sideways(walkers: dict[str, Walker]) -> None:
    anna = walkers["anna"]
    asked: list[str] = []
    anna.page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/events", "/posts", "/demo-cases", "/join", "/sign-in", "/dev/mailbox"):
        anna.open(path)
        widths = anna.page.locator("html").evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert widths[0] <= widths[1], path
    assert [url for url in asked if not re.match(re.escape(anna.hub.url), url)] == []
