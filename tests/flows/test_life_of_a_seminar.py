"""The whole life of one seminar, in a browser: from the question when to what people thought of it.

An organiser, a member and two guests, each with a browser and a mailbox of their own.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import icalendar
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import col, select

from events import outbox
from hub.compose import open_stores
from services.kit.timers import set_timer
from services.scheduling.gatherings.models import Gathering
from services.scheduling.gatherings.service import FINISH, state_of
from services.scheduling.occurrences.rules import finish_of
from services.scheduling.reminders import service as reminders
from tests.browser.walk import BOSS, Walker
from tests.flows.people import eventually
from tests.hubs import RunningHub, running_hub
from tests.real.browser import SCREENS

TITLE = "Genomes for family doctors"
NEW_TITLE = "Genomes for family doctors and nurses"
ANNA, DORA, GIA = "anna@example.org", "dora@example.org", "gia@example.org"
VIDEO = "https://video.example/room"
SLIDES = "https://video.example/slides"
LENGTH = timedelta(minutes=90)


@dataclass
class Seminar:
    """What the steps of its life hand on."""

    hub: RunningHub
    people: dict[str, Walker]
    slug: str = ""

    @property
    def page(self) -> str:
        """Its public page."""
        return f"/events/{self.slug}"

    @property
    def desk(self) -> str:
        """Where the organiser looks after it."""
        return f"/organise/{self.slug}"

    def mail(self, email: str, subject: str) -> dict[str, Any]:
        """The one mail to an address with this subject; waits for it."""
        mailbox = self.people["olga"].mails

        def found() -> list[dict[str, Any]]:
            return [mail for mail in mailbox.to(email) if mail["subject"] == subject]

        mails = eventually(found)
        assert len(mails) == 1, [mail["subject"] for mail in mailbox.to(email)]
        return mails[0]

    def link(self, email: str, subject: str, path: str) -> str:
        """The link to a path in that mail."""
        link: str
        (link,) = {link for link in self.mail(email, subject)["links"] if path in link}
        return link

    def subjects(self, email: str) -> list[str]:
        """Subjects of all mails to an address."""
        return [mail["subject"] for mail in self.people["olga"].mails.to(email)]

    def comes_near(self, begins_in: timedelta) -> None:
        """Time passes until it begins in so long: all that is planned for it comes nearer."""
        now = datetime.now(UTC).replace(microsecond=0)
        stores = open_stores(self.hub.settings)
        with stores["scheduling"].unit_of_work() as session:
            query = select(Gathering).where(col(Gathering.slug) == self.slug)
            gathering = session.exec(query.with_for_update()).one()
            gathering.starts_at = now + begins_in
            gathering.ends_at = gathering.starts_at + LENGTH
            zone = ZoneInfo(gathering.time_zone)
            gathering.starts_local = gathering.starts_at.astimezone(zone).replace(tzinfo=None)
            gathering.ends_local = gathering.starts_local + LENGTH
            gathering.finishes_at = finish_of(gathering)
            gathering.version += 1
            session.add(gathering)
            outbox.add(session, state_of(gathering))
            set_timer(session, kind=FINISH, key=gathering.id, due_at=gathering.finishes_at)
            reminders.plan_again(session, gathering, now - timedelta(hours=1))
        for store in stores.values():
            store.close()


@pytest.fixture(params=["embedded-sqlite", "kafka-postgresql"])
def seminar(request: pytest.FixtureRequest, tmp_path: Path, browser: Browser) -> Iterator[Seminar]:
    """A hub where nothing has happened yet, and four people who look at it."""
    with running_hub(request.param, tmp_path, request) as hub, ExitStack() as stack:
        people = {}
        for name in ("olga", "anna", "dora", "gia"):
            context = browser.new_context(
                viewport=SCREENS["desktop" if name == "olga" else "phone"]
            )
            stack.callback(context.close)
            context.set_default_timeout(15_000)
            # What the video service would show; what comes there is looked at.
            context.route(
                "https://video.example/**",
                lambda route: route.fulfill(content_type="text/plain", body="The meeting"),
            )
            people[name] = Walker(hub, context.new_page())
        yield Seminar(hub, people)


def test_the_life_of_a_seminar(seminar: Seminar) -> None:
    seminar.hub.command("admin", "create", BOSS, "--name", "Olga Organiser")
    seminar.people["olga"].sign_in(BOSS)
    seminar.people["anna"].join("Anna Citizen", ANNA, "Citizen or patient")
    a_date_is_found(seminar)
    it_is_published(seminar)
    a_question_is_asked(seminar)
    it_fills(seminar)
    a_seat_becomes_free(seminar)
    it_changes(seminar)
    people_are_reminded(seminar)
    people_come(seminar)
    materials_are_left(seminar)
    a_date_is_called_off(seminar)
    people_say_how_it_was(seminar)
    assert seminar.hub.command("events", "parked").strip() == "Nothing is parked."


def a_date_is_found(seminar: Seminar) -> None:
    """Olga asks when; Gia answers by a link of hers, Anna by the address that was passed on."""
    olga, gia, anna = (seminar.people[name] for name in ("olga", "gia", "anna"))
    page = olga.page
    olga.open("/polls/new")
    page.get_by_label("What is it called?").fill(TITLE)
    page.get_by_label("How many minutes does it last?").fill("90")
    for number, start in ((1, "2049-06-01T14:00"), (2, "2049-06-02T10:00")):
        page.get_by_label(f"Date {number}").fill(start)
    until = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT12:00")
    page.get_by_label("Answers until").fill(until)
    page.get_by_role("button", name="Open the poll").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_label("Whom?").fill(f"Gia Guest <{GIA}>")
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("Asked, no answer yet")).to_be_visible()
    address = page.locator("#poll-address")
    shared = (
        address.input_value() if address.evaluate("e => 'value' in e") else address.inner_text()
    )
    gia.follow(GIA, "/polls/")
    votes(gia.page, ("No", "Yes"))
    anna.page.goto(shared)
    votes(anna.page, ("If need be", "Yes"))
    page.reload()
    expect(page.get_by_text("2 people answered.")).to_be_visible()
    suits = page.locator("article", has_text="Suits most")
    expect(suits).to_contain_text("2 Jun 2049")
    suits.get_by_role("button", name="Make it a draft event").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the event")
    seminar.slug = page.url.split("/events/")[1].split("/")[0]
    gia.page.reload()
    expect(gia.page.get_by_text("This poll is closed.")).to_be_visible()


def votes(page: Page, said: tuple[str, ...]) -> None:
    """Answer to each date in turn."""
    groups = page.locator("form.votes fieldset fieldset, form.votes .field:has(input[type=radio])")
    for number, answer in enumerate(said):
        groups.nth(number).get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="Save my answer").click()
    expect(page.get_by_text("You have answered, and can change it.")).to_be_visible()


def it_is_published(seminar: Seminar) -> None:
    """The draft becomes two weekly dates in a room with one seat, and online."""
    page = seminar.people["olga"].page
    visitor = httpx.get(f"{seminar.hub.url}{seminar.page}", headers={"accept": "text/html"})
    assert visitor.status_code == 404
    page.get_by_label("Every week").check()
    page.get_by_label("Number of times").fill("2")
    page.get_by_label("How do people take part?").select_option("hybrid")
    page.locator("[name=location]").fill("Blue hall, Ghent")
    page.get_by_label("Address of the online meeting").fill(VIDEO)
    page.get_by_text("Seats in person and online, and how free seats are given").click()
    page.locator("[name=capacity_onsite]").fill("1")
    page.locator("[name=capacity_online]").fill("5")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    seminar.mail(BOSS, f"Published: {TITLE}")
    listed = seminar.people["gia"]
    listed.open("/events")
    listed.page.get_by_role("link", name=TITLE).first.click()
    expect(listed.page.get_by_role("link", name="Register", exact=True)).to_be_visible()


def a_question_is_asked(seminar: Seminar) -> None:
    """Everybody who registers must answer it."""
    olga = seminar.people["olga"]
    olga.open(f"{seminar.desk}/registration")
    olga.page.get_by_text("Ask something").click()
    olga.page.get_by_label("The question").fill("What do you want to learn?")
    olga.page.get_by_label("It must be answered").check()
    olga.page.get_by_role("button", name="Add the question").click()
    expect(olga.page.locator(".rows .title", has_text="What do you want to learn?")).to_be_visible()


def it_fills(seminar: Seminar) -> None:
    """Dora has the one seat in the room, Gia one online, and Anna waits for Dora's."""
    dora, gia, anna = (seminar.people[name] for name in ("dora", "gia", "anna"))
    for walker, name, email, way in (
        (dora, "Dora Guest", DORA, "In person"),
        (gia, "Gia Guest", GIA, "Online"),
    ):
        registers(seminar, walker, way, name=name, email=email)
        walker.page.goto(
            seminar.link(email, f"Please confirm your seat: {TITLE}", "/registrations/")
        )
        walker.page.get_by_role("button", name="Confirm my seat").click()
        expect(walker.page.get_by_role("heading", level=1)).to_have_text("You have a seat")
        seminar.mail(email, f"You have a seat: {TITLE}")
    registers(seminar, anna, "In person")
    expect(anna.page.get_by_text("You are number 1 in line.")).to_be_visible()
    seminar.mail(ANNA, f"You are on the waitlist: {TITLE}")
    olga = seminar.people["olga"]
    olga.open(f"{seminar.desk}/registration")
    expect(olga.page.get_by_text("How to read a report")).to_have_count(3)


def registers(seminar: Seminar, walker: Walker, way: str, **who: str) -> None:
    """Fill in the form of the event; without an answer to its question it is refused."""
    walker.open(f"{seminar.page}/register")
    page = walker.page
    if who:
        page.get_by_label("Your name", exact=True).fill(who["name"])
        page.get_by_label("E-mail address", exact=True).fill(who["email"])
    page.get_by_label(way).check()
    send = page.locator("main form.form").get_by_role("button").last
    send.click()
    expect(page.locator(".error").first).to_be_visible()
    page.get_by_label("What do you want to learn?").fill("How to read a report")
    send.click()
    expect(page.get_by_label("What do you want to learn?")).to_have_count(0)


def a_seat_becomes_free(seminar: Seminar) -> None:
    """Dora cancels by her link, and Anna has the seat and a mail."""
    dora, anna = seminar.people["dora"], seminar.people["anna"]
    dora.page.get_by_role("button", name="Cancel my registration").click()
    expect(dora.page.get_by_text("Your seat is free for someone else.")).to_be_visible()
    seminar.mail(ANNA, f"A seat became free for you: {TITLE}")
    anna.open(seminar.page)
    expect(anna.page.get_by_text("You have a seat.")).to_be_visible()


def it_changes(seminar: Seminar) -> None:
    """A new title: those who come are told, and see what changed."""
    olga, anna = seminar.people["olga"], seminar.people["anna"]
    olga.open(f"{seminar.page}/edit")
    olga.page.get_by_label("What is it called?").fill(NEW_TITLE)
    olga.page.get_by_role("button", name="Save the changes").click()
    expect(olga.page.get_by_role("heading", level=1)).to_have_text(NEW_TITLE)
    for email in (ANNA, GIA):
        seminar.mail(email, f"Changed: {NEW_TITLE}")
    anna.page.reload()
    changes = anna.page.locator("#changes")
    expect(changes.locator("del")).to_have_text(TITLE)
    expect(changes.locator("ins")).to_have_text(NEW_TITLE)
    assert f"Changed: {NEW_TITLE}" not in seminar.subjects(DORA)


def people_are_reminded(seminar: Seminar) -> None:
    """The day before comes."""
    seminar.comes_near(timedelta(hours=23, minutes=50))
    for email in (ANNA, GIA):
        seminar.mail(email, f"Soon: {NEW_TITLE}")
    assert f"Soon: {NEW_TITLE}" not in seminar.subjects(DORA)


def people_come(seminar: Seminar) -> None:
    """Ten minutes before: Anna shows her code at the door, Gia comes in by the link in her mail."""
    olga, anna, gia = (seminar.people[name] for name in ("olga", "anna", "gia"))
    gia.page.goto(seminar.link(GIA, f"Soon: {NEW_TITLE}", "/registrations/"))
    gia.page.get_by_role("button", name="Join online").click()
    expect(gia.page.get_by_text("The way in opens 15 minutes before the start.")).to_be_visible()
    seminar.comes_near(timedelta(minutes=10))
    anna.open(seminar.page)
    anna.page.get_by_role("link", name="My code for the door").click()
    expect(anna.page.get_by_role("img", name="QR code for the door")).to_be_visible()
    code = anna.page.locator("code").inner_text()
    gia.page.goto(seminar.link(GIA, f"Soon: {NEW_TITLE}", "/registrations/"))
    gia.page.get_by_role("button", name="Join online").click()
    gia.page.get_by_role("link", name="Open the meeting").click()
    gia.page.wait_for_url(VIDEO)
    olga.open(f"/checkin/{code}")
    expect(olga.page.get_by_role("heading", level=1)).to_have_text("Anna Citizen")
    olga.page.get_by_role("button", name="Check in").click()
    expect(olga.page.get_by_text("Checked in").first).to_be_visible()
    olga.open(f"{seminar.desk}/attendance")
    expect(olga.page.get_by_text("2 of 2 came").first).to_be_visible()
    expect(row(olga.page, "Anna Citizen")).to_contain_text("At the door")
    expect(row(olga.page, "Gia Guest")).to_contain_text("Online")


def row(page: Page, name: str) -> Locator:
    """The row of a list that speaks of somebody."""
    return page.locator(".rows li", has_text=name)


def materials_are_left(seminar: Seminar) -> None:
    """The first date is over: Olga leaves slides, and those who had a seat find them."""
    olga, anna = seminar.people["olga"], seminar.people["anna"]
    seminar.comes_near(-LENGTH - timedelta(minutes=1))
    olga.open(f"{seminar.desk}/materials")
    olga.page.get_by_label("What is it called?").fill("Slides")
    olga.page.get_by_label("Or the address where it is").fill(SLIDES)
    olga.page.get_by_role("button", name="Add", exact=True).click()
    olga.page.get_by_role("button", name="Tell everybody with a seat").click()
    for email in (ANNA, GIA):
        seminar.mail(email, f"Materials are there: {NEW_TITLE}")
    anna.open(seminar.page)
    anna.page.get_by_role("link", name="Materials").click()
    expect(anna.page.get_by_role("link", name="Slides")).to_have_attribute("href", SLIDES)
    gia = seminar.people["gia"]
    gia.page.goto(seminar.link(GIA, f"Materials are there: {NEW_TITLE}", "/registrations/"))
    gia.page.get_by_role("link", name="Materials").click()
    expect(gia.page.get_by_role("link", name="Slides")).to_have_attribute("href", SLIDES)


def a_date_is_called_off(seminar: Seminar) -> None:
    """The second date does not take place; whoever has a seat is told, and calendars follow."""
    olga, anna = seminar.people["olga"], seminar.people["anna"]
    olga.open(f"{seminar.page}/dates")
    expect(olga.page.locator(".rows li").first).to_contain_text("Over")
    olga.page.locator(".rows li").nth(1).get_by_role("link", name="Change").click()
    olga.page.get_by_text("Call this date off").click()
    olga.page.get_by_label("Yes, it will not take place; tell everybody registered").check()
    olga.page.get_by_role("button", name="Call the date off").click()
    expect(olga.page.locator(".rows li").nth(1)).to_contain_text("Does not take place")
    for email in (ANNA, GIA):
        seminar.mail(email, f"One date does not take place: {NEW_TITLE}")
    assert f"One date does not take place: {NEW_TITLE}" not in seminar.subjects(DORA)
    assert eventually(lambda: called_off(seminar)), httpx.get(
        f"{seminar.hub.url}{seminar.page}.ics"
    ).text
    anna.open("/inbox")
    expect(anna.page.get_by_text("One date does not take place").first).to_be_visible()


def called_off(seminar: Seminar) -> bool:
    """Whether the event's feed says that its second date does not take place."""
    feed = httpx.get(f"{seminar.hub.url}{seminar.page}.ics")
    events = icalendar.Calendar.from_ical(feed.content).walk("VEVENT")
    return any("EXDATE" in each or each.get("STATUS") == "CANCELLED" for each in events)


def people_say_how_it_was(seminar: Seminar) -> None:
    """With its last date over the seminar is, too: both are asked, and Olga reads what they say."""
    olga, anna, gia = (seminar.people[name] for name in ("olga", "anna", "gia"))
    seminar.mail(ANNA, f"How was it? {NEW_TITLE}")
    gia.page.goto(seminar.link(GIA, f"How was it? {NEW_TITLE}", "/registrations/"))
    gia.page.get_by_role("link", name="Say how it was").click()
    anna.open(seminar.page)
    anna.page.get_by_role("link", name="Say how it was").click()
    for walker, rating, text in ((gia, 4, "Clear."), (anna, 2, "Too fast.")):
        walker.page.locator(f"input[name=rating][value='{rating}']").check()
        walker.page.get_by_label("What was good, what could be better?").fill(text)
        walker.page.get_by_role("button", name="Send").click()
        expect(walker.page.get_by_text("Thank you for saying how it was.").first).to_be_visible()
    olga.open(f"{seminar.desk}/feedback")
    said = "2 of 2 people answered; on average 3.0 of 5."
    expect(olga.page.get_by_text(said)).to_be_visible()
    main = olga.page.locator("main")
    expect(main).to_contain_text("Clear.")
    expect(main).to_contain_text("Too fast.")
    expect(main).not_to_contain_text("Anna")
    expect(main).not_to_contain_text("Gia")
