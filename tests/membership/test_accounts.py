from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlmodel import SQLModel

from events.catalogue.membership import (
    ContactState,
    JoinRepeated,
    MemberConfirmed,
    MemberRegistered,
    RoleGranted,
    SessionRevoked,
    SignInRequested,
)
from services.kit.errors import Gone, NotFound
from services.kit.timers import TimerLoop
from services.membership.accounts import service
from services.membership.accounts.rules import LINK_LIFETIMES, MAILS_WINDOW, SESSION_LIFETIME
from services.membership.joining import service as joining
from services.membership.models import AccountSession, ConsentRecord, Link, LinkSecret
from tests.membership.calling import ANNA, BROWSER, Membership


def rows(membership: Membership, table: type[SQLModel]) -> list[SQLModel]:
    with membership.database.reader() as session:
        return list(session.exec(select(table)).scalars())  # type: ignore[call-overload]


def test_join_owes_a_link_and_publishes_a_pending_contact(membership: Membership) -> None:
    answer = membership.call("POST", "/members", {**ANNA, "email": "Anna@Example.ORG"})

    assert (answer.status_code, answer.json()) == (202, {})
    contact_id, link_id = membership.last_link()
    assert membership.told() == [
        ContactState(
            id=contact_id,
            version=1,
            audience=f"contact:{contact_id}",
            status="pending",
            name="Anna Peeters",
            email="anna@example.org",
            helix_side="citizen",
            region_code="BE23",
        ),
        MemberRegistered(
            contact_id=contact_id, link_id=link_id, helix_side="citizen", region_code="BE23"
        ),
    ]


def test_confirmation_makes_the_account_what_the_form_said(membership: Membership) -> None:
    contact_id = membership.join(
        organisation_name="Ghent Genomics",
        helix_side="business",
        expertise_offered=["Genomics", "genomics", "FHIR"],
        expertise_sought=["biobanking"],
        consents=["directory", "terms"],
        language="nl",
        time_zone="Europe/Amsterdam",
    )

    (organisation,) = membership.organisation_states()
    state = membership.contact_state(contact_id)
    assert (len(state.expertise), len(state.sought_term_ids)) == (2, 1)
    assert state == ContactState(
        id=contact_id,
        version=state.version,
        audience="members",
        status="member",
        name="Anna Peeters",
        email="anna@example.org",
        helix_side="business",
        region_code="BE23",
        organisation_id=organisation.id,
        roles=("member",),
        expertise_offered=("genomics", "fhir"),
        expertise_sought=("biobanking",),
        consents=("terms", "directory"),
        language="nl",
        time_zone="Europe/Amsterdam",
        # Ids of terms depend on the vocabulary; they are tested with it.
        expertise=state.expertise,
        sought_term_ids=state.sought_term_ids,
    )
    assert membership.facts()[-1] == MemberConfirmed(contact_id=contact_id)


def test_confirmation_signs_in(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    contact_id, link_id = membership.last_link()

    started = membership.call("POST", "/confirmations", {"secret": membership.mint(link_id)}).json()

    found = membership.call("POST", "/sessions/lookup", {"secret": started["secret"]})
    assert started["contact_id"] == contact_id
    assert found.json() == {
        "session_id": found.json()["session_id"],
        "contact_id": contact_id,
        "name": "Anna Peeters",
        "roles": ["member"],
        "coordinates": [],
        "language": "en",
        "time_zone": "Europe/Brussels",
        "proved_at": found.json()["proved_at"],
        "used_on": datetime.now(UTC).date().isoformat(),
        "expires_at": started["expires_at"],
        "outdated_consents": [],
    }
    proved = datetime.fromisoformat(found.json()["proved_at"])
    assert proved == datetime.fromisoformat(started["expires_at"]) - SESSION_LIFETIME


def test_consents_are_recorded_with_the_time_of_the_form(membership: Membership) -> None:
    before = datetime.now(UTC)
    membership.call("POST", "/members", {**ANNA, "consents": ["terms", "newsletter"]})
    joined = datetime.now(UTC)
    contact_id, link_id = membership.last_link()
    membership.call("POST", "/confirmations", {"secret": membership.mint(link_id)})

    records = [record.model_dump() for record in rows(membership, ConsentRecord)]
    assert {(r["contact_id"], r["purpose"], r["given"]) for r in records} == {
        (contact_id, "terms", True),
        (contact_id, "newsletter", True),
    }
    assert all(before <= record["recorded_at"] <= joined for record in records)


def test_organisation_named_in_a_form_is_unknown_until_confirmed(membership: Membership) -> None:
    membership.call("POST", "/members", {**ANNA, "organisation_name": "Not Yet Ltd"})

    assert membership.organisation_states() == []
    assert membership.call("GET", "/organisations").json() == []


def test_join_of_a_pending_address_owes_a_new_link(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    contact_id, first = membership.last_link()
    membership.call("POST", "/members", {**ANNA, "name": "Ann Peters", "region_code": "NL21"})
    again, second = membership.last_link()

    assert again == contact_id
    assert second != first
    assert membership.contact_state(contact_id).name == "Anna Peeters"
    membership.call("POST", "/confirmations", {"secret": membership.mint(second)})
    state = membership.contact_state(contact_id)
    assert (state.name, state.region_code) == ("Ann Peters", "NL21")


def test_confirmation_ends_the_links_of_other_forms(membership: Membership) -> None:
    membership.call("POST", "/members", {**ANNA, "name": "Somebody Else"})
    _, first = membership.last_link()
    secret = membership.mint(first)
    contact_id = membership.join()

    assert membership.call("POST", "/confirmations", {"secret": secret}).status_code == 410
    assert membership.call("POST", f"/links/{first}/mint").status_code == 410
    assert membership.contact_state(contact_id).name == "Anna Peeters"


def test_join_of_a_member_owes_a_sign_in_link_and_changes_nothing(membership: Membership) -> None:
    contact_id = membership.join()
    state = membership.contact_state(contact_id)

    answer = membership.call(
        "POST",
        "/members",
        {**ANNA, "email": "ANNA@example.org", "name": "Mallory", "asked_by": BROWSER},
    )

    assert (answer.status_code, answer.json()) == (202, {})
    _, link_id = membership.last_link()
    assert membership.facts()[-1] == JoinRepeated(contact_id=contact_id, link_id=link_id)
    assert membership.contact_state(contact_id) == state
    minted = membership.call("POST", f"/links/{link_id}/mint").json()
    assert minted["kind"] == "sign-in"
    used = {"secret": minted["secret"], "asked_by": BROWSER}
    assert membership.call("POST", "/sessions", used).status_code == 201


def test_join_of_a_guest_keeps_the_guest_until_confirmed(membership: Membership) -> None:
    guest = {"name": "A. Peeters", "email": "anna@example.org"}
    contact_id = membership.call("POST", "/guests", guest).json()["contact_id"]

    membership.call("POST", "/members", ANNA)
    pending = membership.contact_state(contact_id)
    assert (pending.status, pending.name) == ("guest", "A. Peeters")

    _, link_id = membership.last_link()
    membership.call("POST", "/confirmations", {"secret": membership.mint(link_id)})
    confirmed = membership.contact_state(contact_id)
    assert (confirmed.status, confirmed.name) == ("member", "Anna Peeters")


def test_sign_in_starts_a_session(membership: Membership) -> None:
    contact_id = membership.join()

    started = membership.sign_in("Anna@example.org")

    assert started["contact_id"] == contact_id
    _, link_id = membership.last_link()
    assert membership.facts()[-1] == SignInRequested(contact_id=contact_id, link_id=link_id)


@pytest.mark.parametrize("email", ["nobody@example.org", "guest@example.org", "anna@example.org"])
def test_sign_in_without_an_account_is_answered_alike_and_owes_nothing(
    membership: Membership, email: str
) -> None:
    membership.call("POST", "/guests", {"name": "Guest", "email": "guest@example.org"})
    membership.call("POST", "/members", ANNA)
    before = membership.told()

    answer = membership.call("POST", "/sign-ins", {"email": email, "asked_by": BROWSER})

    assert (answer.status_code, answer.json()) == (202, {})
    assert membership.told() == before


@pytest.mark.parametrize("path", ["/sign-ins", "/members"])
def test_answer_and_work_are_the_same_for_known_and_unknown(
    membership: Membership, path: str
) -> None:
    membership.join()
    statements: list[str] = []
    event.listen(
        membership.database.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_: statements.append(" ".join(statement.split()[:3])),
    )

    def asked(email: str) -> tuple[int, str, list[str], list[str]]:
        statements.clear()
        body = (
            {**ANNA, "email": email}
            if path == "/members"
            else {"email": email, "asked_by": BROWSER}
        )
        answer = membership.call("POST", path, body)
        told = {"INSERT INTO outbox"}
        return (
            answer.status_code,
            answer.text,
            sorted(answer.headers),
            sorted(s for s in statements if s not in told),
        )

    assert asked("anna@example.org") == asked("nobody@example.org")


def test_secrets_are_kept_as_hashes_only(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    _, link_id = membership.last_link()
    secret = membership.mint(link_id)
    started = membership.call("POST", "/confirmations", {"secret": secret}).json()
    membership.told()

    assert (len(secret), len(started["secret"])) == (43, 43)  # 32 bytes in base64url
    membership.database.close()
    folder = membership.service.settings.data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("membership.sqlite3*"))
    assert link_id.encode() in stored
    assert secret.encode() not in stored
    assert started["secret"].encode() not in stored


def test_link_works_once_whichever_of_its_mails_is_used(membership: Membership) -> None:
    membership.join()
    membership.call("POST", "/sign-ins", {"email": "anna@example.org", "asked_by": BROWSER})
    _, link_id = membership.last_link()
    first, second = membership.mint(link_id), membership.mint(link_id)
    assert first != second

    answers = [
        membership.call("POST", "/sessions", {"secret": secret, "asked_by": BROWSER})
        for secret in (second, first, second)
    ]

    assert [answer.status_code for answer in answers] == [201, 410, 410]
    assert membership.call("POST", f"/links/{link_id}/mint").status_code == 410


def test_link_of_one_kind_is_not_used_as_another(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    _, link_id = membership.last_link()
    secret = membership.mint(link_id)

    assert membership.call("POST", "/sessions", {"secret": secret}).status_code == 410
    assert membership.call("POST", "/confirmations", {"secret": secret}).status_code == 201


@pytest.mark.parametrize("path", ["/confirmations", "/sessions"])
@pytest.mark.parametrize("secret", ["x", "A" * 43, "é'; --", "%00"])
def test_secret_of_no_link_is_gone(membership: Membership, path: str, secret: str) -> None:
    answer = membership.call("POST", path, {"secret": secret})

    assert answer.status_code == 410
    assert membership.told() == []


def test_confirmation_link_lives_24_hours(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    made = datetime.now(UTC)
    _, link_id = membership.last_link()
    secret = membership.mint(link_id)
    late, early = made + timedelta(hours=24), made + timedelta(hours=23, minutes=59)

    with pytest.raises(Gone), membership.database.unit_of_work() as session:
        joining.confirm(session, secret=secret, moment=late)
    with pytest.raises(Gone), membership.database.unit_of_work() as session:
        service.mint(session, link_id=link_id, moment=late)
    with membership.database.unit_of_work() as session:
        joining.confirm(session, secret=secret, moment=early)


def test_sign_in_link_lives_15_minutes(membership: Membership) -> None:
    membership.join()
    membership.call("POST", "/sign-ins", {"email": "anna@example.org", "asked_by": BROWSER})
    made = datetime.now(UTC)
    _, link_id = membership.last_link()
    secret = membership.mint(link_id)

    with pytest.raises(Gone), membership.database.unit_of_work() as session:
        service.sign_in(
            session, secret=secret, asked_by=BROWSER, moment=made + timedelta(minutes=15)
        )
    with membership.database.unit_of_work() as session:
        service.sign_in(
            session,
            secret=secret,
            asked_by=BROWSER,
            moment=made + timedelta(minutes=14, seconds=58),
        )


def test_expired_link_is_forgotten_with_its_form(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    membership.call("POST", "/sign-ins", {"email": "nobody@example.org", "asked_by": BROWSER})
    _, link_id = membership.last_link()
    membership.mint(link_id)
    timers = TimerLoop(membership.database, membership.service.timers)

    timers.step(datetime.now(UTC) + MAILS_WINDOW)
    assert [link.model_dump()["id"] for link in rows(membership, Link)] == [link_id]
    timers.step(datetime.now(UTC) + LINK_LIFETIMES["confirm"])
    assert rows(membership, Link) == []
    assert rows(membership, LinkSecret) == []


def test_session_ends_when_revoked(membership: Membership) -> None:
    contact_id = membership.join()
    secret = membership.sign_in("anna@example.org")["secret"]
    found = membership.call("POST", "/sessions/lookup", {"secret": secret}).json()

    answers = [membership.call("POST", "/sessions/revoke", {"secret": secret}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert membership.call("POST", "/sessions/lookup", {"secret": secret}).status_code == 404
    assert [fact for fact in membership.facts() if isinstance(fact, SessionRevoked)] == [
        SessionRevoked(contact_id=contact_id, session_id=found["session_id"])
    ]


def test_session_expires(membership: Membership) -> None:
    membership.join()
    secret = membership.sign_in("anna@example.org")["secret"]
    end = datetime.now(UTC) + SESSION_LIFETIME

    with membership.database.reader() as session:
        service.look_up(session, secret=secret, moment=end - timedelta(minutes=1))
        with pytest.raises(NotFound):
            service.look_up(session, secret=secret, moment=end)
    TimerLoop(membership.database, membership.service.timers).step(end)
    assert rows(membership, AccountSession) == []


def test_no_event_carries_a_secret_and_no_fact_a_person(membership: Membership) -> None:
    membership.join()
    started = membership.sign_in("anna@example.org")
    membership.call("POST", "/sessions/revoke", {"secret": started["secret"]})

    facts = " ".join(fact.model_dump_json() for fact in membership.facts())
    told = " ".join(event.model_dump_json() for event in membership.told())
    assert "anna" not in facts.lower()
    assert started["secret"] not in told


def test_admin_is_made_active_with_every_role(membership: Membership) -> None:
    answer = membership.call("POST", "/admins", {"name": "Ada", "email": "Ada@example.org"})

    state = membership.contact_state(answer.json()["contact_id"])
    assert (answer.status_code, state.status, state.email) == (201, "member", "ada@example.org")
    assert state.roles == ("member", "organiser", "coordinator", "moderator", "admin")
    assert state.consents == ()
    assert membership.facts() == [
        RoleGranted(contact_id=state.id, role=role)
        for role in ("organiser", "coordinator", "moderator", "admin")
    ]
    assert membership.sign_in("ada@example.org")["contact_id"] == state.id


def test_admin_promotion_keeps_who_the_member_is(membership: Membership) -> None:
    contact_id = membership.join()

    answer = membership.call("POST", "/admins", {"name": "Boss", "email": ANNA["email"]})

    assert answer.json() == {"contact_id": contact_id}
    state = membership.contact_state(contact_id)
    assert (state.name, state.consents, "admin" in state.roles) == (
        "Anna Peeters",
        ("terms",),
        True,
    )


def test_admin_promotion_of_a_pending_person_ends_their_links(membership: Membership) -> None:
    membership.call("POST", "/members", ANNA)
    _, link_id = membership.last_link()
    secret = membership.mint(link_id)

    contact_id = membership.call("POST", "/admins", {"name": "A", "email": ANNA["email"]}).json()

    assert membership.call("POST", "/confirmations", {"secret": secret}).status_code == 410
    assert "admin" in membership.contact_state(contact_id["contact_id"]).roles
