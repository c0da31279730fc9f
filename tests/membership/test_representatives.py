"""Who speaks for an organisation: asking, deciding, handing over, stepping down, being removed."""

from typing import Any

import pytest

from events.catalogue.membership import RepresentationAsked, RepresentationDecided
from events.envelope import new_id
from services.kit.identity import ANYONE, Identity
from services.membership.representatives import forgetting, reading
from tests.membership.calling import Membership, member

NOBODY = {
    "role": None,
    "asked": None,
    "removed": False,
    "may_edit": False,
    "may_decide": False,
    "may_manage": False,
    "last_owner": False,
}


class Clinic:
    """An organisation that Olga named, where Mia works and Stan does not."""

    def __init__(self, membership: Membership) -> None:
        self.membership = membership
        self.olga = membership.join(
            name="Olga", email="olga@clinic.example", organisation_name="Our Clinic",
            consents=["terms", "directory"],
        )  # fmt: skip
        (state,) = membership.organisation_states()
        self.id = state.id
        self.mia = self.join("Mia", "mia@gmail.com", organisation_id=self.id)
        self.stan = self.join("Stan", "stan@clinic.example")

    def join(self, name: str, email: str, **more: Any) -> str:
        return self.membership.join(name=name, email=email, consents=["terms", "directory"], **more)

    def call(self, method: str, path: str, body: Any = None, *, by: str | Identity) -> int:
        caller = by if isinstance(by, Identity) else member(by)
        path = f"/organisations/{self.id}{path}"
        return self.membership.call(method, path, body, caller=caller).status_code

    def seen(self, by: str | Identity) -> dict[str, Any]:
        caller = by if isinstance(by, Identity) else member(by)
        answer = self.membership.call("GET", f"/organisations/{self.id}/people", caller=caller)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    def roles(self, by: str | Identity | None = None) -> dict[str, str]:
        people = self.seen(by or self.olga)["people"]
        return {person["name"]: person["role"] for person in people}

    def asked(self) -> list[RepresentationAsked]:
        return [f for f in self.membership.facts() if isinstance(f, RepresentationAsked)]

    def decided(self) -> list[RepresentationDecided]:
        return [f for f in self.membership.facts() if isinstance(f, RepresentationDecided)]


@pytest.fixture
def clinic(membership: Membership) -> Clinic:
    return Clinic(membership)


def moderator() -> Identity:
    return member(new_id(), "moderator")


def test_who_names_a_new_organisation_owns_it_and_who_chooses_one_is_a_member(
    clinic: Clinic,
) -> None:
    seen = clinic.seen(clinic.olga)

    assert clinic.roles() == {"Olga": "owner", "Mia": "member"}
    assert seen["owned"] is True
    assert seen["standing"] == {
        **NOBODY,
        "role": "owner",
        "may_edit": True,
        "may_decide": True,
        "may_manage": True,
        "last_owner": True,
    }
    assert clinic.seen(clinic.mia)["standing"] == {**NOBODY, "role": "member"}
    assert clinic.seen(clinic.stan)["standing"] == NOBODY


def test_people_are_shown_only_to_those_who_may_find_them(clinic: Clinic) -> None:
    hidden = clinic.membership.join(
        name="Hidden", email="hidden@example.org", organisation_id=clinic.id
    )

    assert clinic.roles(ANYONE) == {}
    assert clinic.seen(ANYONE)["owned"] is True
    assert clinic.roles(clinic.stan) == {"Olga": "owner", "Mia": "member"}
    assert clinic.roles(hidden) == {"Olga": "owner", "Hidden": "member", "Mia": "member"}


def test_ask_reaches_the_owners_with_a_hint_and_never_the_address(clinic: Clinic) -> None:
    assert clinic.call("PATCH", "", {"website": "www.clinic.example/about"}, by=clinic.olga) == 200
    for person, role in ((clinic.mia, "representative"), (clinic.stan, "owner")):
        assert clinic.call("POST", "/asks", {"role": role}, by=person) == 204
        assert clinic.call("POST", "/asks", {"role": role}, by=person) == 204

    assert [(f.contact_id, f.representation, f.decider_ids) for f in clinic.asked()] == [
        (clinic.mia, "representative", (clinic.olga,)),
        (clinic.stan, "owner", (clinic.olga,)),
    ]
    asks = clinic.seen(clinic.olga)["asks"]
    for ask in asks:
        ask.pop("asked_at")
    assert asks == [
        {
            "contact_id": clinic.mia,
            "name": "Mia",
            "role": "representative",
            "works_here": True,
            "same_domain": False,
        },
        {
            "contact_id": clinic.stan,
            "name": "Stan",
            "role": "owner",
            "works_here": False,
            "same_domain": True,
        },
    ]
    assert clinic.seen(clinic.mia)["asks"] == clinic.seen(moderator())["asks"] == []


@pytest.mark.parametrize(
    ("granted", "role"), [(True, "representative"), (False, "member")], ids=["yes", "no"]
)
def test_decision_is_the_owners_and_told(clinic: Clinic, granted: bool, role: str) -> None:
    clinic.call("POST", "/asks", {"role": "representative"}, by=clinic.mia)
    decision = {"granted": granted}
    for other in (clinic.mia, clinic.stan, moderator()):
        assert clinic.call("POST", f"/asks/{clinic.mia}", decision, by=other) == 403

    assert clinic.call("POST", f"/asks/{clinic.mia}", decision, by=clinic.olga) == 204

    assert clinic.roles()["Mia"] == role
    assert clinic.decided() == [
        RepresentationDecided(
            organisation_id=clinic.id,
            contact_id=clinic.mia,
            representation="representative",
            granted=granted,
        )
    ]
    assert clinic.call("POST", f"/asks/{clinic.mia}", decision, by=clinic.olga) == 404
    edit = clinic.call("PATCH", "", {"description": "New"}, by=clinic.mia)
    assert edit == (200 if granted else 403)


def test_ask_that_is_taken_back_is_decided_no_more(clinic: Clinic) -> None:
    clinic.call("POST", "/asks", {"role": "owner"}, by=clinic.mia)

    assert clinic.call("DELETE", "/asks", by=clinic.mia) == 204

    assert clinic.seen(clinic.olga)["asks"] == []
    assert clinic.call("POST", f"/asks/{clinic.mia}", {"granted": True}, by=clinic.olga) == 404


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [("olga", "owner", 409), ("olga", "representative", 409), ("mia", "member", 409),
     ("mia", "admin", 422), ("stan", "member", 409)],
)  # fmt: skip
def test_ask_for_what_one_has_or_what_is_none_is_refused(
    clinic: Clinic, who: str, role: str, status: int
) -> None:
    assert clinic.call("POST", "/asks", {"role": role}, by=getattr(clinic, who)) == status
    assert clinic.asked() == []


def test_moderators_decide_while_nobody_owns_an_organisation(clinic: Clinic) -> None:
    ada = clinic.membership.call(
        "POST", "/admins", {"name": "Ada", "email": "ada@example.org"}
    ).json()["contact_id"]
    clinic.call("POST", "/asks", {"role": "owner"}, by=clinic.mia)

    assert clinic.call("POST", "/step-down", by=clinic.olga) == 204

    assert [fact.decider_ids for fact in clinic.asked()] == [(clinic.olga,), (ada,)]
    assert clinic.roles() == {"Mia": "member", "Olga": "member"}
    assert clinic.seen(clinic.mia)["owned"] is False
    assert clinic.call("POST", f"/asks/{clinic.mia}", {"granted": True}, by=clinic.olga) == 403
    assert clinic.call("POST", f"/asks/{clinic.mia}", {"granted": True}, by=moderator()) == 204
    assert clinic.roles() == {"Mia": "owner", "Olga": "member"}


def test_owner_hands_over_and_speaks_for_it_on(clinic: Clinic) -> None:
    assert clinic.call("POST", f"/hand-over/{clinic.mia}", by=clinic.stan) == 403
    assert clinic.call("POST", f"/hand-over/{clinic.stan}", by=clinic.olga) == 404
    assert clinic.call("POST", f"/hand-over/{clinic.olga}", by=clinic.olga) == 409

    assert clinic.call("POST", f"/hand-over/{clinic.mia}", by=clinic.olga) == 204

    assert clinic.roles() == {"Mia": "owner", "Olga": "representative"}


def test_owners_give_roles_and_take_them(clinic: Clinic) -> None:
    path = f"/people/{clinic.mia}"
    for other in (clinic.mia, clinic.stan):
        assert clinic.call("PUT", path, {"role": "owner"}, by=other) == 403

    assert clinic.call("PUT", path, {"role": "representative"}, by=clinic.olga) == 204
    assert clinic.call("PUT", path, {"role": "owner"}, by=clinic.mia) == 403
    assert clinic.roles()["Mia"] == "representative"
    assert clinic.call("PUT", path, {"role": "member"}, by=moderator()) == 204
    assert clinic.roles()["Mia"] == "member"
    assert clinic.call("PUT", f"/people/{clinic.stan}", {"role": "owner"}, by=clinic.olga) == 404


def test_who_was_removed_comes_back_only_by_asking(clinic: Clinic) -> None:
    assert clinic.call("DELETE", f"/people/{clinic.mia}", by=clinic.stan) == 403
    assert clinic.call("DELETE", f"/people/{clinic.olga}", by=clinic.olga) == 409
    assert clinic.call("DELETE", f"/people/{clinic.mia}", by=clinic.olga) == 204
    assert clinic.call("DELETE", f"/people/{clinic.mia}", by=clinic.olga) == 404

    assert clinic.roles() == {"Olga": "owner"}
    assert clinic.membership.contact_state(clinic.mia).organisation_id is None
    assert clinic.seen(clinic.mia)["standing"] == {**NOBODY, "removed": True}
    again = clinic.membership.call(
        "PATCH", "/members/me", {"organisation_id": clinic.id}, caller=member(clinic.mia)
    )
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "organisation_id")
    assert clinic.call("POST", "/asks", {"role": "member"}, by=clinic.mia) == 204
    assert clinic.call("POST", f"/asks/{clinic.mia}", {"granted": True}, by=clinic.olga) == 204
    assert clinic.roles() == {"Olga": "owner", "Mia": "member"}


def test_who_is_forgotten_leaves_nothing_and_hands_over_what_is_open(
    membership_on_each: Membership,
) -> None:
    clinic = Clinic(membership_on_each)
    ada = membership_on_each.call(
        "POST", "/admins", {"name": "Ada", "email": "ada@example.org"}
    ).json()["contact_id"]
    clinic.call("POST", "/asks", {"role": "owner"}, by=clinic.mia)
    clinic.call("POST", "/asks", {"role": "owner"}, by=clinic.stan)

    with membership_on_each.database.unit_of_work() as session:
        forgetting.forget(session, clinic.olga)
        forgetting.forget(session, clinic.stan)

    with membership_on_each.database.reader() as session:
        assert reading.data_of(session, clinic.olga) == []
        assert reading.data_of(session, clinic.stan) == []
        (asked,) = reading.data_of(session, clinic.mia)
    assert (asked["organisation"], asked["role"], asked["status"]) == (
        "Our Clinic", "owner", "asked",
    )  # fmt: skip
    assert [fact.decider_ids for fact in clinic.asked()][2:] == [(ada,)] * len(clinic.asked()[2:])
    assert clinic.asked()[2:] != []


def test_what_waits_for_a_suspended_owner_goes_to_moderators(clinic: Clinic) -> None:
    ada = clinic.membership.call(
        "POST", "/admins", {"name": "Ada", "email": "ada@example.org"}
    ).json()["contact_id"]
    clinic.call("POST", "/asks", {"role": "owner"}, by=clinic.mia)

    answer = clinic.membership.call(
        "POST",
        f"/accounts/{clinic.olga}/suspend",
        {"reason": "Spam"},
        caller=member(ada, "moderator", "admin"),
    )

    assert answer.status_code == 200
    assert [fact.decider_ids for fact in clinic.asked()] == [(clinic.olga,), (ada,)]
    assert clinic.seen(clinic.mia)["owned"] is False


@pytest.mark.parametrize("path", ["/asks", "/step-down"])
def test_strangers_sign_in_first(clinic: Clinic, path: str) -> None:
    assert clinic.call("POST", path, {"role": "owner"}, by=ANYONE) == 401


def test_asks_at_once_leave_one(membership_on_each: Membership) -> None:
    clinic = Clinic(membership_on_each)
    path = f"/organisations/{clinic.id}/asks"

    answers = membership_on_each.together(
        [("POST", path, {"role": "owner"})] * 8, caller=member(clinic.mia)
    )

    assert [answer.status_code for answer in answers] == [204] * 8
    assert len(clinic.asked()) == len(clinic.seen(clinic.olga)["asks"]) == 1


def test_demonstration_is_taken_away_with_what_its_people_were(
    membership_on_each: Membership,
) -> None:
    membership = membership_on_each
    order = {"name": "Demo Lab", "helix_side": "research", "made_up": True}
    id = membership.call("POST", "/organisations", order).json()["id"]
    made_up = membership.join(email="demo@example.org", organisation_name="Real Lab", made_up=True)
    real = membership.join(email="real@example.org", organisation_id=id)
    ask = {"role": "owner"}
    asked = membership.call("POST", f"/organisations/{id}/asks", ask, caller=member(real))

    removed = membership.call("POST", "/made-up/remove")

    assert (asked.status_code, removed.status_code) == (204, 200)
    assert membership.contact_state(real).organisation_id is None
    with membership.database.reader() as session:
        assert reading.data_of(session, made_up) == reading.data_of(session, real) == []


def test_moderators_make_nobody_more_where_owners_decide(clinic: Clinic) -> None:
    own = member(clinic.mia, "moderator")

    assert clinic.call("PUT", f"/people/{clinic.mia}", {"role": "owner"}, by=own) == 403
    assert clinic.call("PUT", f"/people/{clinic.mia}", {"role": "owner"}, by=clinic.olga) == 204
    assert clinic.call("PUT", f"/people/{clinic.olga}", {"role": "member"}, by=moderator()) == 204
    assert clinic.roles(own) == {"Mia": "owner", "Olga": "member"}
