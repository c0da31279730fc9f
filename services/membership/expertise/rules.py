"""Pure decisions about expertise: when words mean the same, which level is better, ids."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import get_args

from events.catalogue.membership import Level

LEVELS: tuple[Level, ...] = get_args(Level)
"""From the lowest to the highest."""
MOST_CLAIMS = 30
"""Terms that one person or organisation offers, and seeks."""
USUAL: Level = "practising"
"""The level of who says none."""
CROWD = 3
"""So many people of an organisation know a term before it tells of no one of them."""
HUB, MESH, FREE = "hub:", "mesh:", "free:"

# Letters that Unicode does not take apart, as people type them without.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
                        "ı": "i", "ħ": "h"})  # fmt: skip
_HEADING = re.compile(r"d\d{6,9}")
_ID = re.compile(
    r"hub:[a-z0-9-]{1,40}|mesh:d\d{6,9}|free:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


def key_of(words: str) -> str:
    """What is compared: no case, accents, punctuation or spacing."""
    text = words.lower() if words.isascii() else _folded(words)
    parts = re.sub(r"[\W_]+", " ", text).strip()
    return (parts or " ".join(text.split()))[:200].strip()


def _folded(words: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", words).casefold())
    # Once more: what folding brings back is taken apart too.
    text = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def id_of(words: str) -> str | None:
    """The id that these words are, whatever their case; None when they are none."""
    small = words.strip().lower()
    if not _ID.fullmatch(small):
        return None
    scheme, _, rest = small.partition(":")
    return f"{scheme}:{rest.upper()}" if _HEADING.fullmatch(rest) else small


def natural(heading: str) -> str:
    """A MeSH heading as people say it: 'Acute Abdomen' for 'Abdomen, Acute'; without commas
    between words, for forms separate terms by them.
    """
    parts = heading.split(", ")
    if len(parts) <= 3 and not any(part.startswith("and ") for part in parts):
        parts.reverse()
    return re.sub(r"(?<!\d),|,(?!\d)", " ", " ".join(parts))


def better(one: str | None, other: str | None) -> str | None:
    """The higher of two levels."""
    return max(one, other, key=rank_of)


def rank_of(level: str | None) -> int:
    """Levels as numbers, none below all."""
    return LEVELS.index(level) if level in LEVELS else -1


def may_tell(known: Mapping[str, int]) -> bool:
    """Whether an organisation may be said to know a term, by how many know it there.

    Its page is open to everybody: what only its members-only people know would show who they are,
    and counts once they are a crowd.
    """
    return bool(known["own"] or known["openly"]) or sum(known[each] for each in LEVELS) >= CROWD


def alike(key: str, others: Iterable[str], least: float) -> dict[str, float]:
    """Those of other keys that are like one, and how much, from `least` to 1: half by their
    letters, half by words they share.
    """
    found: dict[str, float] = {}
    words = set(key.split())
    # It remembers what it is compared with: the second of the two.
    letters = SequenceMatcher(None, "", key, autojunk=False)
    for other in others:
        theirs = set(other.split())
        shared = 2 * len(words & theirs) / (len(words) + len(theirs) or 1)
        letters.set_seq1(other)
        if (letters.real_quick_ratio() + shared) / 2 < least:
            continue
        if (letters.quick_ratio() + shared) / 2 < least:
            continue
        measure = (letters.ratio() + shared) / 2
        if measure >= least:
            found[other] = measure
    return found


def each_once(terms: Iterable[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Terms each once in their order, with the best level that is said of each."""
    found: dict[str, str | None] = {}
    for term_id, level in terms:
        found[term_id] = better(found.get(term_id), level)
    return list(found.items())


def starts_words(query: Sequence[str], key: str) -> bool:
    """Whether every word of the query begins some word of the key."""
    spaced = f" {key}"
    return all(f" {word}" in spaced for word in query)
