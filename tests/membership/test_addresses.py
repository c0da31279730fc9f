"""Moving to another address: a way back that an intruder cannot take away, and no mail bombs."""

from datetime import UTC, datetime
from typing import Any

import pytest

from events.catalogue.membership import (
    AddressChangeAsked,
    AddressChanged,
    AddressTaken,
    ContactState,
    IdentityUnlinked,
    MemberLeaving,
)
from services.membership.accounts.rules import MOST_MAILS
from services.membership.passkeys.models import Passkey
from tests.membership.calling import ANNA, Membership, member

OLD = "anna@example.org"


def ask(hub: Membership, contact_id: str, email: str) -> str:
    """Ask for an address; gives the secret that is mailed there."""
    asked = hub.call("POST", "/members/me/address", {"email": email}, caller=member(contact_id))
    assert asked.status_code == 202
    owed = [fact for fact in hub.facts() if isinstance(fact, AddressChangeAsked)]
    return hub.mint(owed[-1].link_id)


def move(hub: Membership, contact_id: str, email: str) -> str:
    """Move to an address; gives the secret that is mailed to the one from before."""
    secret = ask(hub, contact_id, email)
    assert hub.call("POST", "/address-changes", {"secret": secret}).status_code == 204
    changed = [fact for fact in hub.facts() if isinstance(fact, AddressChanged)]
    return hub.mint(changed[-1].link_id)


def take_back(hub: Membership, secret: str) -> int:
    return hub.call("POST", "/address-changes/undo", {"secret": secret}).status_code


@pytest.mark.parametrize("undone", [False, True])
def test_way_back_outlasts_what_an_intruder_does_with_the_address(
    membership_on_each: Membership, undone: bool
) -> None:
    hub = membership_on_each
    anna = hub.join()
    back = move(hub, anna, "intruder@example.org")
    later = move(hub, anna, "intruder.too@example.org")
    if undone:
        assert take_back(hub, later) == 204
    assert take_back(hub, back) == 204
    assert hub.contact_state(anna).email == OLD
    # The way back to the intruder's address is closed now.
    assert take_back(hub, later) == 410
    assert take_back(hub, back) == 410
    assert hub.contact_state(anna).email == OLD


def test_taken_back_address_leaves_no_other_way_in(membership_on_each: Membership) -> None:
    hub = membership_on_each
    anna = hub.join()
    back = move(hub, anna, "intruder@example.org")
    who = {"issuer": "https://id.example.org", "subject": "intruder"}
    linked = hub.call("PUT", f"/members/{anna}/identities", who).json()
    with hub.database.unit_of_work() as session:
        session.add(
            Passkey(
                id="01900000-0000-7000-8000-000000000001", contact_id=anna, credential_id="key",
                public_key=b"key", sign_count=0, label="Intruder", transports=[],
                backed_up=False, created_at=datetime.now(UTC),
            )
        )  # fmt: skip
    hub.call("POST", f"/members/{anna}/leave")
    (leaving,) = [fact for fact in hub.facts() if isinstance(fact, MemberLeaving)]
    stay = hub.mint(leaving.link_id)

    assert take_back(hub, back) == 204

    assert hub.call("POST", "/members/stay", {"secret": stay}).status_code == 410
    for kind in ("identities", "passkeys"):
        assert hub.call("GET", f"/members/me/{kind}", caller=member(anna)).json() == []
    told = [fact for fact in hub.facts() if isinstance(fact, IdentityUnlinked)]
    assert told == [IdentityUnlinked(contact_id=anna, identity_id=linked["id"])]
    # Its owner comes back by the mail that a wish to sign in leads to.
    hub.call("POST", "/sign-ins", {"email": OLD, "asked_by": "a-browser-of-its-owner"})
    owed = [fact for fact in hub.facts() if isinstance(fact, MemberLeaving)]
    answer = hub.call("POST", "/members/stay", {"secret": hub.mint(owed[-1].link_id)})
    assert answer.status_code == 201


def test_nobody_has_more_mails_sent_to_others_than_their_share(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    anna = hub.join()
    hub.join(email="bert@example.org")
    wanted = [{"email": f"somebody.{n}@example.org"} for n in range(4)]
    wanted += [{"email": "bert@example.org"}] * 9
    calls = [("POST", "/members/me/address", body) for body in wanted]

    answers = hub.together(calls, caller=member(anna))

    assert [(answer.status_code, answer.json()) for answer in answers] == [(202, {})] * 13
    mailed = [f for f in hub.facts() if isinstance(f, AddressChangeAsked | AddressTaken)]
    assert len(mailed) == MOST_MAILS


def test_closed_account_moves_to_no_other_address(membership: Membership) -> None:
    anna = membership.join()
    admin = membership.call("POST", "/admins", {"name": "Ada", "email": "ada@example.org"})
    moderator = member(admin.json()["contact_id"], "admin")
    secret = ask(membership, anna, "anna.new@example.org")
    order = {"reason": "Advertises."}
    closed = membership.call("POST", f"/accounts/{anna}/suspend", order, caller=moderator)
    assert closed.status_code == 200
    used = membership.call("POST", "/address-changes", {"secret": secret})
    assert used.status_code == 410
    assert membership.contact_state(anna).email == OLD


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("/members", {**ANNA, "name": "Intruder"}),
        ("/guests", {"name": "Intruder", "email": OLD}),
    ],
)
def test_address_that_somebody_typed_meanwhile_can_be_taken_back(
    membership_on_each: Membership, path: str, order: dict[str, Any]
) -> None:
    hub = membership_on_each
    anna = hub.join()
    back = move(hub, anna, "intruder@example.org")
    assert hub.call("POST", path, order).status_code in (201, 202)
    assert take_back(hub, back) == 204
    states = [state for state in hub.told() if isinstance(state, ContactState)]
    assert [(state.id, state.email) for state in states] == [(anna, OLD)]


def test_address_with_which_somebody_joined_meanwhile_stays_theirs(membership: Membership) -> None:
    anna = membership.join()
    back = move(membership, anna, "anna.new@example.org")
    membership.join(name="Next of that name")
    assert take_back(membership, back) == 409
    assert membership.contact_state(anna).email == "anna.new@example.org"
