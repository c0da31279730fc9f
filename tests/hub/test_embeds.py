"""Events on other sites: in a frame, as data, without cookies."""

import re
from html import unescape

import pytest

from hub.guard import POLICY
from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of


@pytest.fixture(scope="module")
def shown(hub: WholeHub, olga: Browser) -> str:
    """The path of an event that only its topic finds."""
    form = {
        **SEMINAR,
        "title": "</script>On other sites",
        "topics": "events elsewhere",
        "starts_local": "2041-03-08T14:00",
        "ends_local": "2041-03-08T15:30",
        "capacity": "7",
        "language": "en",
    }
    return str(olga.post("/events/new", **form).headers["location"])


def test_embed_shows_the_chosen_events_without_the_hub_around_them(
    hub: WholeHub, shown: str
) -> None:
    answer = Browser(hub).get("/embed/events?topic=events+elsewhere&view=month")
    assert answer.status_code == 200
    assert re.findall(r'<a [^>]*href="(/[^"]*)"', answer.text) == [
        shown,
        shown,
        "/events?topic=events+elsewhere",
    ]
    assert '<base target="_blank">' in answer.text
    assert "<script" not in answer.text
    assert "<header" not in answer.text
    nothing = Browser(hub).get("/embed/events?topic=nothing+like+this")
    assert "No event is planned just now" in text_of(nothing)


def test_embed_alone_may_be_framed_and_needs_no_cookies(
    hub: WholeHub, olga: Browser, shown: str
) -> None:
    path = "/embed/events?topic=events+elsewhere"
    answer = olga.get(path, cookie="hub_flash=event-published; hub_theme=dark")
    policy = answer.headers["content-security-policy"]
    assert policy == POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
    assert policy != POLICY
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.text == Browser(hub).get(path).text
    assert "Olga" not in answer.text
    for other in ("/events", "/embedded", shown):
        assert olga.get(other).headers["content-security-policy"] == POLICY


def test_embed_data_are_for_every_site(hub: WholeHub, shown: str) -> None:
    answer = Browser(hub).get("/embed/events.json?topic=events+elsewhere", origin="https://else.eu")
    assert answer.headers["access-control-allow-origin"] == "*"
    data = answer.json()
    address = str(hub.settings.address)
    (event,) = data["events"]
    assert event.pop("id")
    assert data == {
        "page": f"{address}/events?topic=events+elsewhere",
        "events": [
            {
                "url": f"{address}{shown}",
                "calendar": f"{address}{shown}.ics",
                "title": "</script>On other sites",
                "summary": "",
                "kind": "seminar",
                "mode": "online",
                "status": "published",
                "starts_at": "2041-03-08T13:00:00Z",
                "ends_at": "2041-03-08T14:30:00Z",
                "time_zone": "Europe/Brussels",
                "rrule": None,
                "location": "",
                "region": None,
                "language": "en",
                "topics": ["events elsewhere"],
                "capacity": 7,
                "seats_left": 7,
            }
        ],
    }
    assert "meet.example.org" not in answer.text


def test_embed_shows_no_drafts(hub: WholeHub, olga: Browser) -> None:
    olga.post("/events/new", **{**SEMINAR, "topics": "drafts elsewhere"}, way="draft")
    data = olga.get("/embed/events.json?topic=drafts+elsewhere").json()
    assert data["events"] == []


def test_events_page_has_what_to_copy_for_the_same_events(hub: WholeHub, shown: str) -> None:
    page = Browser(hub).get("/events?topic=events+elsewhere&language=en&view=agenda").text
    copied = {
        id: unescape(text)
        for id, text in re.findall(r'<code class="address" id="(embed-\w+)">(.*?)</code>', page)
    }
    address = str(hub.settings.address)
    query = "topic=events+elsewhere&language=en"
    assert copied == {
        "embed-frame": f'<iframe src="{address}/embed/events?{query.replace("&", "&amp;")}" '
        'title="Events" width="100%" height="640" loading="lazy" frameborder="0"></iframe>',
        "embed-data": f"{address}/embed/events.json?{query}",
        "embed-link": f"{address}/events?{query}",
    }
