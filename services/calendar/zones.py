"""VTIMEZONE components (RFC 5545, section 3.6.5) of the zones in the pinned tzdata.

Offsets are asked of the very rules the hub reckons with, so an app and the hub cannot
disagree. Where a zone follows the POSIX footer of its tzdata file
(`CET-1CEST,M3.5.0,M10.5.0/3`) its component carries two yearly rules; what no such rule says
is listed, one RDATE a line.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from operator import itemgetter
from zoneinfo import ZoneInfo

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

from services.kit.fields import zone

_LAST_YEAR = 2100
"""Everything the hub plans lies before its end (services/kit/fields.py)."""
_STEP = 30 * 24 * 3600
"""Seconds; less than there are between the two changes a footer tells of."""
_HEADER = struct.Struct(">4sc15x6L")
_FOOTER_DATE = re.compile(r",M(\d+)\.(\d)\.(\d)")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")

_Date = tuple[int, int, int]
"""Month, week (5 is the last) and weekday (0 is Sunday), as in a POSIX footer."""


@dataclass(frozen=True)
class Onset:
    """A change of clocks; `local` is what they showed when it came."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=1024)
def vtimezone(name: str, year: int) -> bytes:
    """The zone's component, right from the first day of `year` to the end of 2100."""
    onsets = list(_onsets(name, year - 1))
    dates = _footer_dates(_tzif(name)[1])
    regular = _regular_from(onsets, dates)
    by_kind: dict[tuple[bool, timedelta, timedelta, str], list[Onset]] = {}
    for onset in onsets:
        if onset.local.year < regular:
            kind = onset.summer, onset.before, onset.after, onset.name
            by_kind.setdefault(kind, []).append(onset)
    parts = [(alike[0].local, _listed(alike)) for alike in by_kind.values()]
    parts += [(o.local, _yearly(o, dates)) for o in onsets if o.local.year == regular]
    if regular >= year:
        initial = _initial(name, year - 1)
        parts.append((initial.local, _component(initial)))
    component = Timezone()
    component.add("TZID", name)
    for _, part in sorted(parts, key=itemgetter(0)):
        component.add_component(part)
    return bytes(component.to_ical())


def _initial(name: str, year: int) -> Onset:
    """What the clocks of the zone show as the year begins."""
    start = datetime(year, 1, 1, tzinfo=zone(name))
    offset = start.utcoffset() or timedelta()
    return Onset(start.replace(tzinfo=None), offset, offset, start.tzname() or "", summer=False)


def _onsets(name: str, year: int) -> Iterator[Onset]:
    """All changes of the offset from the beginning of `year` on."""
    rules = zone(name)
    start = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(_LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
    listed, _ = _tzif(name)
    moments = [moment for moment in listed if moment > start]
    for low in range(max([start, *listed]), end, _STEP):
        moments += _change_between(low, low + _STEP, rules)
    for moment in moments:
        if _offset(moment - 1, rules) != _offset(moment, rules):
            last = datetime.fromtimestamp(moment - 1, rules)
            yield _onset(last, datetime.fromtimestamp(moment, rules))


def _change_between(low: int, high: int, rules: ZoneInfo) -> Iterator[int]:
    """The second from which the offset at the end of the time holds, if it is another."""
    before = _offset(low, rules)
    if _offset(high, rules) != before:
        while high - low > 1:
            middle = (low + high) // 2
            if _offset(middle, rules) == before:
                low = middle
            else:
                high = middle
        yield high


def _offset(moment: int, rules: ZoneInfo) -> timedelta:
    return datetime.fromtimestamp(moment, rules).utcoffset() or timedelta()


def _onset(last: datetime, first: datetime) -> Onset:
    """The change between one second and the next."""
    before, after = last.utcoffset() or timedelta(), first.utcoffset() or timedelta()
    # By the clocks and not by tzdata's flag: to it Ireland's winter time is the special one.
    summer = after > before and bool(last.dst() or first.dst())
    local = last.replace(tzinfo=None, fold=0) + timedelta(seconds=1)
    return Onset(local, before, after, first.tzname() or "", summer)


def _tzif(name: str) -> tuple[Sequence[int], str]:
    """The zone's listed changes (epoch seconds) and its footer (RFC 9636, section 3)."""
    path = (resources.files("tzdata") / "zoneinfo").joinpath(*name.split("/"))
    data = path.read_bytes()
    _, _, utc, std, leaps, times, types, chars = _HEADER.unpack_from(data)
    # The first block is the same in 32 bits, for old readers.
    second = _HEADER.size + times * 5 + types * 6 + chars + leaps * 8 + std + utc
    count = _HEADER.unpack_from(data, second)[5]
    listed = struct.unpack_from(f">{count}q", data, second + _HEADER.size)
    return listed, data.rsplit(b"\n", 2)[1].decode("ascii")


def _footer_dates(footer: str) -> Sequence[_Date]:
    """The two yearly dates of a footer, or none."""
    return [(int(month), int(week), int(day)) for month, week, day in _FOOTER_DATE.findall(footer)]


def _regular_from(onsets: Sequence[Onset], dates: Sequence[_Date]) -> int:
    """The first year from which every change is on one of the footer's dates.

    A footer may give hours beyond the day (`M4.1.6/24`), which moves the weekday: no yearly
    rule is made of it then, and the year is one that never comes.
    """
    regular = _LAST_YEAR + 1
    by_year: dict[int, list[Onset]] = {}
    for onset in onsets:
        by_year.setdefault(onset.local.year, []).append(onset)
    last = [_kind(onset) for onset in by_year.get(_LAST_YEAR, [])]
    for year in sorted(by_year, reverse=True):
        on_dates = all(_date_of(onset, dates) for onset in by_year[year])
        if year != regular - 1 or not on_dates or [_kind(o) for o in by_year[year]] != last:
            break
        regular = year
    return regular


def _kind(onset: Onset) -> tuple[time, timedelta, timedelta, str, bool]:
    return onset.local.time(), onset.before, onset.after, onset.name, onset.summer


def _date_of(onset: Onset, dates: Sequence[_Date]) -> _Date | None:
    """The footer's date this change is on."""
    local = onset.local
    week = (local.day - 1) // 7 + 1
    last = (local + timedelta(days=7)).month != local.month
    for month, nth, day in dates:
        if (
            local.month == month
            and local.isoweekday() % 7 == day
            and (last if nth == 5 else week == nth)
        ):
            return month, nth, day
    return None


def _yearly(onset: Onset, dates: Sequence[_Date]) -> Component:
    """A change that comes every year on the same Sunday (or other day) of its month."""
    component = _component(onset)
    date = _date_of(onset, dates)
    assert date is not None
    month, week, day = date
    rule = {"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": f"{-1 if week == 5 else week}{_DAYS[day]}"}
    component.add("RRULE", rule)
    return component


def _listed(alike: Sequence[Onset]) -> Component:
    """Changes that no rule says, one RDATE a line: of several in a line apps read the first."""
    component = _component(alike[0])
    for onset in alike:
        component.add("RDATE", onset.local)
    return component


def _component(onset: Onset) -> Component:
    component = TimezoneDaylight() if onset.summer else TimezoneStandard()
    component.add("DTSTART", onset.local)
    component.add("TZOFFSETFROM", onset.before)
    component.add("TZOFFSETTO", onset.after)
    component.add("TZNAME", onset.name)
    return component
