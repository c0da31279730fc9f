"""The vocabulary: the hub's own terms in all its languages, and MeSH headings behind them.

The hub's own terms are one row each in `data/*.csv`: slug, broader terms, the MeSH heading that
means the same, a label a language, and synonyms in any language (separated by `|`).
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from events.catalogue.membership import TermScheme
from services.kit.language import LANGUAGES, SOURCE
from services.membership.expertise import mesh
from services.membership.expertise.rules import HUB, MESH, key_of, natural, starts_words

FILES = (
    "data", "digital", "regulation", "industry", "care", "diagnostics", "participation",
    "specialisation", "funding",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A term of the vocabulary as it is told and shown."""

    id: str
    scheme: TermScheme
    labels: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    same_as: str | None = None

    def label(self, language: str) -> str:
        """The name in a language, in English where it has none."""
        return self.labels.get(language) or self.labels[SOURCE]


@dataclass(frozen=True)
class Offer:
    """A term that fits what somebody types, and the name that fits."""

    word: Word
    matched: str


class Vocabulary:
    """The hub's own terms, found by id and by what people write."""

    def __init__(self, words: Iterator[Word]) -> None:
        self.words = {word.id: word for word in words}
        self._same = {word.same_as: word for word in self.words.values() if word.same_as}
        self._meant: dict[str, str] = {}
        self._names: list[tuple[str, str, str, Word]] = []
        for word in self.words.values():
            for language, name in _names(word):
                key = key_of(name)
                self._meant.setdefault(key, word.id)
                self._names.append((f" {key}", language, name, word))

    def by_key(self) -> dict[str, str]:
        """Ids of the hub's own terms by all that they are called, as compared."""
        return self._meant

    def themes(self) -> list[Word]:
        """The terms that nothing is broader than."""
        return [word for word in self.words.values() if not word.broader]

    def narrower(self, id: str) -> list[Word]:
        """The terms right below one."""
        return [word for word in self.words.values() if id in word.broader]

    def find(self, id: str) -> Word | None:
        """The term of an id; a MeSH heading that a term of the hub stands for is that term."""
        if id.startswith(HUB):
            return self.words.get(id)
        if not id.startswith(MESH):
            return None
        if id in self._same:
            return self._same[id]
        name = mesh.headings().named(id)
        return Word(id, "mesh", {SOURCE: name}, synonyms_of(name)) if name else None

    def meant(self, key: str) -> str | None:
        """The id of the term that is written so, in whatever language."""
        found = self._meant.get(key) or mesh.headings().meant(key)
        same = self._same.get(found or "")
        return same.id if same else found

    def beginning(self, query: str, language: str, limit: int) -> list[Offer]:
        """Terms that fit the beginning of what somebody types; the hub's own come first.

        Among them those whose name in the reader's language begins so, then other names, then
        those in which every word begins a word.
        """
        key = key_of(query)
        if not key:
            return []
        words = key.split()
        # Looked for first: few names have it, and the rest need no closer look.
        rarest = f" {max(words, key=len)}"
        best: dict[str, tuple[int, str, Offer]] = {}
        for spaced, name_language, name, word in self._names:
            if rarest not in spaced or not starts_words(words, spaced[1:]):
                continue
            rank = (0 if spaced.startswith(key, 1) else 2) + (0 if name_language == language else 1)
            known = best.get(word.id)
            if known is None or rank < known[0]:
                best[word.id] = (rank, word.label(language), Offer(word, name))
        ranked = sorted(best.values(), key=lambda entry: entry[:2])
        offers = [offer for _rank, _label, offer in ranked][:limit]
        return offers + self._of_mesh(key, limit - len(offers), set(best))

    def _of_mesh(self, key: str, limit: int, known: set[str]) -> list[Offer]:
        if limit <= 0:
            return []
        headings = mesh.headings()
        found = {heading.id: heading for heading in headings.beginning(key, limit + len(known))}
        if len(found) < limit:
            found |= {found.id: found for found in headings.with_words(key, limit + len(known))}
        offers: dict[str, Offer] = {}
        for id in found:
            word = self.find(id)
            if word and word.id not in known:
                offers[word.id] = Offer(word, word.labels[SOURCE])
        return list(offers.values())[:limit]


def synonyms_of(heading: str) -> tuple[str, ...]:
    """A heading as people say it, where that is something else."""
    spoken = natural(heading)
    return () if spoken == heading else (spoken,)


def _names(word: Word) -> Iterator[tuple[str, str]]:
    yield from word.labels.items()
    for synonym in word.synonyms:
        yield "", synonym


def rows() -> Iterator[dict[str, str]]:
    """The rows of all files, in their order."""
    folder = resources.files(__package__) / "data"
    for name in FILES:
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        yield from csv.DictReader(text.splitlines())


def _read() -> Iterator[Word]:
    for row in rows():
        yield Word(
            id=f"{HUB}{row['slug']}",
            scheme="hub",
            labels={language: row[language] for language in LANGUAGES},
            synonyms=_several(row["synonyms"]),
            broader=tuple(f"{HUB}{slug}" for slug in _several(row["broader"])),
            same_as=f"{MESH}{row['mesh']}" if row["mesh"] else None,
        )


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once."""
    return Vocabulary(_read())
