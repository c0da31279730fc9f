"""Organisations are changed by those who speak for them, and verified by moderators."""

from typing import Any

import pytest

from events.catalogue.membership import OrganisationVerified
from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from services.membership.organisations import numbers
from services.membership.organisations.rules import alike_key, domain_of, sounds_like
from services.membership.representatives.rules import same_domain, settled
from tests.membership.calling import NOBODY, Membership, member

NEW = {
    "name": "Genomics of Ghent",
    "helix_side": "research",
    "region_code": "BE23",
    "country": "BE",
    "description": "All\r\nof it <b>bold</b>",
    "expertise": ["Genomics"],
    "website": "www.genomics.example",
    "ror_id": "https://ror.org/00cv9y106",
    "vat_id": "BE 0248.015.142",
}


def owned(membership: Membership, name: str = "Ghent Genomics") -> tuple[str, Identity]:
    """An organisation, and the member who named it."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    contact_id = membership.join(email=email, organisation_name=name)
    id = membership.contact_state(contact_id).organisation_id
    assert id is not None
    return id, member(contact_id)


def state(membership: Membership, id: str) -> Any:
    return [found for found in membership.organisation_states() if found.id == id][-1]


def change(membership: Membership, id: str, values: Any, *, by: Identity) -> tuple[int, list[str]]:
    answer = membership.call("PATCH", f"/organisations/{id}", values, caller=by)
    return answer.status_code, [error["field"] for error in answer.json().get("errors", ())]


def test_owner_changes_all_that_an_organisation_says_of_itself(membership: Membership) -> None:
    id, owner = owned(membership)
    slug = state(membership, id).slug

    answer = membership.call("PATCH", f"/organisations/{id}", NEW, caller=owner)

    assert (answer.status_code, answer.json()) == (
        200,
        {
            **NEW,
            "id": id,
            "slug": slug,
            "version": 2,
            "description": "All\nof it <b>bold</b>",
            "expertise": ["genomics"],
            "website": "https://www.genomics.example",
            "ror_id": "00cv9y106",
            "vat_id": "BE0248015142",
            "verified_at": None,
            "made_up": False,
        },
    )
    assert state(membership, id).website == "https://www.genomics.example"
    form = membership.call("GET", f"/organisations/{id}/form", caller=owner)
    assert form.json()["own_expertise"] == ["Genomics"]
    emptied = dict.fromkeys(("region_code", "country", "website", "ror_id", "vat_id"))
    assert change(membership, id, emptied, by=owner) == (200, [])
    assert (state(membership, id).website, state(membership, id).ror_id) == (None, None)


@pytest.mark.parametrize(
    ("caller", "status"),
    [(ANYONE, 401), (member(new_id()), 403), (member(new_id(), "organiser", "coordinator"), 403),
     (member(new_id(), "moderator"), 200), (member(new_id(), "admin"), 200)],
    ids=["anyone", "member", "coordinator", "moderator", "admin"],
)  # fmt: skip
def test_organisation_is_not_for_others_to_change(
    membership: Membership, caller: Identity, status: int
) -> None:
    id, _owner = owned(membership)

    assert change(membership, id, {"description": "Mine"}, by=caller)[0] == status
    form = membership.call("GET", f"/organisations/{id}/form", caller=caller)
    assert form.status_code == status


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Gh\r\nent"}, "name"),
        ({"name": "Gh\x00ent"}, "name"),
        ({"name": "a" * 201}, "name"),
        ({"description": "x" * 20_001}, "description"),
        ({"helix_side": "martian"}, "helix_side"),
        ({"region_code": "<b>"}, "region_code"),
        ({"country": "Belgium"}, "country"),
        ({"expertise": ["x" * 81]}, "expertise.0"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://good.example@evil.example/"}, "website"),
        ({"website": "https://localhost/"}, "website"),
        ({"website": "https://[::1"}, "website"),
        ({"website": "ftp://files.example"}, "website"),
        ({"website": 'https://x.example/"><script>'}, None),
        ({"website": "https://x.example/\nBcc: all"}, "website"),
        ({"ror_id": "00cv9y107"}, "ror_id"),
        ({"ror_id": "<script>"}, "ror_id"),
        ({"vat_id": "BE0248015143"}, "vat_id"),
        ({"vat_id": "248015142"}, "vat_id"),
        ({"vat_id": "ZZ1"}, "vat_id"),
        ({"verified_at": "2026-01-01T00:00:00Z"}, "verified_at"),
        ({"verified": True}, "verified"),
        ({"merged_into": NOBODY}, "merged_into"),
        ({"slug": "other"}, "slug"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_change_that_does_not_hold_names_the_field(
    membership: Membership, values: dict[str, Any], field: str | None
) -> None:
    id, owner = owned(membership)
    before = membership.told()

    status, fields = change(membership, id, values, by=owner)

    assert (status, fields) == ((422, [field]) if field else (200, []))
    assert (membership.told() == before) is (field is not None)


def test_names_and_numbers_are_of_one_organisation(membership_on_each: Membership) -> None:
    membership = membership_on_each
    first, owner = owned(membership)
    second, other = owned(membership, "Another Lab")
    assert change(membership, first, NEW, by=owner)[0] == 200

    for field in ("name", "ror_id", "vat_id"):
        assert change(membership, second, {field: NEW[field]}, by=other) == (422, [field])
    new = {"name": "Third", "helix_side": "research", "ror_id": NEW["ror_id"]}
    answer = membership.call("POST", "/organisations", new)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "ror_id")


def test_one_number_asked_for_by_many_at_once_goes_to_one(membership_on_each: Membership) -> None:
    ids = [owned(membership_on_each, f"Lab {n} of {n}")[0] for n in range(4)]
    moderator = member(new_id(), "moderator")

    answers = membership_on_each.together(
        [("PATCH", f"/organisations/{id}", {"ror_id": "00cv9y106"}) for id in ids],
        caller=moderator,
    )

    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


def test_verification_is_a_moderators_and_ends_when_what_was_verified_changes(
    membership: Membership,
) -> None:
    id, owner = owned(membership)
    moderator = member(new_id(), "moderator")
    for path in ("verify", "doubt"):
        refused = membership.call("POST", f"/organisations/{id}/{path}", caller=owner)
        assert refused.status_code == 403

    for _ in range(2):
        answer = membership.call("POST", f"/organisations/{id}/verify", caller=moderator)
        assert answer.json()["verified_at"] is not None

    assert state(membership, id).verified is True
    facts = [fact for fact in membership.facts() if isinstance(fact, OrganisationVerified)]
    assert facts == [OrganisationVerified(organisation_id=id)]
    assert change(membership, id, {"description": "New", "name": "Ghent Genomics"}, by=owner)[0]
    assert state(membership, id).verified is True
    for doubted in ({"name": "Other"}, {"ror_id": "00cv9y106"}, {"vat_id": "BE0248015142"}):
        membership.call("POST", f"/organisations/{id}/verify", caller=moderator)
        assert change(membership, id, doubted, by=owner) == (200, [])
        assert state(membership, id).verified is False
    membership.call("POST", f"/organisations/{id}/verify", caller=moderator)
    membership.call("POST", f"/organisations/{id}/doubt", caller=moderator)
    assert state(membership, id).verified is False


def test_suggestions_match_inside_names_and_prefer_the_verified(membership: Membership) -> None:
    ids = {}
    for name in ("Zürich Genomics", "Genomics Ghent", "Lab for genomics"):
        order = {"name": name, "helix_side": "research", "expertise": ["sensors"]}
        ids[name] = membership.call("POST", "/organisations", order).json()["id"]
    moderator = member(new_id(), "moderator")
    membership.call("POST", f"/organisations/{ids['Zürich Genomics']}/verify", caller=moderator)

    def names(query: str) -> list[str]:
        path = f"/organisations/suggestions?q={query}"
        return [found["name"] for found in membership.call("GET", path, caller=ANYONE).json()]

    assert names("genomics") == ["Zürich Genomics", "Genomics Ghent", "Lab for genomics"]
    assert names("ZURICH") == names("rich+gen") == ["Zürich Genomics"]
    assert names("sensors") == []


@pytest.mark.parametrize(
    ("text", "id"),
    [("00cv9y106", "00cv9y106"), (" https://ror.org/02NV7YV05/ ", "02nv7yv05"),
     ("ror.org/05a28rw58", "05a28rw58")],
)  # fmt: skip
def test_ror_ids_are_kept_short(text: str, id: str) -> None:
    assert numbers.ror_id(text) == id


@pytest.mark.parametrize(
    "text", ["", "00cv9y107", "00cv9y116", "https://evil.example/00cv9y106", "00lv9y106", "0" * 99]
)
def test_ror_ids_with_another_shape_or_wrong_digits_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ROR"):
        numbers.ror_id(text)


@pytest.mark.parametrize(
    ("text", "id"),
    [("BE 0248.015.142", "BE0248015142"), ("CHE-107.787.577 IVA", "CHE107787577"),
     ("che107787577", "CHE107787577"), ("NO 995 525 828 MVA", "NO995525828MVA"),
     ("NO995525828", "NO995525828MVA"), ("IS 00621", "IS00621"), ("GB 980 7806 84", "GB980780684"),
     ("GR 094259216", "EL094259216"), ("DE136695976", "DE136695976")],
)  # fmt: skip
def test_vat_numbers_are_kept_in_one_form(text: str, id: str) -> None:
    assert numbers.vat_id(text) == id


@pytest.mark.parametrize(
    "text",
    ["", "BE", "0248015142", "BE0248015143", "US123456789", "EU372000041", "CHE107787578",
     "NO995525829MVA", "GB980780685", "IS1234567", "ＢＥ0248015142", "BE0248015142\u0660"],
)  # fmt: skip
def test_vat_numbers_that_do_not_hold_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"VAT number|letters of the country"):
        numbers.vat_id(text)


def test_keys_bring_names_together_that_are_written_differently() -> None:
    names = ("Ghent Genomics BV", "B.V. Genomics of Ghent", "genomics & GHENT", "Ghént Genomics")
    assert {alike_key(name) for name in names} == {"genomics ghent"}
    assert sounds_like(alike_key("Ghent Genomcis")) == sounds_like("genomics ghent")
    assert alike_key("The The") == "the"


@pytest.mark.parametrize(
    ("website", "domain"),
    [("https://www.Clinic.example/about", "clinic.example"), (None, None),
     ("https://clinic.github.io", None), ("https://müller.example", "xn--mller-kva.example")],
)  # fmt: skip
def test_domain_is_the_host_that_is_ones_own(website: str | None, domain: str | None) -> None:
    assert domain_of(website) == domain


@pytest.mark.parametrize(
    ("email", "domain", "same"),
    [("a@clinic.example", "clinic.example", True),
     ("a@mail.clinic.example", "clinic.example", True),
     ("a@notclinic.example", "clinic.example", False), ("a@example", "clinic.example", False),
     ("a@gmail.com", "gmail.com", False), ("a@clinic.example", None, False),
     ("a@müller.example", "xn--mller-kva.example", True)],
)  # fmt: skip
def test_addresses_hint_at_an_organisation_by_their_domain(
    email: str, domain: str | None, same: bool
) -> None:
    assert same_domain(email, domain) is same


def test_of_several_rows_of_one_person_the_best_remain() -> None:
    assert settled([("active", "representative"), ("active", "owner")]) == {"active": "owner"}
    assert settled([("active", "owner"), ("asked", "owner"), ("removed", "member")]) == {
        "active": "owner"
    }
    assert settled([("removed", "member"), ("asked", "member")]) == {
        "removed": "member",
        "asked": "member",
    }
