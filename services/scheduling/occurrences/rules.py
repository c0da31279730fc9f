"""Pure decisions about the dates of a gathering: one, or a series by rule (RFC 5545).

A date is known by its start by the rule, also when it was moved: apps call that RECURRENCE-ID.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from dateutil.rrule import rrule, rruleset, rrulestr

from events.catalogue.scheduling import Occurrence as Override
from services.kit.errors import Invalid, NotFound
from services.kit.fields import zone
from services.kit.language import _

RULE_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
)
"""Parts of an RRULE (RFC 5545, section 3.3.10) that make sense for gatherings."""
MOST_OCCURRENCES = 600
"""More than weekly for ten years."""
LONGEST = timedelta(days=14)
_NUMBER = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_BY_START = attrgetter("starts_at", "occurrence")


class Recurring(Protocol):
    """What a gathering says of its dates; local times are wall-clock in its zone."""

    starts_local: datetime
    ends_local: datetime
    time_zone: str
    rrule: str | None
    rdates: list[str]
    exdates: list[str]
    overrides: list[dict[str, Any]]


class Occurrence(NamedTuple):
    """One date; `occurrence` is its local start by the rule, and what it is known by.

    Title and place are empty when they are those of the whole series.
    """

    occurrence: datetime
    starts_local: datetime
    ends_local: datetime
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    location: str = ""
    cancelled: bool = False
    changed: bool = False


def occurrences(gathering: Recurring) -> list[Occurrence]:
    """All dates in the order they come, those called off too; a single gathering has one.

    Wall-clock time stays over daylight-saving changes. Raises Invalid for a rule that cannot be
    read, never ends or has too many dates.
    """
    overrides = {
        override.occurrence: override
        for override in map(Override.model_validate, gathering.overrides)
    }
    rules = zone(gathering.time_zone)
    length = gathering.ends_local - gathering.starts_local
    found = []
    for start in starts(
        gathering.starts_local, gathering.rrule, tuple(gathering.rdates), tuple(gathering.exdates)
    ):
        override = overrides.get(start)
        if override is None:
            # Five times as fast as `replace`; what is added to it is added to its wall clock.
            begin = datetime.combine(start, start.time(), rules)
            end = begin + length
            found.append(
                Occurrence(start, start, start + length, begin.astimezone(UTC), end.astimezone(UTC))
            )
        else:
            found.append(_overridden(override, gathering.time_zone))
    if overrides:
        found.sort(key=_BY_START)
    return found


def find(gathering: Recurring, occurrence: datetime) -> Occurrence:
    """The date known by this start; raises NotFound."""
    for date in occurrences(gathering):
        if date.occurrence == occurrence:
            return date
    raise NotFound("This event does not take place on that date.")


def coming(gathering: Recurring, moment: datetime) -> list[Occurrence]:
    """Dates that are not over and not called off."""
    return [date for date in occurrences(gathering) if date.ends_at > moment and not date.cancelled]


def is_series(gathering: Recurring) -> bool:
    """Whether there is, or can be, more than one date."""
    return bool(gathering.rrule or gathering.rdates)


def finish_of(gathering: Recurring) -> datetime:
    """When the last date that takes place has ended."""
    dates = occurrences(gathering)
    return max(date.ends_at for date in [d for d in dates if not d.cancelled] or dates)


def known_overrides(gathering: Recurring) -> list[dict[str, Any]]:
    """Those of dates that the series still has: an app would show any other as one more date."""
    known = {date.occurrence for date in occurrences(gathering)}
    return [o for o in gathering.overrides if datetime.fromisoformat(o["occurrence"]) in known]


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


def check_span(
    starts_local: datetime, ends_local: datetime, time_zone: str
) -> tuple[datetime, datetime]:
    """Start and end in UTC as a person entered them; raises Invalid with the field at fault."""
    starts_at = to_utc(starts_local, time_zone, field="starts_local")
    ends_at = to_utc(ends_local, time_zone, field="ends_local")
    if ends_at <= starts_at:
        raise Invalid("The end must come after the start.", field="ends_local")
    if ends_at - starts_at > LONGEST:
        raise Invalid("An event can last two weeks at most.", field="ends_local")
    return starts_at, ends_at


@lru_cache(maxsize=256)
def starts(
    starts_local: datetime,
    rule: str | None,
    rdates: Sequence[str] = (),
    exdates: Sequence[str] = (),
) -> tuple[datetime, ...]:
    """Local starts by the rule, with the dates it does not give and without those left out.

    Kept for the last few series, because lists ask again and again. Raises Invalid.
    """
    by_rule = _parsed(starts_local, rule) if rule else None
    if not rdates and not exdates:
        found = list(islice(by_rule, MOST_OCCURRENCES + 1)) if by_rule else [starts_local]
    else:
        dates = rruleset()
        if by_rule:
            dates.rrule(by_rule)
        else:
            dates.rdate(starts_local)
        for added in rdates:
            dates.rdate(datetime.fromisoformat(added))
        for left_out in exdates:
            dates.exdate(datetime.fromisoformat(left_out))
        found = list(islice(dates, MOST_OCCURRENCES + 1))
        if not found:
            raise Invalid("No date would be left.", field="exdates")
    if len(found) > MOST_OCCURRENCES:
        raise Invalid(
            _("A series can have {most} dates at most.").format(most=MOST_OCCURRENCES),
            field="rrule",
        )
    return tuple(found)


def _overridden(override: Override, time_zone: str) -> Occurrence:
    return Occurrence(
        occurrence=override.occurrence,
        starts_local=override.starts_local,
        ends_local=override.ends_local,
        starts_at=to_utc(override.starts_local, time_zone),
        ends_at=to_utc(override.ends_local, time_zone),
        title=override.title,
        location=override.location,
        cancelled=override.cancelled,
        changed=True,
    )


def _parsed(starts_local: datetime, rule: str) -> rrule:
    """The rule as the library takes it; raises Invalid for what no gathering needs."""
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
    if not _has_day(values, starts_local) or next(iter(parsed), None) != starts_local:
        raise Invalid("The first date must be part of the series.", field="rrule")
    return parsed


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


def carried(gathering: Recurring, *, was_local: datetime, ended_local: datetime) -> dict[str, Any]:
    """What is said of single dates, once the whole series begins at another time than it did.

    Dates are known by their new starts; one that had a time of its own keeps it.
    """
    shift = gathering.starts_local - was_local
    length, old_length = gathering.ends_local - gathering.starts_local, ended_local - was_local

    def shifted(dates: list[str]) -> list[str]:
        return [(datetime.fromisoformat(date) + shift).isoformat() for date in dates]

    overrides = []
    for override in map(Override.model_validate, gathering.overrides):
        start = override.occurrence + shift
        moved: dict[str, Any] = {"occurrence": start}
        own = (override.starts_local, override.ends_local)
        if own == (override.occurrence, override.occurrence + old_length):
            moved |= {"starts_local": start, "ends_local": start + length}
        overrides.append(override.model_copy(update=moved).model_dump(mode="json"))
    return {
        "rdates": shifted(gathering.rdates),
        "exdates": shifted(gathering.exdates),
        "overrides": overrides,
    }
