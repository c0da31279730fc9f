"""Who may register, when and for which seats, through HTTP on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.catalogue.membership import ContactState
from events.catalogue.scheduling import (
    RegistrationConfirmed,
    RegistrationDeclined,
    RegistrationHeld,
    RegistrationLapsed,
    RegistrationOffered,
    RegistrationRequested,
    WaitlistPromoted,
)
from events.envelope import Context, Envelope, new_id, pack, unpack
from services.kit.identity import Identity
from services.scheduling.handlers import contacts_changed
from services.scheduling.registrations.models import Registration
from services.scheduling.registrations.service import release
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered

HYBRID = {"mode": "hybrid", "location": "Ghent", "capacity": None}


def introduce(scheduling: ServiceUnderTest, person: Identity, side: str, region: str) -> None:
    """Let scheduling know where somebody stands."""
    state = ContactState(
        id=person.contact_id or "",
        version=1,
        audience="members",
        status="member",
        name="Somebody",
        email="somebody@example.org",
        helix_side=side,
        region_code=region,
    )
    packed = pack(state, id=new_id(), time=datetime.now(UTC), context=Context(new_id()))
    envelope: Envelope[Any] = unpack(state.TYPE, packed)
    with scheduling.service.database.unit_of_work() as session:
        contacts_changed(session, [envelope])


def admit(
    scheduling: ServiceUnderTest, gathering: dict[str, Any], organiser: Identity, **order: Any
) -> Any:
    """Set who may register; the answer."""
    path = f"/gatherings/{gathering['id']}/admission"
    return scheduling.call("PUT", path, as_=organiser, json=order)


def wish(
    scheduling: ServiceUnderTest, gathering: dict[str, Any], person: Identity, **order: Any
) -> Any:
    """Ask for a seat; the answer."""
    body = {"gathering_id": gathering["id"], **order}
    return scheduling.call("POST", "/registrations", as_=person, json=body)


def guest(scheduling: ServiceUnderTest, gathering: dict[str, Any], contact_id: str) -> Any:
    """Ask for a seat for somebody who only typed an address."""
    return wish(scheduling, gathering, HUB, contact_id=contact_id, unproved=True).json()


def release_all(scheduling: ServiceUnderTest, id: str, moment: datetime) -> None:
    with scheduling.service.database.unit_of_work() as session:
        release(session, id, moment)


def test_a_guests_seat_is_held_until_confirmed_and_lapses_else(
    scheduling: ServiceUnderTest,
) -> None:
    seminar = a_seminar(scheduling, capacity=1)
    first, second = new_id(), a_member()
    held = guest(scheduling, seminar, first)
    assert (held["status"], held["until"] is not None) == ("unconfirmed", True)
    assert registered(scheduling, seminar, second)["status"] == "waitlisted"
    # Who asks again gets the mail again, and nothing else changes.
    assert guest(scheduling, seminar, first)["id"] == held["id"]
    assert len(scheduling.published(RegistrationHeld)) == 2
    until = datetime.fromisoformat(held["until"])
    release_all(scheduling, held["id"], until - timedelta(minutes=1))
    assert scheduling.published(RegistrationLapsed) == []
    release_all(scheduling, held["id"], until)
    (lapsed,) = scheduling.published(RegistrationLapsed)
    assert lapsed.contact_id == first
    (promoted,) = scheduling.published(WaitlistPromoted)
    assert promoted.contact_id == second.contact_id


def test_a_held_seat_is_confirmed_by_the_link_once(scheduling: ServiceUnderTest) -> None:
    seminar = a_seminar(scheduling)
    held = guest(scheduling, seminar, new_id())
    link = scheduling.call("POST", f"/registrations/{held['id']}/link", as_=HUB).json()["secret"]
    path = f"/registrations/by-secret/{link}/take-up"
    for _ in range(2):
        taken = scheduling.call("POST", path).json()
        assert (taken["status"], taken["until"]) == ("confirmed", None)
    assert len(scheduling.published(RegistrationConfirmed)) == 1
    release_all(scheduling, held["id"], datetime.now(UTC) + timedelta(days=2))
    assert scheduling.call("GET", f"/registrations/by-secret/{link}").json()["status"] == (
        "confirmed"
    )


def test_a_member_cannot_say_that_nobody_is_behind_an_address(
    scheduling: ServiceUnderTest,
) -> None:
    seminar, person = a_seminar(scheduling), a_member()
    assert wish(scheduling, seminar, person, unproved=True).status_code == 403


def test_a_free_seat_is_offered_for_hours_and_then_to_the_next(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, capacity=1)
    assert admit(scheduling, seminar, organiser, capacity=1, offer_hours=12).status_code == 200
    people = [a_member() for _ in range(3)]
    rows = [registered(scheduling, seminar, person) for person in people]
    scheduling.call("POST", f"/registrations/{rows[0]['id']}/cancel", as_=people[0])
    (offer,) = scheduling.published(RegistrationOffered)
    assert offer.contact_id == people[1].contact_id
    assert timedelta(hours=11) < offer.until - datetime.now(UTC) <= timedelta(hours=12)
    release_all(scheduling, rows[1]["id"], offer.until)
    assert scheduling.published(RegistrationOffered)[1].contact_id == people[2].contact_id
    taken = scheduling.call("POST", f"/registrations/{rows[2]['id']}/take-up", as_=people[2])
    assert taken.json()["status"] == "confirmed"
    late = scheduling.call("POST", f"/registrations/{rows[1]['id']}/take-up", as_=people[1])
    assert late.status_code == 409
    assert scheduling.call("GET", f"/gatherings/{seminar['id']}").json()["seats_left"] == 0


def test_the_organiser_decides_who_gets_a_seat(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, capacity=1)
    admit(scheduling, seminar, organiser, capacity=1, needs_approval=True)
    people = [a_member() for _ in range(3)]
    rows = [registered(scheduling, seminar, person) for person in people]
    assert [row["status"] for row in rows] == ["requested"] * 3
    assert scheduling.call("GET", f"/gatherings/{seminar['id']}").json()["seats_left"] == 1
    assert {fact.organiser_id for fact in scheduling.published(RegistrationRequested)} == {
        organiser.contact_id
    }

    def decide(number: int, what: str, as_: Identity = organiser) -> Any:
        return scheduling.call("POST", f"/registrations/{rows[number]['id']}/{what}", as_=as_)

    assert decide(0, "approve", people[0]).status_code == 403
    assert decide(0, "approve").json()["status"] == "confirmed"
    assert decide(0, "approve").status_code == 409
    assert decide(1, "approve").json()["status"] == "waitlisted"
    assert decide(2, "decline").json()["status"] == "declined"
    assert len(scheduling.published(RegistrationDeclined)) == 1


@pytest.mark.parametrize(
    ("rule", "inside", "outside"),
    [
        ({"admits_sides": ["healthcare"]}, ("healthcare", "BE23"), ("business", "BE23")),
        ({"admits_regions": ["BE2"]}, ("citizen", "BE23"), ("citizen", "NL22")),
    ],
)
def test_a_gathering_admits_some_sides_or_regions(
    scheduling: ServiceUnderTest,
    rule: dict[str, Any],
    inside: tuple[str, str],
    outside: tuple[str, str],
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    assert admit(scheduling, seminar, organiser, **rule).status_code == 200
    welcome, stranger, unknown = a_member(), a_member(), a_member()
    introduce(scheduling, welcome, *inside)
    introduce(scheduling, stranger, *outside)
    answers = [wish(scheduling, seminar, each) for each in (welcome, stranger, unknown)]
    assert [answer.status_code for answer in answers] == [201, 403, 403]
    by_guest = wish(scheduling, seminar, HUB, contact_id=new_id(), unproved=True)
    assert by_guest.status_code == 403


def test_registration_has_a_window_and_can_be_for_members_or_invited_alone(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    for order, status in (
        ({"opens_at": soon}, 409),
        ({"closes_at": ago}, 409),
        ({"opens_at": ago, "closes_at": soon}, 201),
        ({"admits": "invited"}, 403),
        ({"admits": "members"}, 201),
    ):
        assert admit(scheduling, seminar, organiser, **order).status_code == 200
        assert wish(scheduling, seminar, a_member()).status_code == status
    by_guest = wish(scheduling, seminar, HUB, contact_id=new_id(), unproved=True)
    assert by_guest.status_code == 403
    backwards = admit(scheduling, seminar, organiser, opens_at=soon, closes_at=ago)
    assert backwards.status_code == 422
    assert admit(scheduling, seminar, a_member("organiser")).status_code == 403


def test_seats_in_person_and_online_are_counted_apart(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, **HYBRID)
    admit(scheduling, seminar, organiser, capacity_onsite=1, capacity_online=2)
    people = [a_member() for _ in range(4)]
    where = ("onsite", "onsite", "online", "online")
    rows = [
        wish(scheduling, seminar, person, attending=place).json()
        for person, place in zip(people, where, strict=True)
    ]
    assert [row["status"] for row in rows] == ["confirmed", "waitlisted", "confirmed", "confirmed"]
    unsaid = wish(scheduling, seminar, a_member())
    assert (unsaid.status_code, unsaid.json()["errors"][0]["field"]) == (422, "attending")
    full = scheduling.call(
        "PATCH",
        f"/registrations/{rows[2]['id']}",
        as_=people[2],
        json={"attending": "onsite"},
    )
    assert full.status_code == 409
    scheduling.call("POST", f"/registrations/{rows[0]['id']}/cancel", as_=people[0])
    (promoted,) = scheduling.published(WaitlistPromoted)
    assert promoted.contact_id == people[1].contact_id
    moved = scheduling.call(
        "PATCH", f"/registrations/{rows[1]['id']}", as_=people[1], json={"attending": "online"}
    )
    assert moved.status_code == 409
    scheduling.call("POST", f"/registrations/{rows[3]['id']}/cancel", as_=people[3])
    moved = scheduling.call(
        "PATCH", f"/registrations/{rows[1]['id']}", as_=people[1], json={"attending": "online"}
    )
    assert (moved.json()["attending"], moved.json()["status"]) == ("online", "confirmed")
    seats = scheduling.call("GET", f"/gatherings/{seminar['id']}/seats").json()
    assert {seat["attending"]: seat["taken"] for seat in seats} == {"onsite": 0, "online": 2}


def test_reserved_seats_are_for_those_they_are_kept_for(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, capacity=None)
    reserved = [{"by": "side", "value": "citizen", "seats": 1}]
    assert admit(scheduling, seminar, organiser, capacity=2, reserved=reserved).status_code == 200
    companies, citizens = [a_member() for _ in range(2)], [a_member() for _ in range(3)]
    for person in companies:
        introduce(scheduling, person, "business", "BE23")
    for person in citizens:
        introduce(scheduling, person, "citizen", "BE23")
    statuses = [
        wish(scheduling, seminar, person).json()["status"] for person in (*companies, *citizens)
    ]
    assert statuses == ["confirmed", "waitlisted", "confirmed", "waitlisted", "waitlisted"]
    more = admit(scheduling, seminar, organiser, capacity=3, reserved=reserved)
    assert more.status_code == 200
    (promoted,) = scheduling.published(WaitlistPromoted)
    assert promoted.contact_id == companies[1].contact_id
    too_many = admit(
        scheduling,
        seminar,
        organiser,
        capacity=3,
        reserved=[{"by": "side", "value": "citizen", "seats": 4}],
    )
    assert (too_many.status_code, too_many.json()["errors"][0]["field"]) == (422, "reserved")
    fewer = admit(scheduling, seminar, organiser, capacity=2, reserved=reserved)
    assert (fewer.status_code, fewer.json()["errors"][0]["field"]) == (422, "capacity")


def test_fewer_seats_than_taken_are_refused_and_more_promote(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, capacity=2)
    for _ in range(5):
        registered(scheduling, seminar, a_member())
    refused = admit(scheduling, seminar, organiser, capacity=1)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "capacity")
    assert admit(scheduling, seminar, organiser, capacity=4).status_code == 200
    assert len(scheduling.published(WaitlistPromoted)) == 2
    assert admit(scheduling, seminar, organiser, capacity=None).status_code == 200
    assert len(scheduling.published(WaitlistPromoted)) == 3


def test_64_at_once_for_seats_of_two_kinds_get_no_more_than_there_are(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, **HYBRID)
    admit(scheduling, seminar, organiser, capacity_onsite=3, capacity_online=5)
    answers = scheduling.together(
        scheduling.call_async(
            "POST",
            "/registrations",
            as_=a_member(),
            json={"gathering_id": seminar["id"], "attending": ("onsite", "online")[number % 2]},
        )
        for number in range(64)
    )
    assert {answer.status_code for answer in answers} == {201}
    seated = [a.json()["attending"] for a in answers if a.json()["status"] == "confirmed"]
    assert (seated.count("onsite"), seated.count("online")) == (3, 5)
    with scheduling.service.database.reader() as session:
        row = session.get(Registration, answers[0].json()["id"])
        assert row is not None
