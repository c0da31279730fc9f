"""What happens when two do the same at the same instant, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from events.catalogue.membership import ContactState, MemberConfirmed, MemberRegistered
from services.membership.accounts.rules import MOST_MAILS
from services.membership.organisations.models import Organisation
from services.membership.organisations.service import locked_all
from tests.membership.calling import ANNA, BROWSER, Membership, member, wait_for_a_lock


def test_joins_with_one_address_make_one_contact(membership_on_each: Membership) -> None:
    calls = [
        ("POST", "/members", {**ANNA, "email": email})
        for email in ("anna@example.org", "ANNA@example.org") * 8
    ]

    answers = membership_on_each.together(calls)

    assert [answer.status_code for answer in answers] == [202] * 16
    told = membership_on_each.told()
    assert len({event.id for event in told if isinstance(event, ContactState)}) == 1
    owed = {event.link_id for event in told if isinstance(event, MemberRegistered)}
    assert len(owed) == MOST_MAILS


def test_guests_with_one_address_are_one_contact(membership_on_each: Membership) -> None:
    answers = membership_on_each.together(
        [("POST", "/guests", {"name": "Gus", "email": "gus@example.org"})] * 16
    )

    assert [answer.status_code for answer in answers] == [201] * 16
    assert len({answer.json()["contact_id"] for answer in answers}) == 1


def test_organisations_with_one_name_are_one(membership_on_each: Membership) -> None:
    order = {"name": "Ghent Genomics", "helix_side": "business"}

    answers = membership_on_each.together([("POST", "/organisations", order)] * 16)

    assert [answer.status_code for answer in answers] == [201] * 16
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(membership_on_each.organisation_states()) == 1


@pytest.mark.parametrize("same_secret", [True, False])
def test_sign_in_link_starts_one_session(membership_on_each: Membership, same_secret: bool) -> None:
    membership_on_each.join()
    membership_on_each.call("POST", "/sign-ins", {"email": ANNA["email"], "asked_by": BROWSER})
    _, link_id = membership_on_each.last_link()
    secrets = [membership_on_each.mint(link_id) for _ in range(1 if same_secret else 16)]

    answers = membership_on_each.together(
        [
            ("POST", "/sessions", {"secret": secrets[n % len(secrets)], "asked_by": BROWSER})
            for n in range(16)
        ]
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 410: 15}


def test_confirmations_of_two_forms_make_one_account(membership_on_each: Membership) -> None:
    secrets = []
    for name in ("First", "Second"):
        membership_on_each.call("POST", "/members", {**ANNA, "name": name})
        _, link_id = membership_on_each.last_link()
        secrets += [membership_on_each.mint(link_id) for _ in range(4)]

    answers = membership_on_each.together(
        [("POST", "/confirmations", {"secret": secret}) for secret in secrets]
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 410: 7}
    confirmed = [f for f in membership_on_each.facts() if isinstance(f, MemberConfirmed)]
    assert len(confirmed) == 1


def test_join_and_confirmation_at_once_both_count(membership_on_each: Membership) -> None:
    membership_on_each.call("POST", "/members", ANNA)
    contact_id, link_id = membership_on_each.last_link()
    secret = membership_on_each.mint(link_id)

    answers = membership_on_each.together(
        [
            ("POST", "/confirmations", {"secret": secret}),
            *[("POST", "/members", ANNA)] * 7,
        ]
    )

    assert [answer.status_code for answer in answers] == [201, *[202] * 7]
    assert membership_on_each.contact_state(contact_id).status == "member"
    again = membership_on_each.call("POST", "/members", ANNA)
    assert again.status_code == 202
    _, link_id = membership_on_each.last_link()
    kind = membership_on_each.call("POST", f"/links/{link_id}/mint").json()["kind"]
    assert kind == "sign-in"


def test_directory_searches_alike(membership_on_each: Membership) -> None:
    order = {"name": "Université de Liège", "helix_side": "research", "expertise": ["FHIR"]}
    created = membership_on_each.call("POST", "/organisations", order).json()

    for query in ("universite LIEGE", "Liège fhir"):
        found = membership_on_each.call("GET", "/organisations?limit=5&q=" + query).json()
        assert found == [created]


def test_an_erasure_locks_organisations_in_the_order_of_mergers(
    postgres_url: str, tmp_path: Path
) -> None:
    """On PostgreSQL; on SQLite writers take turns."""
    membership = Membership(tmp_path, postgres_url)
    order = {"name": "The first", "helix_side": "research"}
    first = membership.call("POST", "/organisations", order).json()["id"]
    anna = membership.join(organisation_name="The second")
    second = membership.contact_state(anna).organisation_id or ""
    membership.call("POST", f"/organisations/{first}/verify", caller=member(anna, "moderator"))

    with ThreadPoolExecutor() as pool:
        with membership.database.unit_of_work() as session:
            locked_all(session, [first])
            erased = pool.submit(membership.call, "POST", "/erasures", {"contact_id": anna})
            wait_for_a_lock(membership)
            wanted = select(Organisation).where(Organisation.id == second)
            assert session.exec(wanted.with_for_update(nowait=True, key_share=True)).one()
        assert erased.result().status_code == 201
    membership.database.close()
