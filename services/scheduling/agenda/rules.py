"""What an agenda can be, purely."""

from datetime import datetime

from services.kit.errors import Conflict, Invalid
from services.kit.language import _
from services.scheduling.occurrences.rules import to_utc

MOST_SESSIONS = 1000
"""Sessions that one gathering can have."""


def check_room_for(there: int, more: int) -> None:
    """Raise Conflict when the agenda would be longer than the hub shows well."""
    if there + more > MOST_SESSIONS:
        words = _("An agenda can have {most} sessions at most; nothing was saved.")
        raise Conflict(words.format(most=MOST_SESSIONS))


def moments(
    starts_local: datetime, ends_local: datetime, *, time_zone: str, first: datetime, last: datetime
) -> tuple[datetime, datetime]:
    """Start and end in UTC; raises Invalid unless they lie in order within the gathering.

    `first` and `last` are the gathering's own local start and end.
    """
    starts_at = to_utc(starts_local, time_zone, field="starts_local")
    ends_at = to_utc(ends_local, time_zone, field="ends_local")
    if ends_at <= starts_at:
        raise Invalid("The end must come after the start.", field="ends_local")
    if starts_local < first:
        raise Invalid("The session begins before the event does.", field="starts_local")
    if ends_local > last:
        raise Invalid("The session ends after the event does.", field="ends_local")
    return starts_at, ends_at
