"""What people agree to, purpose by purpose.

A text that changes becomes the next version here: members who agreed to an earlier one are asked
again, and the record of what they agreed to stays. Translations are in the catalogues.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from events.catalogue.membership import Consent
from services.kit.language import N_, gettext, speaking


@dataclass(frozen=True)
class ConsentText:
    """The words of one purpose in English."""

    version: int
    title: str
    words: str


TEXTS: Mapping[Consent, ConsentText] = {
    "terms": ConsentText(
        1,
        N_("I agree to the rules of the community"),
        N_(
            "I follow the rules, and the hub uses my data to run my account, as its page on "
            "privacy says. Needed to join; taking this back means leaving."
        ),
    ),
    "directory": ConsentText(
        1,
        N_("Show me in the members' directory"),
        N_("Other members see your name, side, region and expertise, never your e-mail address."),
    ),
    "newsletter": ConsentText(
        1,
        N_("Send me the newsletter"),
        N_("A few times a year; every issue has a link that ends it."),
    ),
    "matchmaking": ConsentText(
        1,
        N_("Suggest me as a partner"),
        N_("When your expertise fits a demonstration project, its people see your name and why."),
    ),
}


def said(purpose: Consent) -> tuple[str, str]:
    """Title and words in the language spoken now."""
    found = TEXTS[purpose]
    return gettext(found.title), gettext(found.words)


def hash_of(purpose: Consent, language: str) -> str:
    """SHA-256 of title and words, a line each, as they read in a language."""
    return _hash(TEXTS[purpose], language)


@cache
def _hash(text: ConsentText, language: str) -> str:
    with speaking(language):
        words = f"{gettext(text.title)}\n{gettext(text.words)}"
    return hashlib.sha256(words.encode()).hexdigest()
