"""What a page asks of the services: as much for many things as for few, and at the same time."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Engine, event

from hub import app as gateway
from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of

FEW, MANY = 3, 30
DELAY = 0.2
LOADS = 3
PAGES = (
    "/", "/events", "/events/{event}", "/posts", "/posts/{post}", "/demo-cases",
    "/demo-cases/{project}", "/organisations", "/people", "/inbox", "/me",
)  # fmt: skip
STAGES = {"/": 1, "/events": 1, "/events/{event}": 2, "/posts": 1, "/me": 1}
"""How often a page waits: once for all it can ask at once, once more for what it then knows of."""


class Filled:
    """A hub whose lists can be made longer, and a member who sees all of them."""

    def __init__(self, data_dir: Path) -> None:
        self.hub = WholeHub(data_dir)
        self.hub.admin("olga@example.org", "Olga Organiser")
        self.olga = Browser(self.hub)
        self.olga.sign_in("olga@example.org")
        self.nora = Browser(self.hub).join("Nora Many", "nora@example.org", matchmaking="yes")
        self.slugs: dict[str, str] = {}
        self._made = 0

    def path(self, page: str) -> str:
        """The address of a page; things are the first of their kind."""
        return page.format_map(self.slugs)

    def fill(self, number: int) -> None:
        """Have so many of everything, and wait until all has been heard of everywhere."""
        for made in range(self._made, number):
            Browser(self.hub).join(
                f"Member {made}",
                f"member{made}@example.org",
                organisation_name=f"Works {made}",
                expertise_offered="genomics",
                matchmaking="yes",
            )
            seminar = {**SEMINAR, "title": f"Seminar {made}", "capacity": "100"}
            self.nora.post(self._new("/events/new", "event", **seminar) + "/register")
            Browser(self.hub).post(
                f"/events/{self.slugs['event']}/register",
                name=f"Guest {made}",
                email=f"guest{made}@example.org",
            )
            post = {"kind": "question", "audience": "public", "body": "Who?", "topics": "genomics"}
            self._new("/posts/new", "post", title=f"Post {made}", **post)
            case = {"required_terms": "genomics", "challenge": "Much.", "region_code": "BE10"}
            self._new("/demo-cases/new", "project", title=f"Project {made}", **case)
        self._made = number
        before: list[int] = []
        while before != (now := [len(self.nora.get(self.path(page)).text) for page in PAGES]):
            before = now
            time.sleep(0.5)

    def _new(self, path: str, thing: str, /, **form: str) -> str:
        answer = self.olga.post(path, **form)
        assert answer.status_code == 303, answer.text
        location: str = answer.headers["location"]
        self.slugs.setdefault(thing, location.rpartition("/")[2])
        return location


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A hub with few things."""
    made = Filled(tmp_path_factory.mktemp("filled"))
    made.fill(FEW)
    yield made
    made.hub.close()


def counted(hub: WholeHub, browser: Browser, path: str) -> Counter[str]:
    """Calls and SQL statements of a page by service, without those of the hub's own threads."""
    counts: Counter[str] = Counter()

    def count(connection: Connection, *_: Any) -> None:
        thread = threading.current_thread()
        if thread is threading.main_thread() or thread.name.startswith("AnyIO"):
            counts[f"{Path(connection.engine.url.database or '').stem} statements"] += 1

    hub.calls.clear()
    event.listen(Engine, "before_cursor_execute", count)
    try:
        browser.get(path)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    counts.update({f"{name} calls": number for name, number in hub.calls.items()})
    return counts


def asked(filled: Filled) -> dict[str, dict[str, int]]:
    """What each page asks, as a member and as an organiser, once what can be kept is kept."""
    found = {}
    for who, browser in (("member", filled.nora), ("organiser", filled.olga)):
        for page in PAGES:
            path = filled.path(page)
            assert browser.get(path).status_code == 200, path
            # Twice, for what is kept for a while may be asked anew in between.
            counts = min((counted(filled.hub, browser, path) for _ in range(2)), key=Counter.total)
            found[f"{who}: {page}"] = dict(sorted(counts.items()))
    return found


def test_pages_ask_as_much_for_many_things_as_for_few(filled: Filled) -> None:
    few = asked(filled)
    filled.fill(MANY)
    assert asked(filled) == few
    assert text_of(filled.nora.get("/events")).count("Seminar ") > 2 * FEW


def test_pages_ask_something(filled: Filled) -> None:
    for page, counts in asked(filled).items():
        services = {name.split()[0] for name in counts}
        assert services, page
        assert all(f"{name} statements" in counts for name in services), (page, counts)


@pytest.mark.parametrize("page", STAGES)
def test_services_are_asked_at_the_same_time(filled: Filled, page: str) -> None:
    clients = filled.hub.clients_to(*filled.hub.services)
    calls: list[str] = []

    async def delay(request: httpx.Request) -> None:
        calls.append(f"{request.url.host} {request.url.path}")
        await asyncio.sleep(DELAY)

    for client in clients.all:
        client.http.event_hooks["request"].append(delay)
    slow = Browser(filled.hub, gateway.create(filled.hub.settings, clients))
    slow.http.cookies = filled.nora.http.cookies
    path = filled.path(page)
    assert slow.get(path).status_code == 200
    calls.clear()
    took = []
    for _ in range(LOADS):
        started = time.perf_counter()
        slow.get(path)
        took.append(time.perf_counter() - started)
    filled.hub.loop.run(clients.close())
    assert len(calls) > STAGES[page] * LOADS
    assert min(took) < DELAY * (STAGES[page] + 0.8), calls
