"""A series in words, for mail."""

from datetime import date, datetime

from dateutil.rrule import rrulestr

from services.kit.language import _, ngettext
from services.kit.times import day_of


def repetition(rule: str, starts_local: datetime, today: date) -> str:
    """A series in words, such as 'weekly, 3 times, the last on Tue 3 Nov'."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    starts = list(rrulestr(rule, dtstart=starts_local))
    times = ngettext("{n} time", "{n} times", len(starts)).format(n=len(starts))
    return _("{rhythm}, {times}, the last on {day}").format(
        rhythm=_rhythm(parts.get("FREQ", ""), int(parts.get("INTERVAL", "1"))),
        times=times,
        day=day_of(starts[-1], today),
    )


def _rhythm(frequency: str, interval: int) -> str:
    match frequency:
        case "DAILY":
            return ngettext("daily", "every {n} days", interval).format(n=interval)
        case "WEEKLY":
            return ngettext("weekly", "every {n} weeks", interval).format(n=interval)
        case "MONTHLY":
            return ngettext("monthly", "every {n} months", interval).format(n=interval)
        case _:
            return _("repeated")
