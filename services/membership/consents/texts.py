"""What people agree to, purpose by purpose.

A text that changes becomes the next version here: members who agreed to an earlier one are asked
again, and the record of what they agreed to stays. Translations are in the catalogues.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from events.catalogue.membership import Consent
from services.kit.language import N_, gettext


@dataclass(frozen=True)
class Text:
    """The words of one purpose in English."""

    version: int
    title: str
    text: str


TEXTS: Mapping[Consent, Text] = {
    "terms": Text(
        1,
        N_("I agree to the rules of the community"),
        N_(
            "I follow the rules, and the hub uses my data to run my account, as its page on "
            "privacy says. Needed to join; taking this back means leaving."
        ),
    ),
    "directory": Text(
        1,
        N_("Show me in the members' directory"),
        N_("Other members see your name, side, region and expertise, never your e-mail address."),
    ),
    "newsletter": Text(
        1,
        N_("Send me the newsletter"),
        N_("A few times a year; every issue has a link that ends it."),
    ),
    "matchmaking": Text(
        1,
        N_("Suggest me as a partner"),
        N_("When your expertise fits a demonstration project, its people see your name and why."),
    ),
}


def said(purpose: Consent) -> tuple[str, str]:
    """Title and text in the language spoken now."""
    found = TEXTS[purpose]
    return gettext(found.title), gettext(found.text)


def hash_of(purpose: Consent) -> str:
    """SHA-256 of title and text, a line each, in the language spoken now."""
    return hashlib.sha256("\n".join(said(purpose)).encode()).hexdigest()
