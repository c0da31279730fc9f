"""What an attacker tries when joining: one person as two, too much, more than the form offers."""

from typing import Any

import pytest
from sqlalchemy import MetaData, Table, func, select

from events.catalogue.membership import MemberConfirmed, MemberRegistered
from services.membership.base import Base
from services.membership.contacts.models import Contact
from tests.membership.calling import ANNA, NOBODY, Membership

Rows = dict[str, int]


def rows(membership: Membership) -> Rows:
    """How many rows each table of the service has."""
    metadata: MetaData = Base.metadata
    with membership.database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def addresses(membership: Membership) -> list[str]:
    """The addresses of all contacts."""
    table: Table = Contact.__table__  # type: ignore[attr-defined]
    with membership.database.reading() as connection:
        return sorted(connection.execute(select(table.c.email)).scalars())


ONE_ADDRESS = [
    (
        "anna.k@example.org",
        [
            "ANNA.K@EXAMPLE.ORG",
            "  Anna.K@Example.Org\t",
            # Wide letters, wide at sign, wide full stop.
            "\uff41\uff4e\uff4e\uff41.k\uff20example.org",
            "anna.k@example\uff0eorg",
            # The full stop of Chinese and Japanese, which networks take for one (IDNA).
            "anna.k@example\u3002org",
            # Mathematical, circled and the sign of Kelvin.
            "\U0001d41anna.k@example.org",
            "\u24d0nna.k@example.org",
            "anna.\u212a@example.org",
            # As mail programs copy it.
            "Anna Peeters <anna.k@example.org>",
        ],
    ),
    (
        "anna@xn--mnchen-3ya.example",
        [
            "anna@m\u00fcnchen.example",
            # u and its two dots apart.
            "anna@mu\u0308nchen.example",
            "anna@M\u00dcNCHEN.example",
            "anna@XN--MNCHEN-3YA.example",
        ],
    ),
    ("fiona@office.example", ["\ufb01ona@of\ufb01ce.example", "FIONA@O\ufb03ce.example"]),
]


@pytest.mark.parametrize(("meant", "typed"), ONE_ADDRESS, ids=["wide", "idna", "ligature"])
def test_one_address_typed_in_many_ways_is_one_person(
    membership_on_each: Membership, meant: str, typed: list[str]
) -> None:
    calls = [("POST", "/members", {**ANNA, "email": email}) for email in [meant, *typed]]

    answers = membership_on_each.together(calls)

    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}, [
        answer.text for answer in answers
    ]
    assert addresses(membership_on_each) == [meant]


LOOK_ALIKES = [
    "\u0430nna@example.org",  # Cyrillic
    "ann\u0251@example.org",  # Latin, and not an a
    "\u03b1nna@example.org",  # Greek
    "\u0430\u043d\u043d\u0430@example.org",
    "anna\u0301@example.org",
    "anna\u200b@example.org",
    "anna\u00ad@example.org",
    "an\ufeffna@example.org",
    "anna@exam\u200bple.org",
    "anna@exam\u202eple.org",
    "anna\u2024b@example.org\u2025",
    "anna@example.org\u2044a",
    "anna@\u24d4xample.org@example.com",
    '"anna peeters"@example.org',
    "anna(comment)@example.org",
    "anna@[127.0.0.1]",
    "anna@example..org",
    "anna@-example.org",
    "anna@xn--.org",
    "anna@xn--\u00fc.org",
    "anna@localhost",
]


@pytest.mark.parametrize("email", LOOK_ALIKES, ids=ascii)
def test_address_that_only_looks_like_one_is_refused(membership: Membership, email: str) -> None:
    before = rows(membership)

    answer = membership.call("POST", "/members", {**ANNA, "email": email})

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "email"
    assert error["message"][0].isupper()
    assert error["message"].endswith(".")
    assert rows(membership) == before


INJECTIONS = [f"Anna{breaks}Bcc: evil@example.org" for breaks in (
    "\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00",
)]  # fmt: skip


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
@pytest.mark.parametrize(
    "field", ["name", "organisation_name", "expertise_offered", "expertise_sought"]
)
def test_line_breaks_and_controls_are_refused_everywhere(
    membership: Membership, field: str, text: str
) -> None:
    value: Any = [text] if field.startswith("expertise") else text
    before = rows(membership)

    answer = membership.call("POST", "/members", {**ANNA, field: value})

    assert answer.status_code == 422
    assert [error["field"].split(".")[0] for error in answer.json()["errors"]] == [field]
    assert rows(membership) == before


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
def test_line_breaks_and_controls_in_addresses_are_refused(
    membership: Membership, text: str
) -> None:
    before = rows(membership)
    for email in (
        text.replace("Anna", "anna@example.org"),
        text.replace("Anna", "anna") + "@example.org",
    ):
        answer = membership.call("POST", "/members", {**ANNA, "email": email})
        assert answer.status_code == 422, email
        assert [error["field"] for error in answer.json()["errors"]] == ["email"]
    assert rows(membership) == before


@pytest.mark.parametrize("field", ["name", "email", "organisation_name", "asked_by"])
def test_ten_megabytes_are_refused_unread(membership: Membership, field: str) -> None:
    before = rows(membership)

    answer = membership.call("POST", "/members", {**ANNA, field: "a" * 10_000_000})

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert rows(membership) == before


MORE = [
    ("role", "admin"),
    ("roles", ["admin"]),
    ("status", "member"),
    ("id", NOBODY),
    ("version", 7),
    ("audience", "public"),
    ("visibility", "public"),
    ("coordinates", ["BE2"]),
    ("created_at", "2020-01-01T00:00:00Z"),
    ("checked_at", "2020-01-01T00:00:00Z"),
    ("erase_at", None),
    ("words", ""),
    ("contact_id", NOBODY),
    ("link_id", NOBODY),
    ("__class__", "Admin"),
    ("consents", ["terms", "admin"]),
    ("consents", {"terms": True}),
    ("consents", "terms"),
    ("made_up", "admin"),
    ("asked_by", {"secret": "x"}),
    ("asked_by", ""),
    ("interests", "cancer"),
    ("organisation_id", NOBODY),
]


@pytest.mark.parametrize(("field", "value"), MORE, ids=lambda value: str(value)[:20])
def test_what_the_form_does_not_offer_is_refused(
    membership: Membership, field: str, value: Any
) -> None:
    before = rows(membership)

    answer = membership.call("POST", "/members", {**ANNA, field: value})

    assert answer.status_code == 422
    assert {error["field"].split(".")[0] for error in answer.json()["errors"]} == {field}
    assert rows(membership) == before


@pytest.mark.parametrize("form", [[], "x", None, 7, [ANNA]], ids=str)
def test_form_that_is_none_is_refused(membership: Membership, form: Any) -> None:
    before = rows(membership)
    assert membership.call("POST", "/members", form).status_code == 422
    assert rows(membership) == before


def test_refusal_after_an_organisation_was_named_leaves_nothing(
    membership_on_each: Membership,
) -> None:
    """Whatever fails last, what came before it is not kept."""
    before = rows(membership_on_each)
    for bad in (
        {"organisation_name": "New", "organisation_id": NOBODY},
        {"organisation_name": "New", "consents": ["newsletter"]},
        {"organisation_name": "New", "helix_side": "business", "interests": ["cancer"]},
        {"organisation_id": NOBODY},
    ):
        answer = membership_on_each.call("POST", "/members", {**ANNA, **bad})
        assert answer.status_code == 422
    assert rows(membership_on_each) == before


@pytest.mark.parametrize("many", [2, 20])
def test_sign_ups_at_the_same_instant_make_one_account(
    membership_on_each: Membership, many: int
) -> None:
    ways = (
        "anna@example.org",
        "ANNA@example.org",
        "\uff41nna@example.org",
        "anna\uff20example.org",
    )
    forms = [
        {**ANNA, "name": f"Anna {number}", "email": ways[number % len(ways)]}
        for number in range(many)
    ]

    answers = membership_on_each.together([("POST", "/members", form) for form in forms])

    assert [(answer.status_code, answer.text) for answer in answers] == (
        [(202, answers[0].text)] * many
    )
    assert addresses(membership_on_each) == ["anna@example.org"]
    links = [e.link_id for e in membership_on_each.facts() if isinstance(e, MemberRegistered)]
    secrets = [membership_on_each.mint(link) for link in links]
    confirmed = membership_on_each.together(
        [("POST", "/confirmations", {"secret": secret}) for secret in secrets]
    )
    assert sorted(answer.status_code for answer in confirmed) == [201, *[410] * (len(links) - 1)]
    facts = [fact for fact in membership_on_each.facts() if isinstance(fact, MemberConfirmed)]
    assert len(facts) == 1
    counted = rows(membership_on_each)
    assert (counted["contacts"], counted["sessions"]) == (1, 1)
