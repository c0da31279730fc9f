"""Lists of events: narrowed by what an address says, as cards, as a month and day by day."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of


@pytest.fixture(scope="module")
def listed(hub: WholeHub, olga: Browser) -> dict[str, str]:
    """Paths of three events in January 2041, by title."""
    made = {}
    for title, changed in (
        ("A workshop in Ghent", {"kind": "workshop", "mode": "onsite", "location": "Ghent",
                                 "region_code": "BE23", "topics": "tissue banks"}),
        ("A seminar in Twente", {"region_code": "NL21", "topics": "lists of events, models"}),
        ("A weekly round", {"topics": "lists of events", "repeats": "weekly", "times": "3",
                            "language": "fr"}),
    ):  # fmt: skip
        form = {
            **SEMINAR,
            "title": title,
            "starts_local": "2041-01-08T14:00",
            "ends_local": "2041-01-08T15:30",
            "topics": "",
            "capacity": "1",
            **changed,
        }
        made[title] = str(olga.post("/events/new", **form).headers["location"])
    return made


def titles(page: str) -> set[str]:
    """Which of the three events a page names."""
    names = ("A workshop in Ghent", "A seminar in Twente", "A weekly round")
    return {name for name in names if name in page}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("topic=lists+of+events", {"A seminar in Twente", "A weekly round"}),
        ("topic=lists+of+events&topic=tissue+banks",
         {"A workshop in Ghent", "A seminar in Twente", "A weekly round"}),
        ("topic=lists+of+events&language=fr", {"A weekly round"}),
        ("q=in+Twente", {"A seminar in Twente"}),
        ("region=BE2&topic=tissue+banks", {"A workshop in Ghent"}),
        ("mode=onsite&kind=workshop&topic=tissue+banks", {"A workshop in Ghent"}),
        ("kind=nonsense&topic=tissue+banks", {"A workshop in Ghent"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("view", ["list", "month", "agenda"])
def test_list_is_narrowed_alike_in_every_view(
    hub: WholeHub, listed: dict[str, str], query: str, wanted: set[str], view: str
) -> None:
    answer = Browser(hub).get(f"/events?{query}&view={view}&month=2041-01")
    assert answer.status_code == 200
    # What is as far as that is beyond the agenda.
    assert titles(answer.text) == (wanted if view != "agenda" else set())


def test_list_knows_which_still_have_seats(
    hub: WholeHub, anna: Browser, listed: dict[str, str]
) -> None:
    anna.post(f"{listed['A seminar in Twente']}/register")
    shown = Browser(hub).get("/events?topic=lists+of+events&seats=yes").text
    assert titles(shown) == {"A weekly round"}
    assert "Still has seats" in text_of(Browser(hub).get("/events?seats=yes"))


def test_month_shows_each_date_of_a_series_and_leads_to_others(
    hub: WholeHub, listed: dict[str, str]
) -> None:
    page = Browser(hub).get("/events?view=month&month=2041-01&language=fr")
    assert page.text.count("A weekly round") == 3
    assert "January 2041" in text_of(page)
    assert 'href="/events?view=month&amp;month=2040-12&amp;language=fr"' in page.text
    assert 'href="/events?view=month&amp;month=2041-02&amp;language=fr"' in page.text
    days = re.findall(r'datetime="(2041-01-\d\d)"', page.text)
    assert days == [f"2041-01-{day:02}" for day in range(1, 32)]


@pytest.mark.parametrize("month", ["2041-13", "0000-01", "x", "2041-1"])
def test_month_that_is_none_is_refused(hub: WholeHub, month: str) -> None:
    assert Browser(hub).get(f"/events?view=month&month={month}").status_code == 422


def test_agenda_lists_coming_days(hub: WholeHub, olga: Browser) -> None:
    soon = datetime.now(UTC) + timedelta(days=20)
    form = {
        **SEMINAR,
        "title": "Something in three weeks",
        "starts_local": f"{soon:%Y-%m-%d}T10:00",
        "ends_local": f"{soon:%Y-%m-%d}T11:00",
    }
    olga.post("/events/new", **form)
    page = Browser(hub).get("/events?view=agenda").text
    assert "Something in three weeks" in page
    assert f'datetime="{soon:%Y-%m-%d}"' in page


def test_filter_view_has_a_calendar_of_the_same_events(
    hub: WholeHub, listed: dict[str, str]
) -> None:
    page = Browser(hub).get("/events?topic=lists+of+events&language=fr&mode=online").text
    feed = "/feeds/events.ics?topic=lists+of+events&amp;language=fr"
    assert f'href="{feed}"' in page
    assert "webcal://" in page
    answer = Browser(hub).get(feed.replace("&amp;", "&"))
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")} == {"A weekly round"}
    assert answer.headers["cache-control"] == "public, max-age=300"
    again = Browser(hub).get(feed.replace("&amp;", "&"), if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "region=be", "language=French", "topic=%20", "topic=a&" * 40]
)
def test_calendar_of_nothing_there_can_be_is_refused(hub: WholeHub, query: str) -> None:
    assert Browser(hub).get(f"/feeds/events.ics?{query}").status_code == 404
