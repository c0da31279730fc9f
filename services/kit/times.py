"""Dates and times in words: the organiser's zone first, then the reader's own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time, get_timezone_location

from services.kit.fields import zone
from services.kit.language import _, locale, spoken

NEAR = 270
"""Days within which a date needs no year."""
REMEMBERED = 4096
"""Dates whose words are kept: pages show the same few again and again."""


@dataclass(frozen=True)
class When:
    """A start and an end as people read them; `own` is empty when it would say the same."""

    weekday: str
    day: str
    month: str
    text: str
    own: str
    iso: str

    @property
    def words(self) -> str:
        """All of it in one line."""
        return f"{self.text}, {self.own}" if self.own else self.text


def when(
    *,
    starts_local: datetime,
    ends_local: datetime,
    time_zone: str,
    own_zone: str | None,
    today: date,
) -> When:
    """Words for a wall-clock span in one zone, for a reader in another (or in none known)."""
    start = starts_local.replace(tzinfo=zone(time_zone))
    begins = f"{day_of(start, today)}, {clock(start)}"
    ends = clock(ends_local)
    if ends_local.date() != starts_local.date():
        ends = f"{day_of(ends_local, today)}, {ends}"
    own = ""
    if own_zone and own_zone != time_zone:
        mine = start.astimezone(UTC).astimezone(zone(own_zone))
        if mine.date() != start.date():
            own = _("{time} in your time").format(time=f"{day_of(mine, today)}, {clock(mine)}")
        elif mine.time() != start.time():
            own = _("{time} in your time").format(time=clock(mine))
    language = spoken()
    return When(
        weekday=_part(start.date(), "ccc", language),
        day=str(start.day),
        month=_part(start.date(), "LLL", language),
        text=_("{start} to {end} ({place})").format(start=begins, end=ends, place=city(time_zone)),
        own=own,
        iso=start.isoformat(),
    )


def day_of(value: date, today: date) -> str:
    """A date as 'Tue 1 Dec', with the year when it is far from today."""
    day = value.date() if isinstance(value, datetime) else value
    return _day(day, abs((day - today).days) >= NEAR, spoken())


def clock(value: datetime) -> str:
    """A time as '14:00'."""
    return _clock(value.hour, value.minute, spoken())


def city(time_zone: str) -> str:
    """The place a zone is named after: Europe/Brussels is Brussels, in German Brüssel."""
    return zone_place(time_zone).rpartition("/")[2]


def zone_place(time_zone: str) -> str:
    """The same with the country or state where the zone's name has it."""
    return _zone_place(time_zone, spoken())


def moment_in(value: datetime, own_zone: str, today: date) -> str:
    """A moment as 'Tue 1 Dec, 14:00' in the reader's zone."""
    mine = value.astimezone(zone(own_zone))
    return f"{day_of(mine, today)}, {clock(mine)}"


def weekday(value: date) -> str:
    """The day of the week by its full name."""
    return _part(value, "cccc", spoken())


def short_weekday(value: date) -> str:
    """The day of the week as calendars head their columns."""
    return _part(value, "ccc", spoken())


def month_name(value: date) -> str:
    """A month with its year, such as 'December 2026'."""
    return format_skeleton("yMMMM", value, locale=locale(spoken()))


@lru_cache(REMEMBERED)
def _day(value: date, with_year: bool, language: str) -> str:
    skeleton = "yMMMEd" if with_year else "MMMEd"
    return format_skeleton(skeleton, value, locale=locale(language)).replace(",", "")


@lru_cache(REMEMBERED)
def _clock(hour: int, minute: int, language: str) -> str:
    return format_time(time(hour, minute), "short", locale=locale(language))


@lru_cache(REMEMBERED)
def _part(value: date, pattern: str, language: str) -> str:
    return format_date(value, pattern, locale=locale(language))


@lru_cache(REMEMBERED)
def _zone_place(time_zone: str, language: str) -> str:
    return get_timezone_location(time_zone, locale=locale(language), return_city=True)
