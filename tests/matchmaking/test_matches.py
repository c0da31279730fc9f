"""From membership's states over the log to a ranking that people may see."""

from typing import Any

import pytest
from sqlalchemy import delete

from events.catalogue.matchmaking import MatchesFound
from events.envelope import CATALOGUE
from services.kit.audience import only
from services.kit.identity import ANYONE, Identity
from services.matchmaking.projection import INDEX
from tests.harness import ServiceUnderTest, a_member
from tests.matchmaking.conftest import Membership, index_rows
from tests.matchmaking.samples import a_contact, an_organisation

COORDINATOR = a_member("coordinator")
MEMBER = a_member()
TERMS = ["genomics", "data protection", "clinical trials"]


def propose(matchmaking: ServiceUnderTest, **fields: Any) -> dict[str, Any]:
    order = {"title": "Liquid biopsy", "required_terms": TERMS, **fields}
    answer = matchmaking.call("POST", "/demo-cases", as_=COORDINATOR, json=order)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    return case


def matches(
    matchmaking: ServiceUnderTest, case: dict[str, Any], who: Identity = MEMBER, **query: Any
) -> list[dict[str, Any]]:
    answer = matchmaking.call("GET", f"/demo-cases/{case['slug']}/matches", as_=who, params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def names(found: list[dict[str, Any]]) -> list[str]:
    return [match["name"] for match in found]


def test_matches_are_ranked_with_a_reason_each(
    matchmaking: ServiceUnderTest, membership: Membership
) -> None:
    lead = an_organisation(helix_side="government", region_code="BE23", expertise=TERMS)
    hospital = an_organisation(
        helix_side="healthcare", region_code="NL34", expertise=("clinical trial", "genomics")
    )
    ada = a_contact(
        helix_side="government", region_code="BE23", expertise_offered=("clinical genomics",)
    )
    ben = a_contact(name="Ben", expertise_offered=(*TERMS, "robots"))
    far = a_contact(
        name="Far", expertise_offered=("robots", "data mining", "protection", "protection")
    )
    membership.tells(lead, hospital, ada, ben, far)

    case = propose(matchmaking, lead_organisation_id=lead.id, region_code="BE23")

    expected = [
        {
            "kind": "member",
            "id": ben.id,
            "name": "Ben",
            "score": 0.9667,
            "covers": TERMS,
            "missing": [],
            "reason": "Offers genomics, data protection and clinical trials (all 3 needs)",
        },
        {
            "kind": "organisation",
            "id": hospital.id,
            "name": "Ghent Hospital",
            "score": 0.65,
            "covers": ["genomics", "clinical trials"],
            "missing": ["data protection"],
            "reason": "Offers genomics and clinical trial (2 of 3 needs);"
            " still missing: data protection; adds the side of care providers",
        },
        {
            "kind": "member",
            "id": ada.id,
            "name": "Ada",
            "score": 0.25,
            "covers": ["genomics"],
            "missing": ["data protection", "clinical trials"],
            "reason": "Offers clinical genomics (near genomics) (1 of 3 needs);"
            " still missing: data protection and clinical trials; from the same region",
        },
        {
            "kind": "member",
            "id": far.id,
            "name": "Far",
            "score": 0.2333,
            "covers": ["data protection"],
            "missing": ["genomics", "clinical trials"],
            "reason": "Offers protection (near data protection) (1 of 3 needs);"
            " still missing: genomics and clinical trials",
        },
    ]
    assert matches(matchmaking, case) == expected
    assert names(matches(matchmaking, case, limit=1)) == ["Ben"]
    assert matchmaking.published(MatchesFound) == [
        MatchesFound(
            demo_case_id=case["id"],
            proposer_id=COORDINATOR.contact_id or "",
            contact_ids=(ben.id, ada.id, far.id),
            organisation_ids=(hospital.id,),
        )
    ]


def test_matches_are_for_members(matchmaking: ServiceUnderTest, membership: Membership) -> None:
    case = propose(matchmaking)
    path = f"/demo-cases/{case['id']}/matches"
    assert matchmaking.call("GET", path, as_=ANYONE).status_code == 401
    assert matchmaking.call("GET", path, as_=Identity(case["id"])).status_code == 403


@pytest.mark.parametrize(
    "unfit",
    [
        {"consents": ("terms", "directory")},
        {"status": "pending"},
        {"status": "guest"},
        {"id": COORDINATOR.contact_id},
        {"expertise_offered": ()},
        {"expertise_offered": (), "expertise_sought": TERMS},
    ],
)
def test_matches_leave_out_who_may_not_or_cannot_be_matched(
    matchmaking: ServiceUnderTest, membership: Membership, unfit: dict[str, Any]
) -> None:
    membership.tells(a_contact(**{"expertise_offered": TERMS, **unfit}))
    assert matches(matchmaking, propose(matchmaking)) == []
    assert matchmaking.published(MatchesFound)[0].contact_ids == ()


def test_match_outside_the_directory_is_named_to_the_proposer_alone(
    matchmaking: ServiceUnderTest, membership: Membership
) -> None:
    shy = a_contact(expertise_offered=TERMS, consents=("terms", "matchmaking"))
    shy = shy.model_copy(update={"audience": only(shy.id)})
    membership.tells(shy)

    case = propose(matchmaking)

    assert matchmaking.published(MatchesFound)[0].contact_ids == (shy.id,)
    assert matches(matchmaking, case) == []
    assert names(matches(matchmaking, case, who=COORDINATOR)) == ["Ada"]
    assert names(matches(matchmaking, case, who=Identity(shy.id, ("member",)))) == ["Ada"]


def test_withdrawn_consent_removes_all_that_was_kept(
    matchmaking: ServiceUnderTest, membership: Membership
) -> None:
    ada = a_contact(expertise_offered=TERMS)
    membership.tells(ada)
    case = propose(matchmaking)
    assert names(matches(matchmaking, case)) == ["Ada"]

    membership.tells(ada.model_copy(update={"version": 2, "consents": ("terms", "directory")}))

    assert matches(matchmaking, case) == []
    assert index_rows(matchmaking) == {
        "candidates": [],
        "candidate_terms": [],
        "candidate_words": [],
        "candidate_versions": [(ada.id, 2)],
        "candidate_mergers": [],
    }
    membership.tells(ada.model_copy(update={"version": 3}))
    assert names(matches(matchmaking, case)) == ["Ada"]


def test_erased_candidate_is_forgotten_for_good(
    matchmaking: ServiceUnderTest, membership: Membership
) -> None:
    ada, hospital = a_contact(expertise_offered=TERMS), an_organisation(expertise=TERMS)
    membership.tells(ada, hospital)
    case = propose(matchmaking)

    membership.buries(ada)
    membership.buries(hospital)
    membership.tells(ada, hospital)

    assert matches(matchmaking, case) == []
    assert index_rows(matchmaking) == {
        "candidates": [],
        "candidate_terms": [],
        "candidate_words": [],
        "candidate_versions": sorted([(ada.id, 2), (hospital.id, 2)]),
        "candidate_mergers": [],
    }


def test_changed_profile_is_ranked_as_it_is_now(
    matchmaking: ServiceUnderTest, membership: Membership
) -> None:
    ada = a_contact(expertise_offered=("genomics",))
    ben = a_contact(name="Ben", expertise_offered=TERMS[:2])
    membership.tells(ada, ben)
    case = propose(matchmaking)
    assert names(matches(matchmaking, case)) == ["Ben", "Ada"]

    membership.tells(
        ada.model_copy(update={"version": 2, "expertise_offered": tuple(TERMS), "name": "Ada L."}),
        ben.model_copy(update={"version": 2, "expertise_offered": ("robots",)}),
    )

    assert names(matches(matchmaking, case)) == ["Ada L."]


def test_demo_case_is_brought_to_ten_of_each_kind_at_most(
    matchmaking: ServiceUnderTest, membership: Membership
) -> None:
    membership.tells(*(a_contact(expertise_offered=TERMS) for _ in range(12)))
    membership.tells(*(an_organisation(expertise=TERMS) for _ in range(11)))

    case = propose(matchmaking)

    fact = matchmaking.published(MatchesFound)[0]
    listed = matches(matchmaking, case)
    assert len(listed) == 23
    by_kind = {
        kind: [match["id"] for match in listed if match["kind"] == kind]
        for kind in ("member", "organisation")
    }
    assert list(fact.contact_ids) == by_kind["member"][:10]
    assert list(fact.organisation_ids) == by_kind["organisation"][:10]


def test_replay_fills_the_index_with_the_same_rows(
    matchmaking: ServiceUnderTest, membership: Membership
) -> None:
    contacts = [a_contact(name=f"No. {n}", expertise_offered=TERMS[: n % 4]) for n in range(8)]
    kept = an_organisation(expertise=TERMS)
    merged = an_organisation(expertise=TERMS, merged_into=kept.id)
    membership.tells(*contacts, kept, merged)
    membership.tells(contacts[1].model_copy(update={"version": 2, "consents": ("terms",)}))
    membership.tells(contacts[2].model_copy(update={"version": 2, "expertise_offered": ("ai",)}))
    membership.buries(contacts[3])
    before = index_rows(matchmaking)
    assert all(before.values())

    service = matchmaking.service
    with service.database.unit_of_work() as session:
        for table in service.projections[INDEX]:
            session.connection().execute(delete(table))
        handlers = service.groups[INDEX]
        for records in membership.log.replay(frozenset({("membership", "state")})):
            for record in records:
                event_class = CATALOGUE[record.type]
                handlers[event_class](session, [record.open(event_class)])

    assert index_rows(matchmaking) == before


def test_merged_organisation_is_no_candidate_and_leads_as_the_one_it_is_now(
    matchmaking: ServiceUnderTest, membership: Membership
) -> None:
    old, middle, kept = (an_organisation(name=name, expertise=TERMS) for name in "OMK")
    membership.tells(old, middle, kept)
    case = propose(matchmaking, lead_organisation_id=old.id)
    assert sorted(names(matches(matchmaking, case))) == ["K", "M"]

    merged = {"version": 2, "merged_into": kept.id}
    membership.tells(middle.model_copy(update=merged))
    membership.tells(old.model_copy(update={**merged, "merged_into": middle.id}))

    assert matches(matchmaking, case) == []
    asked = {"leads": [kept.id, middle.id, old.id]}
    led = matchmaking.call("GET", "/demo-cases", as_=MEMBER, params=asked).json()
    assert [found["lead_organisation_id"] for found in led] == [old.id]
    other = matchmaking.call("GET", "/demo-cases", as_=MEMBER, params={"leads": [kept.id]})
    assert other.json() == []
