"""What people say of a gathering when it is over, through HTTP on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from events.catalogue.scheduling import FeedbackReceived
from services.scheduling.feedback.models import Feedback, FeedbackGiven
from services.scheduling.feedback.rules import LASTS, mean_of
from services.scheduling.gatherings.models import Gathering
from services.scheduling.personal.service import forget
from tests.harness import ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered


@pytest.fixture
def organiser() -> Any:
    return a_member("organiser")


@pytest.fixture
def seminar(scheduling: ServiceUnderTest, organiser: Any) -> dict[str, Any]:
    """One that ends in a moment: `over` has it end."""
    return a_seminar(scheduling, organiser, capacity=None)


def over(scheduling: ServiceUnderTest, seminar: dict[str, Any], *, ago: timedelta) -> None:
    """Let the gathering have ended this long ago."""
    with scheduling.service.database.unit_of_work() as session:
        gathering = session.get(Gathering, seminar["id"])
        assert gathering is not None
        ended = datetime.now(UTC) - ago
        gathering.starts_at = ended - timedelta(hours=1)
        gathering.ends_at = gathering.finishes_at = ended
        session.add(gathering)


def test_feedback_is_given_once_and_names_nobody(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Any
) -> None:
    people = [a_member() for _ in range(3)]
    for person in people:
        registered(scheduling, seminar, person)
    over(scheduling, seminar, ago=timedelta(minutes=5))
    path = f"/gatherings/{seminar['id']}/feedback"
    said: list[dict[str, Any]] = [
        {"rating": 5, "text": "Clear and short."},
        {"rating": 2},
        {"rating": 4, "text": "More of this.", "named": True},
    ]
    for person, order in zip(people, said, strict=True):
        mine = f"{path}/mine"
        assert scheduling.call("GET", mine, as_=person).json() == {"open": True, "given": False}
        assert scheduling.call("POST", path, as_=person, json=order).status_code == 204
        assert scheduling.call("GET", mine, as_=person).json() == {"open": False, "given": True}
    again = scheduling.call("POST", path, as_=people[0], json={"rating": 1})
    assert again.status_code == 409
    assert scheduling.call("GET", path, as_=people[0]).status_code == 403
    read = scheduling.call("GET", path, as_=organiser).json()
    assert read == {
        "asked": 3,
        "ratings": [0, 1, 0, 1, 1],
        "mean": pytest.approx(11 / 3),
        "remarks": [
            {"rating": 5, "text": "Clear and short.", "contact_id": None},
            {"rating": 4, "text": "More of this.", "contact_id": people[2].contact_id},
        ],
    }
    assert len(scheduling.published(FeedbackReceived)) == 3
    database = scheduling.service.database
    with database.unit_of_work() as session:
        for person in people:
            forget(session, person.contact_id or "", datetime.now(UTC))
    with database.reader() as session:
        kept = session.connection().execute(select(col(Feedback.contact_id))).scalars().all()
        given = session.connection().execute(select(col(FeedbackGiven.contact_id))).all()
    assert (set(kept), given) == ({None}, [])


def test_two_answers_at_once_are_one(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Any
) -> None:
    person = a_member()
    registered(scheduling, seminar, person)
    over(scheduling, seminar, ago=timedelta(minutes=5))
    path = f"/gatherings/{seminar['id']}/feedback"
    answers = scheduling.together(
        scheduling.call_async("POST", path, as_=person, json={"rating": 3}) for _ in range(8)
    )
    assert sorted(answer.status_code for answer in answers) == [204, *[409] * 7]
    assert scheduling.call("GET", path, as_=organiser).json()["ratings"] == [0, 0, 1, 0, 0]


@pytest.mark.parametrize("ago", [timedelta(hours=-1), LASTS + timedelta(hours=1)])
def test_feedback_is_taken_after_the_end_for_a_time(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], ago: timedelta
) -> None:
    person = a_member()
    registered(scheduling, seminar, person)
    over(scheduling, seminar, ago=ago)
    path = f"/gatherings/{seminar['id']}/feedback"
    assert scheduling.call("POST", path, as_=person, json={"rating": 3}).status_code == 409


@pytest.mark.parametrize("order", [{}, {"rating": 0}, {"rating": 6}, {"rating": 3, "name": "x"}])
def test_feedback_that_does_not_fit_is_refused(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], order: dict[str, Any]
) -> None:
    person = a_member()
    registered(scheduling, seminar, person)
    over(scheduling, seminar, ago=timedelta(minutes=5))
    path = f"/gatherings/{seminar['id']}/feedback"
    assert scheduling.call("POST", path, as_=person, json=order).status_code == 422
    assert scheduling.call("POST", path, as_=a_member(), json={"rating": 3}).status_code == 403


def test_the_mean_is_of_those_who_answered() -> None:
    assert mean_of([0, 0, 0, 0, 0]) is None
    assert mean_of([1, 0, 0, 0, 1]) == 3.0
