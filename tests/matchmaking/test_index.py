"""The index of candidates under reordering, repetition and size."""

import time
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import delete

from events.envelope import new_id
from services.matchmaking.matches.rules import words_of
from services.matchmaking.projection import TABLES, Change, Profile, apply
from tests.harness import ServiceUnderTest, a_member
from tests.matchmaking.conftest import index_rows


def a_profile(*terms: str, name: str = "Ada") -> Profile:
    return Profile(
        "member", "members", name, "research", "BE23", {term: words_of(term) for term in terms}
    )


def index_after(matchmaking: ServiceUnderTest, *batches: list[Change]) -> dict[str, list[Any]]:
    """All rows after these batches, each in a transaction of its own; then empties the index."""
    database = matchmaking.service.database
    for batch in batches:
        with database.unit_of_work() as session:
            apply(session, batch)
    found = index_rows(matchmaking)
    with database.unit_of_work() as session:
        for table in TABLES:
            session.connection().execute(delete(table))
    return found


def test_index_is_the_same_in_whatever_order_states_come(
    matchmaking: ServiceUnderTest,
) -> None:
    changes = [
        Change("ada", 1, a_profile("genomics")),
        Change("ada", 2, a_profile("genomics", "data protection", name="Ada L.")),
        Change("ben", 1, a_profile("ethics", name="Ben")),
        Change("ben", 2, None),
    ]
    expected = {
        "candidates": [("ada", "member", "members", "Ada L.", "research", "BE23")],
        "candidate_terms": [("data protection", "ada"), ("genomics", "ada")],
        "candidate_words": [
            ("data", "data protection", "ada"),
            ("genomic", "genomics", "ada"),
            ("protection", "data protection", "ada"),
        ],
        "candidate_versions": [("ada", 2), ("ben", 2)],
        "candidate_mergers": [],
    }
    for order in permutations(changes):
        assert index_after(matchmaking, list(order)) == expected
        assert index_after(matchmaking, *([change] for change in order)) == expected
        assert index_after(matchmaking, list(order[:2]), list(order[1:]), list(order)) == expected


def test_index_keeps_a_profile_with_very_many_terms(matchmaking: ServiceUnderTest) -> None:
    terms = [f"term {n} {'x' * 60}" for n in range(500)]
    found = index_after(matchmaking, [Change("ada", 1, a_profile(*terms))])
    assert {term for term, _ in found["candidate_terms"]} == set(terms)


@pytest.mark.parametrize("vocabulary", [40, 1000])
def test_ranking_five_thousand_candidates_is_quick(
    matchmaking: ServiceUnderTest, vocabulary: int
) -> None:
    words = ["clinical", "genomics", "data", "health", "trials", "imaging", "ethics", "robotics"]
    terms = [f"{words[n % 8]} {words[n // 8 % 8]} v{n // 64}" for n in range(vocabulary)]
    changes = [
        Change(new_id(), 1, a_profile(*(terms[(n * 7 + k * 13) % vocabulary] for k in range(6))))
        for n in range(5000)
    ]
    with matchmaking.service.database.unit_of_work() as session:
        for start in range(0, len(changes), 500):
            apply(session, changes[start : start + 500])
    order = {"title": "A case", "required_terms": [terms[3], terms[11], terms[23]]}
    case = matchmaking.call("POST", "/demo-cases", as_=a_member("coordinator"), json=order).json()

    took = []
    for _ in range(5):
        begin = time.perf_counter(), time.process_time()
        answer = matchmaking.call("GET", f"/demo-cases/{case['id']}/matches", as_=a_member())
        took.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
        assert len(answer.json()) == 50
    # Processor time changes least on a busy test machine (0.05 to 0.11 were seen); a query plan
    # gone wrong takes many seconds of the database's.
    assert min(processor for _, processor in took) < 0.2
    assert min(wall for wall, _ in took) < 2
