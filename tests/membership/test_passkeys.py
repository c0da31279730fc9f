"""Signing in with a device: what is kept, and what is refused."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from events.catalogue.membership import PasskeyAdded, PasskeyRemoved, SessionRevoked
from services.kit.identity import ANYONE
from services.membership.contacts.models import Contact
from services.membership.passkeys import service
from services.membership.passkeys.models import Challenge, Passkey
from tests.membership.authenticator import ORIGIN, Device
from tests.membership.calling import Membership, member

HOLDER = "b" * 43
SESSION = "s" * 36


def options(membership: Membership, *, holder: str = HOLDER) -> dict[str, Any]:
    order = {"origin": ORIGIN, "holder": holder}
    answer = membership.call("POST", "/passkeys/options", order)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def ask_to_add(membership: Membership, contact_id: str) -> dict[str, Any]:
    order = {"origin": ORIGIN, "holder": SESSION, "hub": "Co-creation Hub"}
    path = "/members/me/passkeys/options"
    answer = membership.call("POST", path, order, caller=member(contact_id))
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def send_new(
    membership: Membership, contact_id: str, credential: dict[str, Any], **order: Any
) -> httpx.Response:
    whole = {"origin": ORIGIN, "holder": SESSION, "label": "My phone", "credential": credential}
    return membership.call(
        "POST", "/members/me/passkeys", {**whole, **order}, caller=member(contact_id)
    )


def add(membership: Membership, contact_id: str, device: Device) -> dict[str, Any]:
    answer = send_new(membership, contact_id, device.make(ask_to_add(membership, contact_id)))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def send_use(membership: Membership, credential: dict[str, Any], **order: Any) -> httpx.Response:
    whole = {"origin": ORIGIN, "holder": HOLDER, "credential": credential}
    return membership.call("POST", "/passkeys/sessions", {**whole, **order})


def test_passkey_signs_its_owner_in(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    device = Device()
    made = add(membership_on_each, anna, device)

    answer = send_use(membership_on_each, device.use(options(membership_on_each)))

    assert answer.status_code == 201
    assert answer.json()["contact_id"] == anna
    (kept,) = membership_on_each.call("GET", "/members/me/passkeys", caller=member(anna)).json()
    assert kept["last_used_at"] is not None
    assert {**kept, "last_used_at": None} == {**made, "last_used_at": None}
    assert PasskeyAdded(contact_id=anna, passkey_id=made["id"]) in membership_on_each.facts()


def test_device_that_verifies_nobody_is_refused(membership: Membership) -> None:
    anna = membership.join()
    device = Device(verifies=False)
    assert send_new(membership, anna, device.make(ask_to_add(membership, anna))).status_code == 422
    device.verifies = True
    add(membership, anna, device)
    device.verifies = False
    assert send_use(membership, device.use(options(membership))).status_code == 403


def test_sign_in_asks_for_any_passkey_of_the_site_for_five_minutes(
    membership: Membership,
) -> None:
    told = options(membership)
    assert {**told, "challenge": ""} == {
        "challenge": "",
        "timeout": 300_000,
        "rpId": "hub.example.org",
        "allowCredentials": [],
        "userVerification": "required",
    }


def test_new_passkey_is_asked_for_as_discoverable_and_not_twice(membership: Membership) -> None:
    anna = membership.join()
    device = Device()
    add(membership, anna, device)

    told = ask_to_add(membership, anna)

    assert told["rp"] == {"name": "Co-creation Hub", "id": "hub.example.org"}
    assert told["user"]["name"] == "anna@example.org"
    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    known = device.use(options(membership))["id"]
    assert [entry["id"] for entry in told["excludeCredentials"]] == [known]


def test_answer_is_used_once(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    device = Device(counts=False)
    add(membership_on_each, anna, device)
    credential = device.use(options(membership_on_each))
    whole = {"origin": ORIGIN, "holder": HOLDER, "credential": credential}

    answers = membership_on_each.together([("POST", "/passkeys/sessions", whole)] * 8)

    assert sorted(answer.status_code for answer in answers) == [201] + [410] * 7


def test_new_passkey_is_added_once(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    credential = Device().make(ask_to_add(membership_on_each, anna))
    assert send_new(membership_on_each, anna, credential).status_code == 201
    assert send_new(membership_on_each, anna, credential).status_code == 410


def test_answer_from_another_browser_is_refused(membership: Membership) -> None:
    anna = membership.join()
    device = Device()
    add(membership, anna, device)
    credential = device.use(options(membership, holder="x" * 43))
    assert send_use(membership, credential).status_code == 410


def test_answer_after_five_minutes_is_refused(membership: Membership) -> None:
    anna = membership.join()
    device = Device()
    add(membership, anna, device)
    credential = device.use(options(membership))
    with membership.database.unit_of_work() as session:
        late = datetime.now(UTC) - timedelta(seconds=1)
        session.connection().execute(update(Challenge).values(expires_at=late))
    assert send_use(membership, credential).status_code == 410


def test_challenges_that_nobody_answers_go(membership: Membership) -> None:
    options(membership)
    with membership.database.unit_of_work() as session:
        late = datetime.now(UTC) - timedelta(seconds=1)
        session.connection().execute(update(Challenge).values(expires_at=late))
    options(membership)
    with membership.database.reader() as session:
        assert len(session.exec(select(Challenge)).all()) == 1


def test_count_that_goes_back_is_refused(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    device = Device()
    add(membership_on_each, anna, device)
    device.uses = 7
    assert send_use(membership_on_each, device.use(options(membership_on_each))).status_code == 201
    device.uses = 6
    answer = send_use(membership_on_each, device.use(options(membership_on_each)))
    assert answer.status_code == 403
    assert "could not verify" in answer.json()["detail"]


def test_foreign_origin_is_refused(membership: Membership) -> None:
    anna = membership.join()
    device = Device()
    add(membership, anna, device)
    device.origin = "https://hub.example.org.evil.example"
    assert send_use(membership, device.use(options(membership))).status_code == 403
    thief = Device(origin="https://evil.example")
    assert send_new(membership, anna, thief.make(ask_to_add(membership, anna))).status_code == 422


def test_foreign_site_is_refused(membership: Membership) -> None:
    anna = membership.join()
    device = Device()
    add(membership, anna, device)
    credential = device.use({**options(membership), "rpId": "evil.example"})
    assert send_use(membership, credential).status_code == 403


def test_somebody_elses_passkey_is_refused(membership: Membership) -> None:
    anna = membership.join()
    bert = membership.join(name="Bert", email="bert@example.org")
    hers, his = Device(), Device()
    add(membership, anna, hers)
    add(membership, bert, his)
    # Signed by his key in the name of hers, and by hers in the name of him.
    his.id = hers.id
    assert send_use(membership, his.use(options(membership))).status_code == 403
    credential = hers.use(options(membership), userHandle=his.handle)
    answer = send_use(membership, credential)
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "This passkey belongs to somebody else.",
    )


def test_passkey_of_another_cannot_be_taken_over(membership: Membership) -> None:
    anna = membership.join()
    bert = membership.join(name="Bert", email="bert@example.org")
    device = Device()
    add(membership, anna, device)
    answer = send_new(membership, bert, device.make(ask_to_add(membership, bert)))
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "This passkey is in use already.",
    )


def test_suspended_account_is_refused(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    device = Device()
    add(membership_on_each, anna, device)
    with membership_on_each.database.unit_of_work() as session:
        session.connection().execute(
            update(Contact).where(col(Contact.id) == anna).values(status="suspended")
        )
    answer = send_use(membership_on_each, device.use(options(membership_on_each)))
    assert answer.status_code == 403
    assert "not open" in answer.json()["detail"]


def test_who_is_leaving_gets_the_way_back_by_mail(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    device = Device()
    add(membership_on_each, anna, device)
    assert membership_on_each.call("POST", f"/members/{anna}/leave").status_code == 200
    _, first = membership_on_each.last_link()

    answer = send_use(membership_on_each, device.use(options(membership_on_each)))

    assert (answer.status_code, answer.json()["title"]) == (403, "You have left")
    contact_id, link_id = membership_on_each.last_link()
    assert contact_id == anna
    assert link_id != first
    secret = {"secret": membership_on_each.mint(link_id)}
    back = membership_on_each.call("POST", "/members/stay", secret)
    assert (back.status_code, back.json()["contact_id"]) == (201, anna)
    assert send_use(membership_on_each, device.use(options(membership_on_each))).status_code == 201


def test_removed_passkey_signs_nobody_in(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    device = Device()
    made = add(membership_on_each, anna, device)
    path = f"/members/me/passkeys/{made['id']}"
    assert membership_on_each.call("DELETE", path, caller=member(anna)).status_code == 204
    assert send_use(membership_on_each, device.use(options(membership_on_each))).status_code == 404
    assert membership_on_each.call("DELETE", path, caller=member(anna)).status_code == 404
    assert PasskeyRemoved(contact_id=anna, passkey_id=made["id"]) in membership_on_each.facts()


def test_passkey_is_its_owners_to_rename_and_remove(membership: Membership) -> None:
    anna = membership.join()
    bert = membership.join(name="Bert", email="bert@example.org")
    path = f"/members/me/passkeys/{add(membership, anna, Device())['id']}"
    assert membership.call("PATCH", path, {"label": "x"}, caller=member(bert)).status_code == 404
    assert membership.call("DELETE", path, caller=member(bert)).status_code == 404
    renamed = membership.call("PATCH", path, {"label": "Laptop"}, caller=member(anna))
    assert renamed.json()["label"] == "Laptop"
    more = {"label": "Laptop", "sign_count": 0}
    assert membership.call("PATCH", path, more, caller=member(anna)).status_code == 422


def test_sign_in_ends_the_session_the_browser_had(membership: Membership) -> None:
    anna = membership.join()
    device = Device()
    add(membership, anna, device)
    before = send_use(membership, device.use(options(membership))).json()
    entry = {"browser": "Firefox", "system": "Linux", "replaces": before["secret"]}
    assert send_use(membership, device.use(options(membership)), entry=entry).status_code == 201
    gone = membership.call("POST", "/sessions/lookup", {"secret": before["secret"]})
    assert gone.status_code == 404
    assert [fact for fact in membership.facts() if isinstance(fact, SessionRevoked)]


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"response": None},
        {"response": {"clientDataJSON": 7}},
        {"response": {"clientDataJSON": "!"}},
        {"response": {"clientDataJSON": "W10"}},
        {"response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiBudWxsfQ"}},
    ],
)
def test_nonsense_is_refused(membership: Membership, credential: dict[str, Any]) -> None:
    assert send_use(membership, credential).status_code == 422


def test_answer_in_parts_that_do_not_fit_is_refused(membership: Membership) -> None:
    anna = membership.join()
    device = Device()
    add(membership, anna, device)
    for told in ({"signature": "AAAA"}, {"authenticatorData": "AAAA"}, {"signature": None}):
        assert send_use(membership, device.use(options(membership), **told)).status_code == 403
    credential = Device().make(ask_to_add(membership, anna), attestationObject="AAAA")
    assert send_new(membership, anna, credential).status_code == 422


def test_visitors_reach_nothing(membership: Membership) -> None:
    anna = membership.join()
    order = {"origin": ORIGIN, "holder": HOLDER}
    for caller, status in ((ANYONE, 401), (member(anna), 403)):
        answer = membership.call("POST", "/passkeys/options", order, caller=caller)
        assert answer.status_code == status
    assert membership.call("GET", "/members/me/passkeys", caller=ANYONE).status_code == 401


def test_nobody_has_more_passkeys_than_there_is_room_for(membership: Membership) -> None:
    anna = membership.join()
    for _ in range(20):
        add(membership, anna, Device())
    order = {"origin": ORIGIN, "holder": SESSION, "hub": "Co-creation Hub"}
    path = "/members/me/passkeys/options"
    assert membership.call("POST", path, order, caller=member(anna)).status_code == 409


def test_nothing_is_left_of_a_person_who_is_forgotten(membership_on_each: Membership) -> None:
    anna = membership_on_each.join()
    bert = membership_on_each.join(name="Bert", email="bert@example.org")
    add(membership_on_each, anna, Device())
    add(membership_on_each, bert, Device())
    with membership_on_each.database.unit_of_work() as session:
        service.forget(session, anna)
    with membership_on_each.database.reader() as session:
        assert [left.contact_id for left in session.exec(select(Passkey))] == [bert]


@pytest.mark.parametrize("id", ["a\x00b", "\ud800", 5, None])
def test_a_passkey_that_cannot_be_one_is_not_known(
    membership_on_each: Membership, id: object
) -> None:
    asked = options(membership_on_each)
    told = json.dumps({"challenge": asked["challenge"]}).encode()
    response = {"clientDataJSON": base64.urlsafe_b64encode(told).decode()}

    answer = send_use(membership_on_each, {"id": id, "response": response})

    assert answer.status_code == 404
