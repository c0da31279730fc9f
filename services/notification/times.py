"""Dates and times in mail: the organiser's clock first, then the reader's own."""

from datetime import UTC, date, datetime

from dateutil.rrule import rrulestr

from services.kit.fields import zone, zone_names

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EVERY = {
    "DAILY": ("daily", "days"),
    "WEEKLY": ("weekly", "weeks"),
    "MONTHLY": ("monthly", "months"),
}


def span(
    *, starts_local: datetime, ends_local: datetime, time_zone: str, own_zone: str, today: date
) -> str:
    """Such as 'Tue 1 Dec, 14:00 to 15:30 (Brussels), 13:00 in your time'.

    The own time is left out where both clocks show the same, and with an unknown zone.
    """
    words = f"{_day(starts_local, today)}, {starts_local:%H:%M} to "
    if ends_local.date() != starts_local.date():
        words += f"{_day(ends_local, today)}, "
    words += f"{ends_local:%H:%M} ({_city(time_zone)})"
    if own_zone not in zone_names():
        return words
    moment = starts_local.replace(tzinfo=zone(time_zone)).astimezone(UTC)
    own = moment.astimezone(zone(own_zone)).replace(tzinfo=None)
    if own == starts_local:
        return words
    if own.date() == starts_local.date():
        return f"{words}, {own:%H:%M} in your time"
    return f"{words}, {_day(own, today)}, {own:%H:%M} in your time"


def repetition(rule: str, starts_local: datetime, today: date) -> str:
    """A series in words, such as 'weekly, 3 times, the last on Tue 3 Nov'."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    once, many = _EVERY.get(parts.get("FREQ", ""), ("repeated", "times"))
    interval = parts.get("INTERVAL", "1")
    words = once if interval == "1" else f"every {interval} {many}"
    starts = list(rrulestr(rule, dtstart=starts_local))
    return f"{words}, {len(starts)} times, the last on {_day(starts[-1], today)}"


def _day(value: date, today: date) -> str:
    words = f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
    return words if value.year == today.year else f"{words} {value.year}"


def _city(time_zone: str) -> str:
    return time_zone.rpartition("/")[2].replace("_", " ")
