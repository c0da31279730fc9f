"""What calendar does when others say something."""

from functools import partial

from events.catalogue.scheduling import GatheringState, RegistrationState
from events.consumer import Handlers
from services.calendar.projection import keep_gatherings, keep_registrations

FEEDS = "calendar.feeds"


def handlers(address: str) -> dict[str, Handlers]:
    """The table of handlers; `address` is the hub's own, which every VEVENT carries."""
    return {
        FEEDS: {
            GatheringState: partial(keep_gatherings, address=address),
            RegistrationState: keep_registrations,
        }
    }
