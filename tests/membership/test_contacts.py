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

    answer = membership.call("GET", "/members/me", caller=member(contact_id))

    assert answer.json() == {
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


def test_directory_consent_decides_who_is_seen(membership: Membership) -> None:
    anna, bert = membership.join(consents=LISTED), membership.join(**BERT)

    def seen_by(contact_id: str) -> list[str]:
        answer = membership.call("GET", "/members", caller=member(contact_id))
        return [found["id"] for found in answer.json()]

    assert (seen_by(anna), seen_by(bert)) == ([anna], [anna])

    consents = {"consents": ["directory", "terms"]}
    membership.call("PATCH", "/members/me", consents, caller=member(bert))
    assert membership.contact_state(bert).audience == "members"
    membership.call("PATCH", "/members/me", {"consents": ["terms"]}, caller=member(anna))
    assert membership.contact_state(anna).audience == f"contact:{anna}"
    assert (seen_by(anna), seen_by(bert)) == ([bert], [bert])


def test_directory_is_for_members(membership: Membership) -> None:
    membership.join(consents=LISTED)
    guest = membership.call("POST", "/guests", {"name": "Gus", "email": "gus@example.org"}).json()

    assert membership.call("GET", "/members", caller=ANYONE).json() == []
    assert membership.call("GET", "/members").json() == []
    contact_id = guest["contact_id"]
    answer = membership.call("GET", "/members/me", caller=member(contact_id))
    assert answer.status_code == 404


def test_directory_shows_no_address(membership: Membership) -> None:
    anna, bert = membership.join(consents=LISTED), membership.join(**BERT)

    (shown,) = membership.call("GET", "/members", caller=member(bert)).json()

    assert shown == {
        "id": anna,
        "name": "Anna Peeters",
        "helix_side": "citizen",
        "region_code": "BE23",
        "organisation": None,
        "roles": ["member"],
        "expertise_offered": [],
        "expertise_sought": [],
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Anna Peeters", "Cléo Dubois"]),
        ("ANNA", ["Anna Peeters"]),
        ("cleo", ["Cléo Dubois"]),
        ("CLÉO dub", ["Cléo Dubois"]),
        ("genomics", ["Anna Peeters", "Cléo Dubois"]),
        ("fhir", ["Cléo Dubois"]),
        ("anna fhir", []),
        ("anna ghent", ["Anna Peeters"]),
        ("%", []),
        ("_", []),
        ("anna_peeters", []),
    ],
)
def test_directory_finds_by_name_expertise_and_organisation(
    membership: Membership, query: str, names: list[str]
) -> None:
    membership.join(consents=LISTED, organisation_name="Ghent Genomics")
    membership.join(
        **{**CLEO, "consents": LISTED},
        expertise_offered=["Genomics"],
        expertise_sought=["FHIR"],
    )
    bert = membership.join(**BERT)

    answer = membership.call("GET", f"/members?q={query.replace('%', '%25')}", caller=member(bert))

    assert [found["name"] for found in answer.json()] == names


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


def test_roles_are_set_as_a_whole_and_member_stays(membership: Membership) -> None:
    contact_id = membership.join()
    path = f"/members/{contact_id}/roles"

    answer = membership.call("PUT", path, {"roles": ["coordinator", "organiser", "organiser"]})
    assert answer.json()["roles"] == ["member", "organiser", "coordinator"]
    assert membership.contact_state(contact_id).roles == ("member", "organiser", "coordinator")

    admin = member(new_id(), "admin")
    assert membership.call("PUT", path, {"roles": []}, caller=admin).status_code == 200
    assert membership.contact_state(contact_id).roles == ("member",)


@pytest.mark.parametrize("roles", [(), ("organiser",), ("coordinator", "moderator")])
def test_roles_are_not_taken_by_oneself(membership: Membership, roles: tuple[str, ...]) -> None:
    contact_id = membership.join()
    caller = member(contact_id, *roles)

    answer = membership.call(
        "PUT", f"/members/{contact_id}/roles", {"roles": ["admin"]}, caller=caller
    )

    assert answer.status_code == 403
    assert membership.contact_state(contact_id).roles == ("member",)


def test_roles_need_an_account(membership: Membership) -> None:
    guest = membership.call("POST", "/guests", {"name": "Gus", "email": "gus@example.org"}).json()

    answers = [
        membership.call("PUT", f"/members/{contact_id}/roles", {"roles": ["organiser"]})
        for contact_id in (guest["contact_id"], new_id())
    ]

    assert [answer.status_code for answer in answers] == [409, 404]
