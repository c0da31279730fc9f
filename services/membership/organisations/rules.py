"""Pure decisions about organisations: when two names mean the same, slugs, search words."""

import re
import unicodedata
from collections.abc import Iterable

from services.kit.errors import Invalid

MOST_WORDS = 10
"""Words of a search that count; the rest is ignored."""


def name_key(name: str) -> str:
    """What is compared: no case, punctuation or spacing, but accents (NFKC)."""
    # Twice, because folding the case can bring back what NFKC had composed.
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    words = re.sub(r"[\W_]+", " ", key).strip()
    return (words or " ".join(key.split()))[:200]


def slug_of(name: str, id: str) -> str:
    """A readable address: the name in ASCII and the end of the id."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")[:80].strip("-")
    return f"{words or 'organisation'}-{id[-6:]}"


def folded(texts: Iterable[str]) -> str:
    """Texts as they are searched: without case and accents."""
    text = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    plain = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(plain)


def search_words(query: str) -> list[str]:
    """The words that must all occur in what is found."""
    return folded([query]).split()[:MOST_WORDS]


def check_one(organisation_id: str | None, organisation_name: str | None) -> None:
    """Raise Invalid when an organisation is both chosen and newly named."""
    if organisation_id and organisation_name:
        raise Invalid(
            "Please choose an organisation or name a new one, not both.",
            field="organisation_name",
        )
