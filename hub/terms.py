"""How long what is kept: said on the privacy page, as the services do it.

`tests/hub/test_terms.py` compares these with the rules of the services.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hub.settings import Settings
from services.kit.language import N_, _


class Term(NamedTuple):
    """How long something is kept, in a whole sentence in which `{n}` are the days."""

    days: int
    said: str


TERMS = (
    Term(7, N_("An account that is never confirmed: {n} days.")),
    Term(
        90,
        N_("Whom an import brought, and who is not invited: {n} days."),
    ),
    Term(30, N_("Who was invited and does not answer: {n} days after the invitation.")),
    Term(760, N_("A guest's name and address: {n} days after the last registration.")),
    Term(
        365,
        N_("Your profile: {n} days after you last looked at it we ask whether it still holds."),
    ),
    Term(30, N_("A profile whose owner does not answer that: shown {n} days longer, then hidden.")),
    Term(7, N_("The address you moved away from: {n} days, in which it can be taken back.")),
    Term(14, N_("The account of a member who left: {n} days, in which they can come back.")),
    Term(
        14,
        N_("The address for the receipt of an erasure: until it is sent, at most {n} days."),
    ),
    Term(30, N_("Where you are signed in: {n} days after signing in.")),
    Term(365, N_("Notices in your inbox: {n} days.")),
    Term(90, N_("Which mails were sent to you: {n} days.")),
)
REGISTRATIONS = N_(
    "Your registrations: {n} days after the event; then only counts stay, without names."
)


def terms_shown(settings: Settings) -> Sequence[str]:
    """All terms, in the reader's language."""
    every = (Term(settings.registrations_kept, REGISTRATIONS), *TERMS)
    return [_(term.said).format(n=term.days) for term in every]
