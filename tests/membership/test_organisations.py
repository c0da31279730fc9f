import pytest

from events.catalogue.membership import OrganisationRegistered, OrganisationState
from events.envelope import new_id
from services.kit.identity import ANYONE
from tests.membership.calling import ANNA, NOBODY, Membership, member

GENOMICS = {
    "name": "Ghent Genomics",
    "helix_side": "business",
    "region_code": "BE23",
    "country": "BE",
    "description": "Sequencing\r\nfor all",
    "expertise": ["Genomics", "genomics", "FHIR"],
    "made_up": True,
}


def test_organisation_is_told_and_read_as_made(membership: Membership) -> None:
    created = membership.call("POST", "/organisations", GENOMICS)

    expected = {
        "id": created.json()["id"],
        "slug": f"ghent-genomics-{created.json()['id'][-6:]}",
        "name": "Ghent Genomics",
        "version": 1,
        "helix_side": "business",
        "region_code": "BE23",
        "country": "BE",
        "description": "Sequencing\nfor all",
        "expertise": ["genomics", "fhir"],
        "website": None,
        "ror_id": None,
        "vat_id": None,
        "verified_at": None,
        "made_up": True,
    }
    assert (created.status_code, created.json()) == (201, expected)
    terms = ("hub:genomics", "hub:fhir")
    told = [event for event in membership.told() if event.subject == expected["id"]]
    assert told == [
        OrganisationState(**{**expected, "audience": "public", "term_ids": terms}),
        OrganisationRegistered(organisation_id=expected["id"]),
    ]
    for reference in (expected["id"], expected["slug"]):
        found = membership.call("GET", f"/organisations/{reference}", caller=ANYONE)
        assert found.json() == {**expected, "former_ids": []}


def test_organisation_of_a_known_name_is_that_one_untouched(membership: Membership) -> None:
    created = membership.call("POST", "/organisations", GENOMICS).json()
    before = membership.organisation_states()

    again = membership.call(
        "POST", "/organisations", {"name": "ghent-GENOMICS", "helix_side": "research"}
    )
    contact_id = membership.join(organisation_name="  Ghent   Genomics ")

    assert (again.status_code, again.json()) == (201, created)
    assert membership.contact_state(contact_id).organisation_id == created["id"]
    assert membership.organisation_states() == before


def test_organisation_is_chosen_by_id_when_joining(membership: Membership) -> None:
    created = membership.call("POST", "/organisations", GENOMICS).json()

    contact_id = membership.join(organisation_id=created["id"])

    assert membership.contact_state(contact_id).organisation_id == created["id"]


def test_organisation_named_by_a_member_takes_their_side_and_region(
    membership: Membership,
) -> None:
    membership.join(helix_side="healthcare", region_code="NL21", organisation_name="Our Clinic")

    (state,) = membership.organisation_states()
    assert (state.name, state.helix_side, state.region_code, state.made_up) == (
        "Our Clinic",
        "healthcare",
        "NL21",
        False,
    )


def test_organisation_of_an_admin_without_a_side_is_refused(membership: Membership) -> None:
    admin = membership.call("POST", "/admins", {"name": "Ada", "email": "ada@example.org"}).json()

    answer = membership.call(
        "PATCH",
        "/members/me",
        {"organisation_name": "Nowhere"},
        caller=member(admin["contact_id"]),
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "helix_side"
    assert membership.organisation_states() == []


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"organisation_id": NOBODY}, "organisation_id"),
        ({"organisation_id": NOBODY, "organisation_name": "Both"}, "organisation_name"),
    ],
)
@pytest.mark.parametrize("email", [ANNA["email"], "new@example.org"])
def test_organisation_choice_that_does_not_hold_is_refused_for_every_address_alike(
    membership: Membership, choice: dict[str, str], field: str, email: str
) -> None:
    membership.join()
    before = membership.told()

    answer = membership.call("POST", "/members", {**ANNA, "email": email, **choice})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert membership.told() == before


def test_organisations_are_listed_by_name_and_found_by_words(membership: Membership) -> None:
    for name, expertise in (("Zeta Lab", ["omics"]), ("Alpha AT&T 50%", []), ("Ärzte", ["Omics"])):
        membership.call(
            "POST",
            "/organisations",
            {"name": name, "helix_side": "research", "expertise": expertise},
        )

    def names(query: str) -> set[str]:
        answer = membership.call("GET", f"/organisations?{query}", caller=ANYONE)
        return {organisation["name"] for organisation in answer.json()}

    assert names("") == {"Zeta Lab", "Alpha AT&T 50%", "Ärzte"}
    assert names("q=OMICS") == {"Zeta Lab", "Ärzte"}
    assert names("q=arzte") == {"Ärzte"}
    assert names("q=at%26t") == names("q=50%25") == names("limit=1") == {"Alpha AT&T 50%"}
    assert names("q=nothing") == set()


@pytest.mark.parametrize(
    ("roles", "status"),
    [((), 403), (("organiser",), 403), (("coordinator",), 201), (("admin",), 201)],
)
def test_organisation_is_made_by_coordinators(
    membership: Membership, roles: tuple[str, ...], status: int
) -> None:
    answer = membership.call("POST", "/organisations", GENOMICS, caller=member(new_id(), *roles))

    assert answer.status_code == status


@pytest.mark.parametrize("reference", [NOBODY, "no-such-slug"])
def test_organisation_that_is_unknown_is_not_found(membership: Membership, reference: str) -> None:
    assert membership.call("GET", f"/organisations/{reference}").status_code == 404
