"""Pure decisions about reminders: which dates are near, and which comes next."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.scheduling.occurrences.rules import Occurrence

BEFORE = timedelta(hours=24)
"""How long before a date those with a seat are reminded of it."""


def next_to_remind(dates: Sequence[Occurrence], moment: datetime) -> Occurrence | None:
    """The first date that takes place of which nobody has been reminded by now.

    Of one that is nearer than that nobody is: who registers for it knows, and who is told of
    its new time does too.
    """
    later = [d for d in dates if not d.cancelled and d.starts_at - BEFORE > moment]
    return min(later, key=_start, default=None)


def due(dates: Sequence[Occurrence], occurrence: datetime, moment: datetime) -> list[Occurrence]:
    """The date for which a timer was set, and those whose turn came while nobody looked.

    None that has begun: a reminder would come too late.
    """
    on = [date for date in dates if not date.cancelled]
    first = next((date.starts_at for date in on if date.occurrence == occurrence), None)
    if first is None:
        return []
    near = [d for d in on if first <= d.starts_at <= moment + BEFORE and d.starts_at > moment]
    return sorted(near, key=_start)


def _start(date: Occurrence) -> tuple[datetime, datetime]:
    return date.starts_at, date.occurrence
