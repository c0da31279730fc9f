"""Pure decisions about organisations: when two names mean the same, slugs, search words."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import TypedDict
from urllib.parse import urlsplit

from services.kit.errors import Conflict, Invalid

MOST_WORDS = 10
"""Words of a search that count; the rest is ignored."""
ALIKE = 0.86
"""Names that are as alike as this may be one organisation's."""
DOUBTED = ("name", "ror_id", "vat_id")
"""What a verification was about: when it changes, it has to be found anew."""

_LESSER = frozenset(
    # Legal forms, and little words of the languages around.
    [
        "ab",
        "ag",
        "aisbl",
        "as",
        "asbl",
        "bv",
        "bvba",
        "cv",
        "cvba",
        "doo",
        "ev",
        "gmbh",
        "inc",
        "kft",
        "kg",
        "lda",
        "ltd",
        "mbh",
        "nv",
        "oy",
        "oyj",
        "plc",
        "sa",
        "sarl",
        "sas",
        "sc",
        "se",
        "sl",
        "spa",
        "srl",
        "sro",
        "vzw",
        "zoo",
        "a",
        "am",
        "an",
        "and",
        "at",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "die",
        "do",
        "du",
        "e",
        "ed",
        "el",
        "en",
        "et",
        "for",
        "fur",
        "i",
        "il",
        "im",
        "in",
        "la",
        "las",
        "le",
        "les",
        "los",
        "of",
        "og",
        "oraz",
        "och",
        "para",
        "pour",
        "the",
        "u",
        "und",
        "van",
        "voor",
        "y",
        "z",
    ]
)
_SHARED = ("blogspot.com", "facebook.com", "github.io", "google.com", "linkedin.com",
           "wixsite.com", "wordpress.com", "europa.eu")  # fmt: skip
_ISO = {"EL": "GR", "UK": "GB"}


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
    text = " ".join(texts)
    if text.isascii():
        return text.casefold()
    text = unicodedata.normalize("NFKD", text).casefold()
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


class Derived(TypedDict):
    """What an organisation is found by, made from its name and website."""

    domain: str | None
    alike: str
    sounds: str
    folded_name: str


def derived(name: str, website: str | None) -> Derived:
    """What an organisation is found by."""
    alike = alike_key(name)
    return {
        "domain": domain_of(website),
        "alike": alike,
        "sounds": sounds_like(alike),
        "folded_name": folded([name]),
    }


def alike_key(name: str) -> str:
    """The words of a name that matter, in order of the alphabet; names that differ by a legal
    form, an article or the order of words have the same.
    """
    plain = re.sub(r"[.'\u2019]", "", folded([name]))
    words = re.sub(r"[\W_]+", " ", plain).split()
    return " ".join(sorted(set(words) - _LESSER) or sorted(set(words)))[:200]


def sounds_like(alike: str) -> str:
    """The consonants of a key, each once in a row: a slip of the keyboard often keeps them."""
    consonants = re.sub(r"[aeiouy\W_]+", "", alike)
    return re.sub(r"(.)\1+", r"\1", consonants or alike.replace(" ", ""))[:40]


def domain_of(website: str | None) -> str | None:
    """The host of a website as the network writes it, without www; None where many share one."""
    host = (urlsplit(website or "").hostname or "").strip(".").lower().removeprefix("www.")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        return None
    if "." not in host or any(host == shared or host.endswith(f".{shared}") for shared in _SHARED):
        return None
    return host[:253]


def likeness(one: str, other: str) -> float:
    """How alike two names are by their keys, from 0 to 1; other numbers are other names."""
    if sorted(re.findall(r"\d+", one)) != sorted(re.findall(r"\d+", other)):
        return 0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def country_of(region_code: str | None) -> str | None:
    """The country (ISO 3166) of a region (NUTS)."""
    return _ISO.get(region_code[:2], region_code[:2]) if region_code else None


def check_merge(
    *, same: bool, merged: bool, into_merged: bool, made_up: bool, into_made_up: bool
) -> None:
    """Raise Conflict when one organisation cannot be merged into the other."""
    if same:
        raise Conflict("This is the same organisation.")
    if merged or into_merged:
        raise Conflict("One of the two was merged already. Please look at the list anew.")
    if made_up != into_made_up:
        raise Conflict(
            "One of the two is made up for the demonstration and goes with it. They stay apart."
        )
