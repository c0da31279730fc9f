"""What notification does when others say something: it keeps the directory and tells people."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session

from events.catalogue.knowledge import PostState
from events.catalogue.matchmaking import DemoCaseState
from events.catalogue.membership import CommunityState, ContactState, OrganisationState
from events.catalogue.notification import MemberForgotten
from events.catalogue.scheduling import GatheringState, PollState, RegistrationState
from events.consumer import Handlers
from events.envelope import Envelope
from services.kit.forgetting import Forgetting
from services.kit.settings import Settings
from services.notification.mailbox import service as mailbox
from services.notification.messages import service as messages
from services.notification.messages.rules import RULES
from services.notification.notices import service as notices
from services.notification.personal.service import forget
from services.notification.projection import (
    DIRECTORY,
    KnownCommunity,
    KnownContact,
    KnownDemoCase,
    KnownGathering,
    KnownOrganisation,
    KnownPoll,
    KnownPost,
    KnownRegistration,
    keep,
)

SEND = "notification.send"
"""The consumer group that people hear of; never replayed, its ledger is no projection."""


def contacts_changed(session: Session, envelopes: Sequence[Envelope[ContactState]]) -> None:
    """Know people's names and addresses; forget those who are gone, with their messages."""
    contacts = keep(session, KnownContact, envelopes)
    if gone := [contact.id for contact in contacts if contact.gone]:
        notices.forget(session, gone)
        mailbox.forget(session, gone)
        messages.forget(session, gone)
    messages.things_arrived(session, _ids(envelopes), moment=datetime.now(UTC))


def gatherings_changed(session: Session, envelopes: Sequence[Envelope[GatheringState]]) -> None:
    """Know what gatherings there are, when and where."""
    keep(session, KnownGathering, envelopes)
    messages.things_arrived(session, _ids(envelopes), moment=datetime.now(UTC))


def registrations_changed(
    session: Session, envelopes: Sequence[Envelope[RegistrationState]]
) -> None:
    """Know who is registered; tell them what concerned them before they were known."""
    messages.registrations_arrived(
        session, keep(session, KnownRegistration, envelopes), moment=datetime.now(UTC)
    )


def posts_changed(session: Session, envelopes: Sequence[Envelope[PostState]]) -> None:
    """Know the titles of posts."""
    keep(session, KnownPost, envelopes)
    messages.things_arrived(session, _ids(envelopes), moment=datetime.now(UTC))


def demo_cases_changed(session: Session, envelopes: Sequence[Envelope[DemoCaseState]]) -> None:
    """Know the titles of demo-cases."""
    keep(session, KnownDemoCase, envelopes)
    messages.things_arrived(session, _ids(envelopes), moment=datetime.now(UTC))


def organisations_changed(
    session: Session, envelopes: Sequence[Envelope[OrganisationState]]
) -> None:
    """Know the names of organisations."""
    keep(session, KnownOrganisation, envelopes)
    messages.things_arrived(session, _ids(envelopes), moment=datetime.now(UTC))


def polls_changed(session: Session, envelopes: Sequence[Envelope[PollState]]) -> None:
    """Know what polls are called and until when they are open."""
    keep(session, KnownPoll, envelopes)
    messages.things_arrived(session, _ids(envelopes), moment=datetime.now(UTC))


def community_changed(session: Session, envelopes: Sequence[Envelope[CommunityState]]) -> None:
    """Know what the hub is called: mails carry its name."""
    keep(session, KnownCommunity, envelopes)


def people_concerned(session: Session, envelopes: Sequence[Envelope[Any]]) -> None:
    """Tell people what happened, as the rules say."""
    messages.tell(session, envelopes, moment=datetime.now(UTC))


def _ids(envelopes: Sequence[Envelope[Any]]) -> set[str]:
    return {envelope.subject for envelope in envelopes}


def forgetting(settings: Settings) -> Forgetting:
    """The group that forgets erased people."""
    lag = timedelta(seconds=settings.kafka_compaction_lag)
    return Forgetting("notification", forget, MemberForgotten, lag)


HANDLERS: dict[str, Handlers] = {
    DIRECTORY: {
        ContactState: contacts_changed,
        GatheringState: gatherings_changed,
        RegistrationState: registrations_changed,
        PostState: posts_changed,
        DemoCaseState: demo_cases_changed,
        OrganisationState: organisations_changed,
        PollState: polls_changed,
        CommunityState: community_changed,
    },
    SEND: {rule.fact: people_concerned for rule in RULES},
}
