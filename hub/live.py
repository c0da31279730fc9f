"""What open pages hear: that something they show has changed, never what it is now.

A page listens to `/live?about=gathering:ID&about=inbox` (server-sent events of the HTML standard)
and fetches the blocks named by `refetch` anew, as whoever it is by then.
"""

import asyncio
import random
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import StringConstraints

from events.catalogue.membership import SessionRevoked
from events.catalogue.notification import MessageDelivered
from events.catalogue.scheduling import (
    GatheringState,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationWaitlisted,
    WaitlistPromoted,
)
from events.envelope import CATALOGUE, STREAMS, Envelope, Event
from events.log import EventLog, Record, subscriptions_of
from hub.clients import Clients
from hub.sessions import Person, Sessions, Visitor, identity_of
from services.kit.audience import may_see
from services.kit.errors import HubError
from services.kit.language import N_

HEARTBEAT = 15.0
"""Seconds of silence after which a sign of life is sent, so that proxies keep the stream."""
PAUSE = 1.0
"""Seconds between two news to one page: a rush for seats is told once a second."""
LASTS = 3600.0
"""Seconds after which a page must come again, and prove again who it is."""
RETRY = (2000, 5000)
"""Milliseconds until a page that lost its stream comes again: not all at the same moment."""
MOST_SUBJECTS = 20
MOST_LISTENERS = 5000

INBOX = "inbox"
NOBODY = ""
"""The audience of what is gone."""
SEATS = (
    RegistrationConfirmed,
    RegistrationWaitlisted,
    WaitlistPromoted,
    RegistrationCancelled,
)
"""What changes how many seats of a gathering are left; its own state does not say it."""

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)

Subject = Annotated[
    str,
    StringConstraints(pattern=r"^(inbox|gathering:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"),
]


class TooManyListeners(HubError):
    """This process has as many open streams as it can serve well."""

    status = 503
    title = N_("Live updates are busy")


class Listener:
    """One open page: what it is about, who looks at it, and what it has not been told yet."""

    def __init__(self, subjects: Mapping[str, str], person: Person | None) -> None:
        self.subjects = subjects
        """What the page calls each thing, by what Live calls it."""
        self.session_id = person.session_id if person else None
        self.sees: dict[str, bool] = {}
        """Whether this person may know of the thing, once that has been found out."""
        self._grants = identity_of(person).grants
        self._news: dict[str, None] = {}
        self._stirred = asyncio.Event()
        self._over = asyncio.Event()

    def hear(self, key: str, audience: str | None) -> None:
        """Something changed; with a new `audience`, those who lose sight of it are told too."""
        seen = self.sees.get(key, False)
        if audience is not None:
            self.sees[key] = may_see(audience, self._grants)
        if seen or self.sees.get(key, False):
            self._news[self.subjects[key]] = None
            self._stirred.set()

    def take(self) -> tuple[str, ...]:
        """What changed since it was asked last, each thing once."""
        news = tuple(self._news)
        self._news.clear()
        return news

    def end(self) -> None:
        """Close the stream; the page comes again by itself and fetches everything anew."""
        self._over.set()
        self._stirred.set()

    @property
    def over(self) -> bool:
        """Whether the stream is to be closed."""
        return self._over.is_set()

    async def stream(self) -> AsyncIterator[bytes]:
        """What goes to the page, until one side has enough."""
        last = asyncio.get_running_loop().time() + LASTS
        yield format_sse_event(retry=random.randint(*RETRY), comment="listening")
        while not self.over and asyncio.get_running_loop().time() < last:
            await _within(HEARTBEAT, self._stirred)
            self._stirred.clear()
            if self.over:
                return
            if told := self.take():
                yield b"".join(format_sse_event(event="refetch", data_str=name) for name in told)
                await _within(PAUSE, self._over)
            else:
                yield KEEPALIVE_COMMENT


class Live:
    """Follows the log of the whole hub for one gateway.

    The log is followed in a thread of its own; all listeners live in one event loop, and only
    there are they touched.
    """

    def __init__(self, sessions: Sessions, clients: Clients, *, most: int = MOST_LISTENERS) -> None:
        self._sessions = sessions
        self._clients = clients
        self._most = most
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[Listener] = set()
        self._about: defaultdict[str, set[Listener]] = defaultdict(set)
        self._handlers: defaultdict[str, list[Callable[[Envelope[Any]], None]]] = defaultdict(list)
        self._followed: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)
        self._missed: list[Callable[[], None]] = [sessions.drop_all]
        self.listen(SessionRevoked, self._revoked)

    def __len__(self) -> int:
        return len(self._listeners)

    def listen(
        self,
        event_class: type[Event],
        told: Callable[[Envelope[Any]], None],
        *,
        missed: Callable[[], None] | None = None,
    ) -> None:
        """Have every such event told to a function, in the follower's thread; call before follow.

        `missed` is called each time when events may have passed unheard.
        """
        self._handlers[event_class.TYPE].append(told)
        if missed:
            self._missed.append(missed)

    def whenever(
        self, services: Iterable[str], told: Callable[[], None], *, missed: Callable[[], None]
    ) -> None:
        """Like `listen`, to whatever these services publish, without looking at what it is."""
        for service in services:
            self._followed[service].append(told)
        self._missed.append(missed)

    def follow(self, event_log: EventLog, stop: threading.Event) -> None:
        """Follow the log from now on until `stop`; begin anew when it breaks."""
        heard = {CATALOGUE[name] for name in self._handlers}
        subscriptions = subscriptions_of({*heard, GatheringState, MessageDelivered, *SEATS})
        subscriptions |= {(service, stream) for service in self._followed for stream in STREAMS}
        while not stop.is_set():
            try:
                with closing(event_log.tail(subscriptions)) as reader:
                    self._begin_anew()
                    while not stop.is_set():
                        for record in reader.poll(0.3):
                            self._hand_on(record)
            except Exception as error:
                log.warning("log_not_followed", error=str(error))
                stop.wait(1.0)

    def join(self, about: Sequence[str], person: Person | None) -> Listener:
        """A new listener, to be given back by `leave`; raises TooManyListeners."""
        if len(self._listeners) >= self._most:
            raise TooManyListeners("This page does not change by itself just now. Reload it.")
        listener = Listener(_keys(about, person), person)
        if person:
            listener.sees[_inbox_of(person.contact_id)] = True
        self._loop = asyncio.get_running_loop()
        self._listeners.add(listener)
        for key in listener.subjects:
            self._about[key].add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """The page is gone."""
        self._listeners.discard(listener)
        for key in listener.subjects:
            self._about[key].discard(listener)
            if not self._about[key]:
                del self._about[key]

    async def admit(self, listener: Listener, request: Request, person: Person | None) -> None:
        """Find out what a listener may hear of, and that its session did not end meanwhile.

        After `join`: what changes from then on reaches the listener by itself, and is newer.
        """
        gatherings = [name.partition(":")[2] for name in listener.subjects if _is_gathering(name)]
        if gatherings:
            seen = await self._clients.scheduling.gatherings(identity_of(person), ids=gatherings)
            for gathering in seen:
                listener.sees.setdefault(f"gathering:{gathering.id}", True)
        if person and await self._sessions.person(request) is None:
            listener.end()

    def close(self) -> None:
        """End all streams: the process stops. Called in the loop of the listeners."""
        for listener in self._listeners:
            listener.end()

    def _begin_anew(self) -> None:
        for missed in self._missed:
            missed()
        # A page that comes again fetches everything anew, and says again who it is.
        self._in_loop(self.close)

    def _hand_on(self, record: Record) -> None:
        for stirred in self._followed.get(record.producer, ()):
            stirred()
        handlers = self._handlers.get(record.type, ())
        # Most of the time nobody listens: what is told to pages alone is then not even opened.
        told_to_pages = self._listeners and record.type in _CHANGES
        if not handlers and not told_to_pages:
            return
        envelope = record.open(CATALOGUE[record.type])
        for handler in handlers:
            handler(envelope)
        if told_to_pages and (change := _CHANGES[record.type](envelope)):
            self._in_loop(self._tell, *change)

    def _tell(self, key: str, audience: str | None) -> None:
        for listener in self._about.get(key, ()):
            listener.hear(key, audience)

    def _revoked(self, envelope: Envelope[SessionRevoked]) -> None:
        # In this order: whoever joins after the cut finds the session gone.
        self._sessions.drop(envelope.event.session_id)
        self._in_loop(self._cut, envelope.event.session_id)

    def _cut(self, session_id: str) -> None:
        for listener in self._listeners:
            if listener.session_id == session_id:
                listener.end()

    def _in_loop(self, call: Callable[..., None], *arguments: Any) -> None:
        if self._loop:
            # A loop that has ended has no listeners any more.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(call, *arguments)


async def listening(
    request: Request,
    person: Visitor,
    about: Annotated[list[Subject], Query(min_length=1, max_length=MOST_SUBJECTS)],
) -> AsyncIterator[Listener]:
    """FastAPI dependency: a listener as long as the answer lasts."""
    live: Live = request.app.state.live
    listener = live.join(about, person)
    try:
        await live.admit(listener, request, person)
        yield listener
    finally:
        live.leave(listener)


@router.get("/live")
async def listen(listener: Annotated[Listener, Depends(listening)]) -> Response:
    """A stream of `refetch`, or nothing for whom there is nothing to hear."""
    if not listener.subjects:
        # By the standard, a page that is answered so does not come again.
        return Response(status_code=204)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return EventSourceResponse(listener.stream(), headers=headers)


async def _within(seconds: float, event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _keys(about: Sequence[str], person: Person | None) -> dict[str, str]:
    """What a page asks for, by key; an inbox is that of the person."""
    keys = {name: name for name in about if name != INBOX}
    if person and INBOX in about:
        keys[_inbox_of(person.contact_id)] = INBOX
    return keys


def _is_gathering(key: str) -> bool:
    return key.startswith("gathering:")


def _inbox_of(contact_id: str) -> str:
    return f"{INBOX}:{contact_id}"


Change = tuple[str, str | None]
"""What changed, and its audience where that may have changed with it."""


def _gathering_changed(envelope: Envelope[GatheringState]) -> Change:
    audience = envelope.data.audience if envelope.data else NOBODY
    return f"gathering:{envelope.subject}", audience


def _seats_changed(envelope: Envelope[Any]) -> Change:
    return f"gathering:{envelope.event.gathering_id}", None


def _message_delivered(envelope: Envelope[MessageDelivered]) -> Change | None:
    fact = envelope.event
    return (_inbox_of(fact.contact_id), None) if fact.channel == "inbox" else None


_CHANGES: dict[str, Callable[[Envelope[Any]], Change | None]] = {
    GatheringState.TYPE: _gathering_changed,
    MessageDelivered.TYPE: _message_delivered,
    **{fact.TYPE: _seats_changed for fact in SEATS},
}
