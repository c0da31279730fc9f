"""Pure decisions about seats."""

from datetime import datetime

from events.catalogue.scheduling import RegistrationStatus
from services.kit.errors import Conflict


def seat_for(*, capacity: int | None, taken: int) -> RegistrationStatus:
    """Confirmed while a seat is free (or there is no limit), else a place in line."""
    return "confirmed" if capacity is None or taken < capacity else "waitlisted"


def check_open(*, status: str, finishes_at: datetime, moment: datetime) -> None:
    """Raise Conflict, in words for people, when nobody can register (any more)."""
    if status == "draft":
        raise Conflict("Registration is not open yet.")
    if status == "cancelled":
        raise Conflict("This event was cancelled.")
    if status == "finished" or finishes_at <= moment:
        raise Conflict("This event is over.")
