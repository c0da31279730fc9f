"""What matchmaking does when others say something: it keeps the index of candidates."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from events.catalogue.matchmaking import MemberForgotten
from events.catalogue.membership import ContactState, OrganisationState
from events.consumer import Handlers
from events.envelope import Envelope
from services.kit.forgetting import Forgetting
from services.kit.settings import Settings
from services.matchmaking.matches.rules import words_of
from services.matchmaking.personal.service import forget
from services.matchmaking.projection import INDEX, Change, Profile, apply


def contacts_changed(session: Session, envelopes: Sequence[Envelope[ContactState]]) -> None:
    """Index members who agreed to be matched; forget those who no longer do."""
    apply(session, [_change(envelope, _of_contact(envelope.data)) for envelope in envelopes])


def organisations_changed(
    session: Session, envelopes: Sequence[Envelope[OrganisationState]]
) -> None:
    """Index organisations; those that were merged are no candidates, and lead on."""
    changes = []
    for envelope in envelopes:
        change = _change(envelope, _of_organisation(envelope.data))
        merged_into = envelope.data.merged_into if envelope.data else None
        changes.append(replace(change, merged_into=merged_into))
    apply(session, changes)


def _change(
    envelope: Envelope[ContactState] | Envelope[OrganisationState], profile: Profile | None
) -> Change:
    return Change(id=envelope.subject, version=envelope.version, profile=profile)


def _of_contact(contact: ContactState | None) -> Profile | None:
    if contact is None or contact.status != "member" or "matchmaking" not in contact.consents:
        return None
    return Profile(
        kind="member",
        audience=contact.audience,
        name=contact.name,
        helix_side=contact.helix_side,
        region_code=contact.region_code,
        terms=_with_words(contact.expertise_offered),
    )


def _of_organisation(organisation: OrganisationState | None) -> Profile | None:
    if organisation is None or organisation.merged_into is not None:
        return None
    return Profile(
        kind="organisation",
        audience=organisation.audience,
        name=organisation.name,
        helix_side=organisation.helix_side,
        region_code=organisation.region_code,
        terms=_with_words(organisation.expertise),
    )


def _with_words(terms: Iterable[str]) -> dict[str, frozenset[str]]:
    return {term: words_of(term) for term in terms}


def forgetting(settings: Settings) -> Forgetting:
    """The group that forgets erased people."""
    lag = timedelta(seconds=settings.kafka_compaction_lag)
    return Forgetting("matchmaking", forget, MemberForgotten, lag)


HANDLERS: dict[str, Handlers] = {
    INDEX: {
        ContactState: contacts_changed,
        OrganisationState: organisations_changed,
    }
}
