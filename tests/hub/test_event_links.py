"""What others make of the page of an event: search engines, calendars elsewhere."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.hub.gateway import SEMINAR, Browser, WholeHub

HYBRID = {
    **SEMINAR,
    "title": "</script><b>Both ways</b>",
    "summary": "In the room and elsewhere.",
    "mode": "hybrid",
    "location": "Ghent",
    "starts_local": "2041-07-08T14:00",
    "ends_local": "2041-07-08T15:30",
    "time_zone": "Europe/Brussels",
    "topics": "links of events",
    "repeats": "weekly",
    "times": "3",
    "capacity": "",
}


def schema(page: str) -> dict[str, Any]:
    """The data that the page has for search engines."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0])
    return data


def asked_of(page: str, host: str) -> dict[str, list[str]]:
    """What a link to a calendar elsewhere asks it to add."""
    (link,) = re.findall(rf'href="(https://{re.escape(host)}/[^"]+)"', page)
    return parse_qs(urlsplit(unescape(link)).query)


def test_event_page_tells_search_engines_what_it_is_of(hub: WholeHub, olga: Browser) -> None:
    path = str(olga.post("/events/new", **HYBRID).headers["location"])
    told = schema(Browser(hub).get(path).text)
    address = str(told["url"])
    assert address.endswith(path)
    (organiser,) = told.pop("organizer")
    assert organiser["@type"] == "Organization"
    assert told == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "</script><b>Both ways</b>",
        "description": "In the room and elsewhere.",
        "url": address,
        "startDate": "2041-07-08T14:00:00+02:00",
        "endDate": "2041-07-08T15:30:00+02:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "location": [
            {"@type": "Place", "name": "Ghent", "address": "Ghent"},
            {"@type": "VirtualLocation", "url": f"{address}/join"},
        ],
        "inLanguage": "en",
        "keywords": ["links of events"],
        "isAccessibleForFree": True,
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": 0,
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
        },
    }


def test_event_page_says_when_it_is_to_those_who_share_it(hub: WholeHub, olga: Browser) -> None:
    path = str(olga.post("/events/new", **HYBRID).headers["location"])
    page = Browser(hub).get(path).text
    told = dict(re.findall(r'<meta property="((?:og|event):[a-z_]+)" content="([^"]*)">', page))
    assert told["og:type"] == "event"
    assert unescape(told["og:title"]) == HYBRID["title"]
    assert told["og:description"] == HYBRID["summary"]
    assert told["og:url"].endswith(path)
    assert told["event:start_time"] == "2041-07-08T14:00:00+02:00"


def test_event_can_be_added_to_calendars_elsewhere(hub: WholeHub, olga: Browser) -> None:
    path = str(olga.post("/events/new", **HYBRID).headers["location"])
    page = Browser(hub).get(path).text
    address = str(schema(page)["url"])
    text = f"In the room and elsewhere.\n\n{address}"
    google = asked_of(page, "calendar.google.com")
    (repetition,) = google.pop("recur")
    assert repetition.startswith("RRULE:FREQ=WEEKLY")
    assert google == {
        "action": ["TEMPLATE"],
        "text": ["</script><b>Both ways</b>"],
        "dates": ["20410708T140000/20410708T153000"],
        "ctz": ["Europe/Brussels"],
        "details": [text],
        "location": ["Ghent"],
    }
    assert asked_of(page, "outlook.office.com") == {
        "path": ["/calendar/action/compose"],
        "rru": ["addevent"],
        "subject": ["</script><b>Both ways</b>"],
        "startdt": ["2041-07-08T12:00:00Z"],
        "enddt": ["2041-07-08T13:30:00Z"],
        "body": [text],
        "location": ["Ghent"],
    }


def test_event_called_off_says_so_and_a_draft_says_nothing(hub: WholeHub, olga: Browser) -> None:
    path = str(olga.post("/events/new", **HYBRID).headers["location"])
    olga.post(f"{path}/cancel", sure="yes")
    page = Browser(hub).get(path).text
    told = schema(page)
    assert told["eventStatus"] == "https://schema.org/EventCancelled"
    assert "https://schema.org/Discontinued" in str(told["offers"])
    assert "calendar.google.com" not in page
    draft = str(olga.post("/events/new", **HYBRID, way="draft").headers["location"])
    assert "application/ld+json" not in olga.get(draft).text
