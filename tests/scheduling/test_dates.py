"""Registration for single dates of a series: seats, lines and counts of each."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from events.catalogue.scheduling import RegistrationHeld
from events.envelope import new_id
from services.kit.identity import Identity
from services.kit.timers import TIMERS
from services.scheduling.registrations.forgetting import forget
from tests.harness import HUB, ServiceUnderTest, a_member
from tests.scheduling.samples import a_seminar

FIRST, SECOND, THIRD = "2027-02-02T14:00:00", "2027-02-09T14:00:00", "2027-02-16T14:00:00"


def a_series(
    scheduling: ServiceUnderTest, organiser: Identity | None = None, **changed: Any
) -> dict[str, Any]:
    """Three Tuesdays with one seat each."""
    return a_seminar(
        scheduling,
        organiser,
        **{
            "rrule": "FREQ=WEEKLY;COUNT=3",
            "registers_for": "occurrence",
            "capacity": 1,
            **changed,
        },
    )


def registers(
    scheduling: ServiceUnderTest, series: dict[str, Any], person: Identity, *dates: str
) -> dict[str, Any]:
    answer = scheduling.call(
        "POST",
        "/registrations",
        as_=person,
        json={"gathering_id": series["id"], "dates": list(dates)},
    )
    assert answer.status_code == 201, answer.text
    registration: dict[str, Any] = answer.json()
    return registration


def days(registration: dict[str, Any]) -> dict[str, str]:
    return {day["occurrence"]: day["status"] for day in registration["dates"]}


def test_each_date_has_its_own_seats_and_its_own_line(scheduling: ServiceUnderTest) -> None:
    ana, bo, cy = a_member(), a_member(), a_member()
    series = a_series(scheduling)
    first = registers(scheduling, series, ana, FIRST)
    both = registers(scheduling, series, bo, SECOND, FIRST)
    late = registers(scheduling, series, cy, FIRST)
    assert [each["status"] for each in (first, both, late)] == [
        "confirmed",
        "confirmed",
        "waitlisted",
    ]
    assert days(both) == {FIRST: "waitlisted", SECOND: "confirmed"}
    shown = scheduling.call("GET", f"/gatherings/{series['id']}/dates").json()
    assert [(date["occurrence"], date["seats_left"]) for date in shown] == [
        (FIRST, 0),
        (SECOND, 0),
        (THIRD, 1),
    ]
    # Who gives a seat up gives it to the first in the line of that date alone.
    scheduling.call("POST", f"/registrations/{first['id']}/cancel", as_=ana)
    seen = scheduling.call("GET", f"/registrations/{both['id']}", as_=bo).json()
    assert days(seen) == {FIRST: "confirmed", SECOND: "confirmed"}
    waiting = scheduling.call("GET", f"/registrations/{late['id']}", as_=cy).json()
    assert (waiting["status"], days(waiting)) == ("waitlisted", {FIRST: "waitlisted"})


def test_other_dates_can_be_chosen_and_the_left_ones_go_to_the_next(
    scheduling: ServiceUnderTest,
) -> None:
    ana, bo = a_member(), a_member()
    series = a_series(scheduling)
    mine = registers(scheduling, series, ana, FIRST, SECOND)
    next_one = registers(scheduling, series, bo, FIRST)
    changed = scheduling.call(
        "PATCH",
        f"/registrations/{mine['id']}",
        as_=ana,
        json={"dates": [SECOND, THIRD]},
    )
    assert days(changed.json()) == {SECOND: "confirmed", THIRD: "confirmed"}
    seen = scheduling.call("GET", f"/registrations/{next_one['id']}", as_=bo).json()
    assert (seen["status"], days(seen)) == ("confirmed", {FIRST: "confirmed"})


def test_dates_are_needed_known_and_still_to_come(scheduling: ServiceUnderTest) -> None:
    organiser, ana = a_member("organiser"), a_member()
    series = a_series(scheduling, organiser)
    off = {"occurrence": SECOND}
    path = f"/gatherings/{series['id']}/occurrences/cancel"
    assert scheduling.call("POST", path, as_=organiser, json=off).status_code == 200
    for dates, status in (
        ([], 422),
        (["2027-02-03T14:00:00"], 422),
        ([SECOND], 409),
    ):
        order = {"gathering_id": series["id"], "dates": dates}
        answer = scheduling.call("POST", "/registrations", as_=ana, json=order)
        assert answer.status_code == status
    assert registers(scheduling, series, ana, FIRST)["status"] == "confirmed"


def test_who_asks_is_given_a_seat_on_each_date_by_the_organiser(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, ana = a_member("organiser"), a_member()
    series = a_series(scheduling, organiser, needs_approval=True)
    asked = registers(scheduling, series, ana, FIRST, THIRD)
    assert (asked["status"], days(asked)) == (
        "requested",
        {FIRST: "requested", THIRD: "requested"},
    )
    given = scheduling.call("POST", f"/registrations/{asked['id']}/approve", as_=organiser).json()
    assert (given["status"], days(given)) == (
        "confirmed",
        {FIRST: "confirmed", THIRD: "confirmed"},
    )


def test_more_seats_go_to_the_line_of_each_date_and_fewer_than_taken_are_refused(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, ana, bo = a_member("organiser"), a_member(), a_member()
    series = a_series(scheduling, organiser)
    registers(scheduling, series, ana, FIRST)
    waits = registers(scheduling, series, bo, FIRST)
    path = f"/gatherings/{series['id']}"
    assert scheduling.call("PATCH", path, as_=organiser, json={"capacity": 2}).status_code == 200
    seen = scheduling.call("GET", f"/registrations/{waits['id']}", as_=bo).json()
    assert days(seen) == {FIRST: "confirmed"}
    assert scheduling.call("PATCH", path, as_=organiser, json={"capacity": 1}).status_code == 422


def test_what_people_register_for_and_when_it_is_stay_once_they_chose_dates(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, ana = a_member("organiser"), a_member()
    series = a_series(scheduling, organiser)
    registers(scheduling, series, ana, FIRST)
    for change in (
        {"registers_for": "series"},
        {"starts_local": "2027-02-02T15:00:00", "ends_local": "2027-02-02T16:00:00"},
    ):
        answer = scheduling.call("PATCH", f"/gatherings/{series['id']}", as_=organiser, json=change)
        assert answer.status_code == 409


def test_32_clients_never_take_a_seat_of_a_date_twice(scheduling: ServiceUnderTest) -> None:
    series = a_series(scheduling, capacity=5)

    async def all_clients() -> list[dict[str, Any]]:
        orders = {"gathering_id": series["id"], "dates": [FIRST, SECOND]}
        answers = await asyncio.gather(
            *(
                scheduling.call_async("POST", "/registrations", as_=a_member(), json=orders)
                for _ in range(32)
            )
        )
        return [answer.json() for answer in answers]

    got = scheduling.run(all_clients())
    for date in (FIRST, SECOND):
        statuses = [days(each)[date] for each in got]
        assert (statuses.count("confirmed"), statuses.count("waitlisted")) == (5, 27)


def test_the_door_lists_and_lets_in_those_who_come_to_that_date(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, ana, bo = a_member("organiser"), a_member(), a_member()
    series = a_series(scheduling, organiser)
    first = registers(scheduling, series, ana, FIRST)
    second = registers(scheduling, series, bo, SECOND)
    path = f"/gatherings/{series['id']}/attendance?occurrence={SECOND}"
    shown = scheduling.call("GET", path, as_=organiser).json()
    assert [person["registration_id"] for person in shown["people"]] == [second["id"]]
    for registration, status in ((first, 409), (second, 200)):
        answer = scheduling.call(
            "POST",
            f"/registrations/{registration['id']}/check-in",
            as_=organiser,
            json={"occurrence": SECOND},
        )
        assert answer.status_code == status, answer.text


def test_an_erased_person_gives_their_dates_to_those_in_line(scheduling: ServiceUnderTest) -> None:
    ana, bo = a_member(), a_member()
    series = a_series(scheduling)
    registers(scheduling, series, ana, FIRST, SECOND)
    waits = registers(scheduling, series, bo, FIRST)
    with scheduling.service.database.unit_of_work() as session:
        forget(session, ana.contact_id or "", datetime.now(UTC))
    seen = scheduling.call("GET", f"/registrations/{waits['id']}", as_=bo).json()
    assert (seen["status"], days(seen)) == ("confirmed", {FIRST: "confirmed"})
    shown = scheduling.call("GET", f"/gatherings/{series['id']}/dates").json()
    assert [date["seats_left"] for date in shown] == [0, 1, 1]


def change_dates(
    scheduling: ServiceUnderTest, registration: dict[str, Any], person: Identity, *dates: str
) -> Any:
    path = f"/registrations/{registration['id']}"
    return scheduling.call("PATCH", path, as_=person, json={"dates": list(dates)})


def timers_of(scheduling: ServiceUnderTest, registration: dict[str, Any]) -> list[str]:
    wanted = select(TIMERS.c.kind).where(TIMERS.c.key == registration["id"])
    with scheduling.service.database.reader() as session:
        return list(session.connection().execute(wanted).scalars())


def test_a_guest_who_changes_dates_has_a_seat_for_as_long_as_any_guest(
    scheduling: ServiceUnderTest,
) -> None:
    series = a_series(scheduling)
    registers(scheduling, series, a_member(), FIRST)
    order = {
        "gathering_id": series["id"],
        "contact_id": new_id(),
        "dates": [FIRST],
        "unproved": True,
    }
    waits = scheduling.call("POST", "/registrations", as_=HUB, json=order).json()
    assert (waits["status"], timers_of(scheduling, waits)) == ("waitlisted", [])
    path = f"/registrations/{waits['id']}/link"
    secret = scheduling.call("POST", path, as_=HUB).json()["secret"]

    def choose(*dates: str) -> dict[str, Any]:
        path = f"/registrations/by-secret/{secret}"
        changed: dict[str, Any] = scheduling.call("PATCH", path, json={"dates": dates}).json()
        return changed

    held = choose(SECOND)
    assert (held["status"], days(held)) == ("unconfirmed", {SECOND: "confirmed"})
    assert timers_of(scheduling, waits) == ["registration.release"]
    assert [fact.registration_id for fact in scheduling.published(RegistrationHeld)] == [
        waits["id"]
    ]
    again = choose(SECOND, THIRD)
    assert again["until"] == held["until"]
    # Without a seat there is nothing to confirm.
    back = choose(FIRST)
    assert (back["status"], back["until"], timers_of(scheduling, waits)) == ("waitlisted", None, [])


def test_who_was_declined_may_ask_again(scheduling: ServiceUnderTest) -> None:
    organiser, ana = a_member("organiser"), a_member()
    series = a_series(scheduling, organiser, needs_approval=True)
    asked = registers(scheduling, series, ana, FIRST, SECOND)
    path = f"/registrations/{asked['id']}/decline"
    assert scheduling.call("POST", path, as_=organiser).json()["dates"] == []
    assert days(registers(scheduling, series, ana, FIRST)) == {FIRST: "requested"}


def test_dates_are_added_by_those_alone_who_could_register_for_them(
    scheduling: ServiceUnderTest,
) -> None:
    organiser, ana = a_member("organiser"), a_member()
    series = a_series(scheduling, organiser)
    mine = registers(scheduling, series, ana, FIRST, SECOND)
    closed = {"closes_at": "2026-01-01T00:00:00Z"}
    path = f"/gatherings/{series['id']}"
    assert scheduling.call("PATCH", path, as_=organiser, json=closed).status_code == 200
    assert change_dates(scheduling, mine, ana, FIRST, THIRD).status_code == 409
    assert change_dates(scheduling, mine, ana, FIRST).status_code == 200

    asking = a_series(scheduling, organiser, needs_approval=True)
    asked = registers(scheduling, asking, ana, FIRST)
    scheduling.call("POST", f"/registrations/{asked['id']}/approve", as_=organiser)
    answer = change_dates(scheduling, asked, ana, FIRST, SECOND)
    assert (answer.status_code, "register anew" in answer.text) == (409, True)


def test_seats_in_person_and_online_do_not_go_with_single_dates(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    both = {"mode": "hybrid", "location": "Hall", "capacity_online": 5, "capacity_onsite": 5}
    series = a_series(scheduling, organiser, registers_for="series", capacity=None, **both)
    path = f"/gatherings/{series['id']}"
    answer = scheduling.call("PATCH", path, as_=organiser, json={"registers_for": "occurrence"})
    assert answer.status_code == 422
