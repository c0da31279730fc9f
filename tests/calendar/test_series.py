"""Series with dates of their own, as apps read them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events

from events.catalogue.scheduling import GatheringState, Occurrence
from services.calendar import ical
from tests.calendar.world import a_gathering

START = datetime(2026, 10, 12, 18, 30)
WEEK = timedelta(days=7)
LENGTH = timedelta(minutes=90)
ADDRESS = "https://hub.example"


def a_series() -> GatheringState:
    """Four Mondays: one left out, one moved, one cancelled, and a Friday more."""
    moved = START + WEEK + timedelta(days=1, hours=-8)
    return a_gathering(
        rrule="FREQ=WEEKLY;COUNT=4",
        rdates=(datetime(2026, 11, 6, 9, 0),),
        exdates=(START + 3 * WEEK,),
        overrides=(
            Occurrence(
                occurrence=START + 2 * WEEK,
                starts_local=START + 2 * WEEK,
                ends_local=START + 2 * WEEK + LENGTH,
                cancelled=True,
            ),
            Occurrence(
                occurrence=START + WEEK,
                starts_local=moved,
                ends_local=moved + LENGTH,
                title="With a guest",
                location="Room 5",
            ),
        ),
    )


def feed_of(state: GatheringState) -> bytes:
    head = ical.Head(name="Feed", description="A feed", url=ADDRESS)
    return ical.calendar(head, {state.time_zone: 2026}, [ical.event(state, ADDRESS)])


def test_every_date_of_a_series_is_shown_once_where_it_is() -> None:
    calendar: Any = icalendar.Calendar.from_ical(feed_of(a_series()))
    found = recurring_ical_events.of(calendar).between(datetime(2026, 1, 1), datetime(2027, 1, 1))
    shown = sorted(
        (event.start.astimezone(UTC).strftime("%m-%d %H:%M"), str(event["SUMMARY"]))
        for event in found
    )
    assert shown == [
        ("10-12 16:30", "Genomics in the clinic"),
        ("10-20 08:30", "With a guest"),
        ("10-26 17:30", "Cancelled: Genomics in the clinic"),
        ("11-06 08:00", "Genomics in the clinic"),
    ]


def test_a_date_of_its_own_has_the_uid_of_the_series_and_its_start_by_the_rule() -> None:
    calendar: Any = icalendar.Calendar.from_ical(feed_of(a_series()))
    whole, moved, cancelled = calendar.events
    assert whole["UID"] == moved["UID"] == cancelled["UID"]
    assert [event["SEQUENCE"] for event in calendar.events] == [0, 0, 0]
    assert (moved["RECURRENCE-ID"].dt.replace(tzinfo=None), moved["LOCATION"]) == (
        START + WEEK,
        "Room 5",
    )
    assert [event.get("RRULE") is None for event in calendar.events] == [False, True, True]
    assert [str(event["STATUS"]) for event in calendar.events] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert str(cancelled["TRANSP"]) == "TRANSPARENT"


def test_dates_added_and_left_out_are_in_the_zone_of_the_start() -> None:
    lines = ical.event(a_series(), ADDRESS).split(b"\r\n")
    assert b"RDATE;TZID=Europe/Berlin:20261106T090000" in lines
    assert b"EXDATE;TZID=Europe/Berlin:20261102T183000" in lines
    assert b"RECURRENCE-ID;TZID=Europe/Berlin:20261019T183000" in lines


@pytest.mark.parametrize(
    ("status", "written", "title"),
    [
        ("cancelled", "CANCELLED", "Cancelled: Genomics in the clinic"),
        ("postponed", "TENTATIVE", "Postponed: Genomics in the clinic"),
        ("finished", "CONFIRMED", "Genomics in the clinic"),
    ],
)
def test_a_whole_event_says_what_became_of_it(status: str, written: str, title: str) -> None:
    calendar: Any = icalendar.Calendar.from_ical(feed_of(a_gathering(status=status)))
    (event,) = calendar.events
    assert (str(event["STATUS"]), str(event["SUMMARY"])) == (written, title)


def test_the_waitlist_makes_each_date_tentative_but_not_the_cancelled_one() -> None:
    vevent = ical.event(a_series(), ADDRESS)
    mine = ical.personal(vevent, tentative=True, revised_at=datetime(2026, 9, 9, tzinfo=UTC))
    assert (mine.count(b"STATUS:TENTATIVE"), mine.count(b"STATUS:CANCELLED")) == (2, 1)
