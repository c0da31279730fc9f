"""Pure decisions about feeds: topics in addresses, and what HTTP asks for."""

import re
import unicodedata
from functools import lru_cache

_SEPARATORS = re.compile(r"[\W_]+")
_ETAG = re.compile(r'(?:W/)?("[^"]*")')


def topic_slug(topic: str) -> str:
    """A topic as part of an address: no accents, letters of any script, words with hyphens."""
    letters = unicodedata.normalize("NFKD", topic.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SEPARATORS.sub("-", plain).strip("-")


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
