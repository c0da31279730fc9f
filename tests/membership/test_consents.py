"""Consents: to which words somebody said yes, and that nothing of it is ever altered."""

import hashlib

import pytest
from sqlalchemy import event

from events.catalogue.membership import ConsentChanged
from services.membership.consents import service, texts
from services.membership.consents.texts import TEXTS, ConsentText, hash_of
from tests.membership.calling import ANNA, Membership, member

PINNED = {
    ("terms", 1): "0e1278db79f9066071280b7be7e3986f35da0b12cd9b6d418099b63814e32717",
    ("directory", 1): "c3aae41bdddb41af15670b197ce3ad306447d4716063115b6abdb7d9f4578f3f",
    ("newsletter", 1): "ee0b957656514db2e740ac9ca4e897a9cb55915300660c153c4ef3e967e694eb",
    ("matchmaking", 1): "cdd474785d3e9534147018d555e1c77923e54476ce2291701d9b5bc8f2ae1b11",
}
"""SHA-256 of each version of each text in English: a text that changes needs a new version."""


def test_a_text_keeps_its_version_as_long_as_it_reads_the_same() -> None:
    assert {(name, text.version): hash_of(name, "en") for name, text in TEXTS.items()} == PINNED


def test_the_hash_is_of_title_and_words() -> None:
    read = f"{TEXTS['terms'].title}\n{TEXTS['terms'].words}"
    assert hash_of("terms", "en") == hashlib.sha256(read.encode()).hexdigest()


def test_what_was_agreed_to_when_joining_is_recorded_word_for_word(
    membership_on_each: Membership,
) -> None:
    contact_id = membership_on_each.join(consents=["terms", "directory"])
    kept = membership_on_each.call("GET", "/members/me/consents", caller=member(contact_id)).json()
    assert [
        (each["purpose"], each["given"], each["text_version"], each["text_hash"], each["language"],
         each["source"], each["current"])
        for each in sorted(kept, key=lambda each: each["purpose"])
    ] == [
        (name, True, 1, hash_of(name, "en"), "en", "join", True) for name in ("directory", "terms")
    ]  # fmt: skip


def test_a_consent_is_withdrawn_alone_and_at_once(membership_on_each: Membership) -> None:
    contact_id = membership_on_each.join(consents=["terms", "directory", "newsletter"])
    caller = member(contact_id)
    body = {"purpose": "directory", "given": False}
    answer = membership_on_each.call("POST", "/members/me/consents", body, caller=caller)
    assert answer.json()["consents"] == ["terms", "newsletter"]
    assert membership_on_each.contact_state(contact_id).audience == f"contact:{contact_id}"
    told = [fact for fact in membership_on_each.facts() if isinstance(fact, ConsentChanged)]
    assert told[-1] == ConsentChanged(
        contact_id=contact_id, purpose="directory", given=False, text_version=1
    )
    again = membership_on_each.call("POST", "/members/me/consents", body, caller=caller)
    assert again.status_code == 200
    kept = membership_on_each.call("GET", "/members/me/consents", caller=caller).json()
    assert [each["given"] for each in kept if each["purpose"] == "directory"] == [False, True]


def test_others_know_what_is_agreed_to_and_what_no_longer(
    membership_on_each: Membership,
) -> None:
    membership = membership_on_each
    given = ["terms", "directory", "newsletter", "matchmaking"]
    contact_id = membership.join(consents=given)
    assert membership.contact_state(contact_id).consents == tuple(given)
    for purpose in ("matchmaking", "newsletter"):
        wish = {"purpose": purpose, "given": False}
        membership.call("POST", "/members/me/consents", wish, caller=member(contact_id))
        given.remove(purpose)
        assert membership.contact_state(contact_id).consents == tuple(given)


def test_the_terms_are_not_withdrawn_but_left(membership: Membership) -> None:
    contact_id = membership.join()
    body = {"purpose": "terms", "given": False}
    answer = membership.call("POST", "/members/me/consents", body, caller=member(contact_id))
    assert answer.status_code == 422
    assert membership.contact_state(contact_id).consents == ("terms",)


def test_a_text_that_changed_is_asked_again_and_the_old_record_stays(
    membership: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_id = membership.join(consents=["terms", "newsletter"])
    with membership.database.reader() as session:
        assert service.outdated(session, contact_id, ["terms", "newsletter"]) == []
    changed = {**TEXTS, "newsletter": ConsentText(2, "News", "Every week.")}
    monkeypatch.setattr(texts, "TEXTS", changed)
    monkeypatch.setattr(service, "TEXTS", changed)
    with membership.database.reader() as session:
        assert service.outdated(session, contact_id, ["terms", "newsletter"]) == ["newsletter"]
    body = {"purpose": "newsletter", "given": True}
    membership.call("POST", "/members/me/consents", body, caller=member(contact_id))
    with membership.database.reader() as session:
        assert service.outdated(session, contact_id, ["terms", "newsletter"]) == []
        kept = service.history(session, contact_id)
    assert [each.text_version for each in kept if each.purpose == "newsletter"] == [2, 1]


def test_a_session_says_what_is_asked_again(
    membership_on_each: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    membership = membership_on_each
    contact_id = membership.join(consents=["terms", "newsletter"])
    secret = membership.sign_in(ANNA["email"])["secret"]

    def asked_again() -> list[str]:
        answer = membership.call("POST", "/sessions/lookup", {"secret": secret})
        found: list[str] = answer.json()["outdated_consents"]
        return found

    assert asked_again() == []
    second = {
        **TEXTS,
        "directory": ConsentText(2, "Directory", "Not held, so not asked."),
        "newsletter": ConsentText(2, "News", "Every week."),
    }
    monkeypatch.setattr(service, "TEXTS", second)
    monkeypatch.setattr(texts, "TEXTS", second)
    assert asked_again() == ["newsletter"]
    wish = {"purpose": "newsletter", "given": True}
    membership.call("POST", "/members/me/consents", wish, caller=member(contact_id))
    assert asked_again() == []


def test_what_no_text_changed_of_is_not_read(
    membership: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_id = membership.join(consents=["terms"])
    secret = membership.sign_in(ANNA["email"])["secret"]
    read: list[str] = []

    @event.listens_for(membership.database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        read.append(statement)

    with membership.database.reader() as session:
        before = len(read)
        assert service.outdated(session, contact_id, ["terms"]) == []
        assert len(read) == before
    assert membership.call("POST", "/sessions/lookup", {"secret": secret}).status_code == 200
    assert [statement for statement in read if "consent_records" in statement] == []
