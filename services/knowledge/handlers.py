"""What knowledge does when others say something: it forgets whoever is erased."""

from datetime import timedelta

from events.catalogue.knowledge import MemberForgotten
from services.kit.forgetting import Forgetting
from services.kit.settings import Settings
from services.knowledge.personal.service import forget


def forgetting(settings: Settings) -> Forgetting:
    """The group that forgets erased people."""
    lag = timedelta(seconds=settings.kafka_compaction_lag)
    return Forgetting("knowledge", forget, MemberForgotten, lag)
