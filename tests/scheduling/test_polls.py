"""Finding a date by a poll, through HTTP on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from events.catalogue.scheduling import PollClosed, PollInvited, PollOpened, PollState
from services.kit.errors import Invalid
from services.kit.identity import ANYONE, Identity
from services.kit.timers import TIMERS, TimerLoop
from services.scheduling.personal.service import forget, held
from services.scheduling.polls.models import Ballot, BallotLink, Poll, Slot
from services.scheduling.polls.rules import Vote, check_times, suggested, tally
from services.scheduling.polls.service import close_in_time, expire
from tests.harness import HUB, ServiceUnderTest, a_member

POLL = {
    "title": "Kick-off of the data group",
    "time_zone": "Europe/Brussels",
    "minutes": 90,
    "slots": ["2027-06-03T14:00:00", "2027-06-01T14:00:00", "2027-06-02T09:30:00"],
    "closes_local": "2027-05-20T18:00:00",
}


@pytest.fixture
def organiser() -> Identity:
    return a_member("organiser")


def a_poll(scheduling: ServiceUnderTest, organiser: Identity, **changed: Any) -> dict[str, Any]:
    """An open poll."""
    answer = scheduling.call("POST", "/polls", as_=organiser, json={**POLL, **changed})
    assert answer.status_code == 201, answer.text
    poll: dict[str, Any] = answer.json()
    return poll


def votes(poll: dict[str, Any], *choices: str) -> dict[str, str]:
    """What is said to each date in order."""
    slots = [slot["id"] for slot in poll["slots"]]
    return dict(zip(slots, choices, strict=True))


def invited(
    scheduling: ServiceUnderTest, poll: dict[str, Any], organiser: Identity, **roles: Identity
) -> None:
    """Ask each person, to play the part they are named by; `_` for any."""
    order = [
        {"contact_id": person.contact_id, "role": "" if role.startswith("_") else role}
        for role, person in roles.items()
    ]
    path = f"/polls/{poll['id']}/invitations"
    answer = scheduling.call("POST", path, as_=organiser, json={"invitations": order})
    assert answer.status_code == 200, answer.text


def test_poll_is_opened_with_its_dates_in_order(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll = a_poll(scheduling, organiser, roles=["Speaker", "Speaker"])
    assert [(slot["starts_local"], slot["ends_local"]) for slot in poll["slots"]] == [
        ("2027-06-01T14:00:00", "2027-06-01T15:30:00"),
        ("2027-06-02T09:30:00", "2027-06-02T11:00:00"),
        ("2027-06-03T14:00:00", "2027-06-03T15:30:00"),
    ]
    assert (poll["status"], poll["open"], poll["roles"], poll["suggested"], poll["ballots"]) == (
        "open", True, ["Speaker"], None, [],
    )  # fmt: skip
    assert poll["closes_at"] == "2027-05-20T16:00:00Z"
    assert scheduling.published(PollOpened) == [
        PollOpened(poll_id=poll["id"], organiser_id=organiser.contact_id or "")
    ]
    listed = scheduling.call("GET", "/polls", as_=organiser).json()
    assert [(each["id"], each["voted"], each["asked"]) for each in listed] == [(poll["id"], 0, 0)]
    assert scheduling.call("GET", "/polls", as_=a_member()).json() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slots": ["2027-06-01T14:00:00", "2027-06-01T14:00:00"]}, "slots"),
        ({"slots": ["2020-06-01T14:00:00", "2027-06-01T14:00:00"]}, "slots"),
        # The clocks go forward that night.
        ({"slots": ["2027-03-28T02:30:00", "2027-06-01T14:00:00"]}, "slots"),
        ({"slots": ["2027-06-01T14:00:00"]}, "slots"),
        ({"slots": [f"2027-06-01T{hour:02}:00:00" for hour in range(21)]}, "slots"),
        ({"closes_local": "2020-01-01T10:00:00"}, "closes_local"),
        ({"closes_local": "2027-06-03T14:00:00"}, "closes_local"),
        ({"slots": ["2050-06-01T14:00:00", "2050-06-02T14:00:00"],
          "closes_local": "2050-01-01T10:00:00"}, "closes_local"),
        ({"time_zone": "Middle/Nowhere"}, "time_zone"),
        ({"minutes": 0}, "minutes"),
        ({"title": " "}, "title"),
        ({"code": "mine"}, "code"),
    ],
)  # fmt: skip
def test_poll_that_makes_no_sense_is_refused(
    scheduling: ServiceUnderTest, organiser: Identity, changed: dict[str, Any], field: str
) -> None:
    answer = scheduling.call("POST", "/polls", as_=organiser, json={**POLL, **changed})
    assert answer.status_code == 422
    problem = answer.json()
    named = {error["field"].split(".")[0] for error in problem["errors"]}
    assert field in named
    assert scheduling.published() == []


def test_poll_is_opened_by_organisers_only(scheduling: ServiceUnderTest) -> None:
    assert scheduling.call("POST", "/polls", as_=a_member(), json=POLL).status_code == 403
    assert scheduling.call("POST", "/polls", json=POLL).status_code == 401


def test_invited_people_vote_and_the_date_with_every_part_is_suggested(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll = a_poll(scheduling, organiser, roles=["Speaker"])
    speaker, one, other = a_member(), a_member(), a_member()
    invited(scheduling, poll, organiser, Speaker=speaker, _1=one, _2=other)
    # A second time gives another part at most, and no second mail.
    invited(scheduling, poll, organiser, _1=speaker, _2=one)
    asked = [fact.contact_id for fact in scheduling.published(PollInvited)]
    assert len(asked) == 3
    assert set(asked) == {speaker.contact_id, one.contact_id, other.contact_id}
    path = f"/polls/{poll['id']}/ballot"
    for person, said in (
        (speaker, votes(poll, "no", "maybe", "yes")),
        (one, votes(poll, "yes", "yes", "no")),
        (other, votes(poll, "yes", "no", "no")),
    ):
        answer = scheduling.call("POST", path, as_=person, json={"votes": said})
        assert answer.status_code == 204, answer.text
    read = scheduling.call("GET", f"/polls/{poll['id']}", as_=organiser).json()
    assert [
        (slot["yes"], slot["maybe"], slot["no"], slot["missing"]) for slot in read["slots"]
    ] == [(2, 0, 1, ["Speaker"]), (1, 1, 1, []), (1, 0, 2, [])]
    assert (read["suggested"], read["voted"], read["asked"]) == (poll["slots"][1]["id"], 3, 3)
    own = scheduling.call("GET", path, as_=speaker).json()["own"]
    assert (own["role"], own["votes"]) == ("Speaker", votes(poll, "no", "maybe", "yes"))
    changed = {"votes": votes(poll, "yes", "yes", "yes")}
    scheduling.call("POST", path, as_=speaker, json=changed)
    read = scheduling.call("GET", f"/polls/{poll['id']}", as_=organiser).json()
    assert (read["suggested"], read["voted"]) == (poll["slots"][0]["id"], 3)


def test_visitor_votes_by_the_shared_link_and_changes_it_by_their_own(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll = a_poll(scheduling, organiser, roles=["Speaker"])
    shared = f"/ballots/by-secret/{poll['code']}"
    said = votes(poll, "yes", "no", "no")
    nameless = scheduling.call("POST", shared, json={"votes": said})
    assert (nameless.status_code, nameless.json()["errors"][0]["field"]) == (422, "name")
    order = {"votes": said, "name": "Gia Guest", "role": "Speaker"}
    secret = scheduling.call("POST", shared, json=order).json()["secret"]
    own = f"/ballots/by-secret/{secret}"
    assert scheduling.call("GET", shared).json()["own"] is None
    shown = scheduling.call("GET", own).json()
    assert (shown["own"]["name"], shown["own"]["votes"], shown["voted"]) == ("Gia Guest", said, 1)
    assert "code" not in shown
    assert "ballots" not in shown
    again = {"votes": votes(poll, "no", "yes", "no")}
    assert scheduling.call("POST", own, json=again).json() == {"secret": secret}
    read = scheduling.call("GET", f"/polls/{poll['id']}", as_=organiser).json()
    assert [(each["name"], each["role"], each["votes"]) for each in read["ballots"]] == [
        ("Gia Guest", "Speaker", again["votes"])
    ]
    member = a_member()
    for _time in range(2):
        scheduling.call("POST", shared, as_=member, json={"votes": said})
    read = scheduling.call("GET", f"/polls/{poll['id']}", as_=organiser).json()
    assert [(each["contact_id"], each["name"]) for each in read["ballots"]] == [
        (None, "Gia Guest"), (member.contact_id, ""),
    ]  # fmt: skip


def test_votes_at_once_are_all_counted_and_a_member_has_one(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll, member = a_poll(scheduling, organiser), a_member()
    shared = f"/ballots/by-secret/{poll['code']}"
    order = {"votes": votes(poll, "yes", "maybe", "no"), "name": "Gia Guest"}
    people = [ANYONE] * 8 + [member] * 8
    answers = scheduling.together(
        scheduling.call_async("POST", shared, as_=person, json=order) for person in people
    )
    assert {answer.status_code for answer in answers} == {200}
    read = scheduling.call("GET", f"/polls/{poll['id']}", as_=organiser).json()
    assert (read["voted"], read["slots"][0]["yes"]) == (9, 9)


def test_vote_for_what_is_not_asked_is_refused(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll, other = a_poll(scheduling, organiser), a_poll(scheduling, organiser)
    shared = f"/ballots/by-secret/{poll['code']}"
    refused: list[dict[str, Any]] = [
        {"name": "Gia", "votes": votes(other, "yes", "yes", "yes")},
        {"name": "Gia", "votes": votes(poll, "yes", "yes", "perhaps")},
        {"name": "Gia", "votes": votes(poll, "yes", "yes", "no"), "role": "King"},
        {"name": "Gia", "votes": {}, "contact_id": organiser.contact_id},
    ]
    for order in refused:
        assert scheduling.call("POST", shared, json=order).status_code == 422
    assert scheduling.call("GET", "/ballots/by-secret/" + "x" * 32).status_code == 404
    path = f"/polls/{poll['id']}"
    assert scheduling.call("GET", f"{path}/ballot", as_=a_member()).status_code == 404
    assert scheduling.call("GET", path, as_=a_member("organiser")).status_code == 403
    actions: list[tuple[str, Any]] = [
        ("close", None),
        ("", None),
        ("choose", {"slot_id": poll["slots"][0]["id"]}),
        ("invitations", {"invitations": [{"contact_id": a_member().contact_id}]}),
    ]
    for action, order in actions:
        stranger = a_member("organiser")
        method, where = ("POST", f"{path}/{action}") if action else ("DELETE", path)
        strange = scheduling.call(method, where, as_=stranger, json=order)
        assert strange.status_code == 403
    wrong = {"slot_id": other["slots"][0]["id"]}
    assert scheduling.call("POST", f"{path}/choose", as_=organiser, json=wrong).status_code == 404


def test_chosen_date_becomes_a_draft_once_and_closes_the_poll(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll = a_poll(scheduling, organiser, description="Who does what.")
    path = f"/polls/{poll['id']}"
    chosen = {"slot_id": poll["slots"][1]["id"]}
    draft = scheduling.call("POST", f"{path}/choose", as_=organiser, json=chosen).json()
    wanted = {
        "status": "draft",
        "title": "Kick-off of the data group",
        "description": "Who does what.",
        "starts_local": "2027-06-02T09:30:00",
        "ends_local": "2027-06-02T11:00:00",
        "time_zone": "Europe/Brussels",
        "organiser_id": organiser.contact_id,
    }
    assert {name: draft[name] for name in wanted} == wanted
    again = scheduling.call("POST", f"{path}/choose", as_=organiser, json=chosen).json()
    assert again["id"] == draft["id"]
    other = {"slot_id": poll["slots"][0]["id"]}
    assert scheduling.call("POST", f"{path}/choose", as_=organiser, json=other).status_code == 409
    assert scheduling.published(PollClosed) == [
        PollClosed(
            poll_id=poll["id"],
            organiser_id=organiser.contact_id or "",
            gathering_id=draft["id"],
        )
    ]
    late = {"votes": votes(poll, "yes", "yes", "yes"), "name": "Gia Guest"}
    shared = f"/ballots/by-secret/{poll['code']}"
    assert scheduling.call("POST", shared, json=late).status_code == 409
    assert scheduling.call("GET", shared).json()["open"] is False


def test_poll_is_closed_by_its_organiser_or_in_time(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    first, second = a_poll(scheduling, organiser), a_poll(scheduling, organiser)
    for _time in range(2):
        closed = scheduling.call("POST", f"/polls/{first['id']}/close", as_=organiser).json()
        assert (closed["status"], closed["open"]) == ("closed", False)
    loop = TimerLoop(scheduling.service.database, scheduling.service.timers)
    assert loop.step(datetime(2027, 5, 20, 15, 59, tzinfo=UTC)) == 0
    assert loop.step(datetime(2027, 5, 20, 16, 0, tzinfo=UTC)) == 1
    assert [(fact.poll_id, fact.gathering_id) for fact in scheduling.published(PollClosed)] == [
        (first["id"], None), (second["id"], None),
    ]  # fmt: skip
    states = {state.id: (state.version, state.status) for state in scheduling.published(PollState)}
    assert states == {first["id"]: (2, "closed"), second["id"]: (2, "closed")}


def test_link_to_a_ballot_is_minted_for_the_hub_while_the_poll_is_open(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll = a_poll(scheduling, organiser)
    guest = a_member()
    invited(scheduling, poll, organiser, _1=guest)
    (asked,) = scheduling.published(PollInvited)
    path = f"/ballots/{asked.ballot_id}/link"
    assert scheduling.call("POST", path, as_=organiser).status_code == 403
    secret = scheduling.call("POST", path, as_=HUB).json()["secret"]
    said = votes(poll, "yes", "maybe", "no")
    own = f"/ballots/by-secret/{secret}"
    assert scheduling.call("POST", own, json={"votes": said}).json() == {"secret": secret}
    assert scheduling.call("GET", own).json()["own"]["contact_id"] == guest.contact_id
    scheduling.call("POST", f"/polls/{poll['id']}/close", as_=organiser)
    assert scheduling.call("POST", path, as_=HUB).status_code == 410


def test_forgotten_people_leave_no_poll_and_no_vote(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll, kept = a_poll(scheduling, organiser), a_poll(scheduling, a_member("organiser"))
    for each in (poll, kept):
        said = {"votes": votes(each, "yes", "no", "no")}
        scheduling.call("POST", f"/ballots/by-secret/{each['code']}", as_=organiser, json=said)
    database = scheduling.service.database
    with database.reader() as session:
        told = held(session, organiser.contact_id or "")
    assert [each["title"] for each in told["polls"]] == [POLL["title"]]
    assert [each["votes"] for each in told["ballots"]] == 2 * [
        {"2027-06-01T14:00:00": "yes", "2027-06-02T09:30:00": "no", "2027-06-03T14:00:00": "no"}
    ]
    with database.unit_of_work() as session:
        forget(session, organiser.contact_id or "", datetime.now(UTC))
    with database.reader() as session:
        assert session.exec(select(col(Poll.id))).all() == [kept["id"]]
        assert session.exec(select(col(Ballot.id))).all() == []
        timers = session.connection().execute(select(TIMERS.c.key)).scalars().all()
    assert timers == [kept["id"]]
    told_of = [state and state.id for state in scheduling.published(PollState)]
    assert told_of == [poll["id"], kept["id"], None]


def test_poll_is_deleted_with_its_answers_and_its_timer(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll = a_poll(scheduling, organiser)
    invited(scheduling, poll, organiser, _1=a_member())
    shared = f"/ballots/by-secret/{poll['code']}"
    said = {"votes": votes(poll, "yes", "no", "no"), "name": "Gia Guest"}
    scheduling.call("POST", shared, json=said)
    path = f"/polls/{poll['id']}"
    assert scheduling.call("DELETE", path, as_=organiser).status_code == 204
    assert scheduling.call("GET", path, as_=organiser).status_code == 404
    assert scheduling.call("GET", shared).status_code == 404
    with scheduling.service.database.reader() as session:
        assert session.connection().execute(select(TIMERS.c.key)).all() == []
    assert scheduling.published(PollState)[-1] is None


def test_poll_is_removed_long_after_it_closed(
    scheduling: ServiceUnderTest, organiser: Identity
) -> None:
    poll = a_poll(scheduling, organiser)
    shared = f"/ballots/by-secret/{poll['code']}"
    said = {"votes": votes(poll, "yes", "no", "no"), "name": "Gia Guest"}
    scheduling.call("POST", shared, json=said)
    closed = datetime(2027, 5, 20, 16, tzinfo=UTC)
    term = timedelta(days=30)
    database = scheduling.service.database
    with database.unit_of_work() as session:
        close_in_time(session, poll["id"], closed)
    with database.unit_of_work() as session:
        assert expire(session, closed + term - timedelta(seconds=1), term=term) == 0
        assert expire(session, closed + term, term=term) == 1
    with database.reader() as session:
        for table in (Poll, Slot, Ballot, BallotLink):
            assert session.exec(select(table)).all() == []


CHOICES = st.sampled_from(["yes", "maybe", "no"])
SLOTS = ["a", "b", "c", "d"]
VOTES = st.lists(
    st.builds(
        Vote,
        st.dictionaries(st.sampled_from(SLOTS), CHOICES),
        st.sampled_from(["", "Speaker", "Host"]),
    ),
    max_size=8,
)


@given(VOTES, st.sets(st.sampled_from(["Speaker", "Host"])), st.sets(st.sampled_from(SLOTS)))
def test_suggestion_has_every_part_and_nobody_could_do_better(
    said: list[Vote], roles: set[str], coming: set[str]
) -> None:
    def there(slot: str) -> list[Vote]:
        return [vote for vote in said if vote.choices.get(slot) in ("yes", "maybe")]

    fit = [slot for slot in SLOTS if slot in coming and there(slot)]
    fit = [slot for slot in fit if roles <= {vote.role for vote in there(slot)}]
    found = suggested(tally(SLOTS, said, sorted(roles)), coming)
    assert (found is None) == (not fit)
    if found:
        assert found in fit
        assert len(there(found)) == max(len(there(slot)) for slot in fit)


@given(VOTES)
def test_tally_counts_everybody_once_a_date(said: list[Vote]) -> None:
    for one in tally(SLOTS, said, []):
        assert one.yes + one.maybe + one.no == len(said)
        assert one.missing == ()


def test_poll_cannot_be_open_for_longer_than_a_year() -> None:
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    last = moment + timedelta(days=800)
    check_times([last], moment + timedelta(days=366), moment)
    with pytest.raises(Invalid):
        check_times([last], moment + timedelta(days=367), moment)
