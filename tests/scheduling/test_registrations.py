"""Seats and the waitlist, through HTTP on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from events.catalogue.scheduling import (
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationState,
    RegistrationWaitlisted,
    WaitlistPromoted,
)
from services.scheduling.gatherings.models import Gathering
from services.scheduling.registrations.rules import seat_for
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered


def test_the_third_of_two_seats_is_waitlisted_and_promoted(scheduling: ServiceUnderTest) -> None:
    seminar = a_seminar(scheduling)
    people = [a_member() for _ in range(4)]
    registrations = [registered(scheduling, seminar, person) for person in people]
    assert [r["status"] for r in registrations] == [
        "confirmed",
        "confirmed",
        "waitlisted",
        "waitlisted",
    ]
    assert [r["position"] for r in registrations] == [None, None, 1, 2]
    cancelled = scheduling.call(
        "POST", f"/registrations/{registrations[0]['id']}/cancel", as_=people[0]
    )
    assert cancelled.json()["status"] == "cancelled"
    third, fourth = (
        scheduling.call("GET", "/registrations/mine", as_=person).json()[0] for person in people[2:]
    )
    assert (third["status"], fourth["status"], fourth["position"]) == ("confirmed", "waitlisted", 1)
    facts = scheduling.published(
        RegistrationConfirmed, RegistrationWaitlisted, RegistrationCancelled, WaitlistPromoted
    )
    assert [(type(f).__name__, f.contact_id) for f in facts] == [
        ("RegistrationConfirmed", people[0].contact_id),
        ("RegistrationConfirmed", people[1].contact_id),
        ("RegistrationWaitlisted", people[2].contact_id),
        ("RegistrationWaitlisted", people[3].contact_id),
        ("RegistrationCancelled", people[0].contact_id),
        ("WaitlistPromoted", people[2].contact_id),
    ]
    shown = scheduling.call("GET", f"/gatherings/{seminar['slug']}").json()
    assert shown["seats_left"] == 0


def test_64_at_once_for_5_seats_gives_5_seats_and_no_error(scheduling: ServiceUnderTest) -> None:
    seminar = a_seminar(scheduling, capacity=5)
    answers = scheduling.together(
        scheduling.call_async(
            "POST", "/registrations", as_=a_member(), json={"gathering_id": seminar["id"]}
        )
        for _ in range(64)
    )
    assert {answer.status_code for answer in answers} == {201}
    outcomes = [answer.json()["status"] for answer in answers]
    assert (outcomes.count("confirmed"), outcomes.count("waitlisted")) == (5, 59)
    line = sorted(a.json()["position"] for a in answers if a.json()["status"] == "waitlisted")
    assert line == list(range(1, 60))


def test_check_and_write_in_separate_transactions_would_oversell(
    scheduling: ServiceUnderTest,
) -> None:
    """The control run: without the lock the test above can fail."""
    seminar = a_seminar(scheduling, capacity=5)
    database = scheduling.service.database
    seen = []
    for _ in range(64):
        with database.reader() as session:
            gathering = session.get(Gathering, seminar["id"])
            assert gathering is not None
            seen.append(seat_for(capacity=gathering.capacity, taken=gathering.taken))
    for _ in seen:
        with database.unit_of_work() as session:
            gathering = session.get(Gathering, seminar["id"])
            assert gathering is not None
            gathering.taken += 1
            session.add(gathering)
    assert seen.count("confirmed") > 5


def test_asking_twice_changes_nothing(scheduling: ServiceUnderTest) -> None:
    seminar, person = a_seminar(scheduling), a_member()
    assert registered(scheduling, seminar, person) == registered(scheduling, seminar, person)
    assert len(scheduling.published(RegistrationConfirmed)) == 1
    answers = scheduling.together(
        scheduling.call_async(
            "POST", "/registrations", as_=person, json={"gathering_id": seminar["id"]}
        )
        for _ in range(8)
    )
    assert {answer.status_code for answer in answers} == {201}
    assert scheduling.call("GET", f"/gatherings/{seminar['id']}").json()["seats_left"] == 1


def test_coming_back_after_cancelling_goes_to_the_end_of_the_line(
    scheduling: ServiceUnderTest,
) -> None:
    seminar = a_seminar(scheduling, capacity=1)
    first, second, third = a_member(), a_member(), a_member()
    mine = registered(scheduling, seminar, first)
    registered(scheduling, seminar, second)
    registered(scheduling, seminar, third)
    scheduling.call("POST", f"/registrations/{mine['id']}/cancel", as_=first)
    again = registered(scheduling, seminar, first)
    assert (again["id"], again["status"], again["position"]) == (mine["id"], "waitlisted", 2)
    states = [s for s in scheduling.published(RegistrationState) if s and s.id == mine["id"]]
    assert [(s.version, s.status) for s in states] == [
        (1, "confirmed"),
        (2, "cancelled"),
        (3, "waitlisted"),
    ]


def test_cancelling_from_the_waitlist_frees_no_seat(scheduling: ServiceUnderTest) -> None:
    seminar = a_seminar(scheduling, capacity=1)
    holder, waiting = a_member(), a_member()
    registered(scheduling, seminar, holder)
    place = registered(scheduling, seminar, waiting)
    scheduling.call("POST", f"/registrations/{place['id']}/cancel", as_=waiting)
    scheduling.call("POST", f"/registrations/{place['id']}/cancel", as_=waiting)
    assert scheduling.call("GET", f"/gatherings/{seminar['id']}").json()["seats_left"] == 0
    assert len(scheduling.published(RegistrationCancelled)) == 1


def test_nobody_moves_up_in_an_event_that_is_called_off(scheduling: ServiceUnderTest) -> None:
    organiser, holder, waiting = a_member("organiser"), a_member(), a_member()
    seminar = a_seminar(scheduling, organiser, capacity=1)
    seat = registered(scheduling, seminar, holder)
    registered(scheduling, seminar, waiting)
    scheduling.call("POST", f"/gatherings/{seminar['id']}/cancel", as_=organiser)
    scheduling.call("POST", f"/registrations/{seat['id']}/cancel", as_=holder)
    assert scheduling.published(WaitlistPromoted) == []


def test_nobody_can_touch_someone_elses_registration(scheduling: ServiceUnderTest) -> None:
    seminar, owner, other = a_seminar(scheduling), a_member(), a_member("organiser")
    mine = registered(scheduling, seminar, owner)
    for call in (
        scheduling.call("POST", f"/registrations/{mine['id']}/cancel", as_=other),
        scheduling.call("POST", f"/registrations/{mine['id']}/cancel"),
        scheduling.call("POST", f"/registrations/by-secret/{'x' * 43}/cancel"),
    ):
        assert call.status_code == 404
    for call in (
        scheduling.call("GET", f"/gatherings/{seminar['id']}/registrations", as_=other),
        scheduling.call("POST", f"/registrations/{mine['id']}/link", as_=owner),
        scheduling.call(
            "POST",
            "/registrations",
            as_=other,
            json={"gathering_id": seminar["id"], "contact_id": owner.contact_id},
        ),
    ):
        assert call.status_code == 403
    assert scheduling.call("GET", "/registrations/mine", as_=owner).json() == [mine]


def test_a_guests_link_shows_and_cancels_their_registration_only(
    scheduling: ServiceUnderTest,
) -> None:
    seminar, guest = a_seminar(scheduling), a_member()
    answer = scheduling.call(
        "POST",
        "/registrations",
        as_=HUB,
        json={"gathering_id": seminar["id"], "contact_id": guest.contact_id},
    )
    mine = answer.json()
    links = [
        scheduling.call("POST", f"/registrations/{mine['id']}/link", as_=HUB).json()["secret"]
        for _ in range(2)
    ]
    shown = scheduling.call("GET", f"/registrations/by-secret/{links[0]}").json()
    assert shown == {**mine, "answers": {}, "access_needs": "", "lines": {}}
    gone = scheduling.call("POST", f"/registrations/by-secret/{links[1]}/cancel").json()
    assert (gone["id"], gone["status"]) == (mine["id"], "cancelled")
    secrets_kept = scheduling.service.database
    with secrets_kept.reader() as session:
        dump = str(session.connection().exec_driver_sql("SELECT * FROM registration_links").all())
    assert links[0] not in dump


def test_the_join_address_is_in_no_gathering_and_no_event(scheduling: ServiceUnderTest) -> None:
    seminar = a_seminar(scheduling)
    registered(scheduling, seminar, a_member())
    assert "video.example" not in scheduling.call("GET", f"/gatherings/{seminar['id']}").text
    assert "video.example" not in str(scheduling.published())


@pytest.mark.parametrize("end", ["cancel", "finish"])
def test_registering_for_what_is_over_is_refused_in_words(
    scheduling: ServiceUnderTest, end: str
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    if end == "cancel":
        scheduling.call("POST", f"/gatherings/{seminar['id']}/cancel", as_=organiser)
    else:
        with scheduling.service.database.unit_of_work() as session:
            scheduling.service.timers["gathering.finish"](
                session, seminar["id"], datetime(2027, 3, 1, tzinfo=UTC)
            )
    answer = scheduling.call(
        "POST", "/registrations", as_=a_member(), json={"gathering_id": seminar["id"]}
    )
    assert answer.status_code == 409
    words = {"cancel": "This event was cancelled.", "finish": "This event is over."}
    assert answer.json()["detail"] == words[end]
    assert scheduling.published(RegistrationConfirmed) == []


def test_a_failing_commit_is_an_error_and_leaves_nothing(scheduling: ServiceUnderTest) -> None:
    """The answer goes out after the commit, so it cannot be a lie."""
    seminar = a_seminar(scheduling)
    database = scheduling.service.database
    with database.engine.begin() as connection:
        for statement in _DOOM[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    answer = scheduling.call(
        "POST", "/registrations", as_=a_member(), json={"gathering_id": seminar["id"]}
    )
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert scheduling.published(RegistrationConfirmed) == []
    with scheduling.service.database.reader() as session:
        taken = session.connection().execute(select(Gathering.__table__.c.taken))  # type: ignore[attr-defined]
        assert taken.scalar_one() == 0


_DOOM = {
    "sqlite": [
        "CREATE TABLE doom (id REFERENCES gatherings (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER doomed AFTER INSERT ON registrations"
        " BEGIN INSERT INTO doom VALUES ('nowhere'); END",
    ],
    "postgresql": [
        "ALTER TABLE registrations ADD CONSTRAINT doom FOREIGN KEY (contact_id)"
        " REFERENCES gatherings (id) DEFERRABLE INITIALLY DEFERRED"
    ],
}
"""A constraint that is only looked at when the transaction commits, and fails there."""
