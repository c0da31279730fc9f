"""Sessions of an agenda in the feed of their event, and in no other."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from events.catalogue.scheduling import GatheringState, SessionState
from events.envelope import new_id
from services.kit.fields import zone
from tests.calendar.world import CalendarUnderTest, a_gathering, revised
from tests.real.icaljs import parse


def a_session(gathering: GatheringState, **changed: Any) -> SessionState:
    start = changed.pop("starts_local", gathering.starts_local)
    values: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "audience": gathering.audience,
        "gathering_id": gathering.id,
        "gathering_slug": gathering.slug,
        "slug": "what-a-genome-says",
        "title": "What a genome says",
        "abstract": "No *formulas*;\nmany questions",
        "starts_local": start,
        "ends_local": start + timedelta(minutes=45),
        "time_zone": gathering.time_zone,
        "track": "Genomics, care",
        "room": "Blue hall",
        "speakers": ("Ada Example", "Ben Example"),
        "revised_at": datetime(2026, 9, 3, 10, 0, tzinfo=UTC),
    } | changed
    for name in ("starts", "ends"):
        local = values[f"{name}_local"].replace(tzinfo=zone(values["time_zone"]))
        values.setdefault(f"{name}_at", local.astimezone(UTC))
    return SessionState(**values)


def titles(ics: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(ics).walk("VEVENT")]


def test_sessions_stand_beside_the_whole_in_the_feed_of_their_event(
    calendar: CalendarUnderTest, icaljs: None
) -> None:
    gathering, other = a_gathering(), a_gathering(title="Another")
    later = gathering.starts_local + timedelta(minutes=45)
    first = a_session(gathering)
    second = a_session(gathering, title="Discussion", starts_local=later, speakers=(), room="")
    # In any order: a session may be known before its event.
    calendar.publish(second, gathering, other, first)

    path = f"/events/{gathering.slug}.ics"
    ics = calendar.ics(path)
    assert titles(ics) == ["Genomics in the clinic", "What a genome says", "Discussion"]
    event = Calendar.from_ical(ics).walk("VEVENT")[1]
    page = f"{calendar.settings.address}/events/{gathering.slug}/agenda/{first.slug}"
    assert {
        name: event.decoded(name)
        for name in ("UID", "SEQUENCE", "LOCATION", "RELATED-TO", "DTSTART", "URL", "TRANSP")
    } == {
        "UID": f"{first.id}@hub",
        "SEQUENCE": 0,
        "LOCATION": "Blue hall",
        "RELATED-TO": f"{gathering.id}@hub",
        "DTSTART": first.starts_at,
        "URL": page,
        "TRANSP": "TRANSPARENT",
    }
    assert str(event["DESCRIPTION"]) == (
        f"{page}\n\nAda Example, Ben Example\n\nNo *formulas*;\nmany questions"
    )
    read = parse(ics).events
    assert [date.start for event in read[1:] for date in event.occurrences] == [
        first.starts_at,
        second.starts_at,
    ]
    assert titles(calendar.ics()) == ["Genomics in the clinic", "Another"]
    assert titles(calendar.ics(f"/events/{other.slug}.ics")) == ["Another"]

    calendar.replay()
    assert calendar.ics(path) == ics


def test_session_that_changes_or_goes_does_so_in_the_feed(calendar: CalendarUnderTest) -> None:
    gathering = a_gathering()
    session, going = a_session(gathering), a_session(gathering, title="Going")
    calendar.publish(gathering, session, going)
    path = f"/events/{gathering.slug}.ics"
    before = calendar.feed(path).headers["etag"]
    calendar.publish(session.model_copy(update={"version": 2, "sequence": 1, "title": "New"}))
    calendar.publish(session)  # What comes late changes nothing.
    calendar.bury(going)
    assert titles(calendar.ics(path)) == ["Genomics in the clinic", "New"]
    assert calendar.feed(path).headers["etag"] != before


def test_agenda_does_not_take_place_when_the_whole_does_not(calendar: CalendarUnderTest) -> None:
    gathering = a_gathering()
    calendar.publish(gathering, a_session(gathering))
    calendar.publish(revised(gathering, status="cancelled"))
    path = f"/events/{gathering.slug}.ics"
    assert titles(calendar.ics(path)) == ["Cancelled: Genomics in the clinic"]


def test_hostile_words_of_a_session_stay_words(calendar: CalendarUnderTest) -> None:
    gathering = a_gathering()
    hostile = "Hi\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT"
    session = a_session(
        gathering, title=hostile, room=hostile, track=hostile, abstract=hostile, speakers=(hostile,)
    )
    calendar.publish(gathering, session)
    ics = calendar.ics(f"/events/{gathering.slug}.ics")
    events = Calendar.from_ical(ics).walk("VEVENT")
    assert len(events) == 2
    assert "ATTENDEE" not in events[1]
    assert max(len(line) for line in ics.split(b"\r\n")) <= 75
