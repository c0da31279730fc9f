"""Dates and times in words: the organiser's zone first, then the reader's own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from hub.choices import Choice, Group
from services.kit.fields import zone, zone_names

NEAR = 270
"""Days within which a date needs no year."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    place = city(time_zone)
    start = starts_local.replace(tzinfo=zone(time_zone))
    text = f"{day_of(start, today)}, {clock(start)} to "
    if ends_local.date() != starts_local.date():
        text += f"{day_of(ends_local, today)}, "
    text += f"{clock(ends_local)} ({place})"
    own = ""
    if own_zone and own_zone != time_zone:
        mine = start.astimezone(UTC).astimezone(zone(own_zone))
        if mine.date() != start.date():
            own = f"{day_of(mine, today)}, {clock(mine)} in your time"
        elif mine.time() != start.time():
            own = f"{clock(mine)} in your time"
    return When(
        weekday=_DAYS[start.weekday()],
        day=str(start.day),
        month=_MONTHS[start.month - 1],
        text=text,
        own=own,
        iso=start.astimezone(UTC).isoformat(),
    )


def day_of(value: date, today: date) -> str:
    """A day as 'Tue 1 Dec'; with the year when it is not the next or last day of that name."""
    value = value.date() if isinstance(value, datetime) else value
    words = f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
    return words if abs((value - today).days) < NEAR else f"{words} {value.year}"


def clock(value: datetime) -> str:
    """A time as '14:00'."""
    return f"{value:%H:%M}"


def city(time_zone: str) -> str:
    """The place a zone is named after: Europe/Brussels is Brussels."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def moment_in(value: datetime, own_zone: str, today: date) -> str:
    """A moment as 'Tue 1 Dec, 14:00' in the reader's zone."""
    mine = value.astimezone(zone(own_zone))
    return f"{day_of(mine, today)}, {clock(mine)}"


@cache
def zone_groups() -> list[Group]:
    """Options of a time zone field: by area, Europe first."""
    groups: dict[str, list[Choice]] = {"Europe": []}
    for name in sorted(zone_names()):
        area, _, place = name.partition("/")
        label = place.replace("_", " ").replace("/", ", ") or name
        groups.setdefault(area if place else "Universal", []).append(Choice(name, label))
    return [Group(area, listed) for area, listed in groups.items()]
