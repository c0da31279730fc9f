"""Who can be matched: an index by term, derived from membership's states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, String, Table, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, Session

from services.kit.forgetting import LAST_VERSION
from services.matchmaking.base import Base
from services.matchmaking.matches.schemas import Kind

INDEX = "matchmaking.index"
"""The consumer group that fills these tables."""


class Candidate(Base, table=True):
    """A member who agreed to be matched, or an organisation."""

    __tablename__ = "candidates"

    id: str = Field(primary_key=True, max_length=36)
    kind: Kind = Field(sa_column=Column(String(16), nullable=False))
    audience: str = Field(max_length=80)
    name: str = Field(max_length=200)
    helix_side: str | None = Field(default=None, max_length=16)
    region_code: str | None = Field(default=None, max_length=8)


class CandidateTerm(Base, table=True):
    """A term that a candidate offers."""

    __tablename__ = "candidate_terms"

    term: str = Field(primary_key=True, max_length=80)
    candidate_id: str = Field(primary_key=True, max_length=36, index=True)


class CandidateWord(Base, table=True):
    """The words of a candidate's terms, by which offered terms near to a required one are found.

    A row a candidate, so that a term which only one person ever wrote goes with that person.
    """

    __tablename__ = "candidate_words"

    word: str = Field(primary_key=True, max_length=80)
    term: str = Field(primary_key=True, max_length=80)
    candidate_id: str = Field(primary_key=True, max_length=36, index=True)


class CandidateVersion(Base, table=True):
    """The newest version seen of each state, also of those that are gone or may not be matched."""

    __tablename__ = "candidate_versions"

    id: str = Field(primary_key=True, max_length=36)
    version: int


class CandidateMerger(Base, table=True):
    """An organisation that was merged into another: whoever names the first means the second."""

    __tablename__ = "candidate_mergers"

    id: str = Field(primary_key=True, max_length=36)
    into_id: str = Field(max_length=36)


_CANDIDATES: Table = Base.metadata.tables["candidates"]
_TERMS: Table = Base.metadata.tables["candidate_terms"]
_WORDS: Table = Base.metadata.tables["candidate_words"]
_VERSIONS: Table = Base.metadata.tables["candidate_versions"]
_MERGERS: Table = Base.metadata.tables["candidate_mergers"]
TABLES = (_CANDIDATES, _TERMS, _WORDS, _VERSIONS, _MERGERS)
MOST_MERGERS = 100
"""Mergers in a row that are followed; there are never so many."""

_KNOWN_VERSIONS = select(_VERSIONS.c.id, _VERSIONS.c.version).where(
    _VERSIONS.c.id.in_(bindparam("ids", expanding=True))
)
_DROPS = (
    delete(_CANDIDATES).where(_CANDIDATES.c.id == bindparam("gone")),
    delete(_TERMS).where(_TERMS.c.candidate_id == bindparam("gone")),
    delete(_WORDS).where(_WORDS.c.candidate_id == bindparam("gone")),
    delete(_MERGERS).where(_MERGERS.c.id == bindparam("gone")),
)


@dataclass(frozen=True)
class Profile:
    """What is kept of a person or an organisation that may be matched; each term with its words."""

    kind: Kind
    audience: str
    name: str
    helix_side: str | None
    region_code: str | None
    terms: Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Change:
    """A version of one state; without a profile nothing but the version is kept."""

    id: str
    version: int
    profile: Profile | None
    merged_into: str | None = None


def standing_id(session: Session, id: str) -> str:
    """The organisation that this one turned out to be; itself when it was not merged."""
    for _ in range(MOST_MERGERS):
        merger = session.get(CandidateMerger, id)
        if merger is None:
            break
        id = merger.into_id
    return id


def apply(session: Session, changes: Iterable[Change]) -> None:
    """Bring the index to the newest version of each state, in whatever order they come.

    The versions are written first: that locks their rows, so that of two consumers which
    hold the same state (while a group is shared out anew) the older one changes nothing.
    """
    newest: dict[str, Change] = {}
    for change in changes:
        if change.id not in newest or newest[change.id].version < change.version:
            newest[change.id] = change
    ids = sorted(newest)
    connection = session.connection()
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = insert(_VERSIONS)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"version": statement.excluded.version},
            where=statement.excluded.version > _VERSIONS.c.version,
        ),
        [{"id": id, "version": newest[id].version} for id in ids],
    )
    kept = connection.execute(_KNOWN_VERSIONS, {"ids": ids})
    current = [newest[id] for id, version in kept if newest[id].version == version]
    if not current:
        return
    for drop in _DROPS:
        connection.execute(drop, [{"gone": change.id} for change in current])
    for table, rows in _rows(current).items():
        if rows:
            connection.execute(table.insert(), rows)


def forget(session: Session, contact_id: str) -> None:
    """Take an erased person out; a state of theirs that comes late changes nothing any more."""
    apply(session, [Change(id=contact_id, version=LAST_VERSION, profile=None)])


def _rows(changes: Iterable[Change]) -> dict[Table, list[dict[str, Any]]]:
    """What the index holds of these, by table."""
    rows: dict[Table, list[dict[str, Any]]] = {
        _CANDIDATES: [], _TERMS: [], _WORDS: [], _MERGERS: [],
    }  # fmt: skip
    for change in changes:
        if change.merged_into:
            rows[_MERGERS].append({"id": change.id, "into_id": change.merged_into})
        profile = change.profile
        if profile is None:
            continue
        rows[_CANDIDATES].append(
            {
                "id": change.id,
                "kind": profile.kind,
                "audience": profile.audience,
                "name": profile.name,
                "helix_side": profile.helix_side,
                "region_code": profile.region_code,
            }
        )
        for term, words in profile.terms.items():
            row = {"term": term, "candidate_id": change.id}
            rows[_TERMS].append(row)
            rows[_WORDS].extend({"word": word, **row} for word in sorted(words))
    return rows
