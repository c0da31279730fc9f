"""Components read back by parsers that nobody here wrote: icalendar, ical.js and others."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from events.catalogue.scheduling import GatheringState
from services.calendar import ical
from services.kit.fields import zone
from services.scheduling.occurrences.rules import starts as starts_of
from services.scheduling.occurrences.rules import to_utc
from tests.calendar.world import a_gathering
from tests.real import icaljs as javascript

ADDRESS = "https://hub.example"
HEAD = ical.Head(name="Hub", description="About", url=ADDRESS, source=f"{ADDRESS}/feed.ics")
UNSEEN = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


def feed_of(*states: GatheringState) -> bytes:
    zones = {state.time_zone: state.starts_at.year for state in states}
    return ical.calendar(HEAD, zones, [ical.event(state, ADDRESS) for state in states])


def event_of(state: GatheringState) -> icalendar.Component:
    (event,) = icalendar.Calendar.from_ical(feed_of(state)).walk("VEVENT")
    return event


def lines_of(state: GatheringState) -> list[str]:
    unfolded = ical.event(state, ADDRESS).decode().replace("\r\n ", "")
    return unfolded.removesuffix("\r\n").split("\r\n")


def test_calendar_says_what_apps_look_for_and_nothing_random() -> None:
    feed = ical.calendar(HEAD, {}, []).decode()
    head = feed.partition("BEGIN:VTIMEZONE")[0].removesuffix("\r\n").split("\r\n")
    assert head[0] == "BEGIN:VCALENDAR"
    assert sorted(head[1:]) == [
        "CALSCALE:GREGORIAN",
        "COLOR:teal",
        "DESCRIPTION:About",
        "NAME:Hub",
        "PRODID:-//Co-creation hub//Calendar//EN",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "SOURCE;VALUE=URI:https://hub.example/feed.ics",
        "URL:https://hub.example",
        "VERSION:2.0",
        "X-APPLE-CALENDAR-COLOR:#008080",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-CALDESC:About",
        "X-WR-CALNAME:Hub",
        "X-WR-TIMEZONE:Europe/Brussels",
    ]
    assert feed.endswith("END:VTIMEZONE\r\nEND:VCALENDAR\r\n")


def test_event_says_everything_once() -> None:
    state = a_gathering(id="0198c0de-0000-7000-8000-000000000001", slug="genomics-1")
    state = state.model_copy(update={"summary": "In short.", "description": "At length."})
    assert lines_of(state) == [
        "BEGIN:VEVENT",
        "SUMMARY:Genomics in the clinic",
        "DTSTART;TZID=Europe/Berlin:20261012T183000",
        "DTEND;TZID=Europe/Berlin:20261012T200000",
        "DTSTAMP:20260902T093000Z",
        "UID:0198c0de-0000-7000-8000-000000000001@hub",
        "SEQUENCE:0",
        "CATEGORIES:genomics,data sharing",
        "CONFERENCE;FEATURE=AUDIO,VIDEO;LABEL=Join online;VALUE=URI:"
        "https://hub.example/events/genomics-1/join",
        "CREATED:20260901T080000Z",
        "DESCRIPTION:https://hub.example/events/genomics-1\\n\\nIn short.\\n\\nAt length."
        "\\n\\nJoin online: https://hub.example/events/genomics-1/join",
        "LAST-MODIFIED:20260902T093000Z",
        "LOCATION:https://hub.example/events/genomics-1/join",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://hub.example/events/genomics-1",
        "END:VEVENT",
    ]


def test_event_with_a_venue_names_it_and_has_no_join_link_when_nobody_joins_online() -> None:
    onsite = lines_of(a_gathering(mode="onsite", location="Room 4, Ghent"))
    assert "LOCATION:Room 4\\, Ghent" in onsite
    assert not [content for content in onsite if "join" in content.lower()]
    hybrid = lines_of(a_gathering(mode="hybrid", location="Room 4"))
    assert "LOCATION:Room 4" in hybrid
    assert [content for content in hybrid if content.startswith("CONFERENCE;")]


def test_cancelled_event_says_so_everywhere() -> None:
    event = event_of(a_gathering(status="cancelled"))
    assert event["STATUS"] == "CANCELLED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["SUMMARY"] == "Cancelled: Genomics in the clinic"
    assert "This event was cancelled." in str(event["DESCRIPTION"])


def test_uid_is_not_of_the_address() -> None:
    state = a_gathering()
    uids = {
        str(icalendar.Event.from_ical(ical.event(state, address))["UID"])
        for address in ("http://127.0.0.1:8000", "https://hub.example")
    }
    assert uids == {f"{state.id}@hub"}


ATTACKS = [
    "Hi\r\nATTENDEE:mailto:a@example.org",
    "Hi\nATTENDEE:mailto:a@example.org",
    "Hi\rATTENDEE:mailto:a@example.org",
    "Hi\u2028ATTENDEE:mailto:a@example.org",
    "Hi\x85ATTENDEE:mailto:a@example.org",
    "Hi\x0bATTENDEE:x\x00",
    "Hi\r\n END:VEVENT\r\nBEGIN:VEVENT\r\nUID:other",
    "Hi\\nATTENDEE:x",
    'Hi";ATTENDEE="x:y',
    "x" * 74 + "\r\nATTENDEE:x",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", ["title", "location", "summary", "description", "topics", "slug"])
def test_text_adds_no_property(icaljs: None, field: str, attack: str) -> None:
    harmless = a_gathering(mode="hybrid", location="Room", summary="s", description="d")
    value: Any = (attack,) if field == "topics" else attack
    attacked = harmless.model_copy(update={field: value})
    names = [name for name, _ in event_of(harmless).property_items()]
    assert [name for name, _ in event_of(attacked).property_items()] == names


def test_text_adds_no_property_for_the_parser_of_thunderbird(icaljs: None) -> None:
    attacked = [
        a_gathering(title=a, location=a, summary=a, description=a, topics=(a,), slug=a)
        for a in ATTACKS
    ]
    feed = feed_of(*attacked)
    parsed = javascript.parse(feed)
    assert [event.uid for event in parsed.events] == [f"{s.id}@hub" for s in attacked]
    assert not re.search(rb"^[^ ]*[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", feed, re.MULTILINE)
    for event, state in zip(parsed.events, attacked, strict=True):
        assert event.summary == UNSEEN.sub("", re.sub(r"\r\n|[\r\n]", " ", state.title))


@pytest.mark.parametrize(
    "title",
    [
        "Commas, semicolons; colons: and \\ backslashes",
        "C:\\New\\names, \\n and \\N",
        "trailing \\",
        "😀" * 60,
        "مرحبا بالعالم " * 12,
        '"quoted" ^n ^^',
        "e\u0301" * 50,
    ],
)
def test_title_comes_back_as_it_was(icaljs: None, title: str) -> None:
    state = a_gathering(title=title, description=f"{title}\r\n{title}\n\n{title}")
    (event,) = javascript.parse(feed_of(state)).events
    assert event.summary == title
    assert event.description is not None
    assert f"{title}\n{title}\n\n{title}" in event.description


_TEXT = st.text(max_size=300) | st.text(alphabet='\\;,:"nN\r\n 😀é€\u0301', max_size=300)


@settings(max_examples=150, deadline=None)
@given(title=_TEXT, description=_TEXT, topics=st.lists(_TEXT, max_size=3))
def test_lines_are_folded_at_75_octets_between_characters(
    title: str, description: str, topics: list[str]
) -> None:
    changed: Mapping[str, Any] = {"title": title, "description": description}
    bytes_ = feed_of(a_gathering().model_copy(update={**changed, "topics": tuple(topics)}))
    assert bytes_.endswith(b"\r\n")
    for content in bytes_.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(content) <= 75
        assert b"\r" not in content
        assert b"\n" not in content
        content.decode()
    assert bytes_.count(b"\r\nBEGIN:VEVENT\r\n") == 1


@settings(max_examples=150, deadline=None)
@given(title=_TEXT)
def test_title_is_unescaped_by_the_rules_of_rfc_5545(title: str) -> None:
    (summary,) = [c for c in lines_of(a_gathering(title=title)) if c.startswith("SUMMARY:")]
    unescaped = re.sub(
        r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], summary.removeprefix("SUMMARY:")
    )
    assert unescaped == UNSEEN_EXCEPT_TAB.sub("", re.sub(r"\r\n|[\r\n]", " ", title))


UNSEEN_EXCEPT_TAB = re.compile(UNSEEN.pattern.replace("\\x09", "\\x08"))


@pytest.mark.parametrize(
    ("time_zone", "start", "rule", "starts"),
    [
        (
            "Europe/Berlin",
            datetime(2026, 10, 12, 18, 30),
            "FREQ=WEEKLY;COUNT=3",
            ["2026-10-12 16:30", "2026-10-19 16:30", "2026-10-26 17:30"],
        ),
        (
            "Europe/Brussels",
            datetime(2027, 3, 22, 9, 0),
            "FREQ=WEEKLY;UNTIL=20270405T090000",
            ["2027-03-22 08:00", "2027-03-29 07:00", "2027-04-05 07:00"],
        ),
        (
            "Asia/Kolkata",
            datetime(2026, 12, 31, 0, 0),
            "FREQ=DAILY;COUNT=2",
            ["2026-12-30 18:30", "2026-12-31 18:30"],
        ),
        (
            "Europe/Dublin",
            datetime(2026, 10, 24, 12, 0),
            "FREQ=DAILY;COUNT=2",
            ["2026-10-24 11:00", "2026-10-25 12:00"],
        ),
        (
            "America/Santiago",
            datetime(2026, 9, 5, 12, 0),
            "FREQ=DAILY;COUNT=2",
            ["2026-09-05 16:00", "2026-09-06 15:00"],
        ),
        (
            "Africa/Casablanca",
            datetime(2026, 2, 14, 12, 0),
            "FREQ=WEEKLY;COUNT=2",
            ["2026-02-14 11:00", "2026-02-21 12:00"],
        ),
        (
            "Australia/Sydney",
            datetime(2026, 10, 3, 10, 0),
            "FREQ=DAILY;COUNT=2",
            ["2026-10-03 00:00", "2026-10-03 23:00"],
        ),
        (
            "UTC",
            datetime(2026, 10, 24, 10, 0),
            "FREQ=WEEKLY;COUNT=2",
            ["2026-10-24 10:00", "2026-10-31 10:00"],
        ),
        (
            "Europe/Madrid",
            datetime(2026, 9, 28, 17, 0),
            "FREQ=MONTHLY;BYDAY=-1MO;COUNT=3",
            ["2026-09-28 15:00", "2026-10-26 16:00", "2026-11-30 16:00"],
        ),
    ],
)
def test_series_is_at_the_same_wall_clock_over_clock_changes(
    icaljs: None, time_zone: str, start: datetime, rule: str, starts: list[str]
) -> None:
    state = a_gathering(time_zone=time_zone, starts_local=start, rrule=rule)
    feed = feed_of(state)
    wanted = [datetime.fromisoformat(f"{text}+00:00") for text in starts]
    assert [to_utc(local, time_zone) for local in starts_of(start, rule)] == wanted
    (event,) = javascript.parse(feed).events
    assert [occurrence.start for occurrence in event.occurrences] == wanted
    assert [o.end - o.start for o in event.occurrences] == [timedelta(minutes=90)] * len(wanted)
    assert expanded(feed) == wanted


def expanded(feed: bytes) -> list[datetime]:
    calendar = icalendar.Calendar.from_ical(feed)
    found = recurring_ical_events.of(calendar).between(datetime(2026, 1, 1), datetime(2028, 1, 1))
    return sorted(occurrence.start.astimezone(UTC) for occurrence in found)


_STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 3, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@settings(max_examples=60, deadline=None)
@given(
    start=_STARTS,
    time_zone=st.sampled_from(
        ["Europe/Berlin", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"]
    ),
    frequency=st.sampled_from(["DAILY", "WEEKLY", "DAILY;INTERVAL=5"]),
    end=st.integers(1, 40).map(lambda n: f"COUNT={n}")
    | st.integers(0, 90).map(lambda n: ("days", n)).map(str),
)
def test_series_expands_to_the_hubs_own_occurrences(
    start: datetime, time_zone: str, frequency: str, end: str
) -> None:
    if end.startswith("("):
        days = int(re.sub(r"\D", "", end))
        end = f"UNTIL={start + timedelta(days=days):%Y%m%dT%H%M%S}"
    rule = f"FREQ={frequency};{end}"
    own = [to_utc(local, time_zone) for local in starts_of(start, rule)]
    skipped = [
        local
        for local in starts_of(start, rule)
        if to_utc(local, time_zone).astimezone(zone(time_zone)).replace(tzinfo=None) != local
    ]
    found = expanded(feed_of(a_gathering(time_zone=time_zone, starts_local=start, rrule=rule)))
    assert len(found) == len(own)
    if not skipped:
        assert found == own


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        ("FREQ=WEEKLY;UNTIL=20261026T183000", "FREQ=WEEKLY;UNTIL=20261026T173000Z"),
        ("FREQ=WEEKLY;UNTIL=20261026T173000Z", "FREQ=WEEKLY;UNTIL=20261026T173000Z"),
        ("FREQ=WEEKLY;UNTIL=20261026", "FREQ=WEEKLY;UNTIL=20261025T230000Z"),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=MO,TU", "FREQ=WEEKLY;COUNT=3;BYDAY=MO,TU"),
    ],
)
def test_rule_ends_in_utc(rule: str, written: str) -> None:
    assert f"RRULE:{written}" in lines_of(a_gathering(rrule=rule))


def test_dates_left_out_are_in_the_zone_of_the_start(icaljs: None) -> None:
    start = datetime(2026, 10, 12, 18, 30)
    week = timedelta(days=7)
    state = a_gathering(rrule="FREQ=WEEKLY;COUNT=4", exdates=(start + week, start + 2 * week))
    assert "EXDATE;TZID=Europe/Berlin:20261019T183000,20261026T183000" in lines_of(state)
    (event,) = javascript.parse(feed_of(state)).events
    assert [f"{o.start:%m-%d %H:%M}" for o in event.occurrences] == ["10-12 16:30", "11-02 17:30"]


def test_event_over_midnight_has_its_real_end(icaljs: None) -> None:
    start = datetime(2026, 10, 12, 22, 0)
    state = a_gathering(
        time_zone="Asia/Kolkata", starts_local=start, ends_local=start + timedelta(hours=4)
    )
    (event,) = javascript.parse(feed_of(state)).events
    (only,) = event.occurrences
    assert (only.start, only.end) == (
        datetime(2026, 10, 12, 16, 30, tzinfo=UTC),
        datetime(2026, 10, 12, 20, 30, tzinfo=UTC),
    )


def test_feed_of_many_zones_is_read_by_thunderbirds_parser(icaljs: None) -> None:
    zones = ("Europe/Berlin", "Asia/Jerusalem", "America/Vancouver", "Africa/Cairo", "UTC")
    states = [a_gathering(time_zone=name) for name in zones]
    parsed = javascript.parse(feed_of(*states))
    assert [event.occurrences[0].start for event in parsed.events] == [s.starts_at for s in states]
    assert [event.occurrences[0].end for event in parsed.events] == [s.ends_at for s in states]


def test_personal_event_differs_in_status_and_moment_alone() -> None:
    state = a_gathering(title="STATUS:CONFIRMED", description="a\nSTATUS:CONFIRMED\nDTSTAMP:x")
    vevent = ical.event(state, ADDRESS)
    later = state.revised_at + timedelta(hours=2)
    personal = ical.personal(vevent, tentative=True, revised_at=later)
    changed = set(personal.split(b"\r\n")) - set(vevent.split(b"\r\n"))
    assert changed == {
        b"STATUS:TENTATIVE",
        b"DTSTAMP:20260902T113000Z",
        b"LAST-MODIFIED:20260902T113000Z",
    }
    earlier = state.revised_at - timedelta(hours=2)
    assert ical.personal(vevent, tentative=False, revised_at=earlier) == vevent
