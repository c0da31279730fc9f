"""Who may give which role, what is kept of it, and suspensions; on both databases."""

from typing import Any

import httpx
import pytest

from events.catalogue.membership import (
    MemberInvited,
    MemberReinstated,
    MemberSuspended,
    RoleGranted,
    RoleWithdrawn,
    SessionRevoked,
)
from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from tests.membership.calling import ANNA, Membership, member

EMAIL = str(ANNA["email"])
REASON = "Sent the same advertisement to everybody."


def a_member(membership: Membership, *roles: str, region: str = "BE23", **more: Any) -> Identity:
    """Somebody with an account and these roles, as they call."""
    email = more.pop("email", f"{new_id()}@example.org")
    contact_id = membership.join(email=email, region_code=region, **more)
    if roles:
        answer = membership.call(
            "PUT", f"/members/{contact_id}/roles", {"roles": ["member", *roles]}
        )
        assert answer.status_code == 200, answer.text
    regions = (region,) if "coordinator" in roles else ()
    return Identity(contact_id, ("member", *roles), regions)


def give(
    membership: Membership, by: Identity, to: Identity, role: str, **more: Any
) -> httpx.Response:
    path = f"/members/{to.contact_id}/roles/grant"
    return membership.call("POST", path, {"role": role, **more}, caller=by)


def take(
    membership: Membership, by: Identity, whose: Identity, role: str, **more: Any
) -> httpx.Response:
    path = f"/members/{whose.contact_id}/roles/withdraw"
    return membership.call("POST", path, {"role": role, **more}, caller=by)


def suspend(membership: Membership, by: Identity, whom: Identity) -> httpx.Response:
    path = f"/accounts/{whom.contact_id}/suspend"
    return membership.call("POST", path, {"reason": REASON}, caller=by)


def test_roles_are_set_as_a_whole_and_member_stays(membership: Membership) -> None:
    contact_id = membership.join()
    path = f"/members/{contact_id}/roles"

    answer = membership.call("PUT", path, {"roles": ["coordinator", "organiser", "organiser"]})
    assert answer.json() == {
        "id": contact_id,
        "roles": ["member", "organiser", "coordinator"],
        "coordinates": ["BE23"],
    }
    state = membership.contact_state(contact_id)
    assert (state.roles, state.coordinates) == (("member", "organiser", "coordinator"), ("BE23",))

    assert membership.call("PUT", path, {"roles": []}).status_code == 200
    assert membership.contact_state(contact_id).roles == ("member",)


def test_a_role_is_given_told_recorded_and_taken(membership_on_each: Membership) -> None:
    boss, anna = a_member(membership_on_each, "admin"), a_member(membership_on_each)
    where = {"region_code": "NL32"}

    given = give(membership_on_each, boss, anna, "coordinator", **where)
    again = give(membership_on_each, boss, anna, "coordinator", **where)
    taken = take(membership_on_each, boss, anna, "coordinator", **where)

    assert (given.status_code, again.json(), taken.json()["coordinates"]) == (200, given.json(), [])
    about = {"contact_id": anna.contact_id, "role": "coordinator", **where}
    told = [
        fact
        for fact in membership_on_each.facts()
        if isinstance(fact, RoleGranted | RoleWithdrawn) and fact.contact_id == anna.contact_id
    ]
    assert told == [RoleGranted(**about), RoleWithdrawn(**about)]
    account = membership_on_each.call("GET", f"/accounts/{anna.contact_id}", caller=boss).json()
    (grant,) = account["grants"]
    assert (grant["granted_by"], grant["withdrawn_by"]) == (boss.contact_id, boss.contact_id)


@pytest.mark.parametrize("role", ["organiser", "coordinator", "moderator", "admin"])
@pytest.mark.parametrize("own", [(), ("organiser",), ("moderator",)])
def test_nobody_but_admins_and_coordinators_gives_roles(
    membership: Membership, own: tuple[str, ...], role: str
) -> None:
    caller, anna = a_member(membership, *own), a_member(membership)
    region = {"region_code": "BE23"} if role == "coordinator" else {}

    answers = [
        give(membership, caller, anna, role, **region),
        give(membership, caller, caller, role, **region),
        membership.call(
            "PUT", f"/members/{caller.contact_id}/roles", {"roles": [role]}, caller=caller
        ),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert membership.contact_state(anna.contact_id or "").roles == ("member",)


@pytest.mark.parametrize(
    ("region", "role", "status"),
    [
        ("BE23", "organiser", 200),
        ("BE10", "organiser", 403),
        ("NL32", "organiser", 403),
        ("BE23", "moderator", 403),
        ("BE23", "admin", 403),
        ("BE23", "coordinator", 403),
    ],
)
def test_coordinators_make_organisers_in_their_region(
    membership: Membership, region: str, role: str, status: int
) -> None:
    boss, coordinator = a_member(membership, "admin"), a_member(membership, region="NL32")
    anna = a_member(membership, region=region)
    assert give(membership, boss, coordinator, "coordinator", region_code="BE2").status_code == 200
    # What they say of themselves counts for nothing beside what is written down.
    caller = Identity(coordinator.contact_id, ("member", "coordinator"), ("BE", "NL"))
    where = {"region_code": "BE23"} if role == "coordinator" else {}

    assert give(membership, caller, anna, role, **where).status_code == status


def test_a_role_that_was_just_taken_gives_nothing(membership: Membership) -> None:
    boss, other = a_member(membership, "admin"), a_member(membership, "admin")
    anna = a_member(membership)
    assert take(membership, boss, other, "admin").status_code == 200

    # The identity was signed before, and is valid for minutes.
    assert give(membership, other, anna, "admin").status_code == 403
    assert suspend(membership, other, anna).status_code == 403


def test_the_last_admin_stays(membership_on_each: Membership) -> None:
    boss = a_member(membership_on_each, "admin")

    answers = [
        take(membership_on_each, boss, boss, "admin"),
        membership_on_each.call("PUT", f"/members/{boss.contact_id}/roles", {"roles": []}),
    ]
    other = a_member(membership_on_each, "admin")
    answers.append(suspend(membership_on_each, other, boss))
    answers.append(take(membership_on_each, other, other, "admin"))

    assert [answer.status_code for answer in answers] == [409, 409, 200, 409]


def test_two_admins_who_drop_each_other_leave_one(membership_on_each: Membership) -> None:
    admins = [a_member(membership_on_each, "admin") for _ in range(2)]
    calls = [
        ("POST", f"/members/{admin.contact_id}/roles/withdraw", {"role": "admin"})
        for admin in admins
    ]

    answers = membership_on_each.together(calls)

    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_a_role_is_handed_over(membership_on_each: Membership) -> None:
    boss = a_member(membership_on_each, "admin")
    anna, bert = a_member(membership_on_each, "coordinator"), a_member(membership_on_each)
    order = {"role": "coordinator", "region_code": "BE23", "to_id": bert.contact_id}
    path = f"/members/{anna.contact_id}/roles/hand-over"

    refused = membership_on_each.call("POST", path, order, caller=anna)
    done = membership_on_each.call("POST", path, order, caller=boss)
    again = membership_on_each.call("POST", path, order, caller=boss)

    statuses = (refused.status_code, done.status_code, again.status_code)
    assert (statuses, done.json()["coordinates"]) == ((403, 200, 409), ["BE23"])
    assert membership_on_each.contact_state(anna.contact_id or "").roles == ("member",)


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"role": "coordinator"}, 422),
        ({"role": "organiser", "region_code": "BE23"}, 422),
        ({"role": "coordinator", "region_code": "XX99"}, 422),
        ({"role": "member"}, 422),
        ({"role": "king"}, 422),
        ({"role": "organiser", "granted_by": "me"}, 422),
    ],
)
def test_roles_that_make_no_sense_are_refused(
    membership: Membership, order: dict[str, str], status: int
) -> None:
    anna = a_member(membership)

    answer = membership.call("POST", f"/members/{anna.contact_id}/roles/grant", order)

    assert answer.status_code == status


def test_roles_need_an_account(membership: Membership) -> None:
    guest = membership.call("POST", "/guests", {"name": "Gus", "email": "gus@example.org"}).json()

    answers = [
        membership.call("PUT", f"/members/{contact_id}/roles", {"roles": ["organiser"]})
        for contact_id in (guest["contact_id"], new_id())
    ]

    assert [answer.status_code for answer in answers] == [409, 404]


def test_a_suspended_member_is_out_at_once(membership_on_each: Membership) -> None:
    moderator = a_member(membership_on_each, "moderator")
    listed: dict[str, Any] = {"email": EMAIL, "consents": ["terms", "directory", "matchmaking"]}
    anna = a_member(membership_on_each, **listed)
    started = membership_on_each.sign_in(EMAIL)
    found = membership_on_each.call("GET", "/directory/people", caller=moderator).json()["total"]

    answer = suspend(membership_on_each, moderator, anna)

    assert (found, answer.json()["status"]) == (1, "suspended")
    looked = membership_on_each.call("POST", "/sessions/lookup", {"secret": started["secret"]})
    people = membership_on_each.call("GET", "/directory/people", caller=moderator).json()
    page = membership_on_each.call("GET", f"/directory/people/{anna.contact_id}", caller=moderator)
    before = len(membership_on_each.facts())
    membership_on_each.call("POST", "/sign-ins", {"email": EMAIL})
    facts = membership_on_each.facts()
    assert (looked.status_code, people["total"], page.status_code, len(facts) - before) == (
        404, 0, 404, 0,
    )  # fmt: skip
    assert any(isinstance(f, SessionRevoked) and f.contact_id == anna.contact_id for f in facts)
    assert MemberSuspended(contact_id=anna.contact_id or "") in facts
    assert REASON not in str(membership_on_each.told())

    path = f"/accounts/{anna.contact_id}/reinstate"
    back = membership_on_each.call("POST", path, {}, caller=moderator)

    assert (back.json()["status"], membership_on_each.facts()[-1]) == (
        "member",
        MemberReinstated(contact_id=anna.contact_id or ""),
    )
    people = membership_on_each.call("GET", "/directory/people", caller=moderator).json()
    (closed,) = membership_on_each.call(
        "GET", f"/accounts/{anna.contact_id}", caller=moderator
    ).json()["suspensions"]
    assert (people["total"], closed["reason"], closed["reinstated_by"]) == (
        1, REASON, moderator.contact_id,
    )  # fmt: skip


def test_a_suspended_member_does_not_come_back_by_joining(membership: Membership) -> None:
    moderator, anna = a_member(membership, "moderator"), a_member(membership, email=EMAIL)
    suspend(membership, moderator, anna)

    membership.call("POST", "/members", ANNA)

    for fact in membership.facts():
        link_id = getattr(fact, "link_id", None)
        if link_id and fact.subject == anna.contact_id:
            minted = membership.call("POST", f"/links/{link_id}/mint")
            if minted.status_code == 200:
                secret = {"secret": minted.json()["secret"]}
                membership.call("POST", "/confirmations", secret)
    assert membership.contact_state(anna.contact_id or "").status == "suspended"


@pytest.mark.parametrize(
    ("own", "theirs", "status"),
    [
        ((), (), 403),
        (("organiser",), (), 403),
        (("coordinator",), (), 403),
        (("moderator",), ("moderator",), 403),
        (("moderator",), ("admin",), 403),
        (("moderator",), ("coordinator",), 200),
        (("admin",), ("moderator",), 200),
    ],
)
def test_suspending_is_for_moderators_and_never_upwards(
    membership: Membership, own: tuple[str, ...], theirs: tuple[str, ...], status: int
) -> None:
    caller, other = a_member(membership, *own), a_member(membership, *theirs)

    assert suspend(membership, caller, other).status_code == status


def test_nobody_suspends_themselves_or_twice(membership: Membership) -> None:
    moderator, anna = a_member(membership, "moderator"), a_member(membership)

    answers = [suspend(membership, moderator, whom) for whom in (moderator, anna, anna)]

    assert [answer.status_code for answer in answers] == [409, 200, 409]


def test_accounts_are_found_by_moderators_whether_listed_or_not(membership: Membership) -> None:
    moderator = a_member(membership, "moderator", name="Mia Moderator")
    hidden = a_member(membership, name="Hugo Hidden", email="hugo@example.org")

    def look(q: str, caller: Identity = moderator) -> tuple[int, list[str]]:
        answer = membership.call("POST", "/accounts/lookup", {"q": q}, caller=caller)
        found = answer.json().get("accounts", [])
        return answer.status_code, [account["name"] for account in found]

    assert look("hugo") == (200, ["Hugo Hidden"])
    assert look("HUGO@example.org") == (200, ["Hugo Hidden"])
    assert look("ugo@example.org") == (200, [])
    assert look("example.org") == (200, [])
    assert [look("", caller)[0] for caller in (ANYONE, hidden)] == [401, 403]
    # Somebody who says so, but is not.
    assert look("", member(hidden.contact_id or "", "moderator"))[0] == 403


def test_an_invitation_is_owed_once_and_to_somebody_new(membership_on_each: Membership) -> None:
    coordinator, anna = a_member(membership_on_each, "coordinator"), a_member(membership_on_each)

    def invite(email: str, by: Identity = coordinator) -> int:
        order = {"name": "Nina New", "email": email}
        return membership_on_each.call(
            "POST", "/accounts/invitations", order, caller=by
        ).status_code

    membership_on_each.join()
    statuses = [invite("nina@example.org"), invite("NINA@example.org"), invite(EMAIL)]
    statuses += [invite("other@example.org", by) for by in (anna, ANYONE)]

    assert statuses == [202, 202, 202, 403, 401]
    invited = [fact for fact in membership_on_each.facts() if isinstance(fact, MemberInvited)]
    (state,) = [membership_on_each.contact_state(fact.contact_id) for fact in invited]
    assert (state.email, state.status, state.consents) == ("nina@example.org", "invited", ())


def test_what_waits_for_moderators_is_counted_in_one_question(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    judge = a_member(hub, "moderator")
    owner = a_member(hub, organisation_name="Owned Clinic")
    asker = a_member(hub, expertise_offered=["weaving of nerves"], organisation_name="Old Clinic")
    owned, old = (state.id for state in hub.organisation_states())
    left = hub.call("POST", f"/organisations/{old}/step-down", caller=asker)
    assert left.status_code == 204, left.text
    for id in (owned, old):
        ask = {"role": "representative"}
        answer = hub.call("POST", f"/organisations/{id}/asks", ask, caller=asker)
        assert answer.status_code == 204, answer.text

    def waiting() -> dict[str, int]:
        answer = hub.call("GET", "/accounts/waiting", caller=judge)
        found: dict[str, int] = answer.json()
        return found

    assert waiting() == {"terms": 1, "asks": 1, "organisations": 2}
    hub.call("POST", f"/organisations/{owned}/verify", caller=judge)
    suspend(hub, judge, owner)
    assert waiting() == {"terms": 1, "asks": 2, "organisations": 1}
    assert hub.call("GET", "/accounts/waiting", caller=asker).status_code == 403


def test_only_administrators_let_back_in_whom_only_they_can_suspend(
    membership: Membership,
) -> None:
    boss, moderator = a_member(membership, "admin"), a_member(membership, "moderator")
    for role in ("admin", "moderator"):
        other = a_member(membership, role)
        path = f"/accounts/{other.contact_id}/reinstate"
        assert suspend(membership, boss, other).status_code == 200

        assert membership.call("POST", path, caller=moderator).status_code == 403
        assert membership.call("POST", path, caller=boss).status_code == 200
