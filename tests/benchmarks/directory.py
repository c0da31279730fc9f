"""A query of the directory among 100,000 members, against the same query among 1,000.

Ours and the floor are one function, `directory.service.people`, with the counts of all facets
and a page of 24: everything of a request but HTTP, which would cost both alike and so flatter
the ratio. The mix: the first page of all, one facet, two facets, the beginning of a name,
expertise with its narrower terms, and a page far behind; each asked of another viewer or for
another value every time. "Loading" is the first query after a start, which reads all entries.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import insert, update

from events.envelope import new_id
from services.kit.db import Database, open_database
from services.kit.identity import ANYONE, Identity
from services.kit.migrate import upgrade
from services.kit.regions import known
from services.kit.settings import Settings
from services.membership.contacts.models import Contact
from services.membership.directory import service
from services.membership.directory.index import Index
from services.membership.directory.models import Clock, Entry
from services.membership.directory.rules import ORGANISATION, PERSON, facets_of, words_of
from services.membership.directory.schemas import AskedPage
from services.membership.expertise.models import Claim
from services.membership.expertise.rules import key_of
from services.membership.expertise.vocabulary import vocabulary
from services.membership.organisations.models import Organisation
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Target, interleaved, percentile

T = TypeVar("T")
Row = dict[str, Any]
NAME = "directory"
FEW, MANY = 1_000, 100_000
PER_ORGANISATION = 20
PAGE = 24
QUERIES = 120
PART = 5_000
SIDES = service.SIDES
FIRST = ("Anna", "Bert", "Cléo", "Dirk", "Elżbieta", "Françoise", "Hanna", "İlker",
         "Joost", "Katarzyna", "Léa", "Marek", "Nóra", "Óscar", "Petra", "Zoë")  # fmt: skip
LAST = ("Peeters", "Maes", "Dubois", "Jansen", "Kowalska", "Novák", "Papadopoulos", "Nagy",
        "García", "Rossi", "Müller", "Sørensen", "O'Brien", "van den Berg", "Ştefan")  # fmt: skip
REGIONS = [
    f"{country}{region}"
    for country in ("BE", "NL", "DE", "FR", "ES", "IT", "PL", "SE", "PT", "AT", "HU", "EL")
    for region in ("11", "12", "21", "22", "31", "32", "41", "42")
    if known(f"{country}{region}")
]
MOMENT = datetime(2026, 1, 5, tzinfo=UTC)


def measure(bench: Bench) -> Iterator[Figure]:
    """The slowest twentieth of queries, on both databases, and the time to load."""
    for kind in ("sqlite", "postgresql"):
        rigs = {}
        for size in (FEW, MANY):
            bench.say(f"{kind}: writing {size:,} members")
            url = bench.postgres() if kind == "postgresql" else None
            rigs[size] = _Rig(bench, url, size)
        found = interleaved(
            bench.rounds, bench.saying(kind), [rigs[FEW].run, rigs[MANY].run, rigs[MANY].load]
        )
        yield Figure(
            f"{NAME} {kind} p95",
            found[f"{MANY} p95"],
            found[f"{FEW} p95"],
            "ms",
            Target("<=", 3.0),
        )
        yield Figure(f"{NAME} {kind} p50", found[f"{MANY} p50"], found[f"{FEW} p50"], "ms")
        yield Figure(
            f"{NAME} {kind} loading", found["load"], None, "ms", Target("<=", 2000, of="ours")
        )
        for rig in rigs.values():
            rig.database.close()


class _Rig:
    """One membership database with so many members, and its directory in memory."""

    def __init__(self, bench: Bench, url: str | None, size: int) -> None:
        settings = Settings(data_dir=bench.folder(), database_url=url)
        self.database: Database = open_database("membership", settings)
        self.size = size
        self._random = random.Random(size)
        upgrade(self.database)
        fill(self.database, size, self._random)
        self._index = Index()
        self._ask(self._index, AskedPage(), ANYONE)

    def run(self) -> dict[str, float]:
        """One round of the mix."""
        taken = []
        for number in range(QUERIES):
            asked = _MIX[number % len(_MIX)](self._random, self.size)
            viewer = Identity(new_id(), ("member",)) if number % 4 else ANYONE
            started = time.perf_counter()
            self._ask(self._index, asked, viewer)
            taken.append((time.perf_counter() - started) * 1000)
        return {
            f"{self.size} p95": percentile(taken, 95),
            f"{self.size} p50": percentile(taken, 50),
        }

    def load(self) -> dict[str, float]:
        """The first query of a process."""
        started = time.perf_counter()
        self._ask(Index(), AskedPage(limit=PAGE), ANYONE)
        return {"load": (time.perf_counter() - started) * 1000}

    def _ask(self, index: Index, asked: AskedPage, viewer: Identity) -> None:
        with self.database.reader() as session:
            service.people(session, index, viewer=viewer, asked=asked).model_dump_json()


def _term(chance: random.Random) -> str:
    return chance.choice([word.id for word in vocabulary().themes()])


_MIX: list[Callable[[random.Random, int], AskedPage]] = [
    lambda _chance, _size: AskedPage(limit=PAGE),
    lambda chance, _size: AskedPage(limit=PAGE, region=[chance.choice(REGIONS)[:2]]),
    lambda chance, _size: AskedPage(
        limit=PAGE, side=[chance.choice(SIDES)], region=[chance.choice(REGIONS)]
    ),
    lambda chance, _size: AskedPage(limit=PAGE, q=chance.choice(LAST)[:3]),
    lambda chance, _size: AskedPage(limit=PAGE, term=[_term(chance)]),
    lambda chance, size: AskedPage(limit=PAGE, offset=chance.randrange(size // 2)),
]


def fill(database: Database, size: int, chance: random.Random) -> None:
    """Write so many members, organisations, claims and entries, as joining would."""
    terms = sorted(vocabulary().words)
    words = {id: words_of([label_of(id)]).split() for id in terms}
    organisations = [_organisation(number) for number in range(size // PER_ORGANISATION)]
    somebody = _somebody()
    with database.transaction() as connection:
        for part in _parts(organisations):
            connection.execute(insert(Organisation), part)
            connection.execute(insert(Entry), [_entry_of(made) for made in part])
        for numbers in _parts(range(size)):
            people: list[Row] = []
            claims: list[Row] = []
            entries: list[Row] = []
            for number in numbers:
                # A few terms are everybody's, most are few people's.
                ranks = [int(len(terms) * chance.random() ** 2) for _ in range(4)]
                offered = list(dict.fromkeys(terms[rank] for rank in ranks))
                person = {
                    **somebody,
                    "id": new_id(),
                    "audience": chance.choice(("public", "members", "members")),
                    "name": f"{chance.choice(FIRST)} {chance.choice(LAST)} {number}",
                    "email": f"member-{number}@example.org",
                    "helix_side": chance.choice(SIDES),
                    "region_code": chance.choice(REGIONS),
                    "organisation_id": chance.choice(organisations)["id"],
                    "expertise_offered": [label_of(id) for id in offered],
                }
                people.append(person)
                claims += [_claim(person["id"], id, place) for place, id in enumerate(offered)]
                found = {*key_of(person["name"]).split(), *(w for id in offered for w in words[id])}
                at = len(organisations) + number + 1
                facets = facets_of(
                    kind=PERSON,
                    audience=person["audience"],
                    side=person["helix_side"],
                    region_code=person["region_code"],
                    offered=offered,
                    organisation_id=person["organisation_id"],
                )
                entries.append(_entry(at, person["id"], person["name"], sorted(found), facets))
            connection.execute(insert(Contact), people)
            connection.execute(insert(Claim), claims)
            connection.execute(insert(Entry), entries)
        last = len(organisations) + size
        connection.execute(update(Clock).values(revised=last, numbers=last))


def label_of(id: str) -> str:
    """The English name of a term of the hub, as profiles have it."""
    return vocabulary().words[id].labels["en"].lower()


def _somebody() -> Row:
    """What all members of the benchmark have alike."""
    return Contact(
        id="", version=1, audience="", status="member", name="", email="", roles=["member"],
        consents=["terms", "directory"], language="en", time_zone="Europe/Brussels", words="",
        created_at=MOMENT,
    ).model_dump()  # fmt: skip


def _organisation(number: int) -> Row:
    name = f"Example institute {number}"
    return Organisation(
        id=new_id(), version=1, audience="public", slug=f"institute-{number}", name=name,
        name_key=key_of(name), helix_side=SIDES[number % 5], words=key_of(name),
        region_code=REGIONS[number % len(REGIONS)], created_at=MOMENT,
    ).model_dump()  # fmt: skip


def _claim(holder_id: str, term_id: str, place: int) -> Row:
    return {
        "holder_id": holder_id, "kind": "offered", "term_id": term_id, "holder": "contact",
        "place": place, "level": "practising", "claimed_at": MOMENT, "listed": True,
    }  # fmt: skip


def _entry_of(made: Row) -> Row:
    facets = facets_of(
        kind=ORGANISATION, audience="public", side=made["helix_side"],
        region_code=made["region_code"], organisation_id=made["id"],
    )  # fmt: skip
    number = int(made["slug"].rpartition("-")[2]) + 1
    return _entry(number, made["id"], made["name"], key_of(made["name"]).split(), facets)


def _entry(number: int, id: str, name: str, words: Sequence[str], facets: str) -> Row:
    return {
        "number": number, "subject_id": id, "revised": number, "name": key_of(name),
        "words": " ".join(words), "facets": facets,
    }  # fmt: skip


def _parts(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), PART):
        yield things[start : start + PART]
