"""Gatherings through HTTP on both databases."""

import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from events.catalogue.scheduling import (
    GatheringCancelled,
    GatheringChanged,
    GatheringFinished,
    GatheringPublished,
    GatheringState,
)
from services.kit.errors import Invalid
from services.kit.timers import TimerLoop, set_timer
from services.scheduling.gatherings import service
from services.scheduling.occurrences.rules import starts
from tests.harness import ServiceUnderTest, a_member
from tests.scheduling.samples import SEMINAR, a_seminar


def test_a_published_seminar_tells_state_and_fact(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, topics=["Genomics"])
    state, fact = scheduling.published()
    assert isinstance(state, GatheringState)
    assert (state.title, state.status, state.version, state.topics) == (
        "Genomics in the clinic",
        "published",
        1,
        ("genomics",),
    )
    assert state.starts_at == datetime(2027, 2, 2, 13, 0, tzinfo=UTC)
    assert fact == GatheringPublished(
        gathering_id=seminar["id"], organiser_id=organiser.contact_id or ""
    )


def test_a_weekly_series_keeps_its_wall_clock_over_daylight_saving(
    scheduling: ServiceUnderTest,
) -> None:
    series = a_seminar(
        scheduling,
        starts_local="2027-03-16T18:30:00",
        ends_local="2027-03-16T20:00:00",
        rrule="FREQ=WEEKLY;COUNT=3",
    )
    assert series["occurrences"] == [
        "2027-03-16T18:30:00",
        "2027-03-23T18:30:00",
        "2027-03-30T18:30:00",
    ]
    assert (series["starts_at"], series["finishes_at"]) == (
        "2027-03-16T17:30:00Z",
        "2027-03-30T18:00:00Z",
    )


def test_a_draft_is_seen_by_its_organiser_only(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    draft = a_seminar(scheduling, organiser, draft=True)
    path = f"/gatherings/{draft['id']}"
    answers = [scheduling.call("GET", path, as_=who) for who in (organiser, a_member("organiser"))]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert scheduling.call("GET", "/gatherings").json() == []
    assert scheduling.call("POST", f"{path}/publish", as_=a_member()).status_code == 403
    published = scheduling.call("POST", f"{path}/publish", as_=organiser)
    assert published.json()["status"] == "published"
    scheduling.call("POST", f"{path}/publish", as_=organiser)
    assert len(scheduling.published(GatheringPublished)) == 1
    assert [g["id"] for g in scheduling.call("GET", "/gatherings").json()] == [draft["id"]]


def test_moving_an_event_tells_what_changed_and_counts_the_sequence(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    change = {"starts_local": "2027-02-03T14:00:00", "ends_local": "2027-02-03T15:30:00"}
    moved = scheduling.call("PATCH", f"/gatherings/{seminar['id']}", as_=organiser, json=change)
    assert moved.json()["starts_at"] == "2027-02-03T13:00:00Z"
    quiet = {"summary": "Now with a summary"}
    scheduling.call("PATCH", f"/gatherings/{seminar['id']}", as_=organiser, json=quiet)
    same = scheduling.call("PATCH", f"/gatherings/{seminar['id']}", as_=organiser, json=quiet)
    assert same.json()["version"] == 3
    assert scheduling.published(GatheringChanged) == [
        GatheringChanged(gathering_id=seminar["id"], changed=("ends_local", "starts_local"))
    ]
    states = scheduling.published(GatheringState)
    assert [s.sequence for s in states] == [0, 1, 2]


def test_cancelling_twice_tells_once(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    for _ in range(2):
        answer = scheduling.call("POST", f"/gatherings/{seminar['id']}/cancel", as_=organiser)
        assert answer.json()["status"] == "cancelled"
    assert scheduling.published(GatheringCancelled) == [
        GatheringCancelled(gathering_id=seminar["id"])
    ]


def test_the_timer_finishes_an_event_once_its_last_occurrence_is_over(
    scheduling: ServiceUnderTest,
) -> None:
    seminar = a_seminar(scheduling)
    loop = TimerLoop(scheduling.service.database, scheduling.service.timers)
    loop.step(datetime(2027, 2, 2, 14, 29, tzinfo=UTC))
    assert scheduling.published(GatheringFinished) == []
    assert loop.step(datetime(2027, 2, 2, 14, 30, tzinfo=UTC)) == 1
    assert loop.step(datetime(2027, 2, 3, tzinfo=UTC)) == 0
    assert scheduling.published(GatheringFinished) == [
        GatheringFinished(gathering_id=seminar["id"])
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_local": "2027-02-02T13:00:00"}, "ends_local"),
        ({"ends_local": "2028-02-02T13:00:00"}, "ends_local"),
        (
            {"starts_local": "2027-03-28T02:30:00", "ends_local": "2027-03-28T04:00:00"},
            "starts_local",
        ),
        ({"starts_local": "2027-02-02T14:00:00+01:00"}, "starts_local"),
        ({"starts_local": "1066-02-02T14:00:00"}, "starts_local"),
        ({"time_zone": "Romance Standard Time"}, "time_zone"),
        ({"time_zone": "+01:00"}, "time_zone"),
        ({"time_zone": "GMT"}, "time_zone"),
        ({"title": "Hi\r\nATTENDEE:mailto:x@example.org"}, "title"),
        ({"title": "bell\x07"}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"rrule": "FREQ=WEEKLY"}, "rrule"),
        ({"rrule": "FREQ=SECONDLY;COUNT=3"}, "rrule"),
        ({"rrule": "FREQ=WEEKLY;COUNT=100000"}, "rrule"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=FR;COUNT=3"}, "rrule"),
        ({"rrule": "FREQ=WEEKLY;COUNT=x"}, "rrule"),
        ({"rrule": "FREQ=MONTHLY;BYEASTER=0;COUNT=3"}, "rrule"),
        ({"rrule": "FREQ=WEEKLY;COUNT=3;COUNT=4"}, "rrule"),
        ({"capacity": 0}, "capacity"),
        ({"mode": "onsite"}, "location"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
        ({"organiser_id": "someone"}, "organiser_id"),
        ({"taken": 5}, "taken"),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(
    scheduling: ServiceUnderTest, changed: dict[str, Any], field: str
) -> None:
    answer = scheduling.call(
        "POST", "/gatherings", as_=a_member("organiser"), json={**SEMINAR, **changed}
    )
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert scheduling.published() == []


@pytest.mark.parametrize(
    "body", [b'{"title": "\xff\xfe"}', b'{"title": "\\ud800"', b"[1", b'"\\ud800"', b"\x00"]
)
def test_bytes_that_are_no_json_are_refused(scheduling: ServiceUnderTest, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    organiser = a_member("organiser")
    answer = scheduling.call("POST", "/gatherings", as_=organiser, content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_over_the_limit_is_refused(scheduling: ServiceUnderTest) -> None:
    answer = scheduling.call(
        "POST",
        "/gatherings",
        as_=a_member("organiser"),
        json={**SEMINAR, "description": "x" * 1_100_000},
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_visitors_and_plain_members_cannot_create(scheduling: ServiceUnderTest) -> None:
    assert scheduling.call("POST", "/gatherings", json=SEMINAR).status_code == 401
    answer = scheduling.call("POST", "/gatherings", as_=a_member(), json=SEMINAR)
    assert answer.status_code == 403
    forged = {"authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
    assert scheduling.call("GET", "/gatherings", headers=forged).status_code == 401


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=0;BYMONTH=1;COUNT=3",
        "FREQ=DAILY;INTERVAL=-1;COUNT=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
    ],
)
def test_a_rule_that_never_comes_to_pass_is_refused_at_once(rule: str) -> None:
    """Its dates are looked for while the database's turn to write is held."""
    began = time.process_time()
    with pytest.raises(Invalid):
        starts(datetime(2027, 2, 2, 14), rule)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("scheduling", ["postgresql"], indirect=True)
def test_finishing_does_not_lock_against_a_change_under_way(scheduling: ServiceUnderTest) -> None:
    """The change holds the gathering and wants its timer, the timer wants the gathering."""
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    database, late = scheduling.service.database, datetime(2027, 3, 1, tzinfo=UTC)
    loop = TimerLoop(database, scheduling.service.timers)
    firing = threading.Thread(target=loop.step, args=(late,))
    with database.unit_of_work() as session:
        gathering = service.locked(session, seminar["id"], organiser)
        firing.start()
        firing.join(timeout=0.3)
        set_timer(session, kind=service.FINISH, key=gathering.id, due_at=gathering.finishes_at)
    firing.join()
    loop.step(late)
    assert len(scheduling.published(GatheringFinished)) == 1


def test_regions_are_those_of_what_is_coming_and_may_be_seen(scheduling: ServiceUnderTest) -> None:
    olga = a_member("organiser")
    for code in ("NL22", "BE23", "NL22", "PL63"):
        a_seminar(scheduling, olga, region_code=code)
    a_seminar(scheduling, olga, region_code="FI1B", draft=True)
    a_seminar(scheduling, olga)
    assert scheduling.call("GET", "/gatherings/regions").json() == ["BE23", "NL22", "PL63"]
    assert scheduling.call("GET", "/gatherings/regions", as_=olga).json() == [
        "BE23", "FI1B", "NL22", "PL63",
    ]  # fmt: skip
