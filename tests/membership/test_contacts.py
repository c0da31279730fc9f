from datetime import UTC, datetime, timedelta

import pytest

from events.catalogue.membership import ContactState
from events.envelope import new_id
from services.kit.identity import ANYONE
from tests.membership.calling import ANNA, Membership, member

BERT = {**ANNA, "name": "Bert Maes", "email": "bert@example.org"}
CLEO = {**ANNA, "name": "Cléo Dubois", "email": "cleo@example.org"}
LISTED = ["terms", "directory"]


def test_guest_is_made_once_and_kept_as_first_named(membership: Membership) -> None:
    first = membership.call("POST", "/guests", {"name": "Gus", "email": "gus@example.org"})
    again = membership.call("POST", "/guests", {"name": "August", "email": "GUS@example.org"})

    assert (first.status_code, again.json()) == (201, first.json())
    contact_id = first.json()["contact_id"]
    assert membership.told() == [
        ContactState(
            id=contact_id,
            version=1,
            audience=f"contact:{contact_id}",
            status="guest",
            name="Gus",
            email="gus@example.org",
        )
    ]


def test_guest_with_a_members_address_is_that_member(membership: Membership) -> None:
    contact_id = membership.join()
    before = membership.told()

    answer = membership.call("POST", "/guests", {"name": "Mallory", "email": ANNA["email"]})

    assert answer.json() == {"contact_id": contact_id}
    assert membership.told() == before


def test_profile_is_what_the_member_said(membership: Membership) -> None:
    contact_id = membership.join(organisation_name="Ghent Genomics", expertise_offered=["fhir"])
    (organisation,) = membership.organisation_states()

    answer = membership.call("GET", "/members/me", caller=member(contact_id)).json()

    assert datetime.now(UTC) - datetime.fromisoformat(answer.pop("checked_at")) < timedelta(
        minutes=1
    )
    assert answer == {
        "id": contact_id,
        "version": 2,
        "name": "Anna Peeters",
        "email": "anna@example.org",
        "helix_side": "citizen",
        "region_code": "BE23",
        "organisation": {
            "id": organisation.id,
            "slug": organisation.slug,
            "name": "Ghent Genomics",
        },
        "roles": ["member"],
        "expertise_offered": ["fhir"],
        "expertise_sought": [],
        "consents": ["terms"],
        "visibility": "members",
        "interests": [],
        "hidden_for_age": False,
        "language": "en",
        "time_zone": "Europe/Brussels",
    }


def test_profile_change_is_told_and_the_rest_stays(membership: Membership) -> None:
    contact_id = membership.join(expertise_offered=["fhir"])
    before = membership.contact_state(contact_id)

    answer = membership.call(
        "PATCH",
        "/members/me",
        {"name": "Anna Janssens", "expertise_sought": ["Omics"], "time_zone": "Europe/Rome"},
        caller=member(contact_id),
    )

    assert answer.json()["name"] == "Anna Janssens"
    assert membership.contact_state(contact_id) == before.model_copy(
        update={
            "version": 3,
            "name": "Anna Janssens",
            "expertise_sought": ("omics",),
            "sought_term_ids": ("hub:omics",),
            "time_zone": "Europe/Rome",
        }
    )


@pytest.mark.parametrize("change", [{}, {"name": "Anna Peeters"}, {"consents": ["terms"]}])
def test_profile_change_of_nothing_tells_nothing(
    membership: Membership, change: dict[str, object]
) -> None:
    contact_id = membership.join()
    before = membership.told()

    answer = membership.call("PATCH", "/members/me", change, caller=member(contact_id))

    assert (answer.status_code, membership.told()) == (200, before)


def test_profile_organisation_is_chosen_named_and_left(membership: Membership) -> None:
    contact_id = membership.join()
    order = {"name": "Ghent Genomics", "helix_side": "business"}
    known = membership.call("POST", "/organisations", order).json()

    def change(**wanted: object) -> object:
        answer = membership.call("PATCH", "/members/me", wanted, caller=member(contact_id))
        return answer.json()["organisation"]

    brief = {"id": known["id"], "slug": known["slug"], "name": "Ghent Genomics"}
    assert change(organisation_id=known["id"]) == brief
    assert change(organisation_id=None) is None
    assert change(organisation_name="ghent  GENOMICS") == brief
    assert change(name="Anna") == brief


def test_contacts_are_named_to_the_hub_with_their_address(membership: Membership) -> None:
    guest = membership.call("POST", "/guests", {"name": "Gus", "email": "gus@example.org"}).json()
    anna, gus = membership.join(), guest["contact_id"]

    answer = membership.call("GET", f"/contacts?ids={anna},{gus},{new_id()}")

    assert sorted(answer.json(), key=lambda contact: str(contact["name"])) == [
        {"id": anna, "status": "member", "name": "Anna Peeters", "email": "anna@example.org"},
        {"id": gus, "status": "guest", "name": "Gus", "email": "gus@example.org"},
    ]


def test_contacts_are_named_to_members_as_far_as_they_may_see(membership: Membership) -> None:
    anna, bert = membership.join(consents=LISTED), membership.join(**BERT)
    cleo = membership.join(**CLEO)

    answer = membership.call("GET", f"/contacts?ids={anna},{bert},{cleo}", caller=member(bert))

    assert sorted(answer.json(), key=lambda contact: str(contact["name"])) == [
        {"id": anna, "status": "member", "name": "Anna Peeters", "email": None},
        {"id": bert, "status": "member", "name": "Bert Maes", "email": "bert@example.org"},
    ]
    assert membership.call("GET", f"/contacts?ids={anna}", caller=ANYONE).json() == []
