"""The notification service, real, among producers that publish what a test lets them say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from fastapi import FastAPI, HTTPException
from sqlalchemy import update
from sqlmodel import select

from events import outbox
from events.catalogue.matchmaking import DemoCaseState
from events.catalogue.membership import ContactState
from events.catalogue.scheduling import GatheringState, RegistrationState
from events.consumer import Consumer
from events.envelope import Context, Envelope, Event, State, new_id, pack, unpack
from events.log import EventLog, Reader, Record, Subscription
from events.log_embedded import EmbeddedLog
from events.relay import Relay
from events.store import Store
from events.tables import BACKBONE, OUTBOX
from services.kit.db import Database, open_database
from services.kit.identity import Identity, Signer, private_key
from services.kit.peers import Peers
from services.kit.settings import Settings
from services.notification.handlers import SEND
from services.notification.messages.models import Message
from services.notification.projection import DIRECTORY
from services.notification.sender import Sender
from tests.harness import HUB, ServiceUnderTest

PRODUCERS = ("membership", "scheduling", "knowledge", "matchmaking")
GROUPS = (DIRECTORY, SEND)
CODE = "048151"


class Owners:
    """The two services that mint links, as far as the sender knows them; down when told so."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.minted: list[str] = []
        self.status = 200
        self.kind = "confirm"
        self.to = ""
        self.app.post("/links/{id}/mint")(self.mint_account_link)
        self.app.post("/registrations/{id}/link")(self.mint_registration_link)

    async def mint_account_link(self, id: str) -> dict[str, str]:
        """As membership answers."""
        code = CODE if self.kind == "sign-in" else ""
        return {"kind": self.kind, "secret": self._mint(id), "code": code, "to": self.to}

    async def mint_registration_link(self, id: str) -> dict[str, str]:
        """As scheduling answers."""
        return {"secret": self._mint(id)}

    def _mint(self, id: str) -> str:
        if self.status != 200:
            raise HTTPException(self.status)
        self.minted.append(id)
        return f"secret-{len(self.minted)}-{id[-6:]}"


@dataclass
class ShuffledReader:
    """Gives each record at least once, in any order."""

    batches: list[list[Record]]

    def poll(self, timeout: float) -> Sequence[Record]:
        return self.batches.pop() if self.batches else []

    def commit(self, records: Sequence[Record]) -> None: ...

    def wake(self) -> None: ...

    def close(self) -> None: ...


class ShuffledLog(EmbeddedLog):
    """The records in an order, and with repetitions, that no real log would give."""

    def __init__(self, stores: Mapping[str, Store], random: Random) -> None:
        super().__init__(stores)
        self._random = random

    def reader(
        self, group: str, subscriptions: frozenset[Subscription], positions: dict[str, int]
    ) -> Reader:
        """A reader with an order of its own."""
        records = [record for batch in self.replay(subscriptions) for record in batch]
        records += self._random.sample(records, len(records) // 3)
        self._random.shuffle(records)
        batches: list[list[Record]] = []
        while records:
            size = self._random.randint(1, 4)
            batches.append(records[:size])
            del records[:size]
        return ShuffledReader(batches)


class World:
    """What producers say, what notification makes of it, and what people receive."""

    def __init__(self, data_dir: Path, *, database_url: str | None = None, **settings: Any) -> None:
        self.under_test = ServiceUnderTest("notification", data_dir, database_url)
        self.service = self.under_test.service
        self.settings = Settings(
            data_dir=data_dir,
            database_url=database_url,
            public_url="https://hub.example",
            mail_from="The hub <hub@hub.example>",
            **{"development": True, **settings},
        )
        self.owners = Owners()
        self.peers = Peers(
            self.settings, Signer("notification", private_key(data_dir, "notification"))
        )
        for owner in ("membership", "scheduling"):
            self.peers.here(owner, self.owners.app)
        self.sender = Sender(self.service.database, self.settings, self.peers)
        self.stores: dict[str, Database] = {"notification": self.service.database}
        for name in PRODUCERS:
            self.stores[name] = open_database(name, Settings(data_dir=data_dir))
            BACKBONE.create_all(self.stores[name].engine)
        self.log = EmbeddedLog(self.stores)
        self._relays = [Relay(self.stores[name], self.log) for name in PRODUCERS]
        self._consumers = {group: self.consumer(group, self.log) for group in GROUPS}

    def consumer(self, group: str, log: EventLog) -> Consumer:
        """One of notification's two groups on some log."""
        return Consumer(
            group=group,
            store=self.service.database,
            event_log=log,
            handlers=self.service.groups[group],
            retries=(),
        )

    def say(self, *events: Event) -> None:
        """The producers commit these events, as if by one request."""
        context = Context(new_id())
        for event in events:
            with self.stores[event.producer()].unit_of_work() as session:
                outbox.add(session, event, context=context)

    def said(self, event: Event, *, ago: timedelta) -> None:
        """A producer committed this event some time ago."""
        id, at = new_id(), datetime.now(UTC) - ago
        self.say(event)
        with self.stores[event.producer()].unit_of_work() as session:
            session.connection().execute(
                update(OUTBOX)
                .where(OUTBOX.c.key == event.subject, OUTBOX.c.number.is_(None))
                .values(
                    id=id,
                    time=at.timestamp(),
                    payload=pack(event, id=id, time=at, context=Context(id)),
                )
            )

    def bury(self, state: State) -> None:
        """A producer says that this is gone."""
        with self.stores[state.producer()].unit_of_work() as session:
            outbox.bury(session, type(state), id=state.id, version=state.version + 1)

    def relay(self) -> None:
        """Put everything said into the log."""
        for relay in self._relays:
            while relay.step():
                pass

    def hear(self, *groups: str) -> None:
        """Notification handles all there is; groups in this order."""
        self.relay()
        for group in groups or GROUPS:
            while self._consumers[group].step(timeout=0):
                pass

    def hear_shuffled(self, seed: int) -> None:
        """The same, in any order, with repetitions, the groups taking turns at random."""
        self.relay()
        random = Random(seed)
        consumers = [self.consumer(group, ShuffledLog(self.stores, random)) for group in GROUPS]
        while consumers:
            consumer = random.choice(consumers)
            if not consumer.step(timeout=0):
                consumers.remove(consumer)

    def send(self) -> None:
        """Send all mail that is due."""
        while self.sender.step():
            pass

    def due_now(self) -> None:
        """Let the waits after failed tries be over."""
        table = Message.__table__  # type: ignore[attr-defined]
        with self.service.database.unit_of_work() as session:
            session.connection().execute(update(table).values(due_at=datetime.now(UTC)))

    def ledger(self) -> list[Message]:
        """All messages, in order of kind."""
        with self.service.database.reader() as session:
            return sorted(session.exec(select(Message)), key=lambda m: (m.kind, m.channel, m.id))

    def statuses(self) -> set[tuple[str, str, str]]:
        """Kind, channel and status of every message."""
        return {(m.kind, m.channel, m.status) for m in self.ledger()}

    def mails(self) -> list[dict[str, Any]]:
        """The mailbox, oldest first."""
        answer = self.under_test.call("GET", "/mailbox", as_=HUB)
        assert answer.status_code == 200, answer.text
        mails: list[dict[str, Any]] = answer.json()
        return mails[::-1]

    def notices(self, contact: ContactState) -> list[dict[str, Any]]:
        """A person's inbox, newest first."""
        answer = self.under_test.call("GET", "/notices", as_=Identity(contact.id, ("member",)))
        assert answer.status_code == 200, answer.text
        notices: list[dict[str, Any]] = answer.json()
        return notices

    def close(self) -> None:
        """Give back what is held."""
        for consumer in self._consumers.values():
            consumer.close()
        for store in self.stores.values():
            store.close()


def person(name: str, **more: Any) -> ContactState:
    """A member called so."""
    fields = {
        "id": new_id(),
        "version": 1,
        "audience": "members",
        "status": "member",
        "name": name,
        "email": f"{name.split()[0].lower()}@example.org",
    }
    return ContactState.model_validate(fields | more)


def gathering(organiser: ContactState, **more: Any) -> GatheringState:
    """A seminar on 1 December, 14:00 to 15:30 in Brussels."""
    starts = datetime(datetime.now(UTC).year, 12, 1, 14)
    moment = datetime.now(UTC)
    fields = {
        "id": new_id(),
        "version": 1,
        "audience": "public",
        "slug": "genomics-in-the-clinic-abc123",
        "kind": "seminar",
        "mode": "online",
        "status": "published",
        "title": "Genomics in the clinic",
        "starts_local": starts,
        "ends_local": starts + timedelta(hours=1, minutes=30),
        "time_zone": "Europe/Brussels",
        "starts_at": (starts - timedelta(hours=1)).replace(tzinfo=UTC),
        "ends_at": (starts + timedelta(minutes=30)).replace(tzinfo=UTC),
        "organiser_id": organiser.id,
        "created_at": moment,
        "revised_at": moment,
    }
    return GatheringState.model_validate(fields | more)


def registration(
    event: GatheringState, contact: ContactState, status: str = "confirmed", **more: Any
) -> RegistrationState:
    """A registration made just now."""
    fields = {
        "id": new_id(),
        "version": 1,
        "audience": f"contact:{contact.id}",
        "gathering_id": event.id,
        "contact_id": contact.id,
        "status": status,
        "revised_at": datetime.now(UTC),
    }
    return RegistrationState.model_validate(fields | more)


def demo_case(proposer: ContactState, **more: Any) -> DemoCaseState:
    """A demo-case just proposed."""
    fields = {
        "id": new_id(),
        "version": 1,
        "audience": "public",
        "slug": "guided-therapy-abc123",
        "phase": "learn",
        "title": "Guided therapy",
        "proposer_id": proposer.id,
    }
    return DemoCaseState.model_validate(fields | more)


def grown(state: State, **more: Any) -> Any:
    """The next version of a state."""
    return state.model_copy(update={"version": state.version + 1, **more})


def enveloped(event: Event) -> Envelope[Any]:
    """An event as it comes out of the log."""
    packed = pack(event, id=new_id(), time=datetime.now(UTC), context=Context(new_id()))
    return unpack(event.TYPE, packed)
