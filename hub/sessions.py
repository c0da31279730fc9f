"""Who is at the browser: the session cookie, and what membership says it stands for."""

import re
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request, Response

from hub.clients import Clients, Entry, SessionRead, SessionStarted
from hub.community import CommunityCache
from hub.devices import device_of
from hub.settings import Settings
from services.kit.errors import Forbidden, NotFound, SignInNeeded
from services.kit.identity import ANYONE, Identity
from services.kit.language import N_, _, speak

MOST_CACHED = 10_000
PROOF_LASTS = timedelta(minutes=10)
"""How long after proving who they are somebody may do what needs a fresh proof."""
ASKING_LASTS = 1800
"""Seconds that a browser keeps what its sign-in links are bound to: longer than links live."""
_ASKING = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Person:
    """A signed-in member."""

    session_id: str
    contact_id: str
    name: str
    roles: tuple[str, ...]
    regions: tuple[str, ...]
    """Codes of the regions that a coordinator looks after."""
    language: str
    time_zone: str
    proved_at: datetime
    """When they last proved who they are."""
    asked_again: bool = False
    """Whether the words of something they agreed to have changed since."""

    @property
    def identity(self) -> Identity:
        """The person as services know them."""
        return Identity(self.contact_id, self.roles, self.regions)

    def has(self, *roles: str) -> bool:
        """Whether any of these roles, or admin, is held."""
        return self.identity.has(*roles)


class Sessions:
    """Looks sessions up, remembers them for a while, and forgets them when told."""

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._settings = settings
        self._clients = clients
        self._known: OrderedDict[str, tuple[float, Person | None]] = OrderedDict()
        self._drops = 0

    def secret_of(self, request: Request) -> str | None:
        """The secret in the request's cookie."""
        return request.cookies.get(self._settings.session_cookie) or None

    async def person(self, request: Request) -> Person | None:
        """The signed-in member, or None."""
        secret = self.secret_of(request)
        if secret is None or len(secret) > 200 or not secret.isascii():
            return None
        key = sha256(secret.encode()).hexdigest()
        moment = time.monotonic()
        kept = self._known.get(key)
        if kept and kept[0] > moment:
            return kept[1]
        drops = self._drops
        try:
            found = await self._clients.membership.session(secret)
        except NotFound:
            person = None
        else:
            person = person_of(found)
        # An answer that crossed a revocation under way may be from before it.
        if drops == self._drops:
            self._known[key] = (moment + self._settings.session_cache, person)
            while len(self._known) > MOST_CACHED:
                self._known.popitem(last=False)
        return person

    def drop(self, session_id: str | None = None, *, contact_id: str | None = None) -> None:
        """Forget one session, or all of a contact; the next request asks membership."""
        self._drops += 1
        for key, (_until, person) in list(self._known.items()):
            if person and (person.session_id == session_id or person.contact_id == contact_id):
                self._known.pop(key, None)

    def drop_all(self) -> None:
        """Forget every session: some may have ended unheard."""
        self._drops += 1
        self._known.clear()

    async def end(self, request: Request, response: Response) -> None:
        """Sign out: end the session everywhere and take the cookie away."""
        if secret := self.secret_of(request):
            await self._clients.membership.revoke_session(secret)
            self._known.pop(sha256(secret.encode()).hexdigest(), None)
        self._take(response, self._settings.session_cookie)

    def entry(self, request: Request) -> Entry:
        """Where somebody is about to sign in; the session they have there ends by that."""
        browser, system = device_of(request.headers.get("user-agent", ""))
        secret = self.secret_of(request)
        fits = secret is not None and len(secret) <= 200 and secret.isascii()
        return Entry(browser=browser, system=system, replaces=secret if fits else None)

    def asking(self, request: Request) -> str | None:
        """What this browser holds since it asked for a sign-in link, if it did."""
        held = request.cookies.get(self._settings.cookie("hub_asking"), "")
        return held if _ASKING.fullmatch(held) else None

    def new_asking(self, request: Request) -> str:
        """What a sign-in link is to be bound to.

        A browser that asked before keeps what it has, so that each of its mails works.
        """
        return self.asking(request) or secrets.token_urlsafe(32)

    def keep_asking(self, response: Response, asking: str) -> None:
        """Put into the browser what its sign-in links are bound to."""
        self._give(response, self._settings.cookie("hub_asking"), asking, ASKING_LASTS)

    def start(self, response: Response, session: SessionStarted) -> None:
        """Put a new session into the browser; what it asked for is done."""
        seconds = max(0, int((session.expires_at - datetime.now(UTC)).total_seconds()))
        self._give(response, self._settings.session_cookie, session.secret, seconds)
        self._take(response, self._settings.cookie("hub_asking"))

    def _give(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self._settings.secure,
            httponly=True,
            samesite="lax",
        )

    def _take(self, response: Response, name: str) -> None:
        response.delete_cookie(
            name, path="/", secure=self._settings.secure, httponly=True, samesite="lax"
        )


def sessions_of(request: Request) -> Sessions:
    """The sessions of the app that got this request."""
    sessions: Sessions = request.app.state.sessions
    return sessions


def person_of(session: SessionRead) -> Person:
    """The person a session belongs to."""
    return Person(
        session_id=session.session_id,
        contact_id=session.contact_id,
        name=session.name,
        roles=tuple(session.roles),
        regions=tuple(session.coordinates),
        language=session.language,
        time_zone=session.time_zone,
        proved_at=session.proved_at,
        asked_again=bool(session.outdated_consents),
    )


async def visitor(request: Request) -> Person | None:
    """FastAPI dependency: who is at the browser, or None; looked up once a request."""
    if not hasattr(request.state, "person"):
        request.state.person = await sessions_of(request).person(request)
        if request.state.person:
            # A member's own choice comes before that of the browser.
            community: CommunityCache = request.app.state.community
            if request.state.person.language in community.languages:
                speak(request.state.person.language)
    person: Person | None = request.state.person
    return person


Visitor = Annotated[Person | None, Depends(visitor)]


async def member(person: Visitor) -> Person:
    """FastAPI dependency: a signed-in member; others are shown the way to sign in."""
    if person is None:
        raise SignInNeeded(_("Please sign in to see this page."))
    return person


SignedIn = Annotated[Person, Depends(member)]


class ProofNeeded(SignInNeeded):
    """Somebody is signed in, and must prove again who they are before they go on."""

    title = N_("Please show that it is you")


def needs_proof(person: Person) -> bool:
    """Whether it is too long ago that somebody proved who they are."""
    return person.proved_at <= datetime.now(UTC) - PROOF_LASTS


async def proved(person: SignedIn) -> Person:
    """FastAPI dependency: a member who proved within PROOF_LASTS who they are."""
    if needs_proof(person):
        raise ProofNeeded(_("Please show again that it is you before you do this."))
    return person


Fresh = Annotated[Person, Depends(proved)]


async def organiser(person: SignedIn) -> Person:
    """FastAPI dependency: someone who may publish events."""
    if not person.has("organiser", "coordinator"):
        raise Forbidden(_("Only organisers can publish events. A coordinator can make you one."))
    return person


async def coordinator(person: SignedIn) -> Person:
    """FastAPI dependency: someone who may propose demonstration projects."""
    if not person.has("coordinator"):
        raise Forbidden(
            _(
                "Only coordinators of a region can propose demonstration projects. "
                "Please ask the coordinator of yours."
            )
        )
    return person


Organiser = Annotated[Person, Depends(organiser)]
Coordinator = Annotated[Person, Depends(coordinator)]


def identity_of(person: Person | None) -> Identity:
    """How services see the visitor."""
    return person.identity if person else ANYONE
