"""Demo-cases through the service's own door: proposed, told, found, refused."""

from typing import Any

import pytest

from events.catalogue.matchmaking import DemoCaseProposed, DemoCaseState, MatchesFound
from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from tests.harness import HUB, ServiceUnderTest, a_member

COORDINATOR = a_member("coordinator")
JSON = {"content-type": "application/json"}
ORDER: dict[str, Any] = {
    "title": "Liquid biopsy for all",
    "challenge": "Early detection.",
    "solution": "A blood test in every town.",
    "lead_organisation_id": new_id(),
    "region_code": "BE23",
    "required_terms": ["Genomics", "data protection", "genomics", "clinical trials"],
    "link": "https://example.org/case",
    "made_up": True,
}


def test_demo_case_is_proposed_and_told_in_one(matchmaking: ServiceUnderTest) -> None:
    answer = matchmaking.call("POST", "/demo-cases", as_=COORDINATOR, json=ORDER)

    assert answer.status_code == 201
    case = answer.json()
    id = case["id"]
    assert case == {
        **ORDER,
        "id": id,
        "version": 1,
        "audience": "public",
        "slug": f"liquid-biopsy-for-all-{id[-6:]}",
        "phase": "learn",
        "proposer_id": COORDINATOR.contact_id,
        "required_terms": ["genomics", "data protection", "clinical trials"],
        "proposed_at": case["proposed_at"],
    }
    assert matchmaking.call("GET", f"/demo-cases/{id}").json() == case
    assert matchmaking.call("GET", f"/demo-cases/{case['slug']}").json() == case
    assert matchmaking.call("GET", "/demo-cases").json() == [case]
    proposer_id = COORDINATOR.contact_id or ""
    assert matchmaking.published() == [
        DemoCaseState.model_validate(case),
        DemoCaseProposed(demo_case_id=id, proposer_id=proposer_id),
        MatchesFound(demo_case_id=id, proposer_id=proposer_id, contact_ids=(), organisation_ids=()),
    ]


@pytest.mark.parametrize(
    ("who", "status"), [(ANYONE, 401), (a_member(), 403), (a_member("organiser"), 403), (HUB, 403)]
)
def test_demo_case_is_proposed_by_coordinators_only(
    matchmaking: ServiceUnderTest, who: Identity, status: int
) -> None:
    assert matchmaking.call("POST", "/demo-cases", as_=who, json=ORDER).status_code == status
    assert matchmaking.published() == []


def test_list_is_newest_first_and_by_phase(matchmaking: ServiceUnderTest) -> None:
    for title in ("First", "Second", "Third"):
        order = {"title": title, "required_terms": ["genomics"]}
        matchmaking.call("POST", "/demo-cases", as_=COORDINATOR, json=order)

    def titles(**query: Any) -> list[str]:
        answer = matchmaking.call("GET", "/demo-cases", params=query)
        return [case["title"] for case in answer.json()]

    assert titles() == ["Third", "Second", "First"]
    assert titles(limit=1) == ["Third"]
    assert titles(phase="learn") == ["Third", "Second", "First"]
    assert titles(phase="connect") == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"challenge": "x" * 20_001}, "challenge"),
        ({"solution": "\x1b[31m"}, "solution"),
        ({"required_terms": []}, "required_terms"),
        ({"required_terms": [f"term {n}" for n in range(21)]}, "required_terms"),
        ({"required_terms": ["x"]}, "required_terms.0"),
        ({"required_terms": "genomics"}, "required_terms"),
        ({"lead_organisation_id": "mine"}, "lead_organisation_id"),
        ({"region_code": "Flanders"}, "region_code"),
        ({"link": "ftp://example.org"}, "link"),
        ({"phase": "market"}, "phase"),
        ({"proposer_id": new_id()}, "proposer_id"),
    ],
)
def test_demo_case_with_a_wrong_field_is_refused_whole(
    matchmaking: ServiceUnderTest, wrong: dict[str, Any], field: str
) -> None:
    answer = matchmaking.call("POST", "/demo-cases", as_=COORDINATOR, json=ORDER | wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert matchmaking.call("GET", "/demo-cases").json() == []
    assert matchmaking.published() == []


@pytest.mark.parametrize("content", [b'{"title": "\xff"}', b"{", b"[]", b""])
def test_demo_case_that_is_no_form_is_refused(
    matchmaking: ServiceUnderTest, content: bytes
) -> None:
    answer = matchmaking.call("POST", "/demo-cases", as_=COORDINATOR, content=content, headers=JSON)
    assert answer.status_code in (400, 422)
    assert matchmaking.published() == []


def test_unknown_demo_case_is_not_found(matchmaking: ServiceUnderTest) -> None:
    for reference in (new_id(), "no-such-case"):
        for path, who in ((reference, ANYONE), (f"{reference}/matches", a_member())):
            answer = matchmaking.call("GET", f"/demo-cases/{path}", as_=who)
            assert answer.status_code == 404
