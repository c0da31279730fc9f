"""The calendar service, fed through a real log by states a test publishes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from events import outbox
from events.catalogue.scheduling import GatheringState, RegistrationState
from events.consumer import Consumer
from events.envelope import State, new_id
from events.log_embedded import EmbeddedLog
from events.relay import Relay
from events.replay import replay
from services.calendar.handlers import FEEDS
from services.kit.audience import PUBLIC, only
from services.kit.db import Database, open_database
from services.kit.fields import zone
from services.kit.identity import Identity, Signer, private_key
from services.kit.migrate import upgrade
from services.kit.peers import Peers
from services.kit.settings import Settings
from tests.harness import ServiceUnderTest, a_member

ORGANISER = "0198c0de-0000-7000-8000-00000000aaaa"


class CalendarUnderTest(ServiceUnderTest):
    """Calendar with its consumer, and an outbox to publish as scheduling does."""

    def __init__(self, data_dir: Path, database_url: str | None = None) -> None:
        super().__init__("calendar", data_dir, database_url)
        self.producer: Database = open_database("scheduling", self.settings)
        upgrade(self.producer)
        self.log = EmbeddedLog({"scheduling": self.producer})
        self._relay = Relay(self.producer, self.log)
        self.consumer = Consumer(
            group=FEEDS,
            store=self.service.database,
            event_log=self.log,
            handlers=self.service.groups[FEEDS],
            retries=(),
            done=self.service.after_batch[FEEDS],
        )

    def publish(self, *states: State) -> None:
        """Publish states and let calendar take them in."""
        with self.producer.unit_of_work() as session:
            outbox.add(session, *states)
        self.take_in()

    def bury(self, state: State) -> None:
        """Publish that an aggregate is gone."""
        with self.producer.unit_of_work() as session:
            outbox.bury(session, type(state), id=state.id, version=state.version + 1)
        self.take_in()

    def take_in(self) -> None:
        """Let calendar take in whatever there is."""
        while self._relay.step():
            pass
        while self.consumer.step(timeout=0):
            pass

    def replay(self) -> None:
        """What `hub replay calendar.feeds` does."""
        replay(
            store=self.service.database,
            event_log=self.log,
            handlers=self.service.groups[FEEDS],
            tables=self.service.projections[FEEDS],
        )
        self.service.after_batch[FEEDS]()

    def feed(self, path: str = "/feeds/public.ics", **headers: str) -> httpx.Response:
        """A feed as an app fetches it, without compression unless it asks."""
        named = {"accept-encoding": "identity"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("GET", path, headers=named)

    def ics(self, path: str = "/feeds/public.ics") -> bytes:
        """The bytes of a feed that must be there."""
        answer = self.feed(path)
        assert answer.status_code == 200, answer.text
        return answer.content

    def address_of(self, person: Identity) -> str:
        """The path of a new private feed."""
        answer = self.call("POST", "/feed-addresses", as_=person, json={"label": "Phone"})
        assert answer.status_code == 201, answer.text
        return f"/feeds/private/{answer.json()['secret']}.ics"

    def close(self) -> None:
        """Give back the databases."""
        self.consumer.close()
        self.service.database.close()
        self.producer.close()


def peers_of(settings: Settings) -> Peers:
    """How calendar reaches other services (it never does)."""
    return Peers(settings, Signer("notification", private_key(settings.data_dir, "notification")))


def a_gathering(**changed: Any) -> GatheringState:
    """A published online seminar; its moments follow from the wall-clock times."""
    start = changed.pop("starts_local", datetime(2026, 10, 12, 18, 30))
    values: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "audience": PUBLIC,
        "slug": f"seminar-{new_id()[-6:]}",
        "kind": "seminar",
        "mode": "online",
        "status": "published",
        "title": "Genomics in the clinic",
        "time_zone": "Europe/Berlin",
        "starts_local": start,
        "ends_local": start + timedelta(minutes=90),
        "organiser_id": ORGANISER,
        "topics": ("genomics", "data sharing"),
        "region_code": "BE10",
        "created_at": datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
        "revised_at": datetime(2026, 9, 2, 9, 30, tzinfo=UTC),
    } | changed
    for name in ("starts", "ends"):
        local = values[f"{name}_local"].replace(tzinfo=zone(values["time_zone"]))
        values.setdefault(f"{name}_at", local.astimezone(UTC))
    return GatheringState(**values)


def revised(state: GatheringState, **changed: Any) -> GatheringState:
    """The gathering after a change that everybody is told of."""
    later = {
        "version": state.version + 1,
        "sequence": state.sequence + 1,
        "revised_at": state.revised_at + timedelta(hours=1),
    }
    return state.model_copy(update=later | changed)


def a_registration(
    gathering: GatheringState, person: Identity, status: str = "confirmed", **changed: Any
) -> RegistrationState:
    """A person's registration."""
    values: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "audience": only(person.contact_id or ""),
        "gathering_id": gathering.id,
        "contact_id": person.contact_id,
        "status": status,
        "revised_at": datetime(2026, 9, 3, 10, 0, tzinfo=UTC),
    }
    return RegistrationState(**values | changed)


__all__ = [
    "ORGANISER",
    "CalendarUnderTest",
    "a_gathering",
    "a_member",
    "a_registration",
    "peers_of",
    "revised",
]
