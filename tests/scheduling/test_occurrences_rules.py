"""The dates of a series: pure arithmetic, checked against a second expander."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kit.errors import Invalid, NotFound
from services.kit.fields import zone
from services.scheduling.occurrences import rules
from services.scheduling.occurrences.rules import carried, coming, find, finish_of, occurrences
from tests.scheduling.samples import LENGTH, START, WEEK, Series, an_override


def test_dates_keep_their_wall_clock_over_daylight_saving() -> None:
    dates = occurrences(Series())
    assert [date.starts_local for date in dates] == [START, START + WEEK, START + 2 * WEEK]
    assert [date.starts_at for date in dates] == [
        datetime(2027, 3, 16, 17, 30, tzinfo=UTC),
        datetime(2027, 3, 23, 17, 30, tzinfo=UTC),
        datetime(2027, 3, 30, 16, 30, tzinfo=UTC),
    ]
    assert finish_of(Series()) == datetime(2027, 3, 30, 18, 0, tzinfo=UTC)


def test_a_date_in_the_gap_is_moved_by_it_and_one_that_comes_twice_is_the_first() -> None:
    night = datetime(2027, 3, 27, 2, 30)
    gap = Series(starts_local=night, ends_local=night + LENGTH, rrule="FREQ=DAILY;COUNT=3")
    assert [date.starts_at.isoformat()[8:16] for date in occurrences(gap)] == [
        "27T01:30",
        "28T01:30",
        "29T00:30",
    ]
    night = datetime(2027, 10, 30, 2, 30)
    fold = Series(starts_local=night, ends_local=night + LENGTH, rrule="FREQ=DAILY;COUNT=3")
    assert [date.starts_at.isoformat()[8:16] for date in occurrences(fold)] == [
        "30T00:30",
        "31T00:30",
        "01T01:30",
    ]


def test_added_left_out_moved_and_cancelled_dates() -> None:
    extra = datetime(2027, 3, 18, 9, 0)
    moved = datetime(2027, 4, 6, 10, 0)
    series = Series(
        rrule="FREQ=WEEKLY;COUNT=4",
        rdates=[extra.isoformat()],
        exdates=[(START + 3 * WEEK).isoformat()],
        overrides=[
            an_override(START + WEEK, moved, title="With a guest"),
            an_override(START + 2 * WEEK, cancelled=True),
        ],
    )
    assert [
        (date.occurrence, date.starts_local, date.title, date.cancelled)
        for date in occurrences(series)
    ] == [
        (START, START, "", False),
        (extra, extra, "", False),
        (START + 2 * WEEK, START + 2 * WEEK, "", True),
        (START + WEEK, moved, "With a guest", False),
    ]
    assert finish_of(series) == datetime(2027, 4, 6, 9, 30, tzinfo=UTC)
    after_first = datetime(2027, 3, 17, tzinfo=UTC)
    assert [d.occurrence for d in coming(series, after_first)] == [extra, START + WEEK]


def test_what_is_said_of_a_date_that_the_rule_does_not_give_counts_for_nothing() -> None:
    series = Series(overrides=[an_override(START + timedelta(days=1), title="Never")])
    assert occurrences(series) == occurrences(Series())


def test_a_single_gathering_is_one_date_and_any_other_is_not_found() -> None:
    single = Series(rrule=None)
    assert find(single, START).ends_local == START + LENGTH
    with pytest.raises(NotFound):
        find(single, START + WEEK)


def test_a_series_of_which_every_date_is_left_out_is_refused() -> None:
    with pytest.raises(Invalid):
        occurrences(Series(rrule="FREQ=WEEKLY;COUNT=1", exdates=[START.isoformat()]))


@pytest.mark.parametrize(("count", "refused"), [(600, False), (601, True), (999, True)])
def test_a_series_has_an_upper_limit(count: int, refused: bool) -> None:
    series = Series(rrule=f"FREQ=DAILY;COUNT={count}")
    if refused:
        with pytest.raises(Invalid):
            occurrences(series)
    else:
        assert len(occurrences(series)) == count


def test_single_dates_follow_a_series_that_moves_as_a_whole() -> None:
    own_time = datetime(2027, 4, 6, 10, 0)
    before = Series(
        rdates=[(START + 3 * WEEK).isoformat()],
        exdates=[(START + 2 * WEEK).isoformat()],
        overrides=[
            an_override(START, title="Opening"),
            an_override(START + WEEK, own_time),
        ],
    )
    hour = timedelta(hours=1)
    after = replace(before, starts_local=START + hour, ends_local=START + hour + 2 * LENGTH)
    after = replace(
        after, **carried(after, was_local=before.starts_local, ended_local=before.ends_local)
    )
    last = START + 3 * WEEK + hour
    assert [(d.occurrence, d.starts_local, d.ends_local, d.title) for d in occurrences(after)] == [
        (START + hour, START + hour, START + hour + 2 * LENGTH, "Opening"),
        (START + WEEK + hour, own_time, own_time + LENGTH, ""),
        (last, last, last + 2 * LENGTH, ""),
    ]


_INDEX = st.integers(0, 11)


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1)).map(
        lambda moment: moment.replace(hour=12, second=0, microsecond=0)
    ),
    time_zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    left_out=st.sets(_INDEX, max_size=4),
    moved=st.dictionaries(_INDEX, st.integers(-72, 72), max_size=4),
)
def test_dates_are_those_a_second_expander_finds(
    start: datetime, time_zone: str, left_out: set[int], moved: dict[int, int]
) -> None:
    rule = "FREQ=WEEKLY;COUNT=12"
    # Seven minutes past: never on the time of another date of the series.
    shifts = {
        start + index * WEEK: start + index * WEEK + timedelta(hours=hours, minutes=7)
        for index, hours in moved.items()
        if index not in left_out
    }
    series = Series(
        starts_local=start,
        ends_local=start + LENGTH,
        time_zone=time_zone,
        rrule=rule,
        exdates=[(start + index * WEEK).isoformat() for index in left_out],
        overrides=[an_override(old, new) for old, new in shifts.items()],
    )
    rules_of = zone(time_zone)
    calendar = icalendar.Calendar()
    main = icalendar.Event()
    main.add("UID", "series")
    main.add("DTSTART", start.replace(tzinfo=rules_of))
    main.add("RRULE", icalendar.vRecur.from_ical(rule))
    for index in left_out:
        main.add("EXDATE", (start + index * WEEK).replace(tzinfo=rules_of))
    calendar.add_component(main)
    for old, new in shifts.items():
        other = icalendar.Event()
        other.add("UID", "series")
        other.add("RECURRENCE-ID", old.replace(tzinfo=rules_of))
        other.add("DTSTART", new.replace(tzinfo=rules_of))
        calendar.add_component(other)
    found = recurring_ical_events.of(calendar).between(datetime(2025, 1, 1), datetime(2028, 1, 1))
    wanted = sorted(event.start.astimezone(UTC) for event in found)
    skipped = [
        date
        for date in occurrences(series)
        if date.starts_at.astimezone(rules_of).replace(tzinfo=None) != date.starts_local
    ]
    if not skipped:
        assert [date.starts_at for date in occurrences(series)] == wanted


def test_a_list_of_many_series_expands_each_once() -> None:
    rules.starts.cache_clear()
    for _ in range(3):
        occurrences(Series())
    assert rules.starts.cache_info().misses == 1
