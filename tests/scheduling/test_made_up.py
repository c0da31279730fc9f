"""The demonstration leaves scheduling; real events and their lines go on as they should."""

from typing import Any

from sqlalchemy import select

from events.catalogue.scheduling import (
    GatheringCancelled,
    GatheringPublished,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationWaitlisted,
    WaitlistPromoted,
)
from events.tables import OUTBOX
from services.scheduling.base import Base
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered

FACTS = (
    GatheringCancelled, GatheringPublished, RegistrationCancelled, RegistrationConfirmed,
    RegistrationWaitlisted, WaitlistPromoted,
)  # fmt: skip


def _remove(scheduling: ServiceUnderTest, *contact_ids: str | None) -> dict[str, int]:
    order = {"contact_ids": contact_ids, "organisation_ids": []}
    answer = scheduling.call("POST", "/made-up/remove", as_=HUB, json=order)
    assert answer.status_code == 200, answer.text
    counts: dict[str, int] = answer.json()["counts"]
    return counts


def _left(scheduling: ServiceUnderTest) -> dict[str, int]:
    tables = ("gatherings", "registrations", "registration_links", "timers")
    with scheduling.service.database.reader() as session:
        return {
            name: len(session.connection().execute(select(Base.metadata.tables[name])).fetchall())
            for name in tables
        }


def _tombstones(scheduling: ServiceUnderTest) -> set[str]:
    with scheduling.service.database.reader() as session:
        query = select(OUTBOX.c.key).where(OUTBOX.c.payload.is_(None), ~OUTBOX.c.superseded)
        return set(session.connection().execute(query).scalars())


def _status(scheduling: ServiceUnderTest, gathering: dict[str, Any], organiser: Any) -> list[Any]:
    rows = scheduling.call("GET", f"/gatherings/{gathering['id']}/registrations", as_=organiser)
    return [(row["contact_id"], row["status"]) for row in rows.json()]


def test_made_up_gathering_goes_with_everybody_registered_and_nobody_is_told(
    scheduling: ServiceUnderTest,
) -> None:
    seminar = a_seminar(scheduling, made_up=True, capacity=1)
    real = a_seminar(scheduling)
    people = [a_member() for _ in range(3)]
    registrations = [registered(scheduling, seminar, person) for person in people]
    kept = registered(scheduling, real, people[0])
    link = scheduling.call("POST", f"/registrations/{registrations[0]['id']}/link", as_=HUB)
    before = scheduling.published(*FACTS)
    assert _remove(scheduling) == {"events": 1, "registrations": 3}
    assert scheduling.published(*FACTS) == before
    assert _tombstones(scheduling) == {seminar["id"], *(row["id"] for row in registrations)}
    assert _left(scheduling) == {
        "gatherings": 1, "registrations": 1, "registration_links": 0, "timers": 2,
    }  # fmt: skip
    mine = scheduling.call("GET", "/registrations/mine", as_=people[0]).json()
    assert [row["id"] for row in mine] == [kept["id"]]
    assert scheduling.call("GET", f"/gatherings/{seminar['slug']}").status_code == 404
    secret = link.json()["secret"]
    assert scheduling.call("GET", f"/registrations/by-secret/{secret}").status_code == 404
    assert _remove(scheduling) == {"events": 0, "registrations": 0}
    assert scheduling.published(*FACTS) == before


def test_seats_of_made_up_people_go_to_those_in_line(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, capacity=3)
    demo = [a_member() for _ in range(3)]
    real = [a_member() for _ in range(2)]
    # Made-up people have two seats and a place in line before and behind the real ones.
    for person in (demo[0], real[0], demo[1], demo[2], real[1]):
        registered(scheduling, seminar, person)
    counts = _remove(scheduling, *(person.contact_id for person in demo))
    assert counts == {"events": 0, "registrations": 3}
    assert _status(scheduling, seminar, organiser) == [
        (real[0].contact_id, "confirmed"),
        (real[1].contact_id, "confirmed"),
    ]
    [promoted] = scheduling.published(WaitlistPromoted)
    assert promoted.contact_id == real[1].contact_id
    shown = scheduling.call("GET", f"/gatherings/{seminar['slug']}").json()
    assert shown["seats_left"] == 1


def test_gathering_of_a_made_up_organiser_goes_also_when_it_is_not_marked(
    scheduling: ServiceUnderTest,
) -> None:
    demo = a_member("organiser")
    a_seminar(scheduling, demo)
    a_seminar(scheduling, demo, draft=True)
    assert _remove(scheduling, demo.contact_id) == {"events": 2, "registrations": 0}
    assert _left(scheduling)["gatherings"] == 0


def test_late_registration_for_a_removed_gathering_finds_none(
    scheduling: ServiceUnderTest,
) -> None:
    seminar = a_seminar(scheduling, made_up=True, capacity=50)
    order: dict[str, list[str]] = {"contact_ids": [], "organisation_ids": []}
    answers = scheduling.together(
        [
            *(
                scheduling.call_async(
                    "POST", "/registrations", as_=a_member(), json={"gathering_id": seminar["id"]}
                )
                for _ in range(20)
            ),
            scheduling.call_async("POST", "/made-up/remove", as_=HUB, json=order),
        ]
    )
    assert answers[-1].status_code == 200
    assert {answer.status_code for answer in answers[:-1]} <= {201, 404}
    assert _left(scheduling)["registrations"] == 0
