"""A whole hub in this process, reached through its gateway as a browser reaches it."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import BaseRoute

from hub import app as gateway
from hub.clients import HUB, Clients, ContactRef
from hub.compose import Runtime, create_services, open_log
from hub.settings import Settings
from services.kit.identity import Signer, private_key

ADDRESS = "http://127.0.0.1:8000"


class WholeHub:
    """Every service, relay and consumer at work, and the gateway in front."""

    def __init__(self, data_dir: Path, *, new: bool = False, smtp_url: str | None = None) -> None:
        """Somebody looks after it already unless it is `new`."""
        # Everybody in the tests comes from one address.
        self.settings = Settings(
            data_dir=data_dir, smtp_url=smtp_url, limit_mails=0, limit_secrets=0, limit_writes=0
        )
        self.services = create_services(self.settings)
        stores = {name: service.database for name, service in self.services.items()}
        self.runtime = Runtime(self.services, open_log(self.settings, stores), relay_poll=0.05)
        self.runtime.start()
        self.loop = asyncio.Runner()
        self.calls: Counter[str] = Counter()
        self.clients = self.clients_to(*self.services)
        feeds: Sequence[BaseRoute] = self.services["calendar"].app.state.feed_routes
        self.app = gateway.create(self.settings, self.clients, feeds)
        for client in self.clients.all:
            client.http.event_hooks["request"].append(self._count)
        if not new:
            self.admin("root@example.org", "Root")

    def clients_to(self, *names: str) -> Clients:
        """Clients that reach only the named services."""
        signer = Signer("gateway", private_key(self.settings.data_dir, "gateway"))
        return Clients(self.settings, signer, {name: self.services[name].app for name in names})

    def close(self) -> None:
        """Stop everything."""
        self.loop.run(self.clients.close())
        self.runtime.stop()
        self.loop.close()

    def admin(self, email: str, name: str) -> None:
        """Make an administrator."""
        body = {"email": email, "name": name}
        self.loop.run(self.clients.membership.send(ContactRef, "POST", "/admins", HUB, body))

    def mails(self, email: str) -> list[dict[str, Any]]:
        """Mails to an address, newest first."""
        answer = Browser(self).get("/dev/mailbox.json")
        return [mail for mail in answer.json() if mail["to"] == email]

    def link(self, email: str, part: str, *, known: Collection[str] = ()) -> httpx.URL:
        """The newest link of a kind mailed to an address, but for those `known`; waits for it."""
        return self.mail_with(email, part, known=known)[1]

    def mail_with(
        self, email: str, part: str, *, known: Collection[str] = ()
    ) -> tuple[dict[str, Any], httpx.URL]:
        """The same with the mail that it is in."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for mail in self.mails(email):
                for link in mail["links"]:
                    if part in link and link not in known:
                        return mail, httpx.URL(link)
            time.sleep(0.02)
        raise TimeoutError(f"no mail to {email} with {part}")

    async def _count(self, request: httpx.Request) -> None:
        # What the community is called is asked once in a while, by whichever page comes first.
        if request.url.path != "/community":
            self.calls[request.url.host] += 1


class Browser:
    """One person at a browser, with cookies, on any app of the hub."""

    def __init__(self, hub: WholeHub, app: FastAPI | None = None) -> None:
        self._hub = hub
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app or hub.app), base_url=ADDRESS
        )

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page; redirects are not followed."""
        return self.send("GET", path, **headers)

    def send(
        self, method: str, path: str, body: bytes | Sequence[bytes] = b"", /, **headers: str
    ) -> httpx.Response:
        """Any request, also in chunks; underscores in header names stand for hyphens."""

        async def chunks() -> AsyncIterator[bytes]:
            for chunk in body:
                assert isinstance(chunk, bytes)
                yield chunk

        content = body if isinstance(body, bytes) else chunks()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._hub.loop.run(self.http.request(method, path, content=content, headers=named))

    def post(self, path: str, /, **form: str | list[str]) -> httpx.Response:
        """Send a form as a browser does from a page of the hub."""
        headers = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}
        return self._hub.loop.run(self.http.post(path, data=form, headers=headers))

    def join(self, name: str, email: str, **form: str | list[str]) -> "Browser":
        """Become a member and be signed in."""
        given = {
            "name": name,
            "email": email,
            "helix_side": "citizen",
            "region_code": "BE10",
            "language": "en",
            "time_zone": "Europe/London",
            "terms": "yes",
            "directory": "yes",
        }
        answer = self.post("/join", **{**given, **form})
        assert answer.status_code == 200, text_of(answer)
        link = self._hub.link(email, "/confirm")
        assert self.post("/confirm", secret=link.params["secret"]).status_code == 303
        return self

    def sign_in(self, email: str, next: str = "/") -> httpx.Response:
        """Sign in by mail."""
        link, _code = self.ask(email, next)
        return self.post("/sign-in/use", secret=link.params["secret"])

    def ask(self, email: str, next: str = "/", path: str = "/sign-in") -> tuple[httpx.URL, str]:
        """Ask for a sign-in mail; its link and its code."""
        known = {link for mail in self._hub.mails(email) for link in mail["links"]}
        assert self.post(path, email=email, next=next).status_code == 200
        mail, link = self._hub.mail_with(email, "/sign-in/use", known=known)
        found = re.search(r"\b\d{6}\b", mail["text"].replace(str(link), ""))
        assert found, mail["text"]
        return link, found[0]


def text_of(answer: httpx.Response) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


SEMINAR = {
    "kind": "seminar",
    "mode": "online",
    "title": "Genomic data for everyday care",
    "starts_local": "2050-12-01T14:00",
    "ends_local": "2050-12-01T15:30",
    "time_zone": "Europe/Brussels",
    "repeats": "no",
    "capacity": "1",
    "join_url": "https://meet.example.org/abc",
    "topics": "genomics, data sharing",
}
