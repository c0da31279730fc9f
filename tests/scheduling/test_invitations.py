"""Gatherings for those invited alone, through HTTP on both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest

from events.catalogue.scheduling import GatheringInvited
from services.kit.identity import Identity
from services.scheduling.personal import service as personal
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered


@pytest.fixture
def organiser() -> Identity:
    return a_member("organiser")


@pytest.fixture
def seminar(scheduling: ServiceUnderTest, organiser: Identity) -> dict[str, Any]:
    return a_seminar(scheduling, organiser, admits="invited", capacity=5)


def invite(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], who: Identity, *people: Identity
) -> int:
    order = {"contact_ids": [person.contact_id for person in people]}
    path = f"/gatherings/{seminar['id']}/invitations"
    return scheduling.call("POST", path, as_=who, json=order).status_code


def test_only_those_invited_register(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    guest, other = a_member(), a_member()
    order = {"gathering_id": seminar["id"]}
    for person in (guest, other):
        assert scheduling.call("POST", "/registrations", as_=person, json=order).status_code == 403
    assert invite(scheduling, seminar, organiser, guest, guest) == 204
    assert invite(scheduling, seminar, organiser, guest) == 204
    assert scheduling.published(GatheringInvited) == [
        GatheringInvited(gathering_id=seminar["id"], contact_id=str(guest.contact_id))
    ]
    assert registered(scheduling, seminar, guest)["status"] == "confirmed"
    assert scheduling.call("POST", "/registrations", as_=other, json=order).status_code == 403
    # Nor by the hub for an address that is not proved, nor as a newcomer.
    unproved = {**order, "contact_id": other.contact_id, "unproved": True}
    assert scheduling.call("POST", "/registrations", as_=HUB, json=unproved).status_code == 403
    # A refusal takes no seat.
    assert registered(scheduling, seminar, guest)["status"] == "confirmed"
    shown = scheduling.call("GET", f"/gatherings/{seminar['id']}", as_=organiser).json()
    # How many seats are left would show whether an address that was tried is invited.
    assert (shown["capacity"], shown["seats_left"]) == (5, None)


def test_who_is_invited_only_the_organiser_knows(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    guest = a_member()
    invite(scheduling, seminar, organiser, guest)
    path = f"/gatherings/{seminar['id']}/invitations"
    listed = scheduling.call("GET", path, as_=organiser).json()
    assert [one["contact_id"] for one in listed] == [guest.contact_id]
    for person in (guest, a_member("organiser")):
        assert scheduling.call("GET", path, as_=person).status_code == 403
        assert invite(scheduling, seminar, person, person) == 403
        gone = scheduling.call("DELETE", f"{path}/{guest.contact_id}", as_=person)
        assert gone.status_code == 403
    seen = scheduling.call("GET", f"/gatherings/{seminar['id']}").text
    assert str(guest.contact_id) not in seen


def test_invitation_that_is_taken_back_holds_no_more(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    guest = a_member()
    invite(scheduling, seminar, organiser, guest)
    path = f"/gatherings/{seminar['id']}/invitations/{guest.contact_id}"
    for _twice in range(2):
        assert scheduling.call("DELETE", path, as_=organiser).status_code == 204
    order = {"gathering_id": seminar["id"]}
    assert scheduling.call("POST", "/registrations", as_=guest, json=order).status_code == 403


def test_nobody_is_invited_to_a_draft(scheduling: ServiceUnderTest, organiser: Identity) -> None:
    draft = a_seminar(scheduling, organiser, admits="invited", draft=True)
    assert invite(scheduling, draft, organiser, a_member()) == 409


def test_invitations_are_told_and_forgotten(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    guest = a_member()
    invite(scheduling, seminar, organiser, guest)
    (listed,) = scheduling.call(
        "GET", f"/gatherings/{seminar['id']}/invitations", as_=organiser
    ).json()
    id = str(guest.contact_id)
    with scheduling.service.database.unit_of_work() as session:
        held = personal.held(session, id)["invitations"]
        assert [one["title"] for one in held] == [seminar["title"]]
        assert held[0]["since"][:19] == listed["added_at"][:19]
        personal.forget(session, id, datetime.now(UTC))
    path = f"/gatherings/{seminar['id']}/invitations"
    assert scheduling.call("GET", path, as_=organiser).json() == []


def test_guest_is_told_of_missing_answers_invited_or_not(
    scheduling: ServiceUnderTest, seminar: dict[str, Any], organiser: Identity
) -> None:
    invited, other = a_member(), a_member()
    invite(scheduling, seminar, organiser, invited)
    question = {"kind": "short", "label": "Which diet?", "required": True}
    scheduling.call("POST", f"/gatherings/{seminar['id']}/questions", as_=organiser, json=question)
    answers = [
        scheduling.call(
            "POST",
            "/registrations",
            as_=HUB,
            json={
                "gathering_id": seminar["id"],
                "contact_id": person.contact_id,
                "unproved": True,
            },
        )
        for person in (invited, other)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()


def test_seats_do_not_tell_who_is_invited(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    dates = {"rrule": "FREQ=WEEKLY;COUNT=2", "registers_for": "occurrence"}
    series = a_seminar(scheduling, organiser, admits="invited", capacity=1, **dates)
    guest = a_member()
    invite(scheduling, series, organiser, guest)
    order = {"gathering_id": series["id"], "dates": [series["starts_local"]]}
    assert scheduling.call("POST", "/registrations", as_=guest, json=order).status_code == 201
    shown = scheduling.call("GET", f"/gatherings/{series['id']}/dates").json()
    assert [date["seats_left"] for date in shown] == [None, None]

    one = a_seminar(scheduling, organiser, admits="invited", capacity=1)
    invite(scheduling, one, organiser, guest)
    scheduling.call("POST", "/registrations", as_=guest, json={"gathering_id": one["id"]})
    listed = scheduling.call("GET", "/gatherings?seats=true").json()
    assert {each["id"] for each in listed} == {series["id"], one["id"]}
