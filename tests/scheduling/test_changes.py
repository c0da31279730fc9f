"""What changes of gatherings: fields, people, status, versions; copies of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from events.catalogue.scheduling import (
    GatheringCancelled,
    GatheringChanged,
    GatheringPostponed,
    GatheringState,
    WaitlistPromoted,
)
from services.kit.identity import Identity
from services.kit.timers import TimerLoop
from services.scheduling.personal.service import forget, held
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import SEMINAR, a_seminar, registered

EVERYTHING = {
    "kind": "workshop",
    "mode": "onsite",
    "location": "Room 3",
    "summary": "For all who read genomes.",
    "description": "# What\n\n<script>alert(1)</script>",
    "registers_for": "occurrence",
    "capacity": 12,
    "topics": ["genomics", "clinical care"],
    "region_code": "BE2",
    "pilot_id": "0198c5f0-0000-7000-8000-000000000001",
    "demo_case_ids": ["0198c5f0-0000-7000-8000-000000000002"],
    "host_organisation_ids": ["0198c5f0-0000-7000-8000-000000000003"],
    "language": "fr",
    "captions": True,
    "access": "Step-free, hearing loop.",
    "costs": "Free, lunch included.",
    "admits": "members",
    "admits_sides": ["citizen"],
    "admits_regions": ["BE2"],
    "needs_approval": True,
    "opens_at": "2026-12-01T08:00:00Z",
    "closes_at": "2027-02-01T08:00:00Z",
    "offer_hours": 24,
    "doors_minutes": 30,
}


def changed(
    scheduling: ServiceUnderTest, gathering: dict[str, Any], who: Identity, **fields: Any
) -> dict[str, Any]:
    """The gathering after a change that is accepted."""
    path = f"/gatherings/{gathering['id']}"
    answer = scheduling.call("PATCH", path, as_=who, json=fields)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def named(
    scheduling: ServiceUnderTest,
    gathering: dict[str, Any],
    by: Identity,
    person: Identity,
    role: str = "co-organiser",
) -> dict[str, Any]:
    """The gathering after somebody was named."""
    path = f"/gatherings/{gathering['id']}/people"
    order = {"contact_id": person.contact_id, "role": role}
    answer = scheduling.call("POST", path, as_=by, json=order)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def versions(
    scheduling: ServiceUnderTest, gathering: dict[str, Any], who: Identity
) -> list[tuple[str, list[str]]]:
    """Each change as the status after it and the fields, newest first."""
    answer = scheduling.call("GET", f"/gatherings/{gathering['id']}/versions", as_=who)
    assert answer.status_code == 200, answer.text
    return [
        (version["status"], [change["field"] for change in version["changes"]])
        for version in answer.json()
    ]


def test_everything_that_is_said_is_kept_and_can_be_changed(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    created = a_seminar(scheduling, organiser, draft=True, **EVERYTHING)
    assert {name: created[name] for name in EVERYTHING} == EVERYTHING
    plain = a_seminar(scheduling, organiser, draft=True)
    after = changed(scheduling, plain, organiser, **EVERYTHING)
    assert {name: after[name] for name in EVERYTHING} == EVERYTHING
    emptied = ("capacity", "region_code", "pilot_id", "opens_at", "closes_at")
    after = changed(scheduling, plain, organiser, **dict.fromkeys(emptied))
    assert [after[name] for name in emptied] == [None] * 5


def test_a_draft_gets_a_rule_and_a_published_event_no_other(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    draft = a_seminar(scheduling, organiser, draft=True)
    series = changed(scheduling, draft, organiser, rrule="FREQ=WEEKLY;COUNT=2")
    assert len(series["occurrences"]) == 2
    scheduling.call("POST", f"/gatherings/{draft['id']}/publish", as_=organiser)
    answer = scheduling.call(
        "PATCH", f"/gatherings/{draft['id']}", as_=organiser, json={"rrule": None}
    )
    assert [error["field"] for error in answer.json()["errors"]] == ["rrule"]


def test_a_draft_whose_dates_are_over_is_not_published(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    past = {"starts_local": "2020-02-02T14:00:00", "ends_local": "2020-02-02T15:00:00"}
    draft = a_seminar(scheduling, organiser, draft=True, **past)
    answer = scheduling.call("POST", f"/gatherings/{draft['id']}/publish", as_=organiser)
    assert (answer.status_code, "over" in answer.json()["detail"]) == (409, True)


def test_what_changed_is_shown_from_the_publication_on(scheduling: ServiceUnderTest) -> None:
    organiser, reader = a_member("organiser"), a_member()
    draft = a_seminar(scheduling, organiser, draft=True)
    changed(scheduling, draft, organiser, title="Another title")
    scheduling.call("POST", f"/gatherings/{draft['id']}/publish", as_=organiser)
    changed(scheduling, draft, organiser, location="Room 5", join_url="https://video.example/new")
    public = [("published", ["join_url", "location"]), ("published", ["status"])]
    assert versions(scheduling, draft, reader) == public
    assert versions(scheduling, draft, organiser) == [*public, ("draft", ["title"])]
    newest = scheduling.call("GET", f"/gatherings/{draft['id']}/versions").json()[0]
    assert newest["changes"] == [
        {"field": "join_url", "before": None, "after": None},
        {"field": "location", "before": "", "after": "Room 5"},
    ]


def test_a_postponed_event_comes_back_with_its_new_date(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    seat = registered(scheduling, seminar, a_member())
    path = f"/gatherings/{seminar['id']}"
    for _ in range(2):
        put_off = scheduling.call("POST", f"{path}/postpone", as_=organiser)
        assert put_off.json()["status"] == "postponed"
    order = {"gathering_id": seminar["id"]}
    late = scheduling.call("POST", "/registrations", as_=a_member(), json=order)
    assert late.status_code == 409
    loop = TimerLoop(scheduling.service.database, scheduling.service.timers)
    loop.step(datetime(2027, 2, 3, tzinfo=UTC))
    assert changed(scheduling, seminar, organiser, summary="Soon")["status"] == "postponed"
    again = changed(
        scheduling,
        seminar,
        organiser,
        starts_local="2027-05-04T14:00:00",
        ends_local="2027-05-04T15:00:00",
    )
    assert again["status"] == "published"
    assert seat["status"] == "confirmed"
    assert scheduling.published(GatheringPostponed, GatheringChanged) == [
        GatheringPostponed(gathering_id=seminar["id"]),
        GatheringChanged(gathering_id=seminar["id"], changed=("ends_local", "starts_local")),
    ]


def test_a_postponed_event_can_be_called_off_and_a_draft_not_put_off(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    seminar, draft = a_seminar(scheduling, organiser), a_seminar(scheduling, organiser, draft=True)
    scheduling.call("POST", f"/gatherings/{seminar['id']}/postpone", as_=organiser)
    scheduling.call("POST", f"/gatherings/{seminar['id']}/cancel", as_=organiser)
    assert scheduling.published(GatheringCancelled) == [
        GatheringCancelled(gathering_id=seminar["id"])
    ]
    answer = scheduling.call("POST", f"/gatherings/{draft['id']}/postpone", as_=organiser)
    assert answer.status_code == 409


def test_more_seats_go_to_those_in_line_and_fewer_than_taken_are_refused(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, capacity=1)
    people = [a_member() for _ in range(4)]
    seats = [registered(scheduling, seminar, person) for person in people]
    changed(scheduling, seminar, organiser, capacity=3)
    assert [fact.registration_id for fact in scheduling.published(WaitlistPromoted)] == [
        seats[1]["id"],
        seats[2]["id"],
    ]
    path = f"/gatherings/{seminar['id']}"
    refused = scheduling.call("PATCH", path, as_=organiser, json={"capacity": 2})
    assert [error["field"] for error in refused.json()["errors"]] == ["capacity"]
    changed(scheduling, seminar, organiser, capacity=None)
    assert len(scheduling.published(WaitlistPromoted)) == 3


def test_seats_in_person_and_online_are_counted_apart(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    both = a_seminar(
        scheduling, organiser, mode="hybrid", location="Room 3", capacity=None,
        capacity_online=5, capacity_onsite=2,
    )  # fmt: skip
    path = f"/gatherings/{both['id']}"
    assert scheduling.call("GET", path).json()["capacity"] == 7
    assert changed(scheduling, both, organiser, capacity_onsite=4)["capacity"] == 9
    assert changed(scheduling, both, organiser, capacity_online=None)["capacity"] is None
    online = changed(scheduling, both, organiser, mode="online", capacity=10)
    assert (online["mode"], online["capacity"]) == ("online", 10)


def test_a_form_that_gives_two_numbers_of_seats_changes_none(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    both = {"capacity": None, "capacity_onsite": 1, "capacity_online": 5}
    seminar = a_seminar(scheduling, organiser, mode="hybrid", location="Room 3", **both)
    renamed = changed(scheduling, seminar, organiser, title="A new title", **both)
    assert (renamed["title"], renamed["capacity"]) == ("A new title", 6)
    assert versions(scheduling, seminar, organiser) == [("published", ["title"])]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"capacity": -1}, "capacity"),
        ({"capacity": 10**9}, "capacity"),
        ({"opens_at": "2027-01-02T00:00:00Z", "closes_at": "2027-01-01T00:00:00Z"}, "closes_at"),
        ({"opens_at": "2027-01-02T00:00:00"}, "opens_at"),
        ({"admits": "friends"}, "admits"),
        ({"admits_sides": ["martian"]}, "admits_sides.0"),
        ({"admits_regions": ["XX9"]}, "admits_regions.0"),
        ({"offer_hours": -1}, "offer_hours"),
        ({"doors_minutes": 100_000}, "doors_minutes"),
        ({"time_zone": "CET-ish"}, "time_zone"),
        ({"ends_local": "2027-02-02T13:00:00"}, "ends_local"),
        ({"starts_local": "2027-03-28T02:30:00", "ends_local": "2027-03-28T04:00:00"},
         "starts_local"),
        ({"mode": "hybrid"}, "location"),
        ({"capacity_online": 5}, "capacity_online"),
        ({"organiser_id": "0198c5f0-0000-7000-8000-000000000001"}, "organiser_id"),
        ({"status": "published"}, "status"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheduling", ["sqlite"], indirect=True)
def test_bad_input_names_its_field_and_changes_nothing(
    scheduling: ServiceUnderTest, fields: dict[str, Any], field: str
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    path = f"/gatherings/{seminar['id']}"
    before = scheduling.call("GET", path).json()
    answer = scheduling.call("PATCH", path, as_=organiser, json=fields)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert scheduling.call("GET", path).json() == before
    order = {**SEMINAR, **fields}
    fresh = scheduling.call("POST", "/gatherings", as_=organiser, json=order)
    assert [error["field"] for error in fresh.json()["errors"]] == [field]


@pytest.mark.parametrize("scheduling", ["sqlite"], indirect=True)
def test_a_time_that_comes_twice_is_the_first_of_the_two(scheduling: ServiceUnderTest) -> None:
    twice = a_seminar(
        scheduling, starts_local="2027-10-31T02:30:00", ends_local="2027-10-31T04:00:00"
    )
    assert twice["starts_at"] == "2027-10-31T00:30:00Z"


def test_the_organiser_of_one_event_cannot_touch_another(scheduling: ServiceUnderTest) -> None:
    seminar, stranger = a_seminar(scheduling), a_member("organiser")
    a_seminar(scheduling, stranger)
    person = {"contact_id": stranger.contact_id, "role": "co-organiser"}
    before = scheduling.call("GET", f"/gatherings/{seminar['id']}").json()
    for method, path, order in (
        ("PATCH", "", {"title": "Mine"}),
        ("POST", "/cancel", None),
        ("POST", "/postpone", None),
        ("POST", "/publish", None),
        ("POST", "/duplicate", None),
        ("POST", "/people", person),
        ("POST", "/people/remove", person),
    ):
        answer = scheduling.call(
            method, f"/gatherings/{seminar['id']}{path}", as_=stranger, json=order
        )
        assert answer.status_code == 403, path
    assert scheduling.call("GET", f"/gatherings/{seminar['id']}").json() == before


def test_who_helps_sees_the_draft_and_does_all_that_the_organiser_does(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, helper, host = a_member("organiser"), a_member(), a_member()
    draft = a_seminar(scheduling, organiser, draft=True)
    named(scheduling, draft, organiser, helper)
    both = named(scheduling, draft, helper, host, "host")
    named(scheduling, draft, helper, host, "host")
    assert (both["co_organiser_ids"], both["host_ids"]) == ([helper.contact_id], [host.contact_id])
    path = f"/gatherings/{draft['id']}"
    seen = [scheduling.call("GET", path, as_=who).status_code for who in (helper, host)]
    assert seen == [200, 404]
    assert changed(scheduling, draft, helper, title="Ours")["title"] == "Ours"
    assert scheduling.call("POST", f"{path}/publish", as_=helper).status_code == 200
    itself = {"contact_id": organiser.contact_id, "role": "co-organiser"}
    gone = scheduling.call("POST", f"{path}/people/remove", as_=helper, json=itself)
    assert gone.json()["organiser_id"] == organiser.contact_id
    out = {"contact_id": helper.contact_id, "role": "co-organiser"}
    scheduling.call("POST", f"{path}/people/remove", as_=organiser, json=out)
    assert scheduling.call("PATCH", path, as_=helper, json={"title": "M"}).status_code == 403
    state = scheduling.published(GatheringState)[-1]
    assert (state.co_organiser_ids, state.host_ids) == ((), (host.contact_id,))


def test_a_copy_is_a_draft_with_the_same_words_and_nobody_in_it(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, helper = a_member("organiser"), a_member("organiser")
    source = a_seminar(scheduling, organiser, **EVERYTHING)
    named(scheduling, source, organiser, helper)
    answer = scheduling.call("POST", f"/gatherings/{source['id']}/duplicate", as_=helper)
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    assert (copy["status"], copy["organiser_id"], copy["co_organiser_ids"]) == (
        "draft",
        helper.contact_id,
        [],
    )
    same = set(EVERYTHING) - {"opens_at", "closes_at"}
    assert {name: copy[name] for name in same} == {name: source[name] for name in same}
    assert copy["slug"] != source["slug"]
    assert versions(scheduling, copy, helper) == []


def test_whom_an_erasure_takes_leaves_the_event_to_who_helped(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, helper, other = a_member("organiser"), a_member(), a_member("organiser")
    draft = a_seminar(scheduling, organiser, draft=True)
    named(scheduling, draft, organiser, helper)
    theirs = a_seminar(scheduling, other)
    named(scheduling, theirs, other, organiser, "host")
    alone = a_seminar(scheduling, organiser, draft=True)
    named(scheduling, alone, organiser, other, "host")
    with scheduling.service.database.unit_of_work() as session:
        held_of = held(session, organiser.contact_id or "")
        assert [part["role"] for part in held_of["parts_in_gatherings"]] == ["host"]
        forget(session, organiser.contact_id or "", datetime.now(UTC))
    kept = scheduling.call("GET", f"/gatherings/{draft['id']}", as_=helper).json()
    assert (kept["organiser_id"], kept["co_organiser_ids"]) == (helper.contact_id, [])
    assert scheduling.call("GET", f"/gatherings/{theirs['id']}").json()["host_ids"] == []
    assert scheduling.call("GET", f"/gatherings/{alone['id']}", as_=HUB).status_code == 404
