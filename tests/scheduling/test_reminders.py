"""Reminders, by their timer on both databases, and their rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from events.catalogue.scheduling import GatheringReminded
from services.kit.timers import TIMERS, TimerLoop, set_timer
from services.scheduling.occurrences.rules import occurrences
from services.scheduling.reminders.rules import due, next_to_remind
from services.scheduling.reminders.service import REMIND
from tests.harness import ServiceUnderTest, a_member
from tests.scheduling.samples import START, WEEK, Series, a_seminar, an_override

DAY = timedelta(days=1)
FIRST = datetime(2027, 2, 2, 13, tzinfo=UTC)
"""When the seminar of the samples begins."""


def stepped(scheduling: ServiceUnderTest, moment: datetime) -> list[GatheringReminded]:
    """All reminders once the timers were looked at."""
    TimerLoop(scheduling.service.database, scheduling.service.timers).step(moment)
    return scheduling.published(GatheringReminded)


def planned(scheduling: ServiceUnderTest) -> list[datetime]:
    """When reminders are due."""
    with scheduling.service.database.reader() as session:
        rows = session.connection().execute(select(TIMERS.c.due_at).where(TIMERS.c.kind == REMIND))
        return list(rows.scalars())


def a_reminder(seminar: dict[str, Any], local: datetime, **more: Any) -> GatheringReminded:
    return GatheringReminded(
        gathering_id=seminar["id"],
        starts_local=local,
        ends_local=local + timedelta(minutes=90),
        **more,
    )


def test_the_day_before_a_date_is_told_once(scheduling: ServiceUnderTest) -> None:
    seminar = a_seminar(scheduling)
    assert stepped(scheduling, FIRST - DAY - timedelta(seconds=1)) == []
    told = [a_reminder(seminar, datetime(2027, 2, 2, 14))]
    assert stepped(scheduling, FIRST - DAY) == told
    assert stepped(scheduling, FIRST - timedelta(hours=1)) == told
    assert planned(scheduling) == []


def test_each_date_of_a_series_is_told_but_those_called_off(scheduling: ServiceUnderTest) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser, rrule="FREQ=WEEKLY;COUNT=3")
    first, second, third = (datetime(2027, 2, 2, 14) + n * WEEK for n in range(3))
    cancel = f"/gatherings/{seminar['id']}/occurrences/cancel"
    off = scheduling.call("POST", cancel, as_=organiser, json={"occurrence": second.isoformat()})
    assert off.status_code == 200, off.text
    told = [a_reminder(seminar, first, occurrence=first)]
    assert stepped(scheduling, FIRST - DAY) == told
    assert stepped(scheduling, FIRST + WEEK) == told
    told.append(a_reminder(seminar, third, occurrence=third))
    assert stepped(scheduling, FIRST + 2 * WEEK - DAY) == told


def test_a_new_time_moves_the_reminder_and_a_date_called_off_has_none(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    seminar = a_seminar(scheduling, organiser)
    path = f"/gatherings/{seminar['id']}"
    later = {"starts_local": "2027-03-02T14:00:00", "ends_local": "2027-03-02T15:30:00"}
    assert scheduling.call("PATCH", path, as_=organiser, json=later).status_code == 200
    assert planned(scheduling) == [FIRST + 4 * WEEK - DAY]
    assert stepped(scheduling, FIRST - DAY) == []
    scheduling.call("POST", f"{path}/postpone", as_=organiser)
    assert planned(scheduling) == []
    assert scheduling.call("PATCH", path, as_=organiser, json=later | {
        "starts_local": "2027-03-02T13:00:00"
    }).status_code == 200  # fmt: skip
    assert planned(scheduling) == [FIRST + 4 * WEEK - DAY - timedelta(hours=1)]
    scheduling.call("POST", f"{path}/cancel", as_=organiser)
    assert planned(scheduling) == []


def test_drafts_remind_nobody(scheduling: ServiceUnderTest) -> None:
    a_seminar(scheduling, draft=True)
    assert planned(scheduling) == []


def test_no_reminder_comes_when_it_has_begun() -> None:
    dates = occurrences(Series())
    begin = dates[0].starts_at
    assert due(dates, START, begin - timedelta(seconds=1)) == dates[:1]
    assert due(dates, START, begin) == []
    assert due(dates, START + DAY, begin) == []


def test_dates_whose_turn_came_meanwhile_are_told_together() -> None:
    near = Series(rrule="FREQ=DAILY;COUNT=4")
    dates = occurrences(near)
    moment = dates[0].starts_at - timedelta(minutes=1)
    assert due(dates, START, moment + timedelta(minutes=-1)) == dates[:1]
    moved = Series(rrule=near.rrule, overrides=[an_override(START + DAY, START + DAY / 2)])
    dates = occurrences(moved)
    assert due(dates, START, moment) == dates[:2]
    assert next_to_remind(dates, moment) == dates[2]
    assert next_to_remind(dates, dates[-1].starts_at) is None


def test_an_edit_loses_no_reminder_that_is_due_and_was_not_sent_yet(
    scheduling: ServiceUnderTest,
) -> None:
    organiser = a_member("organiser")
    start = datetime.now(UTC).replace(microsecond=0, tzinfo=None) + timedelta(hours=20)
    local = {
        "starts_local": start.isoformat(),
        "ends_local": (start + timedelta(minutes=90)).isoformat(),
        "time_zone": "UTC",
    }
    seminar = a_seminar(scheduling, organiser, **local)
    # As after a pause of the hub: it was planned, and is due since hours.
    with scheduling.service.database.unit_of_work() as session:
        key = f"{seminar['id']} {start.isoformat()}"
        due_at = start.replace(tzinfo=UTC) - DAY
        set_timer(session, kind=REMIND, key=key, due_at=due_at)
    path = f"/gatherings/{seminar['id']}"
    new = {"title": "Another title"}
    assert scheduling.call("PATCH", path, as_=organiser, json=new).status_code == 200
    assert stepped(scheduling, datetime.now(UTC)) == [a_reminder(seminar, start)]
