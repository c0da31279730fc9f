"""The index of the directory against the same looked up one by one, over its size limits."""

import random

import pytest
from sqlalchemy import insert, update
from sqlmodel import col

from services.membership.directory.index import MANY_CHANGES, Index, Query
from services.membership.directory.models import Entry
from services.membership.directory.rules import PERSON
from tests.membership.calling import Membership

SIDES = ("citizen", "business", "research")
AUDIENCES = ("public", "members")


def an_entry(number: int, revised: int, chance: random.Random) -> dict[str, object]:
    terms = sorted({f"term:hub:t{int(60 * chance.random() ** 2)}" for _ in range(3)})
    return {
        "number": number,
        "subject_id": f"{number}",
        "revised": revised,
        "name": f"{chance.choice('abc')}name {number}",
        "words": f"{chance.choice('abc')}word w{number}",
        "facets": " ".join(
            [
                PERSON,
                f"audience:{chance.choice(AUDIENCES)}",
                f"side:{chance.choice(SIDES)}",
                *terms,
            ]
        ),
    }


@pytest.mark.parametrize("size", [40, 1_500, MANY_CHANGES + 200])
def test_the_index_finds_and_counts_as_looking_one_by_one(
    membership: Membership, size: int
) -> None:
    chance = random.Random(size)
    entries = {number: an_entry(number, number, chance) for number in range(1, size + 1)}
    index = Index()
    with membership.database.transaction() as connection:
        connection.execute(insert(Entry), list(entries.values()))
    check(membership, index, entries)
    with membership.database.transaction() as connection:
        for revised, number in enumerate(chance.sample(sorted(entries), 20), start=size + 1):
            changed = an_entry(number, revised, chance)
            if revised % 3 == 0:
                changed |= {"subject_id": None, "name": "", "words": "", "facets": ""}
            entries[number] = changed
            connection.execute(update(Entry).where(col(Entry.number) == number).values(changed))
    check(membership, index, entries)
    check(membership, Index(), entries)


def check(membership: Membership, index: Index, entries: dict[int, dict[str, object]]) -> None:
    """Ask for a side and the beginning of a word, as a visitor."""
    side = frozenset({"side:business"})
    query = Query([PERSON], ["public"], {"side": side}, words=["aw"])
    with membership.database.reader() as session, index.catch_up(session) as look:
        look.begin(query)
        found = (
            look.total,
            look.page(offset=1, limit=7),
            look.count("side", [f"side:{name}" for name in SIDES]),
            look.most("term", "term:", 5),
        )
    seen = {
        number: str(entry["facets"]).split()
        for number, entry in entries.items()
        if "audience:public" in str(entry["facets"]) and str(entry["words"]).startswith("aw")
    }
    fits = {number: facets for number, facets in seen.items() if side & set(facets)}
    by_name = sorted(fits, key=lambda number: (str(entries[number]["name"]), number))
    sides = {f"side:{name}": sum(f"side:{name}" in f for f in seen.values()) for name in SIDES}
    terms = {
        term: sum(term in facets for facets in fits.values())
        for facets in fits.values()
        for term in facets
        if term.startswith("term:")
    }
    most = dict(sorted(terms.items(), key=lambda entry: (-entry[1], entry[0]))[:5])
    assert found == (
        len(fits),
        by_name[1:8],
        {name: count for name, count in sides.items() if count},
        most,
    )
