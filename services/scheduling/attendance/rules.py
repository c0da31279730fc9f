"""Pure decisions about the way in: which date is meant, and whether the doors are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.kit.errors import Conflict, Invalid
from services.kit.language import ngettext

HAS_SEAT = frozenset({"confirmed", "unconfirmed"})
"""What a registration is when there is a seat behind it."""
NEWCOMERS = timedelta(minutes=30)
"""Before the start, from when somebody without a registration may come in."""


@dataclass(frozen=True)
class Date:
    """One date of a gathering: its local start by the rule, and when it begins and ends."""

    occurrence: datetime
    starts_at: datetime
    ends_at: datetime


def date_meant(dates: Sequence[Date], wanted: datetime | None, moment: datetime) -> Date:
    """The date asked for; else the one that is on, the next, or the last of all.

    Raises Invalid for a date that the gathering does not have, Conflict when it has none.
    """
    if not dates:
        raise Conflict("This event was cancelled.")
    if wanted is not None:
        for date in dates:
            if date.occurrence == wanted:
                return date
        raise Invalid("This event has no such date.", field="occurrence")
    return next((date for date in dates if date.ends_at > moment), dates[-1])


def has_date(dates: Sequence[Sequence[str]] | None, occurrence: datetime) -> bool:
    """Whether a registration has a seat on this date; one that lists none is for all."""
    if dates is None:
        return True
    return [occurrence.isoformat(timespec="seconds"), "confirmed"] in [list(day) for day in dates]


def key_of(dates: Sequence[Date], date: Date) -> str:
    """How attendance names the date: nothing when there is one."""
    return date.occurrence.isoformat(timespec="seconds") if len(dates) > 1 else ""


def check_doors(date: Date, *, before: timedelta, moment: datetime) -> None:
    """Raise Conflict, in words for people, unless it is about to begin or is on."""
    if moment >= date.ends_at:
        raise Conflict("This event is over.")
    if moment < date.starts_at - before:
        minutes = int(before.total_seconds() // 60)
        raise Conflict(
            ngettext(
                "The way in opens {n} minute before the start.",
                "The way in opens {n} minutes before the start.",
                minutes,
            ).format(n=minutes)
        )
