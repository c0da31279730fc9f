"""The ranking's promises, whatever is asked and offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matchmaking.matches.rules import Need, Offer, fit, rank, words_of

WORDS = ["genomics", "clinical", "data", "protection", "trials", "trial", "of", "ai", "ßtraße"]
TERM = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
REGION = st.sampled_from([None, "BE", "BE2", "BE23", "NL34"])
SIDE = st.sampled_from([None, "citizen", "research", "healthcare"])
NEED = st.builds(
    Need,
    id=st.just("case"),
    terms=st.lists(TERM, min_size=1, max_size=6, unique=True).map(tuple),
    region_code=REGION,
    helix_side=SIDE,
)
OFFERS = st.lists(
    st.builds(
        Offer,
        id=st.uuids().map(str),
        kind=st.sampled_from(["member", "organisation"]),
        terms=st.lists(TERM, max_size=6).map(tuple),
        region_code=REGION,
        helix_side=SIDE,
    ),
    max_size=12,
    unique_by=lambda offer: offer.id,
)


@given(need=NEED, offers=OFFERS)
def test_rank_puts_more_terms_never_lower(need: Need, offers: list[Offer]) -> None:
    covered = [len(match.covers) for match in rank(need, offers)]
    assert covered == sorted(covered, reverse=True)


@given(need=NEED, offers=OFFERS, data=st.data())
def test_rank_does_not_depend_on_the_order_of_input(
    need: Need, offers: list[Offer], data: st.DataObject
) -> None:
    assert rank(need, data.draw(st.permutations(offers))) == rank(need, offers)


@given(need=NEED, offers=OFFERS, gained=TERM)
def test_rank_never_punishes_another_offered_term(
    need: Need, offers: list[Offer], gained: str
) -> None:
    before = {match.id: match for match in rank(need, offers)}
    richer = [Offer(o.id, o.kind, (*o.terms, gained), o.region_code, o.helix_side) for o in offers]
    after = {match.id: match for match in rank(need, richer)}
    for id, match in before.items():
        assert set(after[id].covers) >= set(match.covers)
        if len(after[id].covers) > len(match.covers) or after[id].covers == match.covers:
            assert after[id].score >= match.score


@given(need=NEED, offers=OFFERS)
def test_rank_accounts_for_every_term_and_every_fit(need: Need, offers: list[Offer]) -> None:
    ranked = rank(need, offers)
    fitting = {
        offer.id
        for offer in offers
        if any(fit(term, had) for term in need.terms for had in offer.terms)
    }
    assert {match.id for match in ranked} == fitting
    for match in ranked:
        assert 0 < match.score <= 1
        assert sorted(match.covers + match.missing) == sorted(need.terms)
        assert [term for term in need.terms if term in match.covers] == list(match.covers)


@given(need=NEED, offers=OFFERS, most=st.integers(0, 5))
def test_rank_cut_short_is_the_beginning_of_the_whole(
    need: Need, offers: list[Offer], most: int
) -> None:
    assert rank(need, offers, most=most) == rank(need, offers)[:most]


@given(one=st.text(min_size=1, max_size=20), other=st.text(min_size=1, max_size=20))
def test_fit_is_mutual_and_whole_for_the_same(one: str, other: str) -> None:
    assert words_of(one)
    assert fit(one, one) == 1
    assert fit(one, other) == fit(other, one)
    assert 0 <= fit(one, other) <= 1


@pytest.mark.parametrize(
    ("required", "offered", "expected"),
    [
        ("genomics", "genomics", 1),
        ("genomics", "clinical genomics", 0.5),
        ("clinical trials", "clinical trial", 1),
        ("protection of data", "data protection", 1),
        ("médecine", "medecine", 1),
        ("data protection law", "health data protection", 0.5),
        ("data protection", "data analysis", 0),
        ("genomics", "genome", 0),
        ("c++", "c", 0),
        ("c++", "c++ programming", 0.5),
    ],
)
def test_fit_looks_at_the_words_that_matter(required: str, offered: str, expected: float) -> None:
    assert fit(required, offered) == expected


def test_rank_prefers_exact_then_region_and_helix_side() -> None:
    need = Need("case", ("genomics", "ethics"), region_code="BE23", helix_side="government")
    offers = [
        Offer("near", "member", ("clinical genomics",), "BE23", "research"),
        Offer("exact", "member", ("genomics",), "NL34", "government"),
        Offer("exact here", "member", ("genomics",), "BE23", "government"),
        Offer("exact here, other side", "member", ("genomics",), "BE2", "citizen"),
    ]
    assert [(match.id, match.score) for match in rank(need, offers)] == [
        ("exact here, other side", 0.5),
        ("exact here", 0.475),
        ("exact", 0.45),
        ("near", 0.4),
    ]


def test_rank_orders_equals_differently_for_each_demo_case() -> None:
    offers = [Offer(f"candidate {n}", "member", ("genomics",)) for n in range(8)]
    orders = {
        tuple(match.id for match in rank(Need(f"case {n}", ("genomics",)), offers))
        for n in range(8)
    }
    assert len(orders) == 8


def test_reason_names_a_few_terms_and_counts_the_rest() -> None:
    terms = tuple(f"term{n}" for n in range(20))
    [match] = rank(Need("case", terms), [Offer("one", "member", terms[:8])])
    assert match.reason == (
        "Offers term0, term1, term2, term3 and 4 more (8 of 20 needs);"
        " still missing: term8, term9, term10, term11 and 8 more"
    )
    [match] = rank(Need("case", ("ai",)), [Offer("one", "member", ("ai",))])
    assert match.reason == "Offers ai (the one thing needed)"
