"""People who use the hub through its pages, and what they find in their mail and calendar."""

import re
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import httpx
import icalendar

T = TypeVar("T")


def eventually(look: Callable[[], T], *, limit: float = 30.0) -> T:
    """What `look` gives once it is true; the last answer when it never is."""
    deadline = time.monotonic() + limit
    while True:
        found = look()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


class Mailbox:
    """The mails the hub has sent, oldest first."""

    def __init__(self, url: str) -> None:
        self._url = url

    def all(self) -> list[dict[str, Any]]:
        """Every mail."""
        answer = httpx.get(f"{self._url}/dev/mailbox.json", timeout=30)
        assert answer.status_code == 200, answer.text
        mails: list[dict[str, Any]] = answer.json()
        return mails[::-1]

    def to(self, email: str) -> list[dict[str, Any]]:
        """Every mail to one address."""
        return [mail for mail in self.all() if email in mail["to"]]

    def wait_for_link(self, email: str, path: str, number: int) -> str:
        """The link to a path in the numbered mail (from 1) to an address that has one."""

        def links() -> list[str]:
            return [link for mail in self.to(email) for link in mail["links"] if path in link]

        found = eventually(lambda: len(set(links())) >= number and list(dict.fromkeys(links())))
        assert found, f"{email} did not get link {number} to {path}: {links()}"
        return found[number - 1]

    def wait_for(self, email: str, number: int) -> dict[str, Any]:
        """The numbered mail (from 1) to an address."""
        found = eventually(lambda: len(self.to(email)) >= number and self.to(email))
        assert found, f"{email} did not get mail {number}: {[m['subject'] for m in self.to(email)]}"
        return found[number - 1]


class Person:
    """One person with a browser of their own."""

    opened: ClassVar[list["Person"]] = []
    """Whose browsers are open; a fixture closes them."""

    def __init__(self, url: str, name: str, email: str) -> None:
        self.name = name
        self.email = email
        self.mailbox = Mailbox(url)
        self._sign_ins = 0
        self.opened.append(self)
        self.browser = httpx.Client(
            base_url=url, headers={"origin": url, "accept": "text/html"}, timeout=30
        )

    def get(self, path: str, status: int = 200) -> str:
        """A page's text."""
        answer = self.browser.get(path, follow_redirects=True)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text}"
        return answer.text

    def post(self, path: str, *, status: int = 303, **form: str | list[str]) -> httpx.Response:
        """Send a form."""
        answer = self.browser.post(path, data=form)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text}"
        return answer

    def join(self, *, side: str, region: str, consents: tuple[str, ...] = (), **more: str) -> None:
        """Fill in the join form."""
        form = {
            "name": self.name,
            "email": self.email,
            "helix_side": side,
            "region_code": region,
            "language": "en",
            "time_zone": "Europe/Brussels",
            "terms": "on",
            **dict.fromkeys(consents, "on"),
            **more,
        }
        answer = self.browser.post("/join", data=form)
        assert answer.status_code == 200, answer.text

    def use_link(self, path: str, number: int = 1) -> httpx.Response:
        """Open the numbered link to a path that came by mail and press its button."""
        address = httpx.URL(self.mailbox.wait_for_link(self.email, path, number))
        self.get(str(address.raw_path, "ascii"))
        return self.post(path, secret=address.params["secret"])

    def sign_in(self) -> None:
        """Ask for a sign-in link and use it."""
        self._sign_ins += 1
        self.post("/sign-in", status=200, email=self.email, next="/")
        self.use_link("/sign-in/use", self._sign_ins)

    def member(self, **form: Any) -> "Person":
        """Join, confirm, and be signed in."""
        self.join(**form)
        self.use_link("/confirm")
        return self

    def publish(self, **form: str) -> str:
        """Publish an event; its slug."""
        answer = self.post("/events/new", status=303, **form)
        return slug_in(answer, "events")

    def registrations(self) -> list[str]:
        """Paths of the cancel buttons on the own page."""
        return re.findall(r'action="(/me/registrations/[^"]+/cancel)"', self.get("/me"))

    def new_feed(self) -> str:
        """Path of a new secret calendar address."""
        answer = self.browser.post(
            "/me/calendar", data={"label": "My phone"}, follow_redirects=True
        )
        assert answer.status_code == 200, answer.text
        found = re.search(r"/feeds/private/[A-Za-z0-9_-]+\.ics", answer.text)
        assert found, answer.text
        return found[0]

    def notices(self) -> str:
        """The inbox page."""
        return self.get("/inbox")


def slug_in(answer: httpx.Response, noun: str) -> str:
    """The slug a redirect leads to."""
    found = re.search(rf"/{noun}/([a-z0-9-]+)", answer.headers["location"])
    assert found, answer.headers["location"]
    return found[1]


def feed(url: str, path: str) -> tuple[bytes, dict[str, Any]]:
    """A feed's bytes and its events by summary.

    The same bytes on two requests and 304 on a third, once no news is under way any more.
    """
    first, second = (httpx.get(url + path, timeout=30) for _ in range(2))
    while first.headers["etag"] != second.headers["etag"]:
        first, second = second, httpx.get(url + path, timeout=30)
    assert (first.status_code, first.content) == (200, second.content)
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    tag = {"if-none-match": first.headers["etag"]}
    third = httpx.get(url + path, headers=tag, timeout=30)
    if third.status_code != 304:
        return feed(url, path)
    assert third.content == b""
    calendar = icalendar.Calendar.from_ical(first.content)
    return first.content, {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
