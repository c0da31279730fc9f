"""Two organisations that are one become one; nothing and nobody is lost, also at one instant."""

from collections import Counter
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import pytest

from events.catalogue.membership import OrganisationMerged
from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from services.membership.organisations import merging
from services.membership.organisations.models import Organisation
from services.membership.organisations.schemas import OrganisationCreate
from services.membership.organisations.service import built
from tests.membership.calling import Membership, member
from tests.membership.test_organisation_changes import change, owned, state

MODERATOR = member(new_id(), "moderator")


def merge(membership: Membership, id: str, into_id: str, *, by: Identity = MODERATOR) -> int:
    path = f"/organisations/{id}/merge"
    return membership.call("POST", path, {"into_id": into_id}, caller=by).status_code


def read(membership: Membership, reference: str) -> Any:
    return membership.call("GET", f"/organisations/{reference}", caller=ANYONE).json()


def roles(membership: Membership, id: str, viewer: Identity) -> dict[str, str]:
    found = membership.call("GET", f"/organisations/{id}/people", caller=viewer).json()
    return {person["contact_id"]: person["role"] for person in found["people"]}


def listed(membership: Membership) -> set[str]:
    return {found["id"] for found in membership.call("GET", "/organisations").json()}


def test_merged_organisation_leads_on_by_id_slug_and_name(membership_on_each: Membership) -> None:
    membership = membership_on_each
    old, owner = owned(membership, "Ghent Genomics BV")
    new, _ = owned(membership, "Ghent Genomics")
    values = {"expertise": ["Genomics"], "website": "https://g.example", "ror_id": "00cv9y106"}
    change(membership, old, values, by=owner)
    slug = state(membership, old).slug

    assert merge(membership, old, new) == 200

    merged, kept = state(membership, old), state(membership, new)
    assert (merged.merged_into, kept.merged_into) == (new, None)
    assert (kept.name, kept.expertise, kept.website, kept.ror_id) == (
        "Ghent Genomics", ("genomics",), "https://g.example", "00cv9y106",
    )  # fmt: skip
    for reference in (old, slug, new):
        assert read(membership, reference)["id"] == new
    assert read(membership, new)["former_ids"] == [old]
    assert listed(membership) == {new}
    facts = [fact for fact in membership.facts() if isinstance(fact, OrganisationMerged)]
    assert facts == [OrganisationMerged(organisation_id=old, into_id=new)]
    assert membership.contact_state(owner.contact_id or "").organisation_id == new
    for choice in ({"organisation_id": old}, {"organisation_name": "Ghent Genomics BV"}):
        late = membership.join(email=f"late-{next(iter(choice))}@example.org", **choice)
        assert membership.contact_state(late).organisation_id == new
    assert change(membership, old, {"description": "x"}, by=owner)[0] == 409
    assert merge(membership, old, new) == 409


def test_roles_move_with_a_verified_organisation_and_are_asked_for_otherwise(
    membership: Membership,
) -> None:
    into, boss = owned(membership, "Ghent Genomics")
    doubtful, stranger = owned(membership, "Ghent Genomics BV")
    sure, colleague = owned(membership, "Ghent Genomics Lab")
    membership.call("POST", f"/organisations/{sure}/verify", caller=MODERATOR)

    assert merge(membership, doubtful, into) == merge(membership, sure, into) == 200

    assert change(membership, into, {"description": "a"}, by=boss)[0] == 200
    assert change(membership, into, {"description": "b"}, by=colleague)[0] == 200
    assert change(membership, into, {"description": "c"}, by=stranger)[0] == 403
    seen = membership.call("GET", f"/organisations/{into}/people", caller=boss).json()
    assert [(ask["contact_id"], ask["role"]) for ask in seen["asks"]] == [
        (stranger.contact_id, "owner")
    ]


def test_roles_move_to_an_organisation_that_nobody_owns(membership: Membership) -> None:
    order = {"name": "Imported Lab", "helix_side": "research"}
    into = membership.call("POST", "/organisations", order).json()["id"]
    old, owner = owned(membership, "Imported Lab Ltd")

    assert merge(membership, old, into) == 200

    assert roles(membership, into, owner) == {owner.contact_id: "owner"}


def test_open_asks_move(membership: Membership) -> None:
    old, _ = owned(membership, "Ghent Genomics BV")
    new, boss = owned(membership, "Ghent Genomics")
    asker = member(membership.join(email="asker@example.org", organisation_id=old))
    membership.call("POST", f"/organisations/{old}/asks", {"role": "representative"}, caller=asker)

    merge(membership, old, new)

    path = f"/organisations/{new}/asks/{asker.contact_id}"
    assert membership.call("POST", path, {"granted": True}, caller=boss).status_code == 204
    assert change(membership, new, {"description": "x"}, by=asker)[0] == 200


def test_a_name_that_was_merged_away_can_be_taken_by_the_one_that_stays(
    membership: Membership,
) -> None:
    old, _ = owned(membership, "Ghent Genomics BV")
    new, owner = owned(membership, "Ghent Genomics")
    merge(membership, old, new)

    assert change(membership, new, {"name": "Ghent Genomics BV"}, by=owner) == (200, [])
    assert read(membership, old)["name"] == "Ghent Genomics BV"


@pytest.mark.parametrize("caller", [ANYONE, member(new_id()), member(new_id(), "coordinator")])
def test_merging_and_its_list_are_for_moderators(membership: Membership, caller: Identity) -> None:
    one, _ = owned(membership, "One Lab")
    two, _ = owned(membership, "Two Lab")

    assert merge(membership, one, two, by=caller) in (401, 403)
    for method, path in (("GET", "/organisations/review"), ("POST", "/organisations/apart")):
        body = {"first_id": one, "second_id": two} if method == "POST" else None
        assert membership.call(method, path, body, caller=caller).status_code in (401, 403)
    assert listed(membership) == {one, two}


def test_what_cannot_be_merged_stays(membership: Membership) -> None:
    one, _ = owned(membership, "One Lab")
    order = {"name": "Made Up", "helix_side": "research", "made_up": True}
    made_up = membership.call("POST", "/organisations", order).json()["id"]

    assert merge(membership, one, one) == 409
    assert merge(membership, one, made_up) == merge(membership, made_up, one) == 409
    assert merge(membership, one, new_id()) == merge(membership, new_id(), one) == 404
    assert listed(membership) == {one, made_up}


def test_mergers_at_once_make_no_circle(membership_on_each: Membership) -> None:
    membership = membership_on_each
    ids = [owned(membership, f"Lab number {n}")[0] for n in range(4)]
    orders = [(a, b) for a in ids for b in ids if a != b]

    answers = membership.together(
        [("POST", f"/organisations/{a}/merge", {"into_id": b}) for a, b in orders],
        caller=MODERATOR,
    )

    # Whom a merger just brought may be in the way of the next: that one is asked to try again.
    later = [
        merge(membership, a, b)
        for (a, b), answer in zip(orders, answers, strict=True)
        if "try again" in answer.json().get("detail", "")
    ]
    statuses = Counter([*(answer.status_code for answer in answers), *later])
    assert set(statuses) <= {200, 409}
    (last,) = listed(membership)
    assert statuses[200] == 3
    assert {read(membership, id)["id"] for id in ids} == {last}
    with membership.database.reader() as session:
        assert len(roles(membership, last, MODERATOR)) <= 4
        assert session.get_one(Organisation, last).merged_into is None


def test_joining_while_merging_ends_in_the_one_that_stays(membership_on_each: Membership) -> None:
    membership = membership_on_each
    old, _ = owned(membership, "Ghent Genomics BV")
    new, _ = owned(membership, "Ghent Genomics")
    people = [membership.join(email=f"p{n}@example.org") for n in range(6)]
    choice = {"organisation_id": old}

    answers = membership.together(
        [("POST", f"/organisations/{old}/merge", {"into_id": new})], caller=MODERATOR
    )
    for person in people:
        answers += membership.together([("PATCH", "/members/me", choice)], caller=member(person))

    assert {answer.status_code for answer in answers} == {200}
    assert {membership.contact_state(person).organisation_id for person in people} == {new}


def test_likely_duplicates_are_found_and_can_be_kept_apart(membership: Membership) -> None:
    ids = {}
    for name, website in (
        ("University of Ghent", None),
        ("Ghent University BV", None),
        ("Ghent Univrsity", None),
        ("Quite Another", "https://www.same.example/a"),
        ("Something Else", "same.example"),
        ("Alone", "alone.example"),
    ):
        order = {"name": name, "helix_side": "research", "website": website}
        ids[name] = membership.call("POST", "/organisations", order).json()["id"]

    def pairs() -> set[frozenset[str]]:
        found = membership.call("GET", "/organisations/review", caller=MODERATOR).json()
        return {
            frozenset((pair["first"]["name"], pair["second"]["name"]))
            for pair in found["duplicates"]
        }

    ghent = {"University of Ghent", "Ghent University BV", "Ghent Univrsity"}
    same = frozenset(("Quite Another", "Something Else"))
    assert pairs() == {same} | {frozenset(ghent - {name}) for name in ghent}
    order = {"first_id": ids["Something Else"], "second_id": ids["Quite Another"]}
    for _ in range(2):
        answer = membership.call("POST", "/organisations/apart", order, caller=MODERATOR)
        assert answer.status_code == 204
    assert same not in pairs()


def test_review_shows_who_is_of_the_unverified(membership: Membership) -> None:
    id, _ = owned(membership, "Ghent Genomics")
    order = {"name": "Imported Lab", "helix_side": "research"}
    membership.call("POST", "/organisations", order)

    found = membership.call("GET", "/organisations/review?limit=2", caller=MODERATOR).json()

    assert [(o["name"], o["people"], o["owned"]) for o in found["unverified"]] == [
        ("Imported Lab", 0, False),
        ("Ghent Genomics", 1, True),
    ]
    assert found["more"] is False
    membership.call("POST", f"/organisations/{id}/verify", caller=MODERATOR)
    found = membership.call("GET", "/organisations/review", caller=MODERATOR).json()
    assert [o["name"] for o in found["unverified"]] == ["Imported Lab"]


def test_duplicates_among_many_are_found_without_comparing_all(membership: Membership) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    words = ("amber", "birch", "cobalt", "delta", "ember", "fjord", "garnet", "harbour")
    with membership.database.unit_of_work() as session:
        for n in range(4000):
            name = f"{words[n % 8]} {words[n // 8 % 8]} institute {n:05}"
            order = OrganisationCreate(name=name, helix_side="research")
            session.add(built(order, id=new_id(), moment=moment))
        for name in ("Amber Institute of Amber 00000", "Nobody Else"):
            order = OrganisationCreate(name=name, helix_side="research")
            session.add(built(order, id=new_id(), moment=moment))

    started = perf_counter()
    with membership.database.reader() as session:
        found = merging.duplicates(session)
    taken = perf_counter() - started

    assert [(pair.first.name, pair.second.name) for pair in found] == [
        ("amber amber institute 00000", "Amber Institute of Amber 00000")
    ]
    assert taken < 1


def test_nobody_comes_to_own_a_verified_organisation_by_naming_it_again(
    membership: Membership,
) -> None:
    order = {"name": "Imported Lab", "helix_side": "research"}
    into = membership.call("POST", "/organisations", order).json()["id"]
    membership.call("POST", f"/organisations/{into}/verify", caller=MODERATOR)
    old, stranger = owned(membership, "Imported Lab Ltd")

    assert merge(membership, old, into) == 200

    assert change(membership, into, {"description": "x"}, by=stranger)[0] == 403
    seen = membership.call("GET", f"/organisations/{into}/people", caller=MODERATOR).json()
    assert [(ask["contact_id"], ask["role"]) for ask in seen["asks"]] == [
        (stranger.contact_id, "owner")
    ]
