"""The path as a person walks it in a browser: reads labels, presses buttons, opens mails."""

from playwright.sync_api import Page, expect

from tests.flows.people import Mailbox
from tests.hubs import RunningHub

BOSS = "boss@example.org"


class Walker:
    """One person in one browser page; optionally photographed at every stop."""

    def __init__(self, hub: RunningHub, page: Page) -> None:
        self.hub = hub
        self.page = page
        self.mails = Mailbox(hub.url)

    def open(self, path: str) -> None:
        """Go to a page of the hub."""
        answer = self.page.goto(self.hub.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def join(self, name: str, email: str, side: str, *consents: str) -> None:
        """Fill in the join form and use the link in the mail."""
        self.open("/join")
        self.page.get_by_role("link", name=side).click()
        self.page.get_by_label("Your name", exact=True).fill(name)
        self.page.get_by_label("E-mail address", exact=True).fill(email)
        place = self.page.get_by_label("Town or region")
        if place.evaluate("field => field.tagName") == "SELECT":
            place.select_option("BE23")
        else:
            place.press_sequentially("Gent", delay=20)
            self.page.get_by_role("option", name="East Flanders").click()
        if not side.startswith("Citizen"):
            self.page.get_by_label("I know about").fill("genomics, clinical trials")
        self.page.get_by_label("I agree to the rules").check()
        for consent in consents:
            self.page.get_by_label(consent).check()
        self.page.get_by_role("button", name="Join").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("look into your mail")
        self.follow(email, "/confirm")
        self.page.get_by_role("button", name="Activate my account").click()
        expect(self.page.get_by_role("status").or_(self.page.locator(".flash"))).to_be_visible()

    def sign_in(self, email: str, number: int = 1) -> None:
        """Ask for a sign-in link, the numbered one of theirs (from 1), and use it."""
        self.open("/sign-in")
        self.page.get_by_label("E-mail address", exact=True).fill(email)
        self.page.locator("main").get_by_role("button").first.click()
        self.follow(email, "/sign-in/use", number)
        self.page.get_by_role("button", name="Sign me in").click()

    def follow(self, email: str, path: str, number: int = 1) -> None:
        """Open the numbered link (from 1) to a path that came by mail."""
        self.page.goto(self.mails.wait_for_link(email, path, number))

    def publish_seminar(self, title: str, seats: int) -> None:
        """Fill in the event form."""
        self.open("/events/new")
        self.page.get_by_label("What is it called?").fill(title)
        self.page.get_by_label("Start", exact=True).fill("2027-02-02T14:00")
        self.page.get_by_label("End", exact=True).fill("2027-02-02T15:30")
        self.page.get_by_label("Address of the online meeting").fill("https://video.example/room")
        self.page.get_by_label("Number of seats").fill(str(seats))
        self.page.get_by_role("button", name="Publish the event").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def register(self, title: str) -> None:
        """Find the event and press its button."""
        self.open("/events")
        self.page.get_by_role("link", name=title).first.click()
        seat = self.page.get_by_role("button", name="Register me")
        seat.or_(self.page.get_by_role("button", name="Put me on the waitlist")).click()

    def register_as_guest(self, title: str, name: str, email: str) -> None:
        """Find the event and register without an account."""
        self.open("/events")
        self.page.get_by_role("link", name=title).first.click()
        self.page.get_by_label("Your name", exact=True).fill(name)
        self.page.get_by_label("E-mail address", exact=True).fill(email)
        self.page.get_by_role("button", name="Put me on the waitlist").click()
