"""Pure decisions about gatherings."""

from dataclasses import dataclass
from datetime import datetime

from services.kit.errors import Invalid
from services.kit.language import _
from services.scheduling.occurrences.rules import Recurring, check_span, finish_of

TOLD = frozenset({"title", "starts_local", "ends_local", "time_zone", "location", "mode"})
"""Fields whose change those registered must know."""


@dataclass(frozen=True)
class Times:
    """When a gathering is, in UTC: its first occurrence, and the end of its last."""

    starts_at: datetime
    ends_at: datetime
    finishes_at: datetime


def times_of(gathering: Recurring) -> Times:
    """Derive UTC from wall-clock times; raises Invalid with the field at fault."""
    starts_at, ends_at = check_span(
        gathering.starts_local, gathering.ends_local, gathering.time_zone
    )
    return Times(starts_at, ends_at, finish_of(gathering))


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
