"""MeSH headings, courtesy of the U.S. National Library of Medicine.

Read on first use and kept as one text of about two megabytes with the places of its lines:
thirty thousand objects would weigh ten times as much.
"""

import gzip
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from services.membership.expertise.rules import key_of, natural, starts_words

FILE = "mesh.tsv.gz"
MOST_SCANNED = 400


class Heading(NamedTuple):
    """One heading of MeSH."""

    id: str
    name: str


class Headings:
    """All headings, by what people may write for them."""

    def __init__(self, lines: Iterator[tuple[str, str]]) -> None:
        entries = []
        for id, name in lines:
            key, spoken = key_of(name), key_of(natural(name))
            entries.append(f"{key}\t{id}\t{name}")
            if spoken != key:
                entries.append(f"{spoken}\t{id}\t{name}")
        # Before a tab and a space come no letters: a key comes before those that it begins.
        entries.sort()
        self._text = "\n".join(["", *entries, ""])
        self._starts = array("I")
        at = 1
        for entry in entries:
            self._starts.append(at)
            at += len(entry) + 1
        self.named = lru_cache(maxsize=4096)(self._named)

    def __len__(self) -> int:
        return len(self._starts)

    def _named(self, id: str) -> str | None:
        """The heading of an id such as 'mesh:D005838'."""
        at = self._text.find(f"\t{id.removeprefix('mesh:')}\t")
        return self._at(at).name if at >= 0 else None

    def meant(self, key: str) -> str | None:
        """The id of the heading that is written so, in its own or in natural order."""
        at = self._first(key)
        found = at < len(self._starts) and self._text.startswith(f"{key}\t", self._starts[at])
        return self._at(self._starts[at]).id if found else None

    def beginning(self, key: str, limit: int) -> list[Heading]:
        """Headings that begin so, the shortest first."""
        found = {}
        first = self._first(key)
        for at in range(first, min(first + MOST_SCANNED, len(self._starts))):
            if not self._text.startswith(key, self._starts[at]):
                break
            heading = self._at(self._starts[at])
            found[heading.id] = heading
        return sorted(found.values(), key=lambda heading: len(heading.name))[:limit]

    def with_words(self, key: str, limit: int) -> list[Heading]:
        """Headings of whose words each of these begins one, the shortest first."""
        words = key.split()
        found: dict[str, Heading] = {}
        rarest = max(words, key=len, default="")
        at = self._text.find(f" {rarest}") if rarest else -1
        scanned = 0
        while at >= 0 and scanned < MOST_SCANNED:
            scanned += 1
            start = self._text.rfind("\n", 0, at) + 1
            end = self._text.find("\t", start)
            if at < end and starts_words(words, self._text[start:end]):
                heading = self._at(at)
                found[heading.id] = heading
            at = self._text.find(f" {rarest}", self._text.find("\n", at))
        return sorted(found.values(), key=lambda heading: len(heading.name))[:limit]

    def _first(self, key: str) -> int:
        return bisect_left(self._starts, key, key=lambda start: self._text[start : start + 240])

    def _at(self, place: int) -> Heading:
        start = self._text.rfind("\n", 0, place) + 1
        _key, id, name = self._text[start : self._text.find("\n", place)].split("\t")
        return Heading(f"mesh:{id}", name)


def read() -> tuple[dict[str, str], Iterator[tuple[str, str]]]:
    """What the file says of itself, and its ids with their headings."""
    packed = (resources.files(__package__) / "data" / FILE).read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    said = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    return said, ((line[:at], line[at + 1 :]) for line in lines if (at := line.find("\t")) > 0)


@cache
def headings() -> Headings:
    """The headings, read once."""
    return Headings(read()[1])
