"""What scheduling does when others say something: it knows people, and forgets them."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from events.catalogue.membership import ContactState
from events.catalogue.scheduling import MemberForgotten
from events.consumer import Handlers
from events.envelope import Envelope
from services.kit.forgetting import Forgetting
from services.kit.settings import Settings
from services.scheduling.personal.service import forget
from services.scheduling.projection import PEOPLE, keep


def contacts_changed(session: Session, envelopes: Sequence[Envelope[ContactState]]) -> None:
    """Know of people what rules and counts ask: their side and region."""
    keep(session, envelopes)


def forgetting(settings: Settings) -> Forgetting:
    """The group that forgets erased people."""
    lag = timedelta(seconds=settings.kafka_compaction_lag)
    return Forgetting("scheduling", forget, MemberForgotten, lag)


HANDLERS: dict[str, Handlers] = {PEOPLE: {ContactState: contacts_changed}}
