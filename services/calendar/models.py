"""All tables of calendar, for its migrations."""

from services.calendar.addresses.models import FeedAddress
from services.calendar.base import Base
from services.calendar.projection import (
    CalendarGathering,
    CalendarRegistration,
    CalendarSession,
    FeedChange,
)

__all__ = [
    "Base",
    "CalendarGathering",
    "CalendarRegistration",
    "CalendarSession",
    "FeedAddress",
    "FeedChange",
]
