"""VTIMEZONE against the rules it was made from, for every zone the hub knows."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from dateutil.rrule import rrulestr

from services.calendar.zones import vtimezone
from services.kit.fields import zone, zone_names


def test_zone_with_yearly_rules_is_two_rules() -> None:
    assert vtimezone("Europe/Berlin", 2026).decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:20250330T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20251026T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


def test_zone_without_clock_changes_is_one_offset() -> None:
    text = vtimezone("Asia/Kolkata", 2026).decode()
    assert text.count("BEGIN:") == 2
    assert "TZOFFSETTO:+0530" in text
    assert "RRULE" not in text
    assert "RDATE" not in text


@pytest.mark.parametrize("name", ["Africa/Casablanca", "Asia/Jerusalem", "America/Vancouver"])
def test_irregular_zone_has_one_date_a_line(name: str) -> None:
    dates = [line for line in vtimezone(name, 2026).split(b"\r\n") if line.startswith(b"RDATE")]
    assert len(dates) > 2
    assert not [line for line in dates if b"," in line]


@pytest.mark.parametrize("year", [1999, 2026])
def test_every_zone_is_right_at_every_change(year: int) -> None:
    wrong = {
        name: found
        for name in sorted(zone_names())
        if (found := _first_wrong(name, year)) is not None
    }
    assert wrong == {}


def _first_wrong(name: str, year: int) -> datetime | None:
    """The first of many moments at which the component and the zone's own rules differ."""
    onsets = _onsets(vtimezone(name, year))
    for days in range(0, 365 * 15, 5):
        moment = datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=days)
        past = [offset for onset, offset in onsets if onset <= moment]
        if not past or past[-1] != moment.astimezone(zone(name)).utcoffset():
            return moment
    for onset, _ in onsets:
        if onset.year >= year:
            before, at = onset - timedelta(seconds=1), onset
            if before.astimezone(zone(name)).utcoffset() == at.astimezone(zone(name)).utcoffset():
                return onset
    return None


def _onsets(component: bytes) -> list[tuple[datetime, timedelta]]:
    """Every onset of the component over some years, in UTC, read as RFC 5545 says."""
    parsed = icalendar.Timezone.from_ical(component)
    found = set()
    for part in parsed.subcomponents:
        before, after = part.decoded("TZOFFSETFROM"), part.decoded("TZOFFSETTO")
        locals_ = {part.decoded("DTSTART")}
        rdates = part.get("RDATE", [])
        for rdate in rdates if isinstance(rdates, list) else [rdates]:
            locals_ |= {date.dt for date in rdate.dts}
        if "RRULE" in part:
            (text,) = re.findall(rb"RRULE:(.*)\r", part.to_ical())
            start = part.decoded("DTSTART")
            locals_ |= set(
                rrulestr(text.decode(), dtstart=start).between(start, datetime(2042, 1, 1))
            )
        found |= {((local - before).replace(tzinfo=UTC), after) for local in locals_}
    return sorted(found)
