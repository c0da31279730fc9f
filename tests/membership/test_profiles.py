"""One's own profile: topics stay private, addresses move by links, years are asked about."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from events.catalogue.membership import (
    AddressChangeAsked,
    AddressChanged,
    AddressTaken,
    MemberInvited,
    ProfileDoubted,
)
from events.tables import OUTBOX
from services.kit.timers import TIMERS, TimerLoop
from services.membership.contacts import freshness
from services.membership.contacts.models import Contact
from services.membership.contacts.service import find_or_create
from services.membership.joining.service import invite
from tests.membership.calling import ANNA, Membership, member

LISTED = ["terms", "directory"]


def pass_time(membership: Membership, days: int) -> datetime:
    """Fire what is due so many days from now."""
    moment = datetime.now(UTC) + timedelta(days=days)
    TimerLoop(membership.database, membership.service.timers).step(moment)
    return moment


def yearly(membership: Membership) -> set[str]:
    """Who will be asked whether their profile still holds."""
    with membership.database.reading() as connection:
        wanted = select(TIMERS.c.key).where(TIMERS.c.kind == freshness.DOUBT)
        return set(connection.execute(wanted).scalars())


def visibility(membership: Membership, contact_id: str) -> str:
    profile = membership.call("GET", "/members/me", caller=member(contact_id)).json()
    return str(profile["visibility"])


def test_interests_of_citizens_are_in_no_event_and_no_answer_to_others(
    membership_on_each: Membership,
) -> None:
    anna = membership_on_each.join(consents=LISTED, interests=["rare-diseases", "cancer"])
    bert = membership_on_each.join(email="bert@example.org", consents=LISTED)
    own = membership_on_each.call("GET", "/members/me", caller=member(anna)).json()
    assert own["interests"] == ["rare-diseases", "cancer"]
    seen = [
        membership_on_each.call("GET", path, caller=member(bert)).text
        for path in (
            f"/directory/people/{anna}",
            "/directory/people",
            f"/members/{anna}/expertise",
            f"/contacts?ids={anna}",
        )
    ]
    with membership_on_each.database.reading() as connection:
        seen += [
            bytes(payload).decode()
            for payload in connection.execute(OUTBOX.select()).scalars().all()
            if isinstance(payload, (bytes, memoryview))
        ]
        rows = connection.execute(OUTBOX.select()).mappings().all()
        seen += [bytes(row["payload"] or b"").decode() for row in rows]
    assert not any("rare-diseases" in text or "interests" in text for text in seen)


def test_interests_go_when_somebody_is_no_citizen(membership: Membership) -> None:
    anna = membership.join(interests=["cancer"])
    change = {"helix_side": "research"}
    answer = membership.call("PATCH", "/members/me", change, caller=member(anna))
    assert answer.json()["interests"] == []
    refused = membership.call(
        "POST", "/members", {**ANNA, "helix_side": "business", "interests": ["cancer"]}
    )
    assert refused.json()["errors"][0]["field"] == "interests"


def test_a_profile_nobody_looked_after_is_hidden_and_comes_back_by_one_click(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    anna = hub.join(consents=LISTED)
    hub.call("PATCH", "/members/me", {"visibility": "public"}, caller=member(anna))
    pass_time(hub, 364)
    assert not [fact for fact in hub.facts() if isinstance(fact, ProfileDoubted)]
    pass_time(hub, 366)
    doubted, *more = [fact for fact in hub.facts() if isinstance(fact, ProfileDoubted)]
    assert more == []
    assert visibility(hub, anna) == "public"
    pass_time(hub, 366 + 31)
    assert visibility(hub, anna) == "hidden"
    assert hub.contact_state(anna).audience == f"contact:{anna}"
    secret = hub.mint(doubted.link_id)
    assert hub.call("POST", "/profile-checks", {"secret": secret}).status_code == 204
    assert hub.contact_state(anna).audience == "public"
    assert hub.call("POST", "/profile-checks", {"secret": secret}).status_code == 410


def test_members_without_a_yearly_timer_get_one(membership_on_each: Membership) -> None:
    hub = membership_on_each
    joined = hub.join(consents=LISTED)
    admin = hub.call(
        "POST", "/admins", {"name": "Olga", "email": "olga@example.org", "language": "en",
                            "time_zone": "UTC"}
    ).json()["contact_id"]  # fmt: skip
    brought, secret = invited(hub)
    form = {
        "invitation": secret, "name": "Ina", "helix_side": "citizen",
        "region_code": "BE23", "consents": LISTED,
    }  # fmt: skip
    assert hub.call("POST", "/invitations/accept", form).status_code == 201
    assert yearly(hub) == {joined, admin, brought}
    hidden = hub.join(email="hidden@example.org", consents=LISTED)
    moment = datetime.now(UTC)
    with hub.database.unit_of_work() as session:
        session.connection().execute(TIMERS.delete())
        changed = session.get_one(Contact, hidden)
        changed.visible_before, changed.visibility = "public", "hidden"
        before = session.get_one(Contact, joined)
        before.checked_at, before.created_at = None, moment - timedelta(days=300)
        session.add(changed)
        session.add(before)
    sweep = hub.service.workers[0].__self__.sweep  # type: ignore[attr-defined]
    assert sweep(moment) == 3
    assert sweep(moment) == 0
    # Whoever was hidden after silence waits for nothing but their own click.
    assert yearly(hub) == {joined, admin, brought}
    pass_time(hub, 64)
    assert not [fact for fact in hub.facts() if isinstance(fact, ProfileDoubted)]
    pass_time(hub, 66)
    doubted = [fact.contact_id for fact in hub.facts() if isinstance(fact, ProfileDoubted)]
    assert doubted == [joined]
    # Asked and not answered yet: hiding comes next, and nothing is asked anew.
    assert sweep(moment) == 0


def test_an_address_changes_by_the_link_alone_and_can_be_taken_back(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    anna = hub.join()
    wanted = {"email": "anna.new@example.org"}
    assert hub.call("POST", "/members/me/address", wanted, caller=member(anna)).status_code == 202
    (asked,) = [fact for fact in hub.facts() if isinstance(fact, AddressChangeAsked)]
    minted = hub.call("POST", f"/links/{asked.link_id}/mint").json()
    assert minted["to"] == "anna.new@example.org"
    assert hub.contact_state(anna).email == "anna@example.org"
    used = hub.call("POST", "/address-changes", {"secret": minted["secret"]})
    assert used.status_code == 204
    assert hub.contact_state(anna).email == "anna.new@example.org"
    (changed,) = [fact for fact in hub.facts() if isinstance(fact, AddressChanged)]
    back = hub.call("POST", f"/links/{changed.link_id}/mint").json()
    assert back["to"] == "anna@example.org"
    assert hub.call("POST", "/address-changes/undo", {"secret": back["secret"]}).status_code == 204
    assert hub.contact_state(anna).email == "anna@example.org"
    again = hub.call("POST", "/address-changes", {"secret": minted["secret"]})
    assert again.status_code == 410


def test_an_address_of_somebody_else_is_answered_alike(membership: Membership) -> None:
    anna = membership.join()
    bert = membership.join(email="bert@example.org")
    answers = [
        membership.call("POST", "/members/me/address", {"email": email}, caller=member(anna))
        for email in ("free@example.org", "bert@example.org")
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(202, {})] * 2
    assert [fact for fact in membership.facts() if isinstance(fact, AddressTaken)] == [
        AddressTaken(contact_id=bert)
    ]


def invited(membership: Membership) -> tuple[str, str]:
    """Somebody whom an import brought, and the secret of their invitation."""
    with membership.database.unit_of_work() as session:
        moment = datetime.now(UTC)
        contact = find_or_create(
            session, email="ina@example.org", name="Ina Invited", status="invited",
            moment=moment, helix_side="research", region_code="BE23", language="en",
            time_zone="Europe/Brussels",
        )  # fmt: skip
        invite(session, contact, moment)
        id = contact.id
    (fact,) = [fact for fact in membership.facts() if isinstance(fact, MemberInvited)]
    return id, membership.mint(fact.link_id)


def test_an_invitation_makes_an_account_by_its_form_alone(membership_on_each: Membership) -> None:
    hub = membership_on_each
    id, secret = invited(hub)
    known = hub.call("POST", "/invitations/lookup", {"secret": secret}).json()
    assert (known["name"], known["email"]) == ("Ina Invited", "ina@example.org")
    form = {"invitation": secret, "name": "Ina", "helix_side": "research", "region_code": "BE23"}
    refused = hub.call("POST", "/invitations/accept", {**form, "consents": ["directory"]})
    assert refused.status_code == 422
    assert hub.contact_state(id).status == "invited"
    made = hub.call("POST", "/invitations/accept", {**form, "consents": ["terms"]})
    assert made.status_code == 201
    state = hub.contact_state(id)
    assert (state.status, state.consents, state.name) == ("member", ("terms",), "Ina")
    again = hub.call("POST", "/invitations/accept", {**form, "consents": ["terms"]})
    assert again.status_code == 410


def test_an_invitation_that_nobody_used_is_forgotten(membership_on_each: Membership) -> None:
    _id, _secret = invited(membership_on_each)
    pass_time(membership_on_each, 31)
    found = membership_on_each.call("POST", "/contacts/lookup", {"emails": ["ina@example.org"]})
    assert found.json() == []


def test_whom_an_import_brought_has_the_whole_term_of_a_late_invitation(
    membership_on_each: Membership,
) -> None:
    hub = membership_on_each
    late, _secret = invited(hub)
    now = datetime.now(UTC)
    with hub.database.unit_of_work() as session:
        session.get_one(Contact, late).created_at = now - timedelta(days=91)
        find_or_create(
            session, status="invited", moment=now - timedelta(days=91), name="Never Asked",
            email="never@example.org", language="en", time_zone="UTC",
        )  # fmt: skip
    sweep = hub.service.workers[0].__self__.sweep  # type: ignore[attr-defined]
    assert sweep(now) == 1
    body = {"emails": ["ina@example.org", "never@example.org"]}
    assert [each["id"] for each in hub.call("POST", "/contacts/lookup", body).json()] == [late]
    pass_time(hub, 31)
    assert hub.call("POST", "/contacts/lookup", body).json() == []
