import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from starlette.requests import Request

from events.catalogue.scheduling import GatheringState
from events.envelope import new_id
from events.log import EventLog, Reader, Record, Subscription
from hub import app as gateway
from hub.clients import GatheringRead
from hub.live import Listener, Live
from services.kit.audience import MEMBERS, PUBLIC
from services.kit.identity import Identity
from tests.hub.gateway import Browser, WholeHub
from tests.hub.streams import OpenGateway, Stream, until

QUIET = 0.4
"""Seconds in which somebody who must not hear has heard nothing."""
ORDER = {
    "title": "Data for care",
    "starts_local": "2050-12-01T14:00",
    "ends_local": "2050-12-01T15:30",
    "time_zone": "Europe/Brussels",
    "capacity": 50,
    "join_url": "https://meet.example.org/abc",
}

Open = Callable[..., Stream]


@pytest.fixture
def opened(hub: WholeHub) -> Iterator[OpenGateway]:
    """The hub's gateway on a socket."""
    app = gateway.create(hub.settings, hub.clients, [])
    with OpenGateway(app, hub.runtime.log) as running:
        yield running


@pytest.fixture
def listen(opened: OpenGateway) -> Iterator[Open]:
    """Opens pages; they are closed after the test."""
    streams: list[Stream] = []

    def one(about: str, browser: Browser | None = None) -> Stream:
        streams.append(Stream(opened.port, about, browser.http.cookies if browser else None))
        return streams[-1]

    yield one
    for stream in streams:
        stream.close()


@pytest.fixture(scope="module")
def bert(hub: WholeHub) -> Browser:
    """A member who has nothing to do with the others."""
    return Browser(hub).join("Bert Business", "bert-live@example.org")


@pytest.fixture(scope="module")
def organiser(hub: WholeHub, olga: Browser) -> Identity:
    """Olga as services see her."""
    found = hub.loop.run(hub.clients.membership.session(olga.http.cookies["hub_session"]))
    return Identity(found.contact_id, tuple(found.roles))


def gathering(hub: WholeHub, organiser: Identity, **more: Any) -> str:
    order = {**ORDER, **more}
    return hub.loop.run(hub.clients.scheduling.create(order, organiser)).id


def change(hub: WholeHub, id: str, organiser: Identity, title: str) -> None:
    hub.loop.run(hub.clients.scheduling.update(id, {"summary": title}, organiser))


def publish(hub: WholeHub, id: str, organiser: Identity) -> None:
    path = f"/gatherings/{id}/publish"
    hub.loop.run(hub.clients.scheduling.send(GatheringRead, "POST", path, organiser))


def seat(hub: WholeHub, id: str, member: Browser) -> None:
    found = hub.loop.run(hub.clients.membership.session(member.http.cookies["hub_session"]))
    identity = Identity(found.contact_id, tuple(found.roles))
    hub.loop.run(hub.clients.scheduling.register(id, identity))


def test_new_notice_reaches_its_member_and_nobody_else(
    hub: WholeHub, listen: Open, anna: Browser, bert: Browser, organiser: Identity
) -> None:
    id = gathering(hub, organiser)
    hers, his = listen("inbox", anna), listen("inbox", bert)
    seat(hub, id, anna)
    assert hers.hears("inbox")
    time.sleep(QUIET)
    assert his.hears()


def test_visitor_who_asks_for_an_inbox_is_told_not_to_come_again(listen: Open) -> None:
    assert listen("inbox").answer.status_code == 204


def test_registration_changes_the_gathering_for_all_who_look_at_it(
    hub: WholeHub, listen: Open, anna: Browser, organiser: Identity
) -> None:
    id, other = gathering(hub, organiser), gathering(hub, organiser)
    visitor, elsewhere = listen(f"gathering:{id}"), listen(f"gathering:{other} inbox")
    seat(hub, id, anna)
    assert visitor.hears(f"gathering:{id}")
    time.sleep(QUIET)
    assert elsewhere.hears()


def test_stream_says_how_it_is_to_be_treated(
    hub: WholeHub, listen: Open, organiser: Identity
) -> None:
    stream = listen(f"gathering:{gathering(hub, organiser)}")
    headers = stream.answer.headers
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    retry = next(line for line in stream.lines if line.startswith("retry: "))
    assert 2000 <= int(retry.removeprefix("retry: ")) <= 5000


def test_draft_is_told_to_its_organiser_alone_until_it_is_published(
    hub: WholeHub, listen: Open, anna: Browser, olga: Browser, organiser: Identity
) -> None:
    id = gathering(hub, organiser, draft=True)
    about = f"gathering:{id}"
    hers, member, visitor = listen(about, olga), listen(about, anna), listen(about)
    change(hub, id, organiser, "Better words")
    assert hers.hears(about)
    time.sleep(QUIET)
    assert member.hears()
    assert visitor.hears()
    publish(hub, id, organiser)
    assert visitor.hears(about)
    assert member.hears(about)


def test_audience_decides_who_hears_and_who_loses_sight_is_told_once() -> None:
    listener = Listener({"gathering:1": "gathering:1"}, None)
    listener.hear("gathering:1", MEMBERS)
    listener.hear("gathering:1", None)
    assert listener.take() == ()
    listener.hear("gathering:1", PUBLIC)
    assert listener.take() == ("gathering:1",)
    listener.hear("gathering:1", MEMBERS)
    assert listener.take() == ("gathering:1",)
    listener.hear("gathering:1", MEMBERS)
    listener.hear("gathering:1", None)
    assert listener.take() == ()


def test_revoked_session_is_cut_off_at_once(
    hub: WholeHub, listen: Open, anna: Browser, organiser: Identity
) -> None:
    leaving = Browser(hub).join("Lena Leaving", "lena-live@example.org")
    about = f"inbox gathering:{gathering(hub, organiser)}"
    gone, stays = listen(about, leaving), listen(about, anna)
    hub.loop.run(hub.clients.membership.revoke_session(leaving.http.cookies["hub_session"]))
    assert gone.ended.wait(1)
    assert not stays.ended.is_set()
    assert listen("inbox", leaving).answer.status_code == 204


def test_session_ended_from_another_browser_is_cut_off_at_once(hub: WholeHub, listen: Open) -> None:
    afar = Browser(hub).join("Lea Afar", "lea-live@example.org")
    here = Browser(hub)
    here.sign_in("lea-live@example.org")
    gone, stays = listen("inbox", afar), listen("inbox", here)
    assert here.post("/me/security/end-others").status_code == 303
    assert gone.ended.wait(1)
    assert not stays.ended.is_set()
    assert afar.get("/me").status_code == 303


@pytest.mark.parametrize(
    "about",
    [
        "",
        "about=",
        "about=nonsense",
        "about=inbox:someone",
        "about=gathering:",
        "about=gathering:1",
        "about=gathering:00000000-0000-7000-8000-00000000000G",
        "about=gathering:00000000-0000-7000-8000-000000000000%0A",
        "about=inbox&about=%00",
        "&".join(["about=inbox"] * 21),
    ],
)
def test_bad_subject_is_refused(anna: Browser, about: str) -> None:
    assert anna.get(f"/live?{about}").status_code == 422


def test_two_hundred_pages_all_hear_and_are_forgotten_when_they_close(
    hub: WholeHub, opened: OpenGateway, anna: Browser, organiser: Identity
) -> None:
    id = gathering(hub, organiser)
    request = f"GET /live?about=gathering:{id} HTTP/1.1\r\nhost: hub\r\n\r\n".encode()
    listening = threading.Barrier(2)

    async def page(ready: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", opened.port)
        writer.write(request)
        await reader.readuntil(b": listening")
        ready.release()
        await reader.readuntil(f"data: gathering:{id}".encode())
        writer.close()
        await writer.wait_closed()

    async def all_pages() -> None:
        ready = asyncio.Semaphore(0)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(200):
                tasks.create_task(page(ready))
            for _ in range(200):
                await ready.acquire()
            await asyncio.to_thread(listening.wait)

    def audience() -> None:
        asyncio.run(asyncio.wait_for(all_pages(), 20))

    thread = threading.Thread(target=audience)
    thread.start()
    listening.wait(20)
    assert len(opened.live) == 200
    began = time.monotonic()
    seat(hub, id, anna)
    thread.join()
    assert time.monotonic() - began < 5
    assert until(lambda: len(opened.live) == 0)


def test_session_that_ends_while_a_page_comes_is_found_out(hub: WholeHub) -> None:
    browser = Browser(hub).join("Rita Race", "rita-live@example.org")
    secret = browser.http.cookies["hub_session"]
    cookie = f"hub_session={secret}".encode()
    request = Request({"type": "http", "headers": [(b"cookie", cookie)]})
    app = gateway.create(hub.settings, hub.clients, [])
    live: Live = app.state.live

    async def come() -> bool:
        person = await app.state.sessions.person(request)
        await hub.clients.membership.revoke_session(secret)
        app.state.sessions.drop(person.session_id)
        listener = live.join(["inbox"], person)
        await live.admit(listener, request, person)
        return listener.over

    assert hub.loop.run(come())


def test_silence_is_broken_by_a_sign_of_life_until_the_page_must_come_again(
    hub: WholeHub, listen: Open, organiser: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.live.HEARTBEAT", 0.1)
    monkeypatch.setattr("hub.live.LASTS", 0.5)
    stream = listen(f"gathering:{gathering(hub, organiser)}")
    assert stream.ended.wait(2)
    assert 3 <= stream.lines.count(": ping") <= 6
    assert stream.told == []


def test_rush_is_told_once_a_second(hub: WholeHub, listen: Open, organiser: Identity) -> None:
    id = gathering(hub, organiser)
    stream = listen(f"gathering:{id}")
    for number in range(20):
        change(hub, id, organiser, f"Words {number}")
    time.sleep(1.3)
    assert 1 <= len(stream.told) <= 3


def test_listeners_beyond_the_most_are_refused(hub: WholeHub, organiser: Identity) -> None:
    app = gateway.create(hub.settings, hub.clients, [])
    app.state.live = Live(app.state.sessions, hub.clients, most=1)
    about = f"gathering:{gathering(hub, organiser)}"
    with OpenGateway(app, hub.runtime.log) as opened:
        first = Stream(opened.port, about)
        second = Stream(opened.port, about)
        assert (first.answer.status_code, second.answer.status_code) == (200, 503)
        second.close()
        first.close()
        assert until(lambda: len(opened.live) == 0)
        third = Stream(opened.port, about)
        assert third.answer.status_code == 200
        third.close()


def test_open_pages_do_not_hold_up_the_end_of_the_process(
    hub: WholeHub, organiser: Identity
) -> None:
    app = gateway.create(hub.settings, hub.clients, [])
    with OpenGateway(app, hub.runtime.log) as opened:
        streams = [Stream(opened.port, f"gathering:{gathering(hub, organiser)}") for _ in range(3)]
        assert opened.stop() < 2
        assert all(stream.ended.wait(1) for stream in streams)
        for stream in streams:
            stream.close()


class BreakingLog:
    """The hub's log, whose readers break once when they are told to."""

    def __init__(self, real: EventLog) -> None:
        self._real = real
        self.breaks = threading.Event()
        self.begun = 0

    def tail(self, subscriptions: frozenset[Subscription]) -> "BreakingReader":
        self.begun += 1
        return BreakingReader(self._real.tail(subscriptions), self.breaks)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class BreakingReader:
    def __init__(self, real: Reader, breaks: threading.Event) -> None:
        self._real = real
        self._breaks = breaks

    def poll(self, timeout: float) -> Sequence[Record]:
        if self._breaks.is_set():
            self._breaks.clear()
            raise OSError("the connection is gone")
        return self._real.poll(timeout)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def test_after_a_gap_nothing_known_before_is_trusted(
    hub: WholeHub, bert: Browser, organiser: Identity
) -> None:
    app = gateway.create(hub.settings, hub.clients, [])
    missed = threading.Event()
    seen: list[str] = []
    app.state.live.listen(
        GatheringState, lambda envelope: seen.append(envelope.subject), missed=missed.set
    )
    event_log = BreakingLog(hub.runtime.log)
    with OpenGateway(app, event_log) as opened:
        assert missed.wait(5)
        id = gathering(hub, organiser)
        assert until(lambda: seen == [id])
        about = f"inbox gathering:{id}"
        before = Stream(opened.port, about, bert.http.cookies)
        missed.clear()
        event_log.breaks.set()
        assert before.ended.wait(5)
        assert missed.wait(5)
        assert event_log.begun == 2
        after = Stream(opened.port, about, bert.http.cookies)
        change(hub, id, organiser, "After the gap")
        assert after.hears(f"gathering:{id}")
        for stream in (before, after):
            stream.close()


def test_unknown_gathering_is_nothing_to_hear_of(listen: Open) -> None:
    stream = listen(f"gathering:{new_id()}")
    assert stream.answer.status_code == 200
    assert stream.hears(within=0)
