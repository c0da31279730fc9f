"""Pure decisions about the directory: what somebody is found by."""

from collections.abc import Iterable

from services.kit import regions
from services.kit.audience import MEMBERS, PUBLIC
from services.membership.expertise.rules import key_of

PERSON = "kind:person"
ORGANISATION = "kind:organisation"
LISTED = (PUBLIC, MEMBERS)
"""Audiences of those who are in the directory at all."""
MOST_WORDS = 10
"""Words of a search that count; the rest is ignored."""


def places_of(code: str | None) -> list[str]:
    """A place and every region that contains it, the country first; codes of old lists nest."""
    if code and regions.known(code):
        return regions.containing(code)[::-1]
    return [code[:length] for length in range(2, len(code) + 1)] if code else []


def shown_beside(chosen: Iterable[str], code: str) -> bool:
    """Whether a place is offered: countries are, and what lies in the country of a chosen one."""
    return len(code) == 2 or (len(code) <= 4 and code[:2] in {place[:2] for place in chosen})


def words_of(texts: Iterable[str | None]) -> str:
    """The words of texts as they are searched, each once, with a space between."""
    return " ".join(sorted({word for text in texts if text for word in key_of(text).split()}))


def search_words(query: str) -> list[str] | None:
    """The words that somebody found must have; None when nothing can have them."""
    words = list(dict.fromkeys(key_of(query).split()))[:MOST_WORDS]
    if query.strip() and not any(letter.isalnum() for letter in query):
        return None
    return words


def facets_of(
    *,
    kind: str,
    audience: str,
    side: str | None,
    region_code: str | None,
    offered: Iterable[str] = (),
    sought: Iterable[str] = (),
    organisation_id: str | None = None,
) -> str:
    """What somebody is counted by, with a space between; expertise comes last."""
    facets = [kind, f"audience:{audience}", f"side:{side}"]
    facets += [f"region:{code}" for code in places_of(region_code)]
    if organisation_id:
        facets.append(f"organisation:{organisation_id}")
    facets += [f"term:{id}" for id in offered]
    facets += [f"seeks:{id}" for id in sought]
    return " ".join(facets)
