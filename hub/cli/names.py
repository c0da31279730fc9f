"""When two names mean one organisation: pure decisions for names as people write them."""

import re
import unicodedata
from functools import cache

from hub.cli.rows import Notes, country_names, line, without_addresses

NO_COUNTRY = "no country given"

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_SMALL_WORDS = frozenset({"the", "of", "for", "and"})


def organisation_name(written: str, notes: Notes) -> str:
    """A name on one line without what does not belong to it."""
    one = without_addresses(line(written, notes, field="name", most=10_000), notes, field="name")
    return line(one.replace(" | ", ", ").strip(" ,;:.|-"), notes, field="name")


def name_key(name: str) -> str:
    """The same for two spellings of a name.

    Case, accents, punctuation, the order of words and small English words do not count; nor
    do brackets that hold an abbreviation or a country.
    """
    return _key(_BRACKETS.sub(lambda found: "" if _adds_nothing(found[1]) else found[0], name))


def bare_key(name: str) -> str:
    """The key of the name without anything in brackets."""
    return _key(_BRACKETS.sub("", name))


def written_alike(name: str) -> str:
    """The same for names that the hub takes for one: case, punctuation and spaces differ."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return re.sub(r"[\W_]+", " ", folded).strip()


def told_apart(name: str, country: str | None) -> str:
    """The name with its country behind it, for one that exists in several."""
    place = country_names().get(country, country) if country else NO_COUNTRY
    return f"{name[: 198 - len(place)].rstrip()} ({place})"[:200]


def _key(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.sub(r"[\W_]+", " ", plain.replace("'", "")).split()
    return " ".join(sorted(word for word in words if word not in _SMALL_WORDS) or words)


def _adds_nothing(inside: str) -> bool:
    word = inside.strip()
    capitals = sum(letter.isupper() for letter in word)
    return (
        (" " not in word and len(word) <= 10 and capitals >= 2)
        or word.casefold() in _countries()
        or word == NO_COUNTRY
    )


@cache
def _countries() -> frozenset[str]:
    return frozenset(
        name.casefold() for named in country_names().items() for name in named if len(name) > 2
    )
