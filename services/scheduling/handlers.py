"""What scheduling does when others say something: it forgets whoever is erased."""

from datetime import timedelta

from events.catalogue.scheduling import MemberForgotten
from services.kit.forgetting import Forgetting
from services.kit.settings import Settings
from services.scheduling.personal.service import forget


def forgetting(settings: Settings) -> Forgetting:
    """The group that forgets erased people."""
    lag = timedelta(seconds=settings.kafka_compaction_lag)
    return Forgetting("scheduling", forget, MemberForgotten, lag)
