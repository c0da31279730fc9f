"""Which gatherings are in which feed, through the log and over HTTP."""

import threading
import time
from datetime import datetime, timedelta

import icalendar
import pytest

from events.catalogue.scheduling import GatheringState
from events.parked import listed
from services.calendar.app import create
from services.kit.audience import MEMBERS, only
from tests.calendar.world import (
    ORGANISER,
    CalendarUnderTest,
    a_gathering,
    a_member,
    a_registration,
    peers_of,
    revised,
)


def events(ics: bytes) -> list[icalendar.Component]:
    return icalendar.Calendar.from_ical(ics).walk("VEVENT")


def titles(ics: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(ics)]


def test_public_feed_holds_public_gatherings_in_order_of_time(calendar: CalendarUnderTest) -> None:
    first = a_gathering(title="First")
    later = first.starts_local + timedelta(days=2)
    calendar.publish(
        a_gathering(title="Second", starts_local=later),
        first,
        a_gathering(title="For members", audience=MEMBERS),
        a_gathering(title="Draft", status="draft", audience=only(ORGANISER)),
        a_gathering(title="Abandoned draft", status="cancelled", audience=only(ORGANISER)),
    )
    assert titles(calendar.ics()) == ["First", "Second"]


def test_empty_feed_is_a_whole_calendar(calendar: CalendarUnderTest) -> None:
    parsed = icalendar.Calendar.from_ical(calendar.ics())
    assert [part.name for part in parsed.subcomponents] == ["VTIMEZONE"]


def test_gathering_is_right_after_every_step(calendar: CalendarUnderTest) -> None:
    draft = a_gathering(status="draft", audience=only(ORGANISER))
    calendar.publish(draft)
    assert titles(calendar.ics()) == []
    published = revised(draft, status="published", audience="public")
    calendar.publish(published)
    assert titles(calendar.ics()) == ["Genomics in the clinic"]
    moved = revised(published, title="Genomics, moved")
    calendar.publish(moved)
    assert titles(calendar.ics()) == ["Genomics, moved"]
    cancelled = revised(moved, status="cancelled")
    calendar.publish(cancelled)
    (event,) = events(calendar.ics())
    assert event["SUMMARY"] == "Cancelled: Genomics, moved"
    assert event["STATUS"] == "CANCELLED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["SEQUENCE"] == 3
    calendar.bury(cancelled)
    assert titles(calendar.ics()) == []


def test_older_state_changes_nothing(calendar: CalendarUnderTest) -> None:
    first = a_gathering(title="First")
    second = revised(first, title="Second")
    calendar.publish(second)
    calendar.publish(first)
    assert titles(calendar.ics()) == ["Second"]
    calendar.bury(second)
    calendar.publish(first)
    assert titles(calendar.ics()) == []


def test_states_of_one_gathering_in_one_batch_leave_the_newest(calendar: CalendarUnderTest) -> None:
    first = a_gathering(title="First")
    second = revised(first, title="Second")
    calendar.publish(first, second, revised(second, title="Third"), first)
    assert titles(calendar.ics()) == ["Third"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("topic/genomics", ["Seminar"]),
        ("topic/data-sharing", ["Seminar", "Workshop"]),
        ("topic/Data%20Sharing", ["Seminar", "Workshop"]),
        ("topic/sant%C3%A9", ["Workshop"]),
        ("topic/sante", ["Workshop"]),
        ("topic/unheard-of", []),
        ("kind/workshop", ["Workshop"]),
        ("region/BE10", ["Seminar"]),
        ("region/FR10", ["Workshop"]),
        ("language/fr", ["Workshop"]),
    ],
)
def test_filtered_feed_holds_what_it_names(
    sqlite_calendar: CalendarUnderTest, path: str, found: list[str]
) -> None:
    workshop = {"kind": "workshop", "region_code": "FR10", "language": "fr"}
    sqlite_calendar.publish(
        a_gathering(title="Seminar"),
        a_gathering(title="Workshop", topics=("data sharing", "santé"), **workshop),
    )
    assert titles(sqlite_calendar.ics(f"/feeds/{path}.ics")) == found


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/kind/party.ics",
        "/feeds/region/B.ics",
        "/feeds/language/english.ics",
        "/feeds/topic/...ics",
        "/feeds/colour/red.ics",
        "/feeds/private/unknown.ics",
        "/events/unknown.ics",
    ],
)
def test_unknown_feed_is_not_found(sqlite_calendar: CalendarUnderTest, path: str) -> None:
    answer = sqlite_calendar.feed(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


def test_gathering_feed_holds_it_alone(calendar: CalendarUnderTest) -> None:
    one = a_gathering(title="One")
    calendar.publish(one, a_gathering(title="Other"))
    ics = calendar.ics(f"/events/{one.slug}.ics")
    assert titles(ics) == ["One"]
    assert icalendar.Calendar.from_ical(ics)["NAME"] == "One"


@pytest.mark.parametrize("hidden", ["draft", "members"])
def test_gathering_feed_of_a_hidden_one_is_not_found(
    sqlite_calendar: CalendarUnderTest, hidden: str
) -> None:
    audience = MEMBERS if hidden == "members" else only(ORGANISER)
    status = "draft" if hidden == "draft" else "published"
    state = a_gathering(audience=audience, status=status)
    sqlite_calendar.publish(state)
    assert sqlite_calendar.feed(f"/events/{state.slug}.ics").status_code == 404


def test_private_feed_is_right_after_every_step(calendar: CalendarUnderTest) -> None:
    person, other = a_member(), a_member()
    gathering = a_gathering()
    path = calendar.address_of(person)
    registration = a_registration(gathering, person, "waitlisted")
    # The registration comes before what it is for: their order is nobody's promise.
    calendar.publish(registration)
    assert titles(calendar.ics(path)) == []
    calendar.publish(gathering, a_registration(gathering, other))
    (event,) = events(calendar.ics(path))
    assert event["STATUS"] == "TENTATIVE"
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == registration.revised_at
    promoted = {"version": 2, "revised_at": registration.revised_at + timedelta(hours=1)}
    registration = registration.model_copy(update=promoted | {"status": "confirmed"})
    calendar.publish(registration)
    (event,) = events(calendar.ics(path))
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTAMP") == registration.revised_at
    calendar.publish(revised(gathering, status="cancelled"))
    (event,) = events(calendar.ics(path))
    assert event["STATUS"] == "CANCELLED"
    gone = registration.model_copy(update={"version": 3, "status": "cancelled"})
    calendar.publish(gone)
    assert titles(calendar.ics(path)) == []


def test_private_feed_holds_only_the_dates_registered_for(calendar: CalendarUnderTest) -> None:
    person = a_member()
    path = calendar.address_of(person)
    start, week = datetime(2026, 10, 12, 18, 30), timedelta(days=7)
    off = {
        "occurrence": start + week,
        "starts_local": start + week,
        "ends_local": start + week + timedelta(minutes=90),
        "cancelled": True,
    }
    series = a_gathering(rrule="FREQ=WEEKLY;COUNT=4", registers_for="occurrence", overrides=(off,))
    dates = (
        {"occurrence": start + week, "status": "confirmed"},
        {"occurrence": start + 2 * week, "status": "confirmed"},
        {"occurrence": start + 3 * week, "status": "waitlisted"},
    )
    calendar.publish(series, a_registration(series, person, dates=dates))
    found = events(calendar.ics(path))
    assert [(str(e["UID"]), str(e["STATUS"]), e.decoded("DTSTART").hour) for e in found] == [
        (f"{series.id}-20261019T183000@hub", "CANCELLED", 18),
        (f"{series.id}-20261026T183000@hub", "CONFIRMED", 18),
        (f"{series.id}-20261102T183000@hub", "TENTATIVE", 18),
    ]
    assert all("RRULE" not in event for event in found)


def test_private_feed_holds_own_and_members_gatherings_but_no_draft(
    calendar: CalendarUnderTest,
) -> None:
    person = a_member("organiser")
    own = {"organiser_id": person.contact_id}
    organised = a_gathering(title="Organised", **own)
    for_members = a_gathering(title="For members", audience=MEMBERS)
    calendar.publish(
        organised,
        a_gathering(title="Draft", status="draft", audience=only(person.contact_id or ""), **own),
        for_members,
        a_registration(for_members, person),
        a_registration(organised, person, "waitlisted"),
        a_gathering(title="Of somebody else"),
    )
    found = {
        str(event["SUMMARY"]): str(event["STATUS"])
        for event in events(calendar.ics(calendar.address_of(person)))
    }
    assert found == {"Organised": "CONFIRMED", "For members": "CONFIRMED"}


def test_feeds_name_no_person(calendar: CalendarUnderTest) -> None:
    person, other = a_member(), a_member()
    gathering = a_gathering()
    calendar.publish(gathering, a_registration(gathering, person), a_registration(gathering, other))
    path = calendar.address_of(person)
    for ics in (calendar.ics(), calendar.ics(path), calendar.ics(f"/events/{gathering.slug}.ics")):
        for private in (person.contact_id, other.contact_id, ORGANISER, path.split("/")[-1]):
            assert private is not None
            assert private.encode() not in ics
        assert b"ATTENDEE" not in ics
        assert b"ORGANIZER" not in ics


def test_feed_is_the_same_after_a_replay(calendar: CalendarUnderTest) -> None:
    person = a_member()
    gathering = a_gathering()
    changed = revised(gathering, title="Changed")
    gone = a_gathering(title="Gone")
    calendar.publish(gathering, gone, changed, a_registration(gathering, person, "waitlisted"))
    calendar.bury(gone)
    path = calendar.address_of(person)
    before = calendar.ics(), calendar.ics(path)
    calendar.replay()
    assert (calendar.ics(), calendar.ics(path)) == before
    assert titles(before[0]) == ["Changed"]


def test_new_address_of_the_hub_is_in_the_feed_after_a_start(
    sqlite_calendar: CalendarUnderTest,
) -> None:
    gathering = a_gathering()
    sqlite_calendar.publish(gathering)
    old = sqlite_calendar.ics()
    settings = sqlite_calendar.settings.model_copy(update={"public_url": "https://hub.example"})
    moved = create(settings, peers_of(settings))
    stop = threading.Event()
    threads = [threading.Thread(target=worker, args=(stop,)) for worker in moved.workers]
    for thread in threads:
        thread.start()
    # The first process sees the change in the database: no consumer told it.
    deadline = time.monotonic() + 5
    while (new := sqlite_calendar.ics()) == old:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    moved.database.close()
    (event,) = events(new)
    assert event["URL"] == f"https://hub.example/events/{gathering.slug}"
    assert event["UID"] == events(old)[0]["UID"] == f"{gathering.id}@hub"


def test_rule_that_no_app_knows_is_parked_and_the_rest_goes_on(
    sqlite_calendar: CalendarUnderTest,
) -> None:
    odd = a_gathering(title="Odd", rrule="FREQ=WEEKLY;COUNT=2;BYEASTER=0")
    sqlite_calendar.publish(a_gathering(title="Good"), odd, a_gathering(title="Better"))
    assert sorted(titles(sqlite_calendar.ics())) == ["Better", "Good"]
    with sqlite_calendar.service.database.reader() as session:
        (parked,) = listed(session)
    assert (parked.key, parked.type) == (odd.id, GatheringState.TYPE)
