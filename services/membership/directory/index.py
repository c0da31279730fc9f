"""The directory in memory: who has which word and facet, as bitmaps by the number of the entry.

A facet of all entries that have it is one large integer, so that whoever has two of them is
found by one AND and counted exactly in microseconds, however many there are. What few have is
kept as a list of numbers. Each query brings the index up to date first: entries are revised in
the order of their commits, so that what was seen last says what is new.
"""

import re
import threading
from array import array
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import chain, compress, islice
from operator import or_
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from services.membership.directory.models import Entry
from services.membership.directory.rules import ORGANISATION

FEW = 256
"""Entries up to which those that share something are a list, and a bitmap beyond."""
LISTED_BITS = 32
"""Bits of one number in a list: a word of more entries is quicker, and as small, as a bitmap."""
SCATTERED = 2_000
"""Entries up to which those found are sorted, and picked from all in their order beyond."""
MANY_CHANGES = 5_000
"""Changes from which the index is made anew."""
_FLAGS = bytes.maketrans(b"01", b"\x00\x01")
_SET = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))
_EXPERTISE = re.compile(" (?:term|seeks):")
_NUMBERS = partial(array, "I")
_ANY = re.compile(rb"[^\0]", re.DOTALL)
_CHANGES = select(
    col(Entry.number), col(Entry.revised), col(Entry.name), col(Entry.words), col(Entry.facets)
)


class Row(NamedTuple):
    """One entry."""

    name: str
    words: tuple[str, ...]
    facets: tuple[str, ...]
    terms: tuple[str, ...]
    """Facets of expertise, of which there are many: counted one entry after the other."""

    @property
    def all_facets(self) -> tuple[str, ...]:
        """Everything that it is counted by."""
        return self.facets + self.terms


@dataclass(frozen=True)
class Query:
    """Who is looked for: all of `within`, one of each group, and every word or one facet."""

    within: Sequence[str]
    audiences: Sequence[str]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Sequence[str] = ()
    instead_of_words: Sequence[str] = ()
    """Facets that fit as well as the words do: terms that the words mean."""
    by_organisation: bool = False
    """Whether a word of the name of somebody's organisation fits as well as one of theirs."""


class Index:
    """Finds and counts entries; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._empty()

    def _empty(self) -> None:
        self._seen = 0
        self._size = 0
        self._rows: dict[int, Row] = {}
        self._order: list[tuple[str, int]] = []
        self._ranked: list[int] = []
        self._words: dict[str, array[int]] = {}
        self._common: dict[str, int] = {}
        self._sorted_words: list[str] = []
        self._few: dict[str, array[int]] = {}
        self._many: dict[str, int] = {}
        self._largest: dict[str, list[str]] = {}

    def catch_up(self, session: Session) -> "Looked":
        """Bring the index up to date and look into it; hold it no longer than you look."""
        return Looked(self, session)

    # What follows is called with the lock held.

    def refresh(self, session: Session) -> None:
        """Take in what was committed since the last time."""
        changed = (
            session.connection()
            .execute(_CHANGES.where(col(Entry.revised) > self._seen).order_by(col(Entry.revised)))
            .fetchall()
        )
        if not changed:
            return
        names: dict[str, str] = {}
        rows = {
            number: _row(name, words, facets, names)
            for number, _revised, name, words, facets in changed
        }
        self._seen = changed[-1].revised
        self._size = max(self._size, max(rows) + 1)
        if len(rows) >= MANY_CHANGES:
            self._make_anew({**self._rows, **rows})
        else:
            for number, row in rows.items():
                self._replace(number, row)
        self._largest.clear()
        self._common.clear()

    def _make_anew(self, rows: dict[int, Row]) -> None:
        self._rows = {number: row for number, row in rows.items() if row.facets}
        self._order = sorted((row.name, number) for number, row in self._rows.items())
        self._ranked = [number for _name, number in self._order]
        words: defaultdict[str, array[int]] = defaultdict(_NUMBERS)
        few: defaultdict[str, array[int]] = defaultdict(_NUMBERS)
        for number, row in self._rows.items():
            for word in row.words:
                words[word].append(number)
            for facet in row.all_facets:
                few[facet].append(number)
        self._words = dict(words)
        self._sorted_words = sorted(self._words)
        self._few = {facet: found for facet, found in few.items() if len(found) <= FEW}
        self._many = {f: self._bits(found) for f, found in few.items() if len(found) > FEW}

    def _replace(self, number: int, row: Row) -> None:
        if old := self._rows.pop(number, None):
            rank = bisect_left(self._order, (old.name, number))
            del self._order[rank], self._ranked[rank]
            for word in old.words:
                self._words[word].remove(number)
                if not self._words[word]:
                    del self._words[word]
                    del self._sorted_words[bisect_left(self._sorted_words, word)]
            for facet in old.all_facets:
                if facet in self._many:
                    self._many[facet] &= ~(1 << number)
                else:
                    self._few[facet].remove(number)
        if not row.facets:
            return
        self._rows[number] = row
        rank = bisect_left(self._order, (row.name, number))
        self._order.insert(rank, (row.name, number))
        self._ranked.insert(rank, number)
        for word in row.words:
            if word not in self._words:
                insort(self._sorted_words, word)
            self._words.setdefault(word, array("I")).append(number)
        for facet in row.all_facets:
            self._add(facet, number)

    def _add(self, facet: str, number: int) -> None:
        if facet in self._many:
            self._many[facet] |= 1 << number
            return
        found = self._few.setdefault(facet, array("I"))
        found.append(number)
        if len(found) > FEW:
            self._many[facet] = self._bits(self._few.pop(facet))

    def _bits(self, numbers: Iterable[int]) -> int:
        made = bytearray(self._size // 8 + 1)
        for number in numbers:
            made[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(made, "little")

    def having(self, facet: str) -> int:
        """All entries with a facet."""
        if facet in self._many:
            return self._many[facet]
        return self._bits(self._few[facet]) if self._few.get(facet) else 0

    def any_of(self, facets: Iterable[str]) -> int:
        """All entries with one of these facets."""
        wanted = set(facets)
        few = [self._few[facet] for facet in wanted if facet in self._few]
        many = [self._many[facet] for facet in wanted if facet in self._many]
        return reduce(or_, many, self._bits(n for numbers in few for n in numbers) if few else 0)

    def staff_of(self, word: str, organisations: int) -> int:
        """Everybody of those organisations of whose names a word begins so."""
        return self.any_of(
            facet
            for number in self.numbers(organisations)
            for row in (self._rows[number],)
            if f" {word}" in f" {row.name}"
            for facet in row.facets
            if facet.startswith("organisation:")
        )

    def beginning(self, word: str) -> int:
        """All entries of whose words one begins so."""
        words = self._sorted_words
        first, last = bisect_left(words, word), bisect_left(words, word + "\U0010ffff")
        found = self._bits(
            number
            for known in words[first:last]
            for numbers in (self._words[known],)
            if len(numbers) * LISTED_BITS <= self._size
            for number in numbers
        )
        for known in words[first:last]:
            if len(self._words[known]) * LISTED_BITS > self._size:
                if known not in self._common:
                    self._common[known] = self._bits(self._words[known])
                found |= self._common[known]
        return found

    def size(self, facet: str) -> int:
        """How many entries have a facet."""
        if facet in self._many:
            return self._many[facet].bit_count()
        return len(self._few.get(facet, ()))

    def largest(self, kind: str) -> list[str]:
        """Facets of a kind, those that most entries have first."""
        if kind not in self._largest:
            known = [f for f in (*self._many, *self._few) if f.startswith(kind)]
            self._largest[kind] = sorted(known, key=lambda facet: (-self.size(facet), facet))
        return self._largest[kind]

    def flags(self, found: int) -> bytes:
        """Whether each number is among those found, as one byte each."""
        return format(found, "b")[::-1].encode().translate(_FLAGS).ljust(self._size, b"\0")

    def numbers(self, found: int) -> Iterator[int]:
        """The numbers of those found, in their order."""
        packed = found.to_bytes(self._size // 8 + 1, "little")
        for match in _ANY.finditer(packed):
            first = match.start() << 3
            for bit in _SET[match[0][0]]:
                yield first + bit

    def row(self, number: int) -> Row:
        """One entry."""
        return self._rows[number]

    def page(self, found: int, *, offset: int, limit: int) -> list[int]:
        """The numbers of some of those found, by name."""
        if found.bit_count() <= SCATTERED:
            ordered = sorted((self._rows[number].name, number) for number in self.numbers(found))
            return [number for _name, number in ordered[offset : offset + limit]]
        flags = map(self.flags(found).__getitem__, self._ranked)
        return list(islice(compress(self._ranked, flags), offset, offset + limit))

    def each_is_quicker(self, count: int, kind: str) -> bool:
        """Whether so many entries are sooner counted one by one than the facets of a kind.

        One entry takes about as long as 6,000 bits of a facet, and a facet as two entries more.
        """
        return count < len(self.largest(kind)) * (2 + self._size / 6_000)


class Looked:
    """One look into an index that is up to date: `with index.catch_up(session) as look`."""

    def __init__(self, index: Index, session: Session) -> None:
        self._index = index
        self._session = session

    def __enter__(self) -> "Looked":
        self._index._lock.acquire()
        try:
            self._index.refresh(self._session)
        except BaseException:
            self._index._lock.release()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._index._lock.release()

    def begin(self, query: Query) -> None:
        """Find who is looked for."""
        index = self._index
        seen = index.any_of(f"audience:{audience}" for audience in query.audiences)
        found = seen
        for facet in query.within:
            found &= index.having(facet)
        if query.words:
            organisations = seen & index.having(ORGANISATION)
            named = found
            for word in query.words:
                fitting = index.beginning(word)
                if query.by_organisation:
                    fitting |= index.staff_of(word, fitting & organisations)
                named &= fitting
            found &= named | index.any_of(query.instead_of_words)
        self._base = found
        self._chosen = {name: index.any_of(facets) for name, facets in query.groups.items()}
        self.found = self._besides("")

    def _besides(self, group: str) -> int:
        """Who fits all groups but this one: what choosing something else in it would show."""
        found = self._base
        for name, chosen in self._chosen.items():
            if name != group:
                found &= chosen
        return found

    @property
    def total(self) -> int:
        """How many are found."""
        return self.found.bit_count()

    def page(self, *, offset: int, limit: int) -> list[int]:
        """The numbers of some of those found, by name."""
        return self._index.page(self.found, offset=offset, limit=limit)

    def count(
        self, group: str, facets: Iterable[str], chosen: Collection[str] = ()
    ) -> dict[str, int]:
        """How many each of these facets would show, the other groups as they are chosen.

        What shows nobody is left out unless it is chosen.
        """
        scope = self._besides(group)
        counts = {
            facet: (scope & self._index.having(facet)).bit_count() for facet in (*facets, *chosen)
        }
        return {facet: count for facet, count in counts.items() if count or facet in chosen}

    def count_each(self, group: str, choices: Mapping[str, Collection[str]]) -> dict[str, int]:
        """How many each choice would show that is any of some facets, as `count` does."""
        scope = self._besides(group)
        return {
            choice: (scope & self._index.any_of(facets)).bit_count()
            for choice, facets in choices.items()
        }

    def starting(self, kind: str) -> list[str]:
        """Facets of a kind that anybody has, those that most have first."""
        return self._index.largest(kind)

    def most(self, group: str, kind: str, limit: int) -> dict[str, int]:
        """The facets of a kind that would show most, with how many."""
        scope = self._besides(group)
        if self._index.each_is_quicker(scope.bit_count(), kind):
            rows = map(self._index.row, self._index.numbers(scope))
            tally = Counter(chain.from_iterable(row.terms for row in rows))
            some = [entry for entry in tally.items() if entry[0].startswith(kind)]
            return dict(sorted(some, key=_by_count)[:limit])
        best: list[tuple[str, int]] = []
        for facet in self._index.largest(kind):
            # No facet shows more than have it: those that follow cannot be among the best.
            if len(best) == limit and self._index.size(facet) < best[-1][1]:
                break
            count = (scope & self._index.having(facet)).bit_count()
            if count and (len(best) < limit or count >= best[-1][1]):
                best = sorted([*best, (facet, count)], key=_by_count)[:limit]
        return dict(best)


def _by_count(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def _row(name: str, words: str, facets: str, names: dict[str, str]) -> Row:
    match = _EXPERTISE.search(facets)
    at = match.start() if match else len(facets)
    return Row(
        name, _shared(words, names), _shared(facets[:at], names), _shared(facets[at + 1 :], names)
    )


def _shared(text: str, names: dict[str, str]) -> tuple[str, ...]:
    """Words that many entries have are kept once."""
    return tuple([names.setdefault(word, word) for word in text.split(" ")]) if text else ()
