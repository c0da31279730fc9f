"""Accounts at providers: whom they sign in, and whom never."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from events.catalogue.membership import IdentityLinked, IdentityUnlinked
from services.kit.identity import ANYONE
from services.membership.contacts.models import Contact
from services.membership.identities import service
from services.membership.identities.models import LinkedIdentity
from tests.membership.calling import Membership, member

ISSUER = "https://id.example.org"


def sign_in(membership: Membership, subject: str = "anna-there", **used: Any) -> dict[str, Any]:
    order = {"issuer": ISSUER, "subject": subject, **used}
    answer = membership.call("POST", "/identities/sign-ins", order)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def own(membership: Membership, contact_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = membership.call(
        "GET", "/members/me/identities", caller=member(contact_id)
    ).json()
    return found


def test_verified_address_links_signs_in_and_tells(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()

    answer = sign_in(membership_on_each, verified_email="Anna@example.org")

    assert answer["outcome"] == "signed in"
    assert answer["session"]["contact_id"] == anna
    (linked,) = own(membership_on_each, anna)
    assert (linked["issuer"], linked["subject"]) == (ISSUER, "anna-there")
    told = IdentityLinked(contact_id=anna, identity_id=linked["id"])
    assert [f for f in membership_on_each.facts() if isinstance(f, IdentityLinked)] == [told]
    # From now on without an address, and whatever address it has then.
    assert sign_in(membership_on_each)["session"]["contact_id"] == anna
    moved = sign_in(membership_on_each, verified_email="bert@example.org")
    assert moved["session"]["contact_id"] == anna
    assert [f for f in membership_on_each.facts() if isinstance(f, IdentityLinked)] == [told]


def test_address_that_is_not_verified_links_nothing(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    assert sign_in(membership_on_each) == {"outcome": "not verified", "session": None}
    assert own(membership_on_each, anna) == []


@pytest.mark.parametrize("status", [None, "guest", "pending", "invited"])
def test_who_is_no_member_is_unknown(membership: Membership, status: str | None) -> None:
    if status:
        anna = membership.join()
        _become(membership, anna, status)
    answer = sign_in(membership, verified_email="anna@example.org")
    assert answer == {"outcome": "unknown", "session": None}
    with membership.database.reader() as session:
        assert session.exec(select(LinkedIdentity)).all() == []


def test_suspended_member_is_refused_and_nothing_is_linked(membership: Membership) -> None:
    anna = membership.join()
    _become(membership, anna, "suspended")
    order = {"issuer": ISSUER, "subject": "anna-there", "verified_email": "anna@example.org"}
    assert membership.call("POST", "/identities/sign-ins", order).status_code == 403
    with membership.database.reader() as session:
        assert session.exec(select(LinkedIdentity)).all() == []


def test_suspended_member_is_refused_by_an_identity_linked_before(membership: Membership) -> None:
    anna = membership.join()
    sign_in(membership, verified_email="anna@example.org")
    _become(membership, anna, "suspended")
    order = {"issuer": ISSUER, "subject": "anna-there"}
    assert membership.call("POST", "/identities/sign-ins", order).status_code == 403


@pytest.mark.parametrize("linked", [True, False])
def test_who_is_leaving_gets_the_way_back_by_mail(
    membership_on_each: Membership, linked: bool
) -> None:
    anna = membership_on_each.join()
    order = {"issuer": ISSUER, "subject": "anna-there", "verified_email": "anna@example.org"}
    if linked:
        sign_in(membership_on_each, verified_email="anna@example.org")
        order.pop("verified_email")
    assert membership_on_each.call("POST", f"/members/{anna}/leave").status_code == 200
    _, first = membership_on_each.last_link()

    answer = membership_on_each.call("POST", "/identities/sign-ins", order)

    assert (answer.status_code, answer.json()["title"]) == (403, "You have left")
    contact_id, link_id = membership_on_each.last_link()
    assert contact_id == anna
    assert link_id != first
    with membership_on_each.database.reader() as session:
        assert len(session.exec(select(LinkedIdentity)).all()) == linked
    secret = {"secret": membership_on_each.mint(link_id)}
    assert membership_on_each.call("POST", "/members/stay", secret).status_code == 201
    assert sign_in(membership_on_each, **order)["session"]["contact_id"] == anna


def test_same_subject_elsewhere_is_somebody_else(membership: Membership) -> None:
    membership.join()
    sign_in(membership, verified_email="anna@example.org")
    assert sign_in(membership, issuer="https://other.example.org")["outcome"] == "not verified"


def test_member_links_and_unlinks(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    bert = membership_on_each.join(name="Bert", email="bert@example.org")
    order = {"issuer": "https://orcid.org", "subject": "0000-0002-1825-0097"}
    for _ in range(2):
        answer = membership_on_each.call("PUT", f"/members/{anna}/identities", order)
        assert answer.status_code == 200
    (linked,) = own(membership_on_each, anna)
    taken = membership_on_each.call("PUT", f"/members/{bert}/identities", order)
    assert taken.status_code == 409
    assert sign_in(membership_on_each, **order)["session"]["contact_id"] == anna

    path = f"/members/me/identities/{linked['id']}"
    assert membership_on_each.call("DELETE", path, caller=member(bert)).status_code == 404
    assert membership_on_each.call("DELETE", path, caller=member(anna)).status_code == 204

    assert sign_in(membership_on_each, **order)["outcome"] == "not verified"
    facts = [f for f in membership_on_each.facts() if isinstance(f, IdentityUnlinked)]
    assert facts == [IdentityUnlinked(contact_id=anna, identity_id=linked["id"])]


def test_identity_used_at_the_same_instant_is_linked_once(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    order = {"issuer": ISSUER, "subject": "anna-there", "verified_email": "anna@example.org"}

    answers = membership_on_each.together([("POST", "/identities/sign-ins", order)] * 8)

    assert [answer.status_code for answer in answers] == [200] * 8
    assert len(own(membership_on_each, anna)) == 1


def test_only_the_hub_says_who_somebody_is(membership: Membership) -> None:
    anna = membership.join()
    order = {"issuer": ISSUER, "subject": "anna-there"}
    for caller, status in ((ANYONE, 401), (member(anna), 403)):
        for method, path in (
            ("POST", "/identities/sign-ins"),
            ("PUT", f"/members/{anna}/identities"),
        ):
            assert membership.call(method, path, order, caller=caller).status_code == status


def test_nothing_is_left_of_a_person_who_is_forgotten(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    sign_in(membership_on_each, verified_email="anna@example.org")
    with membership_on_each.database.unit_of_work() as session:
        service.forget(session, anna)
    assert own(membership_on_each, anna) == []


def _become(membership: Membership, contact_id: str, status: str) -> None:
    with membership.database.unit_of_work() as session:
        session.connection().execute(
            update(Contact).where(col(Contact.id) == contact_id).values(status=status)
        )
