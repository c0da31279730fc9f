"""Bad input ends in a clear problem+json, and nothing is written or told."""

from typing import Any

import pytest

from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from tests.membership.calling import ANNA, NOBODY, Membership, member

BAD_FORMS: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": None}, "name"),
    ({"name": "Anna\r\nBcc: all@example.org"}, "name"),
    ({"name": "An\x00na"}, "name"),
    ({"name": "An\u202ana\u2028"}, "name"),
    ({"name": "a" * 201}, "name"),
    ({"name": ["Anna"]}, "name"),
    ({"email": "anna"}, "email"),
    ({"email": "anna@example.org\nBcc: all@example.org"}, "email"),
    ({"email": "an\x00na@example.org"}, "email"),
    ({"email": "anna@" + "a" * 300 + ".org"}, "email"),
    ({"email": "anna@example.org, bert@example.org"}, "email"),
    ({"email": "\u0430nna@example.org"}, "email"),
    ({"name": "a" * 500_000}, "name"),
    ({"interests": ["everything"]}, "interests.0"),
    ({"role": "admin"}, "role"),
    ({"helix_side": "martian"}, "helix_side"),
    ({"region_code": "be23"}, "region_code"),
    ({"region_code": "BE2345"}, "region_code"),
    ({"region_code": "BE23\n"}, "region_code"),
    ({"organisation_id": "1"}, "organisation_id"),
    ({"organisation_name": "x\x07"}, "organisation_name"),
    ({"language": "english"}, "language"),
    ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ({"time_zone": "../../etc/passwd"}, "time_zone"),
    ({"expertise_offered": ["x"]}, "expertise_offered.0"),
    ({"expertise_offered": ["genomics"] * 31}, "expertise_offered"),
    ({"expertise_sought": "genomics"}, "expertise_sought"),
    ({"consents": []}, "consents"),
    ({"consents": ["newsletter"]}, "consents"),
    ({"consents": ["terms", "everything"]}, "consents.1"),
    ({"roles": ["admin"]}, "roles"),
    ({"status": "member"}, "status"),
    ({"id": NOBODY}, "id"),
]


@pytest.mark.parametrize(("bad", "field"), BAD_FORMS, ids=lambda value: ascii(value)[:40])
def test_join_with_bad_input_names_the_field(
    membership: Membership, bad: dict[str, Any], field: str
) -> None:
    answer = membership.call("POST", "/members", {**ANNA, **bad})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert membership.told() == []


@pytest.mark.parametrize("field", sorted(ANNA))
def test_join_with_a_field_missing_names_it(membership: Membership, field: str) -> None:
    form = {name: value for name, value in ANNA.items() if name != field}

    answer = membership.call("POST", "/members", form)

    assert [(e["field"], e["message"]) for e in answer.json()["errors"]] == [
        (field, "This is needed.")
    ]
    assert membership.told() == []


@pytest.mark.parametrize(
    "change",
    [
        {"email": "other@example.org"},
        {"roles": ["admin"]},
        {"status": "guest"},
        {"version": 9},
        {"name": ""},
        {"consents": []},
        {"consents": ["directory"]},
        {"organisation_id": NOBODY},
    ],
    ids=str,
)
def test_profile_change_that_is_not_allowed_changes_nothing(
    membership: Membership, change: dict[str, Any]
) -> None:
    contact_id = membership.join()
    before = membership.told()

    answer = membership.call("PATCH", "/members/me", change, caller=member(contact_id))

    assert answer.status_code == 422
    assert membership.told() == before


@pytest.mark.parametrize(
    "secret", ["", "x" * 201, 7, None, "\ud800"], ids=["empty", "long", "number", "null", "half"]
)
@pytest.mark.parametrize("path", ["/confirmations", "/sessions", "/sessions/lookup"])
def test_secret_that_is_none_is_refused(membership: Membership, path: str, secret: Any) -> None:
    assert membership.call("POST", path, {"secret": secret}).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/contacts",
        "/contacts?ids=",
        "/contacts?ids=1",
        "/contacts?ids=" + ",".join([NOBODY] * 201),
        "/directory/people?limit=0",
        "/directory/people?limit=1000000",
        "/directory/people?q=" + "a" * 201,
        "/directory/people?q=%00",
        "/organisations?q=%0d%0a",
        "/organisations?limit=x",
    ],
    ids=lambda path: str(path)[:30],
)
def test_query_that_is_malformed_is_refused(membership: Membership, path: str) -> None:
    assert membership.call("GET", path).status_code == 422


HUB_ONLY = [
    ("POST", "/members", ANNA),
    ("POST", "/confirmations", {"secret": "x"}),
    ("POST", "/sign-ins", {"email": "anna@example.org", "asked_by": "x"}),
    ("POST", "/sessions/by-code", {"code": "123456", "asked_by": "x"}),
    ("POST", "/sessions", {"secret": "x"}),
    ("POST", "/sessions/lookup", {"secret": "x"}),
    ("POST", "/sessions/revoke", {"secret": "x"}),
    ("POST", f"/links/{NOBODY}/mint", None),
    ("POST", "/guests", {"name": "Gus", "email": "gus@example.org"}),
    ("POST", "/admins", {"name": "Ada", "email": "ada@example.org"}),
    ("PUT", f"/members/{NOBODY}/roles", {"roles": ["admin"]}),
]


@pytest.mark.parametrize(
    ("caller", "status"),
    [(ANYONE, 401), (member(new_id(), "organiser"), 403), (Identity(new_id()), 403)],
    ids=["anyone", "organiser", "guest"],
)
def test_what_is_the_hubs_own_is_refused_to_people(
    membership: Membership, caller: Identity, status: int
) -> None:
    answers = membership.together(HUB_ONLY, caller=caller)

    assert [answer.status_code for answer in answers] == [status] * len(HUB_ONLY)
    assert membership.told() == []


def test_markup_in_a_name_is_kept_as_it_is(membership: Membership) -> None:
    name = '<script>alert("x")</script> O\'Neill & Söhne'

    contact_id = membership.join(name=name)

    assert membership.contact_state(contact_id).name == name


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ANNA@Example.ORG", "anna@example.org"),
        ("\uff41nna@example.org", "anna@example.org"),
        ("anna@\uff45xample.org", "anna@example.org"),
        ("anna@m\u00fcnchen.example", "anna@xn--mnchen-3ya.example"),
        ("anna@ex\u0430mple.org", "anna@xn--exmple-4nf.org"),
    ],
)
def test_an_address_is_one_however_it_is_typed(
    membership: Membership, typed: str, meant: str
) -> None:
    contact_id = membership.join(email=typed)

    assert membership.contact_state(contact_id).email == meant
