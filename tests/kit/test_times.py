from datetime import UTC, date, datetime

import pytest

from services.kit.times import When, moment_in, when

TODAY = date(2026, 11, 24)


def test_when_gives_the_organisers_and_the_readers_time() -> None:
    shown = when(
        starts_local=datetime(2026, 12, 1, 14),
        ends_local=datetime(2026, 12, 1, 15, 30),
        time_zone="Europe/Brussels",
        own_zone="Europe/London",
        today=TODAY,
    )
    assert shown == When(
        weekday="Tue",
        day="1",
        month="Dec",
        text="Tue 1 Dec, 14:00 to 15:30 (Brussels)",
        own="13:00 in your time",
        iso="2026-12-01T14:00:00+01:00",
    )
    assert shown.words == "Tue 1 Dec, 14:00 to 15:30 (Brussels), 13:00 in your time"


@pytest.mark.parametrize(
    ("own_zone", "own"),
    [
        (None, ""),
        ("America/New_York", ""),
        ("Europe/Brussels", "Fri 11 Dec, 02:00 in your time"),
        ("Asia/Kolkata", "Fri 11 Dec, 06:30 in your time"),
        ("America/Toronto", ""),
        ("America/Los_Angeles", "17:00 in your time"),
    ],
)
def test_when_says_the_readers_day_when_it_is_another(own_zone: str | None, own: str) -> None:
    shown = when(
        starts_local=datetime(2026, 12, 10, 20),
        ends_local=datetime(2026, 12, 10, 22),
        time_zone="America/New_York",
        own_zone=own_zone,
        today=TODAY,
    )
    assert shown.own == own


def test_when_names_both_days_and_far_years() -> None:
    shown = when(
        starts_local=datetime(2028, 2, 29, 9),
        ends_local=datetime(2028, 3, 1, 17),
        time_zone="America/Argentina/Buenos_Aires",
        own_zone=None,
        today=TODAY,
    )
    assert shown.text == "Tue 29 Feb 2028, 09:00 to Wed 1 Mar 2028, 17:00 (Buenos Aires)"


def test_moment_in_is_in_the_readers_zone() -> None:
    moment = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert moment_in(moment, "Europe/Brussels", TODAY) == "Wed 25 Nov, 00:30"
