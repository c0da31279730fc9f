"""The pure ranking: who covers which of the terms a demo-case needs, and why that fits.

Each further term covered outweighs everything else together; then comes how closely the
terms fit; last a small bonus for the same region and for a helix side the lead lacks.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import fsum

from babel.lists import format_list

from services.kit.language import N_, _, locale, ngettext, spoken
from services.matchmaking.matches.schemas import Kind

NEAR = 0.5
"""Share of common words (Jaccard) from which two terms count as near."""
COVERED, CLOSENESS, BONUS = 0.5, 0.4, 0.1
"""Parts of the last covered term's point; CLOSENESS and BONUS may be lost, COVERED is not."""
_SHOWN = 5
"""Terms named in a reason before it says how many more there are."""
_ADDS = {
    "citizen": N_("adds the side of citizens"),
    "business": N_("adds the side of companies"),
    "research": N_("adds the side of research"),
    "government": N_("adds the side of government"),
    "healthcare": N_("adds the side of care providers"),
}
"""What one more helix side brings, as a reason says it."""
_SMALL_WORDS = frozenset({"and", "the", "of", "for", "in", "on", "with", "to", "by", "from", "at"})


@dataclass(frozen=True)
class Need:
    """What a demo-case asks for; `helix_side` is that of its lead, when known."""

    id: str
    terms: tuple[str, ...]
    region_code: str | None = None
    helix_side: str | None = None


@dataclass(frozen=True)
class Offer:
    """What one candidate brings; terms that fit nothing may be left out."""

    id: str
    kind: Kind
    terms: tuple[str, ...]
    region_code: str | None = None
    helix_side: str | None = None


@dataclass(frozen=True)
class Match:
    """One candidate's place in the ranking; `score` lies in (0, 1]."""

    id: str
    kind: Kind
    score: float
    covers: tuple[str, ...]
    missing: tuple[str, ...]
    reason: str


def rank(need: Need, offers: Iterable[Offer], *, most: int | None = None) -> list[Match]:
    """Those who cover at least one term, best first, whatever the order they come in.

    Equal scores are ordered by a hash of demo-case and candidate: always the same for one
    demo-case, and nobody comes first everywhere.
    """
    close: _Close = {}
    placed = []
    for offer in offers:
        best = _best_fits(need.terms, offer.terms, close)
        if best:
            score = _score(need, offer, [value for value, _ in best.values()])
            placed.append((-score, _lot(need.id, offer.id), offer, best))
    placed.sort(key=lambda place: place[:2])
    return [_match(need, offer, -score, best) for score, _, offer, best in placed[:most]]


def fit(required: str, offered: str) -> float:
    """How well an offered term meets a required one: 1 the same, 0 not, else the words shared."""
    wanted, had = words_of(required), words_of(offered)
    share = len(wanted & had) / len(wanted | had)
    return share if share >= NEAR else 0.0


@lru_cache(maxsize=20_000)
def words_of(term: str) -> frozenset[str]:
    """The words of a term that carry meaning, without accents and plural s; never empty."""
    plain = unicodedata.normalize("NFKD", term.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    words = {_singular(word) for word in re.findall(r"[^\W_]+[+#]*", plain)}
    return frozenset(word[:80] for word in (words - _SMALL_WORDS) or {plain})


def distinct(terms: Iterable[str]) -> list[str]:
    """The terms in their order, each once."""
    return list(dict.fromkeys(terms))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word


_Fits = dict[str, tuple[float, str]]
"""Required term to its fit and the offered term that meets it best."""
_Close = dict[str, list[tuple[str, tuple[float, str]]]]
"""Offered term to the required ones it fits; each is worked out once a ranking."""


def _best_fits(required: Sequence[str], offered: Sequence[str], close: _Close) -> _Fits:
    best: _Fits = {}
    for had in offered:
        if had not in close:
            fits = ((term, fit(term, had)) for term in required)
            close[had] = [(term, (value, had)) for term, value in fits if value]
        for term, found in close[had]:
            if term not in best or best[term] < found:
                best[term] = found
    return {term: best[term] for term in required if term in best} if len(best) > 1 else best


def _score(need: Need, offer: Offer, fits: Sequence[float]) -> float:
    same_region, other_side = _extras(need, offer)
    closeness = fsum(fits) / len(fits)
    last = COVERED + CLOSENESS * closeness + BONUS * (same_region + other_side) / 2
    return round(min(1.0, (len(fits) - 1 + last) / len(need.terms)), 4)


def _extras(need: Need, offer: Offer) -> tuple[bool, bool]:
    """Whether one lies in the other's region, and whether the offer adds a helix side."""
    here, there = need.region_code, offer.region_code
    same_region = bool(here and there and (here.startswith(there) or there.startswith(here)))
    other_side = bool(need.helix_side and offer.helix_side and need.helix_side != offer.helix_side)
    return same_region, other_side


def _lot(need_id: str, offer_id: str) -> bytes:
    return blake2b(f"{need_id} {offer_id}".encode(), digest_size=16).digest()


def _match(need: Need, offer: Offer, score: float, best: _Fits) -> Match:
    missing = tuple(term for term in need.terms if term not in best)
    return Match(
        id=offer.id,
        kind=offer.kind,
        score=score,
        covers=tuple(best),
        missing=missing,
        reason=_reason(need, offer, best, missing),
    )


def _reason(need: Need, offer: Offer, best: _Fits, missing: Sequence[str]) -> str:
    """Why it fits, in the language spoken now."""
    named = [
        had if value == 1 else _("{term} (near {needed})").format(term=had, needed=required)
        for required, (value, had) in best.items()
    ]
    same_region, other_side = _extras(need, offer)
    parts = [
        _("Offers {terms} ({share})").format(
            terms=_listing(named), share=_share(len(best), len(need.terms))
        )
    ]
    if missing:
        parts.append(_("still missing: {terms}").format(terms=_listing(missing)))
    if same_region:
        parts.append(_("from the same region"))
    if other_side and offer.helix_side:
        parts.append(_(_ADDS[offer.helix_side]))
    return "; ".join(parts)


def _share(covered: int, asked: int) -> str:
    if asked == 1:
        return _("the one thing needed")
    if covered == asked:
        return _("all {asked} needs").format(asked=asked)
    return _("{covered} of {asked} needs").format(covered=covered, asked=asked)


def _listing(words: Sequence[str]) -> str:
    """For people: a; a and b; a, b and c; at most `_SHOWN`, then how many more."""
    return _listed(tuple(words), spoken())


@lru_cache(maxsize=8192)
def _listed(words: Sequence[str], language: str) -> str:
    # Thousands of candidates lack the same few terms.
    if len(words) > _SHOWN:
        rest = len(words) - _SHOWN + 1
        words = [*words[: _SHOWN - 1], ngettext("{n} more", "{n} more", rest).format(n=rest)]
    return format_list(list(words), locale=locale(language))
