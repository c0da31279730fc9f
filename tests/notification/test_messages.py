"""From fact to message: the right people, channels and words, once, in any order."""

import threading
import time
from datetime import timedelta

import pytest

from events.catalogue.knowledge import PostPublished, PostState
from events.catalogue.matchmaking import DemoCaseProposed, MatchesFound
from events.catalogue.membership import JoinRepeated, MemberConfirmed, SignInRequested
from events.catalogue.notification import MessageDelivered
from events.catalogue.scheduling import (
    GatheringCancelled,
    GatheringChanged,
    GatheringPublished,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationWaitlisted,
    WaitlistPromoted,
)
from events.envelope import Event, new_id
from events.replay import replay
from services.notification.handlers import SEND
from services.notification.projection import DIRECTORY
from tests.notification.conftest import MakeWorld
from tests.notification.people import ANNA, BERT, GIA, OLGA, joined
from tests.notification.world import (
    CODE,
    World,
    demo_case,
    enveloped,
    gathering,
    grown,
    person,
    registration,
)


def test_joining_person_gets_the_confirmation_link_by_mail_alone(world: World) -> None:
    anna = person("Anna Citizen", status="pending")
    world.say(anna, joined(anna.id))
    world.hear()
    world.send()
    (mail,) = world.mails()
    assert mail["subject"] == "Confirm your e-mail address"
    assert mail["to"] == "anna@example.org"
    assert mail["links"][0].startswith("https://hub.example/confirm?secret=secret-1-")
    assert "code" not in mail["text"] + mail["html"]
    # The name may be anything that a stranger typed beside this address.
    assert "Anna" not in mail["text"] + mail["html"]
    assert world.notices(anna) == []


def test_repeated_join_leads_to_sign_in(world: World) -> None:
    world.owners.kind = "sign-in"
    world.say(ANNA, JoinRepeated(contact_id=ANNA.id, link_id=new_id()))
    world.hear()
    world.send()
    (mail,) = world.mails()
    assert mail["subject"] == "You already have an account"
    assert mail["links"][0].startswith("https://hub.example/sign-in/use?secret=")
    assert f"where you asked for it: {CODE}" in mail["text"]
    assert f">{CODE}</p>" in mail["html"]


def test_welcome_waits_until_the_person_is_known_as_a_member(world: World) -> None:
    guest = person("Gia Guest", status="guest")
    world.say(guest, MemberConfirmed(contact_id=guest.id))
    world.hear()
    assert world.statuses() == {
        ("member-confirmed", "inbox", "waiting"),
        ("member-confirmed", "mail", "waiting"),
    }
    world.say(grown(guest, status="member"))
    world.hear(DIRECTORY)
    world.send()
    (notice,) = world.notices(guest)
    assert (notice["title"], notice["path"]) == ("Welcome, your account is ready", "/me")
    assert [mail["subject"] for mail in world.mails()] == ["Welcome, your account is ready"]


def test_sign_in_is_mailed_before_anything_else(world: World) -> None:
    event = gathering(OLGA)
    world.say(OLGA, event, GatheringPublished(gathering_id=event.id, organiser_id=OLGA.id))
    world.say(SignInRequested(contact_id=OLGA.id, link_id=new_id()))
    world.hear()
    world.send()
    assert [mail["subject"] for mail in world.mails()] == [
        "Your sign-in link",
        "Published: Genomics in the clinic",
    ]


def test_proposer_hears_the_number_of_matches_and_matched_members_hear_of_the_project(
    world: World,
) -> None:
    case = demo_case(OLGA)
    world.say(
        OLGA,
        ANNA,
        BERT,
        case,
        DemoCaseProposed(demo_case_id=case.id, proposer_id=OLGA.id),
        MatchesFound(
            demo_case_id=case.id,
            proposer_id=OLGA.id,
            contact_ids=(ANNA.id, BERT.id, OLGA.id),
            organisation_ids=(new_id(),),
        ),
    )
    world.hear()
    world.send()
    assert sorted((mail["to"], mail["subject"]) for mail in world.mails()) == [
        ("anna@example.org", "A project that may need you: Guided therapy"),
        ("bert@example.org", "A project that may need you: Guided therapy"),
        ("olga@example.org", "Proposed: Guided therapy"),
    ]
    (notice,) = world.notices(OLGA)
    assert "4 members and organisations offer some of what it needs" in notice["body"]
    assert notice["path"] == "/demo-cases/guided-therapy-abc123"
    assert len(world.notices(ANNA)) == 1


def test_delivery_is_published_with_the_fact_that_caused_it(world: World) -> None:
    post = PostState(
        id=new_id(),
        version=1,
        audience="public",
        slug="a-post-abc123",
        kind="article",
        status="published",
        title="A post",
        author_id=ANNA.id,
    )
    world.say(ANNA, post, PostPublished(post_id=post.id, author_id=ANNA.id))
    world.hear()
    world.send()
    delivered = world.under_test.published(MessageDelivered)
    assert sorted(
        (fact.delivery_id, fact.event_id, fact.kind, fact.channel, fact.contact_id)
        for fact in delivered
    ) == sorted(
        (m.id, m.event_id, "post-published", m.channel, m.contact_id) for m in world.ledger()
    )
    assert {m.status for m in world.ledger()} == {"sent"}


def test_what_is_made_up_announces_itself_to_nobody(world: World) -> None:
    event = gathering(OLGA, made_up=True)
    seat = registration(event, ANNA)
    published = GatheringPublished(gathering_id=event.id, organiser_id=OLGA.id)
    ids = {"registration_id": seat.id, "gathering_id": event.id, "contact_id": ANNA.id}
    world.say(OLGA, ANNA, event, published, seat, RegistrationConfirmed(**ids))
    world.hear()
    world.send()
    assert [mail["to"] for mail in world.mails()] == [ANNA.email]
    assert {(m.kind, m.status) for m in world.ledger()} == {
        ("gathering-published", "dropped"),
        ("registration-confirmed", "sent"),
    }


def test_what_is_imported_in_bulk_announces_itself_to_nobody(world: World) -> None:
    case = demo_case(OLGA)
    world.say(
        OLGA,
        BERT,
        case,
        MatchesFound(
            demo_case_id=case.id,
            proposer_id=OLGA.id,
            contact_ids=(BERT.id,),
            organisation_ids=(),
            imported=True,
        ),
    )
    world.hear()
    assert world.ledger() == []


def the_path() -> list[tuple[Event, ...]]:
    """A whole story: what was said by one request after the other."""
    pending = person("Carl Clinic", status="pending")
    carl = grown(pending, status="member")
    event = gathering(OLGA)
    anna, bert, gia, late = (registration(event, who) for who in (ANNA, BERT, GIA, carl))
    ids = {
        seat.id: {
            "registration_id": seat.id,
            "gathering_id": event.id,
            "contact_id": seat.contact_id,
        }
        for seat in (anna, bert, gia, late)
    }
    moved = grown(event, starts_local=event.starts_local + timedelta(minutes=30))
    bert_waits = bert.model_copy(update={"status": "waitlisted"})
    return [
        (ANNA, BERT, GIA, OLGA),
        (pending, joined(pending.id)),
        (carl, MemberConfirmed(contact_id=carl.id)),
        (event, GatheringPublished(gathering_id=event.id, organiser_id=OLGA.id)),
        (anna, RegistrationConfirmed(**ids[anna.id])),
        (bert_waits, RegistrationWaitlisted(**ids[bert.id])),
        (gia, RegistrationConfirmed(**ids[gia.id])),
        (grown(anna, status="cancelled"), RegistrationCancelled(**ids[anna.id])),
        (grown(bert_waits, status="confirmed"), WaitlistPromoted(**ids[bert.id])),
        (moved, GatheringChanged(gathering_id=event.id, changed=("starts_local",))),
        (grown(moved, status="cancelled"), GatheringCancelled(gathering_id=event.id)),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_every_order_of_events_ends_in_the_same_mails(make_world: MakeWorld, seed: int) -> None:
    world = make_world()
    for said in the_path():
        world.say(*said)
    world.hear_shuffled(seed)
    world.send()
    assert {status for _, _, status in world.statuses()} == {"sent", "dropped"}
    assert sorted((mail["to"], mail["subject"]) for mail in world.mails()) == [
        ("anna@example.org", "You are no longer registered: Genomics in the clinic"),
        ("anna@example.org", "You have a seat: Genomics in the clinic"),
        ("bert@example.org", "A seat became free for you: Genomics in the clinic"),
        ("bert@example.org", "Cancelled: Genomics in the clinic"),
        ("bert@example.org", "Changed: Genomics in the clinic"),
        ("bert@example.org", "You are on the waitlist: Genomics in the clinic"),
        ("carl@example.org", "Confirm your e-mail address"),
        ("carl@example.org", "Welcome, your account is ready"),
        ("gia@example.org", "Cancelled: Genomics in the clinic"),
        ("gia@example.org", "Changed: Genomics in the clinic"),
        ("gia@example.org", "You have a seat: Genomics in the clinic"),
        ("olga@example.org", "Published: Genomics in the clinic"),
    ]
    assert len(world.notices(BERT)) == 4
    assert all("14:30 to" in m["text"] for m in world.mails() if "Changed" in m["subject"])


def test_history_is_not_mailed_by_a_new_group(world: World) -> None:
    world.say(ANNA)
    for fact, ago in (
        (SignInRequested(contact_id=ANNA.id, link_id=new_id()), timedelta(minutes=16)),
        (JoinRepeated(contact_id=ANNA.id, link_id=new_id()), timedelta(minutes=16)),
        (joined(ANNA.id), timedelta(hours=25)),
        (MemberConfirmed(contact_id=ANNA.id), timedelta(days=8)),
    ):
        world.relay()
        world.said(fact, ago=ago)
    world.hear()
    world.send()
    assert {status for _, _, status in world.statuses()} == {"expired"}
    assert len(world.ledger()) == 5
    assert (world.mails(), world.notices(ANNA)) == ([], [])


def test_message_that_waits_too_long_expires(world: World) -> None:
    world.said(
        SignInRequested(contact_id=ANNA.id, link_id=new_id()), ago=timedelta(minutes=14, seconds=59)
    )
    world.hear()
    assert world.statuses() == {("sign-in-requested", "mail", "waiting")}
    while world.statuses() != {("sign-in-requested", "mail", "expired")}:
        world.send()
    world.say(ANNA)
    world.hear()
    world.send()
    assert world.mails() == []


def test_person_erased_with_mail_queued_is_forgotten_and_gets_nothing(world: World) -> None:
    event = gathering(OLGA)
    seat = registration(event, ANNA)
    ids = {"registration_id": seat.id, "gathering_id": event.id, "contact_id": ANNA.id}
    world.say(ANNA, event, seat, RegistrationConfirmed(**ids))
    world.hear()
    world.send()
    world.say(WaitlistPromoted(**ids))
    world.hear()
    assert len(world.notices(ANNA)) == 2
    world.bury(ANNA)
    world.hear()
    world.send()
    assert world.mails() == []
    assert world.notices(ANNA) == []
    assert {(m.kind, m.status) for m in world.ledger() if m.channel == "mail"} == {
        ("registration-confirmed", "sent"),
        ("waitlist-promoted", "dropped"),
    }
    world.say(ANNA)  # An old state, arriving late, brings nobody back.
    world.say(RegistrationCancelled(**ids))
    world.hear()
    world.send()
    assert world.mails() == []


@pytest.mark.parametrize(("first", "second"), [(DIRECTORY, SEND), (SEND, DIRECTORY)])
def test_state_and_fact_under_way_at_once_find_each_other(
    make_world: MakeWorld, postgres_url: str, first: str, second: str
) -> None:
    world = make_world(database_url=postgres_url)
    event = gathering(OLGA)
    published = GatheringPublished(gathering_id=event.id, organiser_id=OLGA.id)
    said: dict[str, Event] = {DIRECTORY: event, SEND: published}
    world.say(OLGA)
    world.hear()
    world.say(said[second])
    world.relay()
    other = threading.Thread(target=world.hear, args=(second,))
    with world.service.database.unit_of_work() as session:
        handler = world.service.groups[first][type(said[first])]
        handler(session, [enveloped(said[first])])
        other.start()
        time.sleep(0.5)
    other.join(30)
    assert world.statuses() == {
        ("gathering-published", "inbox", "sent"),
        ("gathering-published", "mail", "queued"),
    }


def test_replay_of_the_directory_changes_nothing_and_mails_nothing(world: World) -> None:
    for said in the_path():
        world.say(*said)
    world.hear()
    world.send()

    def everything() -> list[list[tuple[object, ...]]]:
        tables = type(world.ledger()[0]).metadata.sorted_tables
        with world.service.database.reader() as session:
            return [
                sorted(tuple(row) for row in session.connection().execute(table.select()))
                for table in tables
                if table.name not in ("outbox", "parked", "positions")
            ]

    before = everything()
    count = replay(
        store=world.service.database,
        event_log=world.log,
        handlers=world.service.groups[DIRECTORY],
        tables=world.service.projections[DIRECTORY],
    )
    world.send()
    assert count > 0
    assert everything() == before
