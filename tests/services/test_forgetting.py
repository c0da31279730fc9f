"""Every service forgets an erased person, says so each time it is asked, and stays forgetful."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from events import outbox
from events.catalogue import SERVICES, scheduling
from events.catalogue.membership import ContactState, ErasureChased, MemberErased
from events.consumer import Consumer
from events.envelope import CATALOGUE, Event, new_id
from events.log_embedded import EmbeddedLog
from events.relay import Relay
from events.tables import BACKBONE, OUTBOX, PARKED
from services.kit.db import open_database
from services.kit.identity import Identity
from services.kit.settings import Settings
from services.kit.timers import TimerLoop
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered

OTHERS = tuple(name for name in SERVICES if name != "membership")


class World:
    """One service, and a membership that says what a test lets it say."""

    def __init__(self, name: str, folder: Path, url: str | None = None) -> None:
        self.service = ServiceUnderTest(name, folder, url)
        self.name = name
        self.membership = open_database("membership", Settings(data_dir=folder / "m"))
        BACKBONE.create_all(self.membership.engine)
        stores = dict.fromkeys(SERVICES, self.membership)
        stores[name] = self.service.service.database
        log = EmbeddedLog(stores)
        self._relays = [Relay(self.membership, log), Relay(self.service.service.database, log)]
        self._consumers = [
            Consumer(
                group=group,
                store=self.service.service.database,
                event_log=log,
                handlers=handlers,
                retries=(0.01,),
            )
            for group, handlers in self.service.service.groups.items()
        ]

    def hears(self, *events: Event) -> None:
        """What membership says is handled."""
        with self.membership.unit_of_work() as session:
            outbox.add(session, *events)
        self.settle()

    def settle(self) -> None:
        """Relay and handle all there is."""
        for relay in self._relays:
            while relay.step():
                pass
        for consumer in self._consumers:
            while consumer.step(timeout=0):
                pass

    def later(self, after: timedelta) -> None:
        """Fire the timers that are due so much later."""
        loop = TimerLoop(self.service.service.database, self.service.service.timers)
        loop.step(datetime.now(UTC) + after)

    def answers(self) -> list[Any]:
        """Each time that the service said it has forgotten somebody."""
        forgotten = CATALOGUE[f"hub.{self.name}.member-forgotten.v1"]
        return self.service.published(forgotten)

    def rows_about(self, contact_id: str) -> set[str]:
        """Tables that hold an id, the outbox, timers and bare versions aside."""
        found = set()
        database = self.service.service.database
        from sqlalchemy import MetaData

        metadata = MetaData()
        with database.reading() as connection:
            metadata.reflect(connection)
            for table in metadata.sorted_tables:
                for row in connection.execute(select(table)):
                    if contact_id in repr(tuple(row)):
                        found.add(table.name)
        return found - {"outbox", "timers", "known_contacts", "candidate_versions"}

    def states_about(self, contact_id: str) -> list[str]:
        """Types of states in the outbox that still name somebody."""
        with self.service.service.database.reading() as connection:
            rows = connection.execute(
                select(OUTBOX.c.type, OUTBOX.c.payload).where(
                    OUTBOX.c.stream == "state", OUTBOX.c.payload.is_not(None)
                )
            )
            return [row.type for row in rows if contact_id.encode() in row.payload]

    def close(self) -> None:
        """Give back what is held."""
        for consumer in self._consumers:
            consumer.close()
        self.membership.close()
        self.service.service.database.close()


@pytest.fixture(params=OTHERS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Each service in turn."""
    made = World(request.param, tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def events(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Scheduling on each database."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    made = World("scheduling", tmp_path, url)
    yield made
    made.close()


def erased(contact_id: str) -> MemberErased:
    return MemberErased(contact_id=contact_id, erasure_id=new_id())


def a_contact(contact_id: str, version: int = 1) -> ContactState:
    return ContactState(
        id=contact_id, version=version, audience="members", status="member", name="Anna Peeters",
        email="anna@example.org", consents=("terms", "matchmaking", "directory"),
        expertise_offered=("genomics",),
    )  # fmt: skip


def test_a_service_answers_each_time_it_is_asked(world: World) -> None:
    person = new_id()
    fact = erased(person)
    world.hears(fact)
    chased = ErasureChased(contact_id=person, erasure_id=fact.erasure_id, services=(world.name,))
    world.hears(chased)
    others = tuple(name for name in OTHERS if name != world.name)
    world.hears(chased.model_copy(update={"services": others}))
    assert [(a.contact_id, a.erasure_id) for a in world.answers()] == [
        (person, fact.erasure_id)
    ] * 2


def test_a_state_that_comes_late_does_not_bring_the_person_back(world: World) -> None:
    person = new_id()
    world.hears(a_contact(person))
    world.hears(erased(person))
    world.hears(a_contact(person, version=7))
    assert world.rows_about(person) == set()
    assert world.rows_about("anna@example.org") == set()
    assert world.rows_about("Anna Peeters") == set()


def test_parked_states_of_the_person_go_and_those_of_others_stay(world: World) -> None:
    person, other = new_id(), new_id()
    row = {
        "group_name": "g", "producer": "membership", "stream": "state", "type": "t",
        "version": 1, "time": 0.0, "correlationid": "c", "error": "e", "parked_at": 0.0,
        "requeued": False,
    }  # fmt: skip
    parked = [
        {**row, "event_id": "1", "key": person, "value": None},
        {**row, "event_id": "2", "key": "x", "value": f'{{"who": "{person}"}}'.encode()},
        {**row, "event_id": "3", "key": other, "value": b"{}"},
    ]
    with world.service.service.database.transaction() as connection:
        connection.execute(PARKED.insert(), parked)
    world.hears(erased(person))
    with world.service.service.database.reading() as connection:
        assert connection.execute(select(PARKED.c.event_id)).scalars().all() == ["3"]


def test_coming_seats_are_given_on_and_past_ones_are_counts(events: World) -> None:
    scheduling_ = events.service
    gone, next_up = a_member(), a_member()
    coming = a_seminar(scheduling_, capacity=1)
    past = a_seminar(scheduling_, capacity=5)
    for gathering in (coming, past):
        for person in (gone, next_up):
            registered(scheduling_, gathering, person)
    over(events, past["id"])
    events.hears(erased(gone.contact_id or ""))
    events.settle()
    own = scheduling_.call("GET", "/registrations/mine", as_=next_up).json()
    assert {each["status"] for each in own} == {"confirmed"}
    assert events.rows_about(gone.contact_id or "") == set()
    assert events.states_about(gone.contact_id or "") == []
    assert taken(events, past["id"]) == (2, 2)
    assert taken(events, coming["id"]) == (1, 1)
    promoted = scheduling_.published(scheduling.WaitlistPromoted)
    assert [each.contact_id for each in promoted] == [next_up.contact_id]
    assert scheduling_.published(scheduling.RegistrationCancelled) == []


def test_a_registration_under_way_is_found_by_a_second_look(events: World) -> None:
    late = a_member()
    seminar = a_seminar(events.service, capacity=2)
    events.hears(erased(late.contact_id or ""))
    registered(events.service, seminar, late)
    assert events.rows_about(late.contact_id or "") == {"registrations"}
    events.later(timedelta(minutes=16))
    events.settle()
    assert events.rows_about(late.contact_id or "") == set()
    assert taken(events, seminar["id"]) == (0, 0)


def test_registrations_are_counts_after_their_term(events: World) -> None:
    person = a_member()
    seminar = a_seminar(events.service, capacity=2)
    registered(events.service, seminar, person)
    over(events, seminar["id"])
    sweep = events.service.service.workers[0].__self__.sweep  # type: ignore[attr-defined]
    assert sweep(datetime.now(UTC) + timedelta(days=700)) == 0
    assert sweep(datetime.now(UTC) + timedelta(days=740)) == 1
    assert sweep(datetime.now(UTC) + timedelta(days=740)) == 0
    assert events.rows_about(person.contact_id or "") == set()
    assert taken(events, seminar["id"]) == (1, 1)


def test_gatherings_stay_without_their_organiser_and_drafts_go(events: World) -> None:
    boss = a_member("organiser")
    open_ = a_seminar(events.service, boss)
    draft = a_seminar(events.service, boss, draft=True)
    events.hears(erased(boss.contact_id or ""))
    events.settle()
    assert read(events, open_["id"]).json()["organiser_id"] == ""
    assert read(events, draft["id"], boss).status_code == 404
    assert events.rows_about(boss.contact_id or "") == set()
    assert events.states_about(boss.contact_id or "") == []


def test_posts_are_by_a_former_member(tmp_path: Path) -> None:
    world = World("knowledge", tmp_path)
    anna = a_member()
    order = {"title": "Found", "body": "Much", "kind": "article", "language": "en"}
    post = world.service.call("POST", "/posts", as_=anna, json=order).json()
    world.hears(erased(anna.contact_id or ""))
    world.settle()
    found = world.service.call("GET", f"/posts/{post['id']}").json()
    assert (found["author_id"], found["body"], found["version"]) == ("", "Much", 2)
    assert world.rows_about(anna.contact_id or "") == set()
    assert world.states_about(anna.contact_id or "") == []
    world.close()


def test_calendar_addresses_end(tmp_path: Path) -> None:
    world = World("calendar", tmp_path)
    anna = a_member()
    made = world.service.call("POST", "/feed-addresses", as_=anna, json={"label": "Phone"}).json()
    assert world.service.call("GET", f"/feeds/private/{made['secret']}.ics").status_code == 200
    held = world.service.call("GET", f"/contacts/{anna.contact_id}/data", as_=HUB).json()
    assert [each["label"] for each in held["feed_addresses"]] == ["Phone"]
    assert "secret" not in repr(held)
    world.hears(erased(anna.contact_id or ""))
    assert world.service.call("GET", f"/feeds/private/{made['secret']}.ics").status_code == 404
    assert world.rows_about(anna.contact_id or "") == set()
    world.close()


def test_only_the_hub_asks_what_is_kept_of_a_person(world: World) -> None:
    anna = a_member("admin")
    path = f"/contacts/{anna.contact_id}/data"
    assert world.service.call("GET", path, as_=anna).status_code == 403
    held = world.service.call("GET", path, as_=HUB).json()
    assert all(part == [] for part in held.values())


def over(world: World, gathering_id: str) -> None:
    """The gathering has taken place."""
    from services.scheduling.gatherings.models import Gathering

    ago = datetime.now(UTC) - timedelta(days=1)
    table = Gathering.__table__  # type: ignore[attr-defined]
    with world.service.service.database.transaction() as connection:
        connection.execute(
            update(table)
            .where(table.c.id == gathering_id)
            .values(status="finished", starts_at=ago, ends_at=ago, finishes_at=ago)
        )


def taken(world: World, gathering_id: str) -> tuple[int, int]:
    """Seats taken as the gathering counts them, and as its registrations do."""
    from services.scheduling.gatherings.models import Gathering
    from services.scheduling.registrations.models import Registration

    rows = Registration.__table__.c  # type: ignore[attr-defined]
    gathering = Gathering.__table__.c  # type: ignore[attr-defined]
    with world.service.service.database.reading() as connection:
        counted = select(gathering.taken).where(gathering.id == gathering_id)
        confirmed = select(rows.id).where(
            rows.gathering_id == gathering_id, rows.status == "confirmed"
        )
        return (
            connection.execute(counted).scalar_one(),
            len(connection.execute(confirmed).fetchall()),
        )


def read(world: World, id: str, viewer: Identity = HUB) -> Any:
    """A gathering as somebody sees it."""
    return world.service.call("GET", f"/gatherings/{id}", as_=viewer)
