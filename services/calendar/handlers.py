"""What calendar does when others say something."""

from datetime import timedelta
from functools import partial

from events.catalogue.calendar import MemberForgotten
from events.catalogue.scheduling import GatheringState, RegistrationState, SessionState
from events.consumer import Handlers
from services.calendar.personal.service import forget
from services.calendar.projection import keep_gatherings, keep_registrations, keep_sessions
from services.kit.forgetting import Forgetting
from services.kit.settings import Settings

FEEDS = "calendar.feeds"


def forgetting(settings: Settings) -> Forgetting:
    """The group that forgets erased people."""
    lag = timedelta(seconds=settings.kafka_compaction_lag)
    return Forgetting("calendar", forget, MemberForgotten, lag)


def handlers(address: str) -> dict[str, Handlers]:
    """The table of handlers; `address` is the hub's own, which every VEVENT carries."""
    return {
        FEEDS: {
            GatheringState: partial(keep_gatherings, address=address),
            SessionState: partial(keep_sessions, address=address),
            RegistrationState: keep_registrations,
        }
    }
