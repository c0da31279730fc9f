"""How a gathering fills and with whom, through HTTP on both databases."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from services.scheduling.models import Registration
from tests.harness import ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered
from tests.scheduling.test_admission import introduce

FIRST = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_statistics_count_days_sides_and_regions(scheduling: ServiceUnderTest) -> None:
    organiser, people = a_member("organiser"), [a_member() for _ in range(5)]
    seminar = a_seminar(scheduling, organiser, capacity=4)
    for person, (side, region) in zip(
        people[:3], [("research", "BE23"), ("research", "NL21"), ("citizen", "BE23")], strict=True
    ):
        introduce(scheduling, person, side, region)
    for person in people:
        registered(scheduling, seminar, person)
    days = dict(zip([person.contact_id for person in people], (0, 0, 1, 9, 9), strict=True))
    with scheduling.service.database.unit_of_work() as session:
        for registration in session.exec(select(Registration)):
            registration.asked_at = FIRST + timedelta(days=days[registration.contact_id])
            session.add(registration)
    path = f"/gatherings/{seminar['id']}/statistics"
    standing = {"gathering_id": seminar["id"], "seats": 4, "waiting": 1, "asking": 0}
    assert scheduling.call("GET", path, as_=organiser).json() == {
        **standing,
        "days": [
            {"day": "2026-03-01", "seats": 2},
            {"day": "2026-03-02", "seats": 3},
            {"day": "2026-03-10", "seats": 4},
        ],
        "sides": {"": 1, "citizen": 1, "research": 2},
        "regions": {"": 1, "BE23": 2, "NL21": 1},
    }
    assert scheduling.call("GET", path, as_=a_member("organiser")).status_code == 403
    assert scheduling.call("GET", path).status_code == 401
    listed = f"/statistics?ids={seminar['id']}"
    assert scheduling.call("GET", listed, as_=organiser).json() == [standing]
    assert scheduling.call("GET", listed, as_=a_member("organiser")).json() == []
    moderator = a_member("moderator")
    assert scheduling.call("GET", listed, as_=moderator).json() == [standing]
    helper = {"contact_id": people[0].contact_id, "role": "co-organiser"}
    people_path = f"/gatherings/{seminar['id']}/people"
    assert scheduling.call("POST", people_path, as_=organiser, json=helper).status_code < 300
    assert scheduling.call("GET", listed, as_=people[0]).json() == [standing]
    assert scheduling.call("GET", path, as_=people[0]).json()["seats"] == 4


def test_statistics_of_an_empty_gathering_are_noughts(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    path = f"/gatherings/{seminar['id']}/statistics"
    assert scheduling.call("GET", path, as_=organiser).json() == {
        "gathering_id": seminar["id"],
        "seats": 0,
        "waiting": 0,
        "asking": 0,
        "days": [],
        "sides": {},
        "regions": {},
    }
