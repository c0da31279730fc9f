"""The way in, the door, and who came, through HTTP on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.catalogue.scheduling import AttendanceRecorded
from events.envelope import new_id
from services.kit.errors import Conflict, Invalid
from services.kit.identity import Identity
from services.scheduling.attendance.rules import Date, check_doors, date_meant, key_of
from services.scheduling.personal.service import forget
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar, registered

MINUTE = timedelta(minutes=1)


def starting(minutes: int, **more: Any) -> dict[str, Any]:
    """A seminar of an hour that starts this many minutes from now."""
    starts = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + minutes * MINUTE
    times = {"starts_local": starts.isoformat(), "ends_local": (starts + 60 * MINUTE).isoformat()}
    return {**times, "time_zone": "UTC", **more}


def listed(scheduling: ServiceUnderTest, seminar: dict[str, Any], as_: Identity) -> Any:
    answer = scheduling.call("GET", f"/gatherings/{seminar['id']}/attendance", as_=as_)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_way_in_opens_shortly_before_and_is_written_down_once(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, person = a_member("organiser"), a_member()
    seminar = a_seminar(scheduling, organiser, **starting(10))
    mine = registered(scheduling, seminar, person)
    path = f"/gatherings/{seminar['id']}/enter"
    for _ in range(2):
        answer = scheduling.call("POST", path, as_=person)
        assert (answer.status_code, answer.json()) == (200, {"url": "https://video.example/room"})
    (fact,) = scheduling.published(AttendanceRecorded)
    assert fact == AttendanceRecorded(
        registration_id=mine["id"],
        gathering_id=seminar["id"],
        contact_id=person.contact_id or "",
        arrival="online",
    )
    shown = listed(scheduling, seminar, organiser)
    assert [(p["contact_id"], p["arrival"]) for p in shown["people"]] == [
        (person.contact_id, "online")
    ]
    assert (shown["came"], shown["erased"], shown["occurrences"]) == (1, 0, [])


def test_the_doors_are_shut_early_late_and_to_others(scheduling: ServiceUnderTest) -> None:
    organiser, person = a_member("organiser"), a_member()
    early = a_seminar(scheduling, organiser, **starting(40))
    registered(scheduling, early, person)
    path = f"/gatherings/{early['id']}/enter"
    refused = scheduling.call("POST", path, as_=person)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "The way in opens 15 minutes before the start.",
    )
    assert scheduling.call("POST", path, as_=organiser).status_code == 200
    assert scheduling.call("POST", path, as_=a_member()).status_code == 403
    assert scheduling.call("POST", path).status_code == 401
    assert scheduling.published(AttendanceRecorded) == []


def test_a_place_in_line_is_no_way_in(scheduling: ServiceUnderTest) -> None:
    seminar = a_seminar(scheduling, **starting(5, capacity=1))
    registered(scheduling, seminar, a_member())
    second = a_member()
    registered(scheduling, seminar, second)
    refused = scheduling.call("POST", f"/gatherings/{seminar['id']}/enter", as_=second)
    assert refused.status_code == 403


def test_the_direct_address_is_shown_only_when_released(scheduling: ServiceUnderTest) -> None:
    organiser, person, stranger = a_member("organiser"), a_member(), a_member()
    seminar = a_seminar(scheduling, organiser, **starting(300))
    registered(scheduling, seminar, person)
    path = f"/gatherings/{seminar['id']}/direct-address"

    def seen() -> list[int]:
        people = (organiser, person, stranger)
        return [scheduling.call("GET", path, as_=each).status_code for each in people]

    assert seen() == [200, 404, 404]
    assert scheduling.call("POST", f"{path}/release", as_=person).status_code == 403
    assert scheduling.call("POST", f"{path}/release", as_=organiser).status_code == 204
    assert seen() == [200, 200, 404]
    # The doors need not be open either: that is what it was released for.
    entered = scheduling.call("POST", f"/gatherings/{seminar['id']}/enter", as_=person)
    assert entered.status_code == 200
    assert scheduling.call("POST", f"{path}/hide", as_=organiser).status_code == 204
    assert seen() == [200, 404, 404]


def test_a_code_at_the_door_checks_in_for_the_organiser_alone(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, person = a_member("organiser"), a_member()
    seminar = a_seminar(scheduling, organiser, **starting(30))
    mine = registered(scheduling, seminar, person)
    tickets = [
        scheduling.call("POST", f"/registrations/{mine['id']}/ticket", as_=person).json()["code"]
        for _ in range(2)
    ]
    assert tickets[0] == tickets[1]
    other = scheduling.call("POST", f"/registrations/{mine['id']}/ticket", as_=a_member())
    assert other.status_code == 404
    path = f"/tickets/{tickets[0]}"
    assert scheduling.call("GET", path, as_=person).status_code == 403
    assert scheduling.call("GET", "/tickets/" + "x" * 24, as_=organiser).status_code == 404
    read = scheduling.call("GET", path, as_=organiser).json()
    assert (read["registration_id"], read["gathering_slug"], read["arrived_at"]) == (
        mine["id"],
        seminar["slug"],
        None,
    )
    check_in = f"/registrations/{mine['id']}/check-in"
    assert scheduling.call("POST", check_in, as_=person, json={}).status_code == 403
    done = scheduling.call("POST", check_in, as_=organiser, json={}).json()
    assert done["arrival"] == "door"
    assert scheduling.call("GET", path, as_=organiser).json()["arrived_at"] == done["arrived_at"]
    back = scheduling.call("POST", f"{check_in}/undo", as_=organiser, json={}).json()
    assert (back["arrived_at"], back["arrival"]) == (None, None)


def test_each_date_of_a_series_has_its_own_attendance(scheduling: ServiceUnderTest) -> None:
    organiser, person = a_member("organiser"), a_member()
    starts = datetime(2027, 2, 2, 14)
    seminar = a_seminar(scheduling, organiser, rrule="FREQ=WEEKLY;COUNT=3")
    mine = registered(scheduling, seminar, person)
    second = (starts + timedelta(days=7)).isoformat()
    check_in = f"/registrations/{mine['id']}/check-in"
    scheduling.call("POST", check_in, as_=organiser, json={"occurrence": second})
    path = f"/gatherings/{seminar['id']}/attendance"
    came = {
        date: scheduling.call("GET", f"{path}?occurrence={date}", as_=organiser).json()["came"]
        for date in (starts.isoformat(), second)
    }
    assert came == {starts.isoformat(): 0, second: 1}
    bad = scheduling.call("POST", check_in, as_=organiser, json={"occurrence": "2027-02-03T14:00"})
    assert bad.status_code == 422


def test_a_newcomer_enters_while_seats_are_left(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, **starting(25, capacity=1))
    path = f"/gatherings/{seminar['id']}/walk-ins"
    first = {"contact_id": new_id(), "arrival": "online"}
    entered = scheduling.call("POST", path, as_=HUB, json=first)
    assert (entered.status_code, entered.json()) == (200, {"url": "https://video.example/room"})
    full = scheduling.call(
        "POST", path, as_=HUB, json={"contact_id": new_id(), "arrival": "online"}
    )
    assert (full.status_code, full.json()["detail"]) == (409, "All seats are taken.")
    shown = listed(scheduling, seminar, organiser)
    assert [(p["contact_id"], p["arrival"]) for p in shown["people"]] == [
        (first["contact_id"], "online")
    ]
    assert shown["came"] == 1
    early = a_seminar(scheduling, organiser, **starting(60))
    refused = scheduling.call("POST", f"/gatherings/{early['id']}/walk-ins", as_=HUB, json=first)
    assert refused.status_code == 409
    by_stranger = scheduling.call("POST", path, as_=a_member(), json=first)
    assert by_stranger.status_code == 403


def test_the_video_services_list_is_written_down_once(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, **starting(5, capacity=None))
    elsewhere = a_seminar(scheduling, organiser, **starting(5))
    rows = [registered(scheduling, seminar, a_member())["id"] for _ in range(3)]
    foreign = registered(scheduling, elsewhere, a_member())["id"]
    path = f"/gatherings/{seminar['id']}/attendance/import"
    for new in (2, 0):
        got = scheduling.call(
            "POST", path, as_=organiser, json={"registration_ids": [*rows[:2], foreign]}
        )
        assert got.json() == {"known": 2, "new": new}
    assert listed(scheduling, seminar, organiser)["came"] == 2


def test_attendance_of_an_erased_person_stays_as_a_count(scheduling: ServiceUnderTest) -> None:
    organiser, person = a_member("organiser"), a_member()
    seminar = a_seminar(scheduling, organiser, **starting(-30))
    mine = registered(scheduling, seminar, person)
    scheduling.call("POST", f"/registrations/{mine['id']}/ticket", as_=person)
    scheduling.call("POST", f"/registrations/{mine['id']}/check-in", as_=organiser, json={})
    database = scheduling.service.database
    with database.unit_of_work() as session:
        forget(session, person.contact_id or "", datetime.now(UTC) + timedelta(hours=2))
    shown = listed(scheduling, seminar, organiser)
    assert (shown["people"], shown["came"], shown["erased"]) == ([], 1, 1)


def test_a_certificate_is_for_those_who_came_once_it_is_over(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, person = a_member("organiser"), a_member()
    seminar = a_seminar(scheduling, organiser, **starting(-59))
    mine = registered(scheduling, seminar, person)
    path = f"/gatherings/{seminar['id']}/certificate"
    scheduling.call("POST", f"/registrations/{mine['id']}/check-in", as_=organiser, json={})
    assert scheduling.call("GET", path, as_=person).status_code == 409
    assert scheduling.call("GET", path, as_=a_member()).status_code == 409


DATES = [
    Date(
        datetime(2027, 2, day, 14),
        datetime(2027, 2, day, 13, tzinfo=UTC),
        datetime(2027, 2, day, 14, tzinfo=UTC),
    )
    for day in (2, 9, 16)
]


@given(st.integers(-10_000, 60_000))
def test_the_date_meant_is_on_or_next_or_the_last(minutes: int) -> None:
    moment = DATES[0].starts_at + minutes * MINUTE
    meant = date_meant(DATES, None, moment)
    coming = [date for date in DATES if date.ends_at > moment]
    assert meant == (coming[0] if coming else DATES[-1])
    assert key_of(DATES, meant) == meant.occurrence.isoformat()
    assert key_of([meant], meant) == ""


def test_a_date_that_is_not_one_is_refused() -> None:
    with pytest.raises(Invalid, match="no such date"):
        date_meant(DATES, datetime(2027, 2, 3, 14), DATES[0].starts_at)
    with pytest.raises(Conflict, match="cancelled"):
        date_meant([], None, DATES[0].starts_at)


@pytest.mark.parametrize(("minutes", "open"), [(-16, False), (-15, True), (59, True), (60, False)])
def test_doors_are_open_from_before_the_start_until_the_end(minutes: int, open: bool) -> None:
    moment = DATES[0].starts_at + minutes * MINUTE
    if open:
        check_doors(DATES[0], before=15 * MINUTE, moment=moment)
        return
    with pytest.raises(Conflict):
        check_doors(DATES[0], before=15 * MINUTE, moment=moment)
