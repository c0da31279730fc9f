"""Leaving, coming back, erasure and what is left of it, in membership alone."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Table, select, update

from events.catalogue import SERVICES
from events.catalogue.membership import (
    ContactState,
    ErasureChased,
    ErasureCompleted,
    MemberErased,
    MemberLeaving,
    MemberStayed,
    SessionRevoked,
)
from events.envelope import new_id
from events.tables import OUTBOX
from services.kit.timers import TimerLoop
from services.membership.base import Base
from services.membership.erasure import service as erasure
from tests.membership.calling import ANNA, BROWSER, Membership, member

DAY = timedelta(days=1)
OTHERS = tuple(name for name in SERVICES if name != "membership")


def later(membership: Membership, after: timedelta) -> None:
    """Fire the timers that are due so much later, as the loop would."""
    loop = TimerLoop(membership.database, membership.service.timers)
    loop.step(datetime.now(UTC) + after)


def left(membership: Membership, contact_id: str) -> str:
    """Leave; the secret of the way back."""
    assert membership.call("POST", f"/members/{contact_id}/leave").status_code == 200
    _, link_id = membership.last_link()
    return membership.mint(link_id)


def places_of(membership: Membership, *wanted: str) -> set[str]:
    """Tables that hold any of these texts anywhere."""
    found = set()
    with membership.database.reader() as session:
        for name, table in Base.metadata.tables.items():
            for row in session.connection().execute(select(table)):
                if any(each in repr(tuple(row)) for each in wanted):
                    found.add(name)
    return found


def test_a_leaving_member_is_hidden_at_once_and_their_sessions_end(
    membership_on_each: Membership,
) -> None:
    membership = membership_on_each
    anna = membership.join(consents=["terms", "directory"])
    answer = membership.call("POST", f"/members/{anna}/leave")
    assert answer.status_code == 200
    erase_at = datetime.fromisoformat(answer.json()["erase_at"])
    assert timedelta(days=13, hours=23) < erase_at - datetime.now(UTC) <= 14 * DAY
    state = membership.contact_state(anna)
    assert (state.status, state.audience) == ("leaving", f"contact:{anna}")
    (told,) = [fact for fact in membership.facts() if isinstance(fact, MemberLeaving)]
    assert (told.contact_id, told.erase_at) == (anna, erase_at)
    assert [f.contact_id for f in membership.facts() if isinstance(f, SessionRevoked)] == [anna]
    again = membership.call("POST", f"/members/{anna}/leave")
    assert again.json() == answer.json()


def test_the_way_back_works_once_until_the_13th_day(membership_on_each: Membership) -> None:
    membership = membership_on_each
    anna = membership.join(consents=["terms", "directory"])
    secret = left(membership, anna)
    later(membership, 13 * DAY)
    answer = membership.call("POST", "/members/stay", {"secret": secret})
    assert (answer.status_code, answer.json()["contact_id"]) == (201, anna)
    assert membership.contact_state(anna).status == "member"
    assert membership.call("POST", "/members/stay", {"secret": secret}).status_code == 410
    assert [f for f in membership.facts() if isinstance(f, MemberStayed)] == [
        MemberStayed(contact_id=anna)
    ]
    later(membership, 15 * DAY)
    assert membership.contact_state(anna).status == "member"


def test_signing_in_or_joining_while_leaving_offers_the_way_back(membership: Membership) -> None:
    anna = membership.join()
    left(membership, anna)
    membership.call("POST", "/sign-ins", {"email": ANNA["email"], "asked_by": BROWSER})
    membership.call("POST", "/members", ANNA)
    told = [fact for fact in membership.facts() if isinstance(fact, MemberLeaving)]
    assert [fact.contact_id for fact in told] == [anna] * 3
    secret = membership.mint(told[-1].link_id)
    assert membership.call("POST", "/members/stay", {"secret": secret}).status_code == 201


def test_the_last_administrator_cannot_leave(membership: Membership) -> None:
    boss = {"email": "boss@example.org", "name": "Boss"}
    boss_id = membership.call("POST", "/admins", boss).json()["contact_id"]
    answer = membership.call("POST", f"/members/{boss_id}/leave")
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "This is the last administrator. Make somebody else one first.",
    )


def test_after_two_weeks_nothing_of_the_person_is_left(membership_on_each: Membership) -> None:
    membership = membership_on_each
    anna = membership.join(
        consents=["terms", "directory", "matchmaking"],
        expertise_offered=["genomics"],
        organisation_name="Anna's Lab",
    )
    membership.sign_in(ANNA["email"])
    left(membership, anna)
    later(membership, 14 * DAY + timedelta(minutes=1))
    facts = membership.facts()
    (erased,) = [fact for fact in facts if isinstance(fact, MemberErased)]
    assert erased.contact_id == anna
    assert [s for s in membership.told() if isinstance(s, ContactState)] == []
    # Where the receipt goes is known until it went out.
    assert places_of(membership, ANNA["email"], ANNA["name"]) == {"erasures"}
    for service in OTHERS:
        confirm(membership, erased.erasure_id, service)
    with membership.database.unit_of_work() as session:
        erasure.receipt_sent(session, erasure_id=erased.erasure_id, moment=datetime.now(UTC))
    assert places_of(membership, ANNA["email"], ANNA["name"]) == set()
    assert places_of(membership, anna) <= {"erasures", "outbox", "timers"}
    assert payloads_about(membership, anna) == []


def confirm(membership: Membership, erasure_id: str, service: str) -> None:
    """A service says that it has forgotten."""
    with membership.database.unit_of_work() as session:
        erasure.confirmed(session, erasure_id=erasure_id, service=service, moment=datetime.now(UTC))


def payloads_about(membership: Membership, contact_id: str) -> list[str]:
    """Types of states in the outbox that still say something of a contact."""
    with membership.database.reader() as session:
        rows = session.connection().execute(
            select(OUTBOX.c.type, OUTBOX.c.payload).where(
                OUTBOX.c.stream == "state", OUTBOX.c.payload.is_not(None)
            )
        )
        return [row.type for row in rows if contact_id.encode() in row.payload]


def test_everybody_confirms_once_and_then_the_receipt_is_owed(
    membership_on_each: Membership,
) -> None:
    membership = membership_on_each
    anna = membership.join()
    made = membership.call("POST", "/erasures", {"contact_id": anna}).json()
    assert made["missing"] == list(OTHERS)
    assert membership.call("POST", f"/erasures/{made['id']}/receipt").status_code == 410
    for service in (*OTHERS[:-1], *OTHERS[:-1]):
        confirm(membership, made["id"], service)
    later(membership, timedelta(hours=2))
    (chased,) = [fact for fact in membership.facts() if isinstance(fact, ErasureChased)]
    assert (chased.contact_id, chased.services) == (anna, OTHERS[-1:])
    for _ in range(2):
        confirm(membership, made["id"], OTHERS[-1])
    completed = [fact for fact in membership.facts() if isinstance(fact, ErasureCompleted)]
    assert completed == [ErasureCompleted(erasure_id=made["id"])]
    receipt = membership.call("POST", f"/erasures/{made['id']}/receipt").json()
    assert receipt["email"] == ANNA["email"]
    assert {each["service"] for each in receipt["confirmations"]} == set(SERVICES)
    later(membership, 3 * DAY)
    assert len([f for f in membership.facts() if isinstance(f, ErasureChased)]) == 1
    # A mail that never works ends the wait.
    later(membership, 15 * DAY)
    assert membership.call("POST", f"/erasures/{made['id']}/receipt").status_code == 410
    assert places_of(membership, ANNA["email"]) == set()


def test_who_was_erased_can_join_again_as_somebody_new(membership: Membership) -> None:
    anna = membership.join()
    membership.call("POST", "/erasures", {"contact_id": anna})
    again = membership.join()
    assert again != anna
    assert membership.contact_state(again).status == "member"


def test_erasing_nobody_is_a_clear_error(membership: Membership) -> None:
    answer = membership.call("POST", "/erasures", {"contact_id": new_id()})
    assert (answer.status_code, answer.json()["detail"]) == (404, "This person is not known.")


def test_a_restored_person_is_erased_again(membership: Membership) -> None:
    anna = membership.join()
    answer = membership.call("POST", f"/erasures/of/{anna}/reapply")
    assert answer.json() == {"contact_id": anna, "was_back": True}
    answer = membership.call("POST", f"/erasures/of/{anna}/reapply")
    assert answer.json() == {"contact_id": anna, "was_back": False}
    told = [fact for fact in membership.facts() if isinstance(fact, (MemberErased, ErasureChased))]
    assert [type(fact) for fact in told] == [MemberErased, ErasureChased]
    assert places_of(membership, ANNA["email"]) == set()


def test_accounts_never_confirmed_are_forgotten_after_a_week(
    membership_on_each: Membership,
) -> None:
    membership = membership_on_each
    membership.call("POST", "/members", ANNA)
    pending, _ = membership.last_link()
    guest = membership.call(
        "POST", "/guests", {"name": "Gia", "email": "gia@example.org", "language": "en",
                            "time_zone": "Europe/Brussels"}
    ).json()["contact_id"]  # fmt: skip
    membership.call("POST", "/members", {**ANNA, "email": "gia@example.org"})
    assert membership.contact_state(guest).status == "guest"
    sweep = membership.service.workers[0].__self__.sweep  # type: ignore[attr-defined]
    assert sweep(datetime.now(UTC) + 6 * DAY) == 0
    assert sweep(datetime.now(UTC) + 8 * DAY) == 1
    # Whoever was a guest before, and began to join, is one still.
    assert membership.contact_state(guest).status == "guest"
    assert [f.contact_id for f in membership.facts() if isinstance(f, MemberErased)] == [pending]
    assert places_of(membership, ANNA["email"]) == set()


def test_whoever_registers_while_an_account_waits_is_a_guest_and_stays(
    membership_on_each: Membership,
) -> None:
    membership = membership_on_each
    membership.call("POST", "/members", ANNA)
    anna, link_id = membership.last_link()
    order = {"name": "Anna", "email": ANNA["email"], "language": "en", "time_zone": "UTC"}
    assert membership.call("POST", "/guests", order).json()["contact_id"] == anna
    state = membership.contact_state(anna)
    assert (state.status, state.name) == ("guest", ANNA["name"])
    sweep = membership.service.workers[0].__self__.sweep  # type: ignore[attr-defined]
    assert sweep(datetime.now(UTC) + 8 * DAY) == 0
    # The link of the form still makes the account.
    secret = membership.mint(link_id)
    assert membership.call("POST", "/confirmations", {"secret": secret}).status_code == 201
    assert membership.contact_state(anna).status == "member"


def tombstones(membership: Membership, contact_id: str) -> list[int]:
    """Versions of a person's tombstones that are (to be) published."""
    wanted = (
        select(OUTBOX.c.version)
        .where(
            OUTBOX.c.key == contact_id,
            OUTBOX.c.type == ContactState.TYPE,
            OUTBOX.c.payload.is_(None),
            OUTBOX.c.superseded.is_(False),
        )
        .order_by(OUTBOX.c.version)
    )
    with membership.database.reader() as session:
        return list(session.connection().execute(wanted).scalars())


def test_a_tombstone_is_written_once_more_when_the_first_is_out_for_the_lag(
    membership: Membership,
) -> None:
    anna = membership.join()
    membership.told()
    membership.call("POST", "/erasures", {"contact_id": anna})
    # Nothing is published while the relay is away, and both at once would be as good as one.
    later(membership, 2 * DAY)
    (first,) = tombstones(membership, anna)
    membership.told()
    later(membership, DAY - timedelta(minutes=1))
    assert tombstones(membership, anna) == [first]
    later(membership, 4 * DAY)
    assert tombstones(membership, anna) == [first, first + 1]


def test_the_link_to_ones_data_works_once(membership: Membership) -> None:
    anna = membership.join()
    made = membership.call("POST", f"/contacts/{anna}/exports").json()
    used = {"contact_id": anna, "secret": made["secret"]}
    foreign = membership.call("POST", "/exports/use", {**used, "contact_id": new_id()})
    assert foreign.status_code == 410
    assert membership.call("POST", "/exports/use", used).status_code == 204
    assert membership.call("POST", "/exports/use", used).status_code == 410
    old = membership.call("POST", f"/contacts/{anna}/exports").json()
    with membership.database.unit_of_work() as session:
        table: Table = Base.metadata.tables["data_exports"]
        session.connection().execute(update(table).values(expires_at=datetime.now(UTC)))
    answer = membership.call("POST", "/exports/use", {"contact_id": anna, "secret": old["secret"]})
    assert answer.status_code == 410


def test_personal_data_is_everything_and_nobody_elses(membership: Membership) -> None:
    anna = membership.join(
        consents=["terms", "directory"], organisation_name="Anna's Lab", expertise_offered=["fhir"]
    )
    held = membership.call("GET", f"/contacts/{anna}/data").json()
    assert held["profile"][0]["email"] == ANNA["email"]
    assert held["profile"][0]["organisation"] == "Anna's Lab"
    assert {record["purpose"] for record in held["consents"]} == {"terms", "directory"}
    assert len(held["sessions"]) == 1
    assert "secret_hash" not in held["sessions"][0]
    assert membership.call("GET", f"/contacts/{new_id()}/data").status_code == 404
    stranger = membership.call("GET", f"/contacts/{anna}/data", caller=member(anna))
    assert stranger.status_code == 403


def test_no_table_keeps_somebody_who_is_erased(membership_on_each: Membership) -> None:
    """A row in every table that names people; whoever adds such a table adds it here, and forgets.

    Tables with an own test of that are named.
    """
    named = {
        table.name
        for table in Base.metadata.tables.values()
        for name in table.columns.keys()  # noqa: SIM118
        if name.endswith(("contact_id", "endorser_id", "holder_id", "subject_id"))
        or (name.endswith("_by") and name not in ("asked_by", "counts_by"))
    }
    assert named == {
        "consent_records", "data_exports", "directory_entries", "directory_exports",
        "endorsements", "erasures", "expertise_claims", "identities", "invitations", "links",
        "organisations", "passkeys", "representatives", "role_grants", "sessions", "suspensions",
    }  # fmt: skip
    membership = membership_on_each
    moment = datetime.now(UTC)
    form = {"consents": ["terms", "directory"], "expertise_offered": ["genomics"]}
    anna = membership.join(**form, organisation_name="Anna's Lab")
    ben = membership.join(**form, name="Ben", email="ben@example.org")
    membership.call("POST", f"/contacts/{anna}/exports")
    rows: dict[str, dict[str, object]] = {
        "passkeys": {
            "id": new_id(), "contact_id": anna, "credential_id": "c", "public_key": b"k",
            "sign_count": 0, "aaguid": "", "label": "Anna Peeters' phone", "backed_up": False,
            "transports": [], "created_at": moment, "last_used_at": None,
        },
        "identities": {
            "id": new_id(), "contact_id": anna, "provider": "p", "issuer": "i", "subject": "s",
            "linked_at": moment, "last_used_at": None,
        },
        "invitations": {"contact_id": anna, "invited_at": moment},
        "role_grants": {
            "id": new_id(), "contact_id": ben, "role": "organiser", "granted_by": anna,
            "granted_at": moment, "withdrawn_by": anna, "withdrawn_at": moment,
        },
        "suspensions": {
            "id": new_id(), "contact_id": ben, "reason": "r", "suspended_by": anna,
            "suspended_at": moment, "reinstated_by": anna, "reinstated_at": moment,
        },
        "endorsements": {
            "contact_id": ben, "term_id": "free:x", "endorser_id": anna, "made_at": moment,
        },
    }  # fmt: skip
    with membership.database.unit_of_work() as session:
        for name, row in rows.items():
            table = Base.metadata.tables[name]
            known = {column.name for column in table.columns}
            session.connection().execute(
                table.insert().values({k: v for k, v in row.items() if k in known})
            )
    assert {"passkeys", "identities", "invitations", "role_grants"} <= places_of(membership, anna)
    assert membership.call("POST", "/erasures", {"contact_id": anna}).status_code == 201
    membership.told()
    assert places_of(membership, anna) <= {"erasures", "outbox", "timers"}
    assert places_of(membership, ANNA["name"]) == set()


def test_requests_that_outlive_their_sender_leave_nothing_of_them(
    membership_on_each: Membership,
) -> None:
    membership = membership_on_each
    anna = membership.join(consents=["terms", "directory"], expertise_offered=["gdpr"])
    ben = membership.join(email="ben@example.org")
    order = {"name": "Imported Lab", "helix_side": "research"}
    lab = membership.call("POST", "/organisations", order).json()["id"]
    membership.call("POST", "/erasures", {"contact_id": ben})

    confirmed = membership.call(
        "PUT", f"/members/{anna}/expertise/hub:gdpr/endorsement", caller=member(ben)
    )
    verified = membership.call(
        "POST", f"/organisations/{lab}/verify", caller=member(ben, "moderator")
    )

    assert (confirmed.status_code, verified.status_code) == (404, 200)
    assert places_of(membership, ben) <= {"erasures", "outbox", "timers"}


def test_lists_that_were_taken_away_name_nobody_and_are_told_to_who_took_them(
    membership: Membership,
) -> None:
    anna = membership.join(name="Zzanna", consents=["terms", "directory"])
    boss = {"email": "boss@example.org", "name": "Boss"}
    boss_id = membership.call("POST", "/admins", boss).json()["contact_id"]
    asked = {"q": "zzanna", "side": ["citizen"]}
    admin = member(boss_id, "admin")
    taken = membership.call("POST", "/directory/exports", asked, caller=admin)
    assert (taken.status_code, taken.json()["entries"]) == (201, 1)

    membership.call("POST", "/erasures", {"contact_id": anna})

    membership.told()
    assert places_of(membership, "zzanna", "Zzanna") == set()
    (told,) = membership.call("GET", f"/contacts/{boss_id}/data").json()["lists_taken_away"]
    assert (told["asked"], told["entries"]) == ('{"side":["citizen"]}', 1)
