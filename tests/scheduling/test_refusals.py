"""What is asked twice, by the wrong person or for nothing at all: refused, and nothing is lost."""

from typing import Any

import pytest

from events.catalogue.scheduling import RegistrationCancelled, WaitlistPromoted
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered


def test_a_registration_cancelled_twice_frees_one_seat(scheduling: ServiceUnderTest) -> None:
    seminar = a_seminar(scheduling, capacity=1)
    first, *others = (a_member() for _ in range(3))
    mine = registered(scheduling, seminar, first)
    waiting = [registered(scheduling, seminar, other) for other in others]
    path = f"/registrations/{mine['id']}/cancel"
    answers = [scheduling.call("POST", path, as_=first) for _ in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["cancelled", "cancelled"]
    assert len(scheduling.published(RegistrationCancelled)) == 1
    promoted = scheduling.published(WaitlistPromoted)
    assert [fact.registration_id for fact in promoted] == [waiting[0]["id"]]


@pytest.mark.parametrize("secret", ["x" * 43, "..%2f..%2fadmin", "0" * 400, "%00"])
def test_a_link_that_nobody_was_sent_cancels_nothing(
    scheduling: ServiceUnderTest, secret: str
) -> None:
    seminar, owner = a_seminar(scheduling), a_member()
    mine = registered(scheduling, seminar, owner)
    scheduling.call("POST", f"/registrations/{mine['id']}/link", as_=HUB)
    answer = scheduling.call("POST", f"/registrations/by-secret/{secret}/cancel")
    assert answer.status_code in (404, 422)
    assert scheduling.call("GET", "/registrations/mine", as_=owner).json() == [mine]


def test_an_answer_to_no_question_registers_nobody(scheduling: ServiceUnderTest) -> None:
    seminar, person = a_seminar(scheduling), a_member()
    order: dict[str, Any] = {"gathering_id": seminar["id"], "answers": {"is_admin": "yes"}}
    answer = scheduling.call("POST", "/registrations", as_=person, json=order)
    assert answer.status_code == 422, answer.text
    assert scheduling.call("GET", "/registrations/mine", as_=person).json() == []
    assert scheduling.call("GET", f"/gatherings/{seminar['id']}").json()["seats_left"] == 2
