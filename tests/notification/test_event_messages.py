"""From what happens to an event to the messages of those registered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.catalogue.membership import ContactState
from events.catalogue.scheduling import (
    GatheringCancelled,
    GatheringChanged,
    GatheringFinished,
    GatheringPostponed,
    GatheringReminded,
    GatheringState,
    MaterialsPublished,
    OccurrenceCancelled,
    RegistrationConfirmed,
    RegistrationState,
    RegistrationWaitlisted,
)
from services.notification.handlers import SEND
from services.notification.projection import DIRECTORY
from tests.notification.people import ANNA, BERT, GIA, OLGA
from tests.notification.world import World, gathering, grown, registration


def test_registration_mail_says_what_when_where_and_leads_to_the_registration(
    world: World,
) -> None:
    event = gathering(OLGA)
    seat = registration(event, OLGA)
    world.say(
        OLGA,
        event,
        seat,
        RegistrationConfirmed(registration_id=seat.id, gathering_id=event.id, contact_id=OLGA.id),
    )
    world.hear()
    world.send()
    (mail,) = world.mails()
    assert mail["text"] == (
        "Hello Olga Organiser,\n"
        "\n"
        "You are registered and have a seat.\n"
        "\n"
        "What: Genomics in the clinic\n"
        f"When: {event.starts_local:%a} 1 Dec, 14:00 to 15:30 (Brussels), 13:00 in your time\n"
        "Where: Online\n"
        "\n"
        "See my registration:\n"
        f"https://hub.example/registrations/secret-1-{seat.id[-6:]}\n"
        "\n"
        "If you cannot come, please cancel there, so that someone else can.\n"
        "\n"
        "-- \n"
        "The hub\n"
        "https://hub.example"
    )
    assert world.owners.minted == [seat.id]
    (notice,) = world.notices(OLGA)
    assert notice["title"] == "You have a seat: Genomics in the clinic"
    assert notice["path"] == f"/events/{event.slug}"
    assert "secret" not in str(notice)


def test_guest_gets_mail_and_no_notice(world: World) -> None:
    event = gathering(OLGA)
    seat = registration(event, GIA, "waitlisted")
    fact = RegistrationWaitlisted(registration_id=seat.id, gathering_id=event.id, contact_id=GIA.id)
    world.say(GIA, event, seat, fact)
    world.hear()
    world.send()
    assert [mail["subject"] for mail in world.mails()] == [
        "You are on the waitlist: Genomics in the clinic"
    ]
    assert world.notices(GIA) == []
    assert ("registration-waitlisted", "inbox", "dropped") in world.statuses()


def test_cancelled_gathering_is_told_to_everybody_registered(world: World) -> None:
    event = gathering(OLGA)
    left = registration(event, OLGA, "cancelled")
    world.say(ANNA, BERT, GIA, OLGA, event, left, GatheringCancelled(gathering_id=event.id))
    world.say(registration(event, ANNA), registration(event, BERT, "waitlisted"))
    world.hear()
    world.say(registration(event, GIA, "waitlisted"))
    world.hear()
    world.send()
    assert sorted(mail["to"] for mail in world.mails()) == [
        "anna@example.org",
        "bert@example.org",
        "gia@example.org",
    ]
    assert {mail["subject"] for mail in world.mails()} == {"Cancelled: Genomics in the clinic"}
    assert [len(world.notices(contact)) for contact in (ANNA, BERT, GIA, OLGA)] == [1, 1, 0, 0]


def test_who_is_registered_hears_that_a_gathering_is_postponed(world: World) -> None:
    event = gathering(OLGA)
    world.say(ANNA, OLGA, event, registration(event, ANNA), registration(event, OLGA, "cancelled"))
    world.say(GatheringPostponed(gathering_id=event.id))
    world.hear()
    world.send()
    (mail,) = world.mails()
    assert (mail["to"], mail["subject"]) == (
        "anna@example.org",
        "Postponed: Genomics in the clinic",
    )
    assert "Your seat is kept." in mail["text"]


def test_who_has_a_seat_hears_of_materials(world: World) -> None:
    event = gathering(OLGA)
    seats = (registration(event, ANNA), registration(event, BERT, "waitlisted"))
    world.say(ANNA, BERT, event, *seats, MaterialsPublished(gathering_id=event.id))
    world.hear()
    world.send()
    (mail,) = world.mails()
    assert (mail["to"], mail["subject"]) == (
        "anna@example.org",
        "Materials are there: Genomics in the clinic",
    )
    assert len(world.notices(ANNA)) == 1


def test_who_had_a_seat_is_asked_how_it_was(world: World) -> None:
    event = gathering(OLGA)
    others = ((BERT, "waitlisted"), (OLGA, "cancelled"))
    world.say(ANNA, BERT, OLGA, event, registration(event, ANNA))
    world.say(*(registration(event, person, status) for person, status in others))
    world.say(GatheringFinished(gathering_id=event.id))
    world.hear()
    world.send()
    (mail,) = world.mails()
    assert (mail["to"], mail["subject"]) == (
        "anna@example.org",
        "How was it? Genomics in the clinic",
    )
    assert "/registrations/" in mail["text"]
    assert [len(world.notices(contact)) for contact in (ANNA, BERT, OLGA)] == [1, 0, 0]


def test_who_has_a_seat_is_reminded_of_the_date_that_is_near(world: World) -> None:
    event = gathering(OLGA)
    world.say(ANNA, BERT, event, registration(event, ANNA), registration(event, BERT, "waitlisted"))
    near = event.starts_local + timedelta(days=7)
    world.say(
        GatheringReminded(
            gathering_id=event.id,
            occurrence=near,
            starts_local=near + timedelta(hours=1),
            ends_local=near + timedelta(hours=2),
        )
    )
    world.hear()
    world.send()
    (mail,) = world.mails()
    assert (mail["to"], mail["subject"]) == ("anna@example.org", "Soon: Genomics in the clinic")
    assert "/registrations/" in mail["text"]
    assert f"{near + timedelta(hours=1):%H:%M}" in mail["text"]
    assert [len(world.notices(contact)) for contact in (ANNA, BERT)] == [1, 0]


def test_what_happens_to_one_date_is_told_to_those_who_registered_for_it(world: World) -> None:
    event = gathering(OLGA, registers_for="occurrence", rrule="FREQ=WEEKLY;COUNT=3")
    first, second = event.starts_local, event.starts_local + timedelta(days=7)

    def for_date(contact: ContactState, date: datetime) -> RegistrationState:
        return registration(event, contact, dates=({"occurrence": date, "status": "confirmed"},))

    world.say(ANNA, BERT, event, for_date(ANNA, second), for_date(BERT, first))
    world.say(
        GatheringReminded(
            gathering_id=event.id,
            occurrence=first,
            starts_local=first,
            ends_local=first + timedelta(hours=1),
        ),
        OccurrenceCancelled(gathering_id=event.id, occurrence=second),
    )
    world.hear()
    world.send()
    told = sorted((mail["to"], mail["subject"].split(":")[0]) for mail in world.mails())
    assert told == [
        ("anna@example.org", "One date does not take place"),
        ("bert@example.org", "Soon"),
    ]


def test_nobody_is_asked_how_a_made_up_event_was(world: World) -> None:
    event = gathering(OLGA, made_up=True)
    world.say(ANNA, event, registration(event, ANNA), GatheringFinished(gathering_id=event.id))
    world.hear()
    world.send()
    assert (world.mails(), world.notices(ANNA)) == ([], [])


def test_change_is_told_with_the_new_time_even_when_the_old_one_is_known(world: World) -> None:
    event = gathering(OLGA)
    seat = registration(event, ANNA)
    world.say(ANNA, event, seat)
    world.hear()
    fact = GatheringChanged(
        gathering_id=event.id, changed=("ends_local", "location", "starts_local")
    )
    later = event.starts_local + timedelta(hours=2)
    world.say(fact, grown(event, starts_local=later, ends_local=later + timedelta(hours=1)))
    world.say(registration(event, BERT, revised_at=datetime.now(UTC)), BERT)
    world.hear(SEND)
    assert {status for _, _, status in world.statuses()} == {"waiting"}
    world.hear(DIRECTORY)
    world.send()
    (mail,) = world.mails()
    assert mail["to"] == "anna@example.org"
    assert "The organiser changed the time and the place of an event" in mail["text"]
    assert "16:00 to 17:00 (Brussels)" in mail["text"]


def test_who_cancels_meanwhile_is_not_told_of_the_change(world: World) -> None:
    event = gathering(OLGA)
    seat = registration(event, ANNA)
    world.say(ANNA, event, seat, GatheringCancelled(gathering_id=event.id))
    world.hear()
    world.say(grown(seat, status="cancelled"))
    world.hear()
    world.send()
    assert world.mails() == []
    assert ("gathering-cancelled", "mail", "dropped") in world.statuses()


def reminder(event: GatheringState) -> GatheringReminded:
    return GatheringReminded(
        gathering_id=event.id, starts_local=event.starts_local, ends_local=event.ends_local
    )


def test_who_registers_once_it_is_near_is_not_reminded(world: World) -> None:
    event = gathering(OLGA)
    world.say(ANNA, event, reminder(event))
    world.hear()
    world.say(registration(event, ANNA))
    world.hear()
    world.send()
    assert world.mails() == []


@pytest.mark.parametrize(
    "change",
    [{"status": "cancelled"}, {"status": "postponed"}, {"starts_local": datetime(2050, 1, 1, 9)}],
)
def test_nobody_is_reminded_of_what_does_not_take_place_then(
    world: World, change: dict[str, Any]
) -> None:
    event = gathering(OLGA)
    world.say(event, registration(event, ANNA), reminder(event))
    world.hear()
    # It waits for who the person is; meanwhile the event is another.
    world.say(event.model_copy(update={"version": 2, **change}))
    world.hear()
    world.say(ANNA)
    world.hear()
    world.send()
    assert world.mails() == []
