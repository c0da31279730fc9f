"""Regions of Europe as NUTS 2024 names them, from the country (level 0) to the town's (level 3).

The EU's, the statistical regions of EFTA and candidate countries, and the United Kingdom's last
ones. `places/nuts.tsv` is Eurostat's list (`make regions`); `places/places.tsv` is the hub's own:
English names and towns, as people write them; `places/points.tsv` says where Eurostat (GISCO) puts
the label of a country or region of level 1 or 2 on a map.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.kit.language import LANGUAGES, locale

_PLACES = Path(__file__).with_name("places")
ISO = {"EL": "GR", "UK": "GB"}
"""Countries that NUTS names otherwise than ISO 3166."""
_NUTS = {iso: nuts for nuts, iso in ISO.items()}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"})
# What stands between the names of a place in its several languages.
_APART = str.maketrans(dict.fromkeys("/,;()-–—.'’_", " "))
_OLD = {"NL31": "NL35", "NL33": "NL36", "PT16": "PT19", "PT17": "PT1A", "PT18": "PT1C"}
"""Codes of 2021 that ended in 2024, and where most of their people are now."""

CHOSEN = 2
"""The finest level that people choose; the towns of level 3 lead to it."""


@dataclass(frozen=True, slots=True)
class Place:
    """One region; `latin` and `english` are empty where they are its name."""

    code: str
    name: str
    latin: str
    english: str
    also: Sequence[str]

    @property
    def names(self) -> list[str]:
        """Everything it is called."""
        return [name for name in (self.name, self.latin, self.english, *self.also) if name]


@dataclass(frozen=True, slots=True)
class Found:
    """A region that people can choose, and the town that led to it."""

    code: str
    town: str = ""


def known(code: str) -> bool:
    """Whether there is a region with this code now, on any level."""
    return code in _places()


def chosen(code: str) -> bool:
    """Whether people and organisations can be of it: a country, or a region of level 1 or 2."""
    return known(code) and level(code) <= CHOSEN


def level(code: str) -> int:
    """0 for a country, up to 3."""
    return len(code) - 2


def parent(code: str) -> str | None:
    """The region one level above; None for a country."""
    if len(code) <= 2:
        return None
    # In Northern Ireland the numbers of level 3 ran over.
    return "UKN0" if code.startswith("UKN1") else code[:-1]


def containing(code: str) -> list[str]:
    """The region itself and those it lies in, up to its country; nothing for an unknown one."""
    around = []
    here = code if known(code) else None
    while here:
        around.append(here)
        here = parent(here)
    return around


def point(code: str) -> tuple[float, float] | None:
    """Latitude and longitude of a place in the region, or else in the nearest that it lies in."""
    points = _points()
    return next((points[one] for one in containing(code) if one in points), None)


def within(code: str) -> list[str]:
    """The region itself and all in it that people can choose."""
    return [one for one in _places() if one.startswith(code) and level(one) <= CHOSEN]


def current(code: str) -> str | None:
    """The region that a code means today: also ISO's for a country, and those of 2021."""
    code = code.strip().upper()
    code = _NUTS.get(code, code)
    for end in range(len(code), 1, -1):
        part = _OLD.get(code[:end], code[:end])
        # A town's code of an older list still says its region; a country alone says too little.
        if known(part) and (end == len(code) or (len(code) == 5 and level(part) == CHOSEN)):
            return part
    return None


def name(code: str, language: str = "en") -> str:
    """A region as people call it; the code itself when it is not known."""
    place = _places().get(code)
    if place is None:
        return code
    if level(code) == 0:
        return str(locale(language).territories[ISO.get(code, code)])
    if alone(code):
        return name(code[:2], language)
    if language == "en" and place.english:
        return place.english
    return place.latin or place.name


def alone(code: str) -> bool:
    """Whether a region is its whole country, as Malta is on every level."""
    return level(code) in (1, 2) and code[2:].strip("0") == "" and len(chosen_in(code[:2])) == 1


def full_name(code: str, language: str = "en") -> str:
    """The name with its country behind it."""
    country = name(code[:2], language)
    own = name(code, language)
    return own if own == country or not known(code) else f"{own}, {country}"


def countries() -> list[str]:
    """The codes of all countries."""
    return [code for code in _places() if level(code) == 0]


@cache
def chosen_in(country: str) -> tuple[str, ...]:
    """The regions of level 2 of a country."""
    return tuple(code for code in _places() if code.startswith(country) and level(code) == CHOSEN)


def search(words: str, limit: int = 10, *, levels: Sequence[int] = (CHOSEN,)) -> list[Found]:
    """Regions of these levels for a name in plain words, the nearest first.

    Each word must begin a word of one name of the region, of a town in it or of what it lies in;
    case and accents do not matter. Names spelt alike come before names that only begin alike.
    """
    wanted = plain(words)
    if not wanted:
        return []
    if code := current(words):
        return [Found(one) for one, _far in _targets(code, levels)][:limit]
    asked = wanted.split()
    best: dict[str, tuple[int, int, str]] = {}
    for code, spellings, shown in _index():
        if level(code) > max(levels) + 1:
            continue
        rank = min((_rank(wanted, asked, spelling) for spelling in spellings), default=9)
        if rank == 9:
            continue
        for target, far in _targets(code, levels):
            town = shown if level(target) < level(code) else ""
            key = (rank, far, town)
            if target not in best or key[:2] < best[target][:2]:
                best[target] = key
    if not best:
        best = _apart(asked, levels)
    order = sorted(best, key=lambda code: (*best[code][:2], code))
    return [Found(code, best[code][2]) for code in order[:limit]]


def one_named(words: str) -> str | None:
    """The one region that is spelt so, by code, its own name or a town's; None if several are."""
    if code := current(words):
        return code if level(code) <= CHOSEN else parent(code)
    towns, wider = _spelt()
    wanted = plain(words)
    found = towns.get(wanted) or wider.get(wanted) or frozenset()
    return next(iter(found)) if len(found) == 1 else None


def plain(text: str) -> str:
    """Words as they are compared: without case, accents and what stands between them."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(letters.translate(_APART).split())


def _rank(wanted: str, asked: Sequence[str], spelling: str) -> int:
    """0 spelt alike, 1 begins alike, 2 every word begins a word of it, 9 otherwise."""
    if spelling == wanted:
        return 0
    if spelling.startswith(wanted):
        return 1
    parts = spelling.split()
    return 2 if all(any(part.startswith(word) for part in parts) for word in asked) else 9


def _targets(code: str, levels: Sequence[int]) -> list[tuple[str, int]]:
    """The regions that someone who names this one can mean, and how far they are from it."""
    here = level(code)
    if here in levels:
        return [(code, 0)]
    above = [part for part in containing(code) if level(part) in levels]
    if above:
        return [(above[0], 1)]
    return [(one, 2) for one in within(code) if level(one) in levels]


def _apart(asked: Sequence[str], levels: Sequence[int]) -> dict[str, tuple[int, int, str]]:
    """Regions whose names and those of what they lie in have all words among them."""
    found: dict[str, tuple[int, int, str]] = {}
    for code, around in _around():
        if level(code) > max(levels) + 1:
            continue
        if all(any(one.startswith(word) for one in around) for word in asked):
            for target, far in _targets(code, levels):
                found.setdefault(target, (3, far, ""))
    return found


@cache
def _places() -> dict[str, Place]:
    ours = {}
    for line in (_PLACES / "places.tsv").read_text(encoding="utf-8").splitlines():
        code, english, also, *_ = [*line.split("\t"), "", ""]
        ours[code] = english, tuple(filter(None, also.split(";")))
    places = {}
    for line in (_PLACES / "nuts.tsv").read_text(encoding="utf-8").splitlines():
        code, official, latin = line.split("\t")
        places[code] = Place(code, official, latin, *ours.get(code, ("", ())))
    return places


@cache
def _points() -> dict[str, tuple[float, float]]:
    points = {}
    # The first line says whose they are.
    for line in (_PLACES / "points.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        code, latitude, longitude = line.split("\t")
        points[code] = float(latitude), float(longitude)
    return points


@cache
def _index() -> list[tuple[str, frozenset[str], str]]:
    """Codes with their spellings as they are compared, and a name to show."""
    index = []
    for code, place in _places().items():
        names = list(place.names)
        if level(code) == 0:
            names = [name(code, language) for language in LANGUAGES] + names
        parts = [part for one in names for part in (one, *one.split("/"), *one.split(", "))]
        shown = (place.latin or place.name) if level(code) else ""
        index.append((code, frozenset(map(plain, parts)) - {""}, shown))
    return index


@cache
def _spelt() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Regions by spelling: those that people choose or have a town in, and wider ones."""
    towns: dict[str, frozenset[str]] = {}
    wider: dict[str, frozenset[str]] = {}
    for code, spellings, _shown in _index():
        means = code if level(code) <= CHOSEN else str(parent(code))
        table = towns if level(code) >= CHOSEN else wider
        for spelling in spellings:
            table[spelling] = table.get(spelling, frozenset()) | {means}
    return towns, wider


@cache
def _around() -> list[tuple[str, frozenset[str]]]:
    """Codes with every word of their names and of the names of what they lie in."""
    words = {
        code: frozenset(word for spelling in spellings for word in spelling.split())
        for code, spellings, _shown in _index()
    }
    return [
        (code, frozenset().union(*(words[part] for part in containing(code)))) for code in words
    ]
