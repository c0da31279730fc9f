"""Pure decisions about feeds: topics in addresses, and what HTTP asks for."""

import re
import unicodedata
from functools import lru_cache
from typing import get_args
from urllib.parse import parse_qsl

from events.catalogue.scheduling import GatheringKind
from services.calendar.feeds.schemas import QueryFeed
from services.kit.errors import NotFound

MOST_ASKED = 30
"""Values that one address of a feed can have."""
_REGION = re.compile(r"[A-Z]{2}[A-Z0-9]{0,3}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SEPARATORS = re.compile(r"[\W_]+")
_ETAG = re.compile(r'(?:W/)?("[^"]*")')


def topic_slug(topic: str) -> str:
    """A topic as part of an address: no accents, letters of any script, words with hyphens."""
    letters = unicodedata.normalize("NFKD", topic.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SEPARATORS.sub("-", plain).strip("-")


@lru_cache(maxsize=1024)
def asked_in(query: bytes) -> QueryFeed:
    """The feed that a query asks for; raises NotFound for what no gathering can be.

    Names that are not known are passed over: calendar apps and mails add their own.
    """
    asked: dict[str, set[str]] = {name: set() for name in ("topic", "kind", "region", "language")}
    try:
        pairs = parse_qsl(query.decode("ascii"), max_num_fields=MOST_ASKED, errors="strict")
    except ValueError as error:
        raise NotFound("There is no such calendar: its address cannot be read.") from error
    for name, value in pairs:
        if name in asked:
            asked[name].add(topic_slug(value) if name == "topic" else value)
    fits = (
        all(0 < len(topic) <= 120 for topic in asked["topic"]),
        asked["kind"] <= set(get_args(GatheringKind)),
        all(_REGION.fullmatch(code) for code in asked["region"]),
        all(_LANGUAGE.fullmatch(code) for code in asked["language"]),
    )
    if not all(fits):
        raise NotFound("There is no such calendar: something in its address is not known.")
    topics, kinds, regions, languages = (tuple(sorted(values)) for values in asked.values())
    return QueryFeed(topics, kinds, regions, languages)


@lru_cache(maxsize=256)
def accepts_gzip(header: bytes) -> bool:
    """Whether Accept-Encoding names gzip itself, not below identity (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.decode("latin-1").lower().split(","):
        name, _, parameter = part.partition(";")
        key, _, value = parameter.partition("=")
        try:
            weights[name.strip()] = float(value) if key.strip() == "q" else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get("gzip", 0.0) > 0 and weights["gzip"] >= weights.get("identity", 0.0)


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether the caller has this version already (weak comparison, RFC 9110, 13.1.2)."""
    header = if_none_match.decode("latin-1")
    return header.strip() == "*" or etag.decode("ascii") in _ETAG.findall(header)
