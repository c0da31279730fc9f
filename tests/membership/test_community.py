"""The community: set up once, changed by administrators, told to everybody."""

from collections import Counter
from typing import Any

import pytest

from events.catalogue.membership import (
    CommunityState,
    ContactState,
    OrganisationState,
    SessionRevoked,
)
from services.kit.identity import ANYONE
from services.kit.language import LANGUAGES
from tests.membership.calling import ANNA, BROWSER, Membership, member

SET_UP = {
    "name": "Hub of the North",
    "languages": ["nl", "en"],
    "joining_open": True,
    "controller": "Region North\nExample Square 1",
    "controller_email": "privacy@example.org",
    "imprint": "Region North",
    "funding": "Paid for by the region.",
    "email": "Ann@example.org",
    "admin_name": "Ann Admin",
    "language": "nl",
    "time_zone": "Europe/Amsterdam",
}
SAID = {
    name: SET_UP[name]
    for name in ("name", "joining_open", "controller", "controller_email", "imprint", "funding")
}
UNSAID = {
    "name": "",
    "languages": list(LANGUAGES),
    "joining_open": True,
    "controller": "",
    "controller_email": "",
    "imprint": "",
    "funding": "",
}


def _admin(membership: Membership) -> str:
    answer = membership.call("POST", "/admins", {"name": "Ada", "email": "ada@example.org"})
    return str(answer.json()["contact_id"])


def _community(membership: Membership) -> dict[str, Any]:
    answer = membership.call("GET", "/community", caller=ANYONE)
    assert answer.status_code == 200
    read: dict[str, Any] = answer.json()
    return read


def _states(membership: Membership) -> list[CommunityState]:
    return [event for event in membership.told() if isinstance(event, CommunityState)]


def test_empty_hub_says_nothing_of_itself(membership_on_each: Membership) -> None:
    assert _community(membership_on_each) == {**UNSAID, "set_up": False, "version": 0}


def test_set_up_names_the_hub_and_signs_its_admin_in(membership_on_each: Membership) -> None:
    answer = membership_on_each.call("POST", "/set-up", SET_UP)
    assert answer.status_code == 201
    started = answer.json()
    assert _community(membership_on_each) == {
        **SAID, "languages": ["en", "nl"], "set_up": True, "version": 1,
    }  # fmt: skip
    session = membership_on_each.call("POST", "/sessions/lookup", {"secret": started["secret"]})
    assert {name: session.json()[name] for name in ("contact_id", "name", "roles")} == {
        "contact_id": started["contact_id"],
        "name": "Ann Admin",
        "roles": ["member", "organiser", "coordinator", "moderator", "admin"],
    }
    [state] = _states(membership_on_each)
    assert (state.name, state.languages, state.audience, state.version) == (
        "Hub of the North", ("en", "nl"), "public", 1,
    )  # fmt: skip
    admin = membership_on_each.contact_state(started["contact_id"])
    assert (admin.email, admin.status, admin.language, admin.time_zone, admin.made_up) == (
        "ann@example.org", "member", "nl", "Europe/Amsterdam", False,
    )  # fmt: skip


def test_set_up_is_refused_on_a_hub_with_an_admin(membership_on_each: Membership) -> None:
    _admin(membership_on_each)
    assert _community(membership_on_each)["set_up"] is True
    answer = membership_on_each.call("POST", "/set-up", SET_UP)
    assert answer.status_code == 409
    assert "set up already" in answer.json()["detail"]
    assert _states(membership_on_each) == []
    assert _community(membership_on_each) == {**UNSAID, "set_up": True, "version": 0}


def test_of_two_set_ups_at_once_one_wins(membership_on_each: Membership) -> None:
    orders = [{**SET_UP, "email": f"ann{n}@example.org", "name": f"Hub {n}"} for n in range(8)]
    answers = membership_on_each.together([("POST", "/set-up", order) for order in orders])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    [state] = _states(membership_on_each)
    [admin] = [event for event in membership_on_each.told() if isinstance(event, ContactState)]
    assert (state.name[-1], state.version) == (admin.email[3], 1)


def test_set_up_is_for_the_hub_itself(membership: Membership) -> None:
    for caller, status in ((ANYONE, 401), (member("x", "admin"), 403)):
        assert membership.call("POST", "/set-up", SET_UP, caller=caller).status_code == status


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"languages": []}, "languages"),
        ({"languages": ["en", "tlh"]}, "languages"),
        ({"name": " "}, "name"),
        ({"email": "nonsense"}, "email"),
        ({"controller_email": "nonsense"}, "controller_email"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"imprint": "x" * 20_001}, "imprint"),
        ({"made_up": True}, "made_up"),
    ],
)
def test_set_up_that_does_not_fit_changes_nothing(
    membership: Membership, wrong: dict[str, Any], field: str
) -> None:
    answer = membership.call("POST", "/set-up", {**SET_UP, **wrong})
    assert answer.status_code == 422
    assert {error["field"].split(".")[0] for error in answer.json()["errors"]} == {field}
    assert _community(membership)["set_up"] is False


def test_admin_changes_the_community_and_others_do_not(membership_on_each: Membership) -> None:
    admin = member(_admin(membership_on_each), "admin")
    change = {"name": "Hub of the South", "joining_open": False}
    for caller, status in ((ANYONE, 401), (member("x", "moderator", "coordinator"), 403)):
        answer = membership_on_each.call("PATCH", "/community", change, caller=caller)
        assert answer.status_code == status
    answer = membership_on_each.call("PATCH", "/community", change, caller=admin)
    assert answer.json() == {**UNSAID, **change, "set_up": True, "version": 1}
    change = {"languages": ["pl", "de"], "controller_email": ""}
    answer = membership_on_each.call("PATCH", "/community", change, caller=admin)
    assert (answer.json()["languages"], answer.json()["version"]) == (["de", "pl"], 2)
    again = membership_on_each.call("PATCH", "/community", change, caller=admin)
    assert again.json() == answer.json() == _community(membership_on_each)
    refused = membership_on_each.call("PATCH", "/community", {"set_up_at": None}, caller=admin)
    assert refused.status_code == 422
    [state] = _states(membership_on_each)
    assert (state.name, state.joining_open, state.languages, state.version) == (
        "Hub of the South", False, ("de", "pl"), 2,
    )  # fmt: skip


def test_closed_community_takes_nobody_in(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    _, link_id = membership.last_link()
    membership.call("POST", "/set-up", {**SET_UP, "joining_open": False})
    before = membership.told()
    for email in ("bert@example.org", ANNA["email"], SET_UP["email"]):
        answer = membership.call("POST", "/members", {**ANNA, "email": email})
        assert answer.status_code == 403
        assert "not open for new members" in answer.json()["detail"]
    assert membership.told() == before
    # Whoever joined before the doors closed is let in.
    confirmed = membership.call("POST", "/confirmations", {"secret": membership.mint(link_id)})
    assert confirmed.status_code == 201


def test_demonstration_is_taken_away_and_real_people_stay(membership_on_each: Membership) -> None:
    hub = membership_on_each
    made_up = {"helix_side": "business", "name": "Demo Works", "made_up": True}
    works = hub.call("POST", "/organisations", made_up).json()["id"]
    real = hub.call("POST", "/organisations", {**made_up, "name": "Works", "made_up": False})
    anna = hub.join(organisation_id=works)
    demo = hub.join(name="Demo Dora", email="dora@example.org", made_up=True, organisation_id=works)
    hub.sign_in("dora@example.org")
    hub.call("POST", "/sign-ins", {"email": "dora@example.org", "asked_by": BROWSER})
    hub.call("POST", "/guests", {"name": "Gus", "email": "gus@example.org", "made_up": True})
    known = hub.call("GET", "/made-up").json()
    assert (len(known["contact_ids"]), known["organisation_ids"]) == (2, [works])
    assert demo in known["contact_ids"]

    answer = hub.call("POST", "/made-up/remove")
    assert answer.json() == {"counts": {"people": 2, "organisations": 1}}

    told = hub.told()
    assert {event.id for event in told if isinstance(event, ContactState)} == {anna}
    assert {event.id for event in told if isinstance(event, OrganisationState)} == {
        real.json()["id"]
    }
    assert hub.contact_state(anna).organisation_id is None
    ended = [event.contact_id for event in told if isinstance(event, SessionRevoked)]
    assert ended == [demo, demo]
    assert hub.call("GET", "/made-up").json() == {"contact_ids": [], "organisation_ids": []}
    again = hub.call("POST", "/made-up/remove")
    assert again.json() == {"counts": {"people": 0, "organisations": 0}}
    assert hub.told() == told


def test_demonstration_is_managed_by_the_hub_itself(membership: Membership) -> None:
    admin = member(_admin(membership), "admin")
    for method, path in (("GET", "/made-up"), ("POST", "/made-up/remove")):
        assert membership.call(method, path, caller=ANYONE).status_code == 401
        assert membership.call(method, path, caller=admin).status_code == 403


def test_admin_is_never_of_the_demonstration(membership: Membership) -> None:
    membership.join(email="ada@example.org", made_up=True)
    _admin(membership)
    assert membership.call("GET", "/made-up").json()["contact_ids"] == []
