"""Pure decisions about feedback."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.kit.errors import Conflict, Forbidden

LASTS = timedelta(days=60)
"""How long after the end people may still say how it was."""


def check_may_give(
    *, has_seat: bool, given: bool, first_ends_at: datetime, finishes_at: datetime, moment: datetime
) -> None:
    """Raise, in words for people, unless they had a seat, it was, and they have not said yet."""
    if not has_seat:
        raise Forbidden("Feedback is for people who had a seat.")
    if moment < first_ends_at:
        raise Conflict("Please come back when the event is over.")
    if moment > finishes_at + LASTS:
        raise Conflict("Feedback for this event is closed.")
    if given:
        raise Conflict("You have said how it was. Thank you.")


def mean_of(ratings: Sequence[int]) -> float | None:
    """The mean of ratings counted from 1 to 5, None when there is none."""
    total = sum(ratings)
    if not total:
        return None
    return sum(rating * count for rating, count in enumerate(ratings, 1)) / total
