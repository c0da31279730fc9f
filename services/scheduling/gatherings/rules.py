"""Pure decisions about gatherings: times and series."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from dateutil.rrule import rrule, rrulestr

from services.kit.errors import Invalid
from services.kit.fields import zone
from services.kit.language import _

RULE_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
)
"""Parts of an RRULE (RFC 5545, section 3.3.10) that make sense for gatherings."""
MOST_OCCURRENCES = 200
_NUMBER = re.compile(r"[1-9]\d{0,2}", re.ASCII)
LONGEST = timedelta(days=14)
TOLD = frozenset({"title", "starts_local", "ends_local", "time_zone", "location", "mode"})
"""Fields whose change those registered must know."""


@dataclass(frozen=True)
class Times:
    """When a gathering is, in UTC: its first occurrence, and the end of its last."""

    starts_at: datetime
    ends_at: datetime
    finishes_at: datetime


def times_of(
    *, starts_local: datetime, ends_local: datetime, time_zone: str, rule: str | None
) -> Times:
    """Derive UTC from wall-clock times; raises Invalid with the field at fault."""
    starts_at = to_utc(starts_local, time_zone, field="starts_local")
    ends_at = to_utc(ends_local, time_zone, field="ends_local")
    if ends_at <= starts_at:
        raise Invalid("The end must come after the start.", field="ends_local")
    if ends_at - starts_at > LONGEST:
        raise Invalid("An event can last two weeks at most.", field="ends_local")
    last = occurrences(starts_local, rule)[-1]
    wall_length = ends_local - starts_local
    return Times(starts_at, ends_at, to_utc(last + wall_length, time_zone))


def check_place(mode: str, location: str) -> None:
    """Raise Invalid when people come in person and nobody knows where."""
    if mode in ("onsite", "hybrid") and not location:
        raise Invalid("Please say where it takes place.", field="location")


def check_window(opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Raise Invalid when registration would close before it opens."""
    if opens_at and closes_at and closes_at <= opens_at:
        raise Invalid("Registration must close after it opens.", field="closes_at")


def check_capacity(capacity: int | None, taken: int) -> None:
    """Raise Invalid when more seats are taken than there would be."""
    if capacity is not None and capacity < taken:
        raise Invalid(
            _("There cannot be fewer seats than are taken: {taken}.").format(taken=taken),
            field="capacity",
        )


def to_utc(local: datetime, time_zone: str, *, field: str | None = None) -> datetime:
    """The moment a wall clock in the zone shows this time.

    A time that occurs twice (clocks go back) is the first of the two; one that never occurs
    raises Invalid when a person entered it, and is moved by the gap within a series
    (RFC 5545, section 3.3.5).
    """
    moment = local.replace(tzinfo=zone(time_zone)).astimezone(UTC)
    if field and moment.astimezone(zone(time_zone)).replace(tzinfo=None) != local:
        raise Invalid("This time does not exist on that day: the clocks go forward.", field=field)
    return moment


def occurrences(starts_local: datetime, rule: str | None) -> list[datetime]:
    """Local starts of all occurrences; wall-clock time stays over daylight-saving changes.

    Raises Invalid for a rule that cannot be read, never ends or has too many occurrences.
    """
    if rule is None:
        return [starts_local]
    parts = [part.partition("=") for part in rule.split(";")]
    values = {name: value for name, _, value in parts}
    numbers = [values[name] for name in ("INTERVAL", "COUNT") if name in values]
    if (
        not RULE_PARTS.issuperset(values)
        or len(values) < len(parts)
        or not all(_NUMBER.fullmatch(number) for number in numbers)
        or ("BYSETPOS" in values and values.get("FREQ") != "MONTHLY")
    ):
        raise Invalid("This repetition cannot be understood.", field="rrule")
    try:
        parsed = rrulestr(rule, dtstart=starts_local)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("This repetition cannot be understood.", field="rrule") from error
    if not isinstance(parsed, rrule) or ("COUNT=" not in rule and "UNTIL=" not in rule):
        raise Invalid("A series needs an end: a number of times or a last day.", field="rrule")
    if not rule.startswith(("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY")):
        raise Invalid("A series repeats daily, weekly or monthly.", field="rrule")
    # Days that never come, such as 30 February, would be looked for until the year 9999.
    if not _has_day(values, starts_local):
        raise Invalid("The first date must be part of the series.", field="rrule")
    starts = list(islice(parsed, MOST_OCCURRENCES + 1))
    if len(starts) > MOST_OCCURRENCES:
        raise Invalid(
            _("A series can have {most} dates at most.").format(most=MOST_OCCURRENCES),
            field="rrule",
        )
    if not starts or starts[0] != starts_local:
        raise Invalid("The first date must be part of the series.", field="rrule")
    return starts


def _has_day(values: Mapping[str, str], day: datetime) -> bool:
    """Whether the month and the day of the month are among those a rule names, if it does."""
    days_in_month = monthrange(day.year, day.month)[1]
    allowed = (
        ("BYMONTH", {day.month}),
        ("BYMONTHDAY", {day.day, day.day - days_in_month - 1}),
    )
    return all(
        name not in values or own & {int(number) for number in values[name].split(",")}
        for name, own in allowed
    )
