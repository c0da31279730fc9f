"""Signing in: links bound to a browser, codes, sessions that end, and what attackers try."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from events.catalogue.membership import (
    MemberLeaving,
    MemberRegistered,
    SessionRevoked,
    SignInRequested,
)
from services.kit.errors import Gone
from services.kit.identity import Identity
from services.membership.accounts import service
from services.membership.accounts.rules import MAILS_WINDOW, MOST_MAILS, MOST_TRIES
from services.membership.contacts import service as contacts
from services.membership.models import AccountSession, Link, LinkSecret
from tests.membership.calling import ANNA, BROWSER, Membership, member

OTHER = "the-secret-of-another-browser"
ADDRESS = "anna@example.org"
EMAIL = {"email": ADDRESS}


def ask(membership: Membership, browser: str = BROWSER) -> str:
    """Ask for a link; its id."""
    membership.call("POST", "/sign-ins", {**EMAIL, "asked_by": browser})
    return membership.last_link()[1]


def minted(membership: Membership, link_id: str) -> dict[str, str]:
    """What the mail about a link gets."""
    answer: dict[str, str] = membership.call("POST", f"/links/{link_id}/mint").json()
    return answer


def by_code(membership: Membership, code: str, browser: str = BROWSER) -> int:
    """The status of trying a code."""
    body = {"code": code, "asked_by": browser}
    return membership.call("POST", "/sessions/by-code", body).status_code


def wrong(code: str, number: int = 1) -> str:
    """Another code."""
    return f"{(int(code) + number) % 1_000_000:06}"


def close(membership: Membership, contact_id: str, status: str = "suspended") -> None:
    """Give a member another status, as a moderator or erasure does."""
    with membership.database.unit_of_work() as session:
        contact = contacts.locked(session, contact_id)
        contact.status = status
        contact.erase_at = datetime.now(UTC) + timedelta(days=14) if status == "leaving" else None
        contacts.revise(session, contact)
        service.end_all(session, contact_id)


def look_up(membership: Membership, secret: str) -> int:
    """The status of a look-up of a session."""
    return membership.call("POST", "/sessions/lookup", {"secret": secret}).status_code


def test_link_works_only_for_the_browser_that_asked(membership_on_each: Membership) -> None:
    membership_on_each.join()
    secret = minted(membership_on_each, ask(membership_on_each))["secret"]

    def used(browser: str | None) -> int:
        body = {"secret": secret, "asked_by": browser}
        return membership_on_each.call("POST", "/sessions", body).status_code

    assert [used(browser) for browser in (None, OTHER, BROWSER, OTHER)] == [409, 409, 201, 410]


def test_code_works_once_and_uses_the_link_up(membership_on_each: Membership) -> None:
    membership_on_each.join()
    mail = minted(membership_on_each, ask(membership_on_each))

    assert (len(mail["code"]), mail["code"].isdecimal()) == (6, True)
    assert by_code(membership_on_each, mail["code"], OTHER) == 410
    assert by_code(membership_on_each, mail["code"]) == 201
    assert by_code(membership_on_each, mail["code"]) == 410
    used = {"secret": mail["secret"], "asked_by": BROWSER}
    assert membership_on_each.call("POST", "/sessions", used).status_code == 410


def test_link_used_leaves_no_code(membership: Membership) -> None:
    membership.join()
    mail = minted(membership, ask(membership))
    used = {"secret": mail["secret"], "asked_by": BROWSER}

    assert membership.call("POST", "/sessions", used).status_code == 201
    assert by_code(membership, mail["code"]) == 410


def test_code_of_any_mail_that_a_browser_asked_for_works(membership: Membership) -> None:
    membership.join()
    first, _second = (minted(membership, ask(membership)) for _ in range(2))

    assert by_code(membership, first["code"]) == 201


def test_code_is_old_after_15_minutes(membership: Membership) -> None:
    membership.join()
    mail = minted(membership, ask(membership))
    late = datetime.now(UTC) + timedelta(minutes=15)

    with pytest.raises(Gone), membership.database.unit_of_work() as session:
        service.sign_in_by_code(session, code=mail["code"], asked_by=BROWSER, moment=late)


def test_codes_can_be_tried_five_times(membership_on_each: Membership) -> None:
    membership_on_each.join()
    mail = minted(membership_on_each, ask(membership_on_each))

    tried = [by_code(membership_on_each, wrong(mail["code"], n + 1)) for n in range(MOST_TRIES)]

    assert tried == [422] * MOST_TRIES
    assert by_code(membership_on_each, mail["code"]) == 410


def test_fifty_codes_at_once_are_five_tries(membership_on_each: Membership) -> None:
    membership_on_each.join()
    mail = minted(membership_on_each, ask(membership_on_each))
    codes = [wrong(mail["code"], n + 1) for n in range(50)]

    answers = membership_on_each.together(
        [("POST", "/sessions/by-code", {"code": code, "asked_by": BROWSER}) for code in codes]
    )

    assert Counter(answer.status_code for answer in answers) == {422: MOST_TRIES, 410: 45}
    assert by_code(membership_on_each, mail["code"]) == 410


def test_right_code_fifty_times_at_once_starts_one_session(membership_on_each: Membership) -> None:
    membership_on_each.join()
    mail = minted(membership_on_each, ask(membership_on_each))
    body = {"code": mail["code"], "asked_by": BROWSER}

    answers = membership_on_each.together([("POST", "/sessions/by-code", body)] * 50)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 410: 49}


def test_codes_for_an_address_without_account_are_answered_as_wrong_ones(
    membership: Membership,
) -> None:
    membership.join()
    unknown = {"email": "nobody@example.org", "asked_by": OTHER}
    membership.call("POST", "/sign-ins", unknown)
    code = minted(membership, ask(membership))["code"]

    def tried(browser: str) -> list[tuple[int, str]]:
        body = {"code": wrong(code), "asked_by": browser}
        answers = [membership.call("POST", "/sessions/by-code", body) for _ in range(6)]
        return [(answer.status_code, answer.text) for answer in answers]

    assert tried(BROWSER) == tried(OTHER)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "123 45", 123456, None, "12345\n"]
)
def test_code_that_is_none_is_refused(membership: Membership, code: Any) -> None:
    body = {"code": code, "asked_by": BROWSER}
    assert membership.call("POST", "/sessions/by-code", body).status_code == 422


def test_secrets_codes_and_browsers_are_kept_as_hashes_only(membership: Membership) -> None:
    membership.join()
    mail = minted(membership, ask(membership))

    with membership.database.reader() as session:
        kept = [*session.exec(select(Link)), *session.exec(select(LinkSecret))]
    said = " ".join(row.model_dump_json() for row in kept)
    told = " ".join(event.model_dump_json() for event in membership.told())
    for secret in (mail["secret"], f'"{mail["code"]}"', BROWSER):
        assert secret not in said
        assert secret not in told


@pytest.mark.parametrize("change", [str.lower, str.swapcase, lambda text: text[:-1] + "_"])
def test_altered_secret_is_gone(membership: Membership, change: Any) -> None:
    membership.join()
    secret = minted(membership, ask(membership))["secret"]

    body = {"secret": change(secret), "asked_by": BROWSER}
    assert membership.call("POST", "/sessions", body).status_code == 410


def test_address_gets_five_mails_an_hour_whoever_asks(membership_on_each: Membership) -> None:
    membership_on_each.join()
    calls = [("POST", "/sign-ins", {**EMAIL, "asked_by": f"browser-{n}"}) for n in range(20)] + [
        ("POST", "/members", {**ANNA, "asked_by": f"browser-{n}"}) for n in range(20)
    ]

    answers = membership_on_each.together(calls)

    assert [(answer.status_code, answer.json()) for answer in answers] == [(202, {})] * 40
    owed = [fact for fact in membership_on_each.facts() if hasattr(fact, "link_id")]
    # One confirmed the account.
    assert len(owed) == MOST_MAILS


def test_address_gets_mail_again_after_an_hour(membership: Membership) -> None:
    contact_id = membership.join()
    now = datetime.now(UTC)

    def asked(moment: datetime) -> None:
        with membership.database.unit_of_work() as session:
            service.ask_to_sign_in(session, email=ADDRESS, asked_by=BROWSER, moment=moment)

    for _ in range(MOST_MAILS + 2):
        asked(now)
    asked(now + MAILS_WINDOW + timedelta(minutes=1))

    facts = membership.facts()
    registered = [fact for fact in facts if isinstance(fact, MemberRegistered)]
    requested = [fact for fact in facts if isinstance(fact, SignInRequested)]
    assert (len(registered), len(requested)) == (1, MOST_MAILS)
    assert {fact.contact_id for fact in requested} == {contact_id}


def test_signing_in_ends_the_session_that_the_browser_had(membership_on_each: Membership) -> None:
    membership = membership_on_each
    contact_id = membership.join()
    old = membership.sign_in(ADDRESS)["secret"]
    mail = minted(membership, ask(membership))
    body = {
        "secret": mail["secret"],
        "asked_by": BROWSER,
        "entry": {"browser": "Firefox", "system": "Windows", "replaces": old},
    }

    new = membership.call("POST", "/sessions", body).json()["secret"]

    assert (look_up(membership, old), look_up(membership, new)) == (404, 200)
    shown = membership.call("GET", "/sessions", caller=member(contact_id)).json()
    assert [(each["browser"], each["system"]) for each in shown] == [
        ("Firefox", "Windows"),
        ("", ""),
    ]
    assert len([f for f in membership.facts() if isinstance(f, SessionRevoked)]) == 1


def test_day_of_use_is_written_once_a_day(membership_on_each: Membership) -> None:
    membership = membership_on_each
    membership.join()
    secret = membership.sign_in(ADDRESS)["secret"]
    with membership.database.unit_of_work() as session:
        for each in session.exec(select(AccountSession)):
            each.used_on -= timedelta(days=3)
            session.add(each)
    today = datetime.now(UTC).date().isoformat()

    body = {"secret": secret}
    found = [membership.call("POST", "/sessions/lookup", body).json() for _ in range(2)]

    assert [each["used_on"] == today for each in found] == [False, True]


def test_member_ends_one_session_and_all_others(membership_on_each: Membership) -> None:
    membership = membership_on_each
    contact_id = membership.join()
    secrets = [membership.sign_in(ADDRESS)["secret"] for _ in range(3)]
    caller = member(contact_id)
    shown = membership.call("GET", "/sessions", caller=caller).json()
    ids = [each["id"] for each in shown]
    assert len(ids) == 4

    # The latest is listed first.
    ended = membership.call("POST", f"/sessions/{ids[0]}/end", caller=caller)
    again = membership.call("POST", f"/sessions/{ids[0]}/end", caller=caller)
    assert (ended.status_code, again.status_code) == (204, 404)
    assert [look_up(membership, secret) for secret in secrets] == [200, 200, 404]
    kept = {"session_id": ids[2]}
    assert membership.call("POST", "/sessions/end-others", kept, caller=caller).status_code == 204
    assert [look_up(membership, secret) for secret in secrets] == [200, 404, 404]
    revoked = {f.session_id for f in membership.facts() if isinstance(f, SessionRevoked)}
    assert revoked == {ids[0], ids[1], ids[3]}


def test_session_of_somebody_else_cannot_be_ended(membership: Membership) -> None:
    contact_id = membership.join()
    other = membership.join(email="eve@example.org", name="Eve")
    (anna,) = membership.call("GET", "/sessions", caller=member(contact_id)).json()

    answer = membership.call("POST", f"/sessions/{anna['id']}/end", caller=member(other))
    membership.call(
        "POST", "/sessions/end-others", {"session_id": anna["id"]}, caller=member(other)
    )

    assert answer.status_code == 404
    assert membership.call("GET", "/sessions", caller=member(contact_id)).json() == [anna]
    guest = Identity(contact_id)
    assert membership.call("GET", "/sessions", caller=guest).status_code == 403


@pytest.mark.parametrize("status", ["suspended", "leaving"])
def test_closed_account_has_no_sessions_no_links_and_no_mail(
    membership_on_each: Membership, status: str
) -> None:
    membership = membership_on_each
    contact_id = membership.join()
    secret = membership.sign_in(ADDRESS)["secret"]
    link_id = ask(membership)
    mail = minted(membership, link_id)

    close(membership, contact_id, status)
    before = membership.facts()

    assert look_up(membership, secret) == 404
    assert by_code(membership, mail["code"]) == 410
    used = {"secret": mail["secret"], "asked_by": BROWSER}
    assert membership.call("POST", "/sessions", used).status_code == 410
    assert membership.call("POST", f"/links/{link_id}/mint").status_code == 410
    for path, body in (("/sign-ins", EMAIL), ("/members", ANNA)):
        answer = membership.call("POST", path, {**body, "asked_by": OTHER})
        assert (answer.status_code, answer.json()) == (202, {})
    # Whoever leaves is owed the way back, and nothing that signs in.
    told = {type(fact) for fact in membership.facts()[len(before) :]}
    assert told == ({MemberLeaving} if status == "leaving" else set())
    assert by_code(membership, mail["code"], OTHER) == 422


def test_account_closed_between_mail_and_click_starts_no_session(membership: Membership) -> None:
    contact_id = membership.join()
    mail = minted(membership, ask(membership))
    with membership.database.unit_of_work() as session:
        contact = contacts.locked(session, contact_id)
        contact.status = "suspended"
        contacts.revise(session, contact)

    used = {"secret": mail["secret"], "asked_by": BROWSER}
    assert membership.call("POST", "/sessions", used).status_code == 403
    assert by_code(membership, mail["code"]) == 403


def test_old_confirmation_does_not_open_a_closed_account(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    _, first = membership.last_link()
    secret = minted(membership, first)["secret"]
    contact_id = membership.last_link()[0]
    close(membership, contact_id)

    assert membership.call("POST", "/confirmations", {"secret": secret}).status_code == 410
    assert membership.contact_state(contact_id).status == "suspended"


def test_what_accounts_hold_of_a_person_is_forgotten(membership: Membership) -> None:
    contact_id = membership.join()
    membership.sign_in(ADDRESS)
    minted(membership, ask(membership))

    with membership.database.unit_of_work() as session:
        service.forget(session, contact_id)

    with membership.database.reader() as session:
        left = [
            row.model_dump()
            for table in (AccountSession, Link, LinkSecret)
            for row in session.exec(select(table))
        ]
    assert left == []
