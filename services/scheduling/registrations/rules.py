"""Pure decisions about seats."""

from datetime import datetime, timedelta

from events.catalogue.scheduling import RegistrationStatus
from services.kit.errors import Conflict

HOLDS_SEAT = frozenset({"confirmed", "unconfirmed", "offered"})
"""What a registration is when a seat is taken for it."""
ENDED = frozenset({"cancelled", "declined"})
"""What a registration is when the person may ask anew."""
HELD_FOR = timedelta(hours=24)
"""How long a seat is held for somebody who has not shown yet to be behind their address."""
SHORTEST_OFFER = timedelta(hours=1)
"""An offer that could be answered for less than this is no offer: the seat is given at once."""


def seat_for(*, capacity: int | None, taken: int) -> RegistrationStatus:
    """Confirmed while a seat is free (or there is no limit), else a place in line."""
    return "confirmed" if capacity is None or taken < capacity else "waitlisted"


def check_open(*, status: str, finishes_at: datetime, moment: datetime) -> None:
    """Raise Conflict, in words for people, when nobody can register (any more)."""
    if status == "draft":
        raise Conflict("Registration is not open yet.")
    if status == "cancelled":
        raise Conflict("This event was cancelled.")
    if status == "postponed":
        raise Conflict("This event is postponed. Registration opens again with a new date.")
    if status == "finished" or finishes_at <= moment:
        raise Conflict("This event is over.")


def seated_as(
    *, proved: bool, offer_hours: int, starts_at: datetime, moment: datetime
) -> tuple[RegistrationStatus, datetime | None]:
    """What somebody from the line becomes when a seat is free, and until when it is held."""
    if not proved:
        return "unconfirmed", moment + HELD_FOR
    until = min(moment + timedelta(hours=offer_hours), starts_at)
    if offer_hours and until - moment >= SHORTEST_OFFER:
        return "offered", until
    return "confirmed", None


def begins_as(
    seated: bool, asks: bool, unproved: bool, moment: datetime
) -> tuple[str, datetime | None]:
    """What a registration is at first, and until when a seat is held for it."""
    if asks:
        return "requested", None
    if not seated:
        return "waitlisted", None
    return ("unconfirmed", moment + HELD_FOR) if unproved else ("confirmed", None)
