"""A real membership service for tests: called over HTTP, heard through the log."""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from events.catalogue import membership as catalogue
from events.catalogue.membership import ContactState, OrganisationState
from events.envelope import CATALOGUE, Event
from events.log import subscriptions_of
from events.log_embedded import EmbeddedLog
from events.relay import Relay
from services.kit.app import Service
from services.kit.identity import ANYONE, Identity, Signer, private_key
from services.kit.migrate import upgrade
from services.kit.peers import HUB, Peers
from services.kit.settings import Settings
from services.membership.app import create
from tests.migrated import put_database

ANNA: dict[str, Any] = {
    "name": "Anna Peeters",
    "email": "anna@example.org",
    "helix_side": "citizen",
    "region_code": "BE23",
    "consents": ["terms"],
}
BROWSER = "the-secret-of-a-browser"
NOBODY = "01890000-0000-7000-8000-000000000000"
"""An id that nobody has, the same in each worker that collects tests."""
"""Held by the browser that asks to sign in."""
_ALL = [event for event in CATALOGUE.values() if event.__module__ == catalogue.__name__]


def _bytes(body: Any) -> bytes:
    """JSON that can hold half a surrogate pair, as a hostile client's may."""
    return b"" if body is None else json.dumps(body).encode("ascii")


def member(contact_id: str, *roles: str) -> Identity:
    """A signed-in caller."""
    return Identity(contact_id, ("member", *roles))


def wait_for_a_lock(membership: "Membership") -> None:
    """Until somebody waits for a row of the database."""
    query = text(
        "select count(*) from pg_stat_activity where datname = current_database() "
        "and wait_event_type = 'Lock'"
    )
    for _ in range(100):
        with membership.database.reading() as connection:
            if connection.execute(query).scalar_one():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits for a lock")


class Membership:
    """The service with its own data folder."""

    def __init__(self, data_dir: Path, database_url: str | None = None) -> None:
        settings = Settings(data_dir=data_dir, database_url=database_url)
        if database_url is None:
            put_database(data_dir, "membership")
        self._signer = Signer("gateway", private_key(data_dir, "gateway"))
        self.service: Service = create(settings, Peers(settings, self._signer))
        self.database = self.service.database
        upgrade(self.database)
        self._log = EmbeddedLog({"membership": self.database})
        self._relay = Relay(self.database, self._log)

    def call(
        self, method: str, path: str, body: Any = None, *, caller: Identity = HUB
    ) -> httpx.Response:
        return self.together([(method, path, body)], caller=caller)[0]

    def together(
        self, calls: Sequence[tuple[str, str, Any]], *, caller: Identity = HUB
    ) -> list[httpx.Response]:
        """All calls at once, each in a thread of the pool."""
        headers = {"content-type": "application/json"}
        if caller != ANYONE:
            headers["authorization"] = f"Bearer {self._signer.sign(caller, 'membership')}"

        async def send() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.service.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://membership", headers=headers
            ) as client:
                return await asyncio.gather(
                    *(
                        client.request(method, path, content=_bytes(body))
                        for method, path, body in calls
                    )
                )

        return asyncio.run(send())

    def told(self) -> list[Event]:
        """Every event in the log, oldest first; states that a newer one replaced are gone.

        So are the things that were taken away.
        """
        while self._relay.step():
            pass
        return [
            envelope.event
            for records in self._log.replay(subscriptions_of(_ALL))
            for record in records
            if (envelope := record.open(CATALOGUE[record.type])).data is not None
        ]

    def facts(self) -> list[Event]:
        return [event for event in self.told() if event.STREAM == "facts"]

    def contact_state(self, contact_id: str) -> ContactState:
        return [s for s in self.told() if isinstance(s, ContactState) and s.id == contact_id][-1]

    def organisation_states(self) -> list[OrganisationState]:
        return [state for state in self.told() if isinstance(state, OrganisationState)]

    def last_link(self) -> tuple[str, str]:
        """Contact and link id of the newest fact that owes someone a mail."""
        fact = [fact for fact in self.facts() if hasattr(fact, "link_id")][-1]
        return fact.subject, fact.link_id

    def mint(self, link_id: str) -> str:
        answer = self.call("POST", f"/links/{link_id}/mint")
        assert answer.status_code == 200
        return str(answer.json()["secret"])

    def join(self, **form: Any) -> str:
        """Join by the form and confirm by the link; gives the contact id."""
        assert self.call("POST", "/members", {**ANNA, **form}).status_code == 202
        contact_id, link_id = self.last_link()
        answer = self.call("POST", "/confirmations", {"secret": self.mint(link_id)})
        assert answer.status_code == 201
        return contact_id

    def sign_in(self, email: str) -> dict[str, Any]:
        """Sign in by the link; gives the session as started."""
        self.call("POST", "/sign-ins", {"email": email, "asked_by": BROWSER})
        _, link_id = self.last_link()
        answer = self.call("POST", "/sessions", {"secret": self.mint(link_id), "asked_by": BROWSER})
        assert answer.status_code == 201
        started: dict[str, Any] = answer.json()
        return started
