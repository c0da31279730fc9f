"""Feeds over HTTP: what is sent, what is not sent again, and what other processes send."""

import gzip
import hashlib
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from services.calendar.app import create
from services.calendar.feeds.rules import accepts_gzip
from services.calendar.settings import FeedSettings
from tests.calendar.world import CalendarUnderTest, a_gathering, a_member, peers_of, revised

FEED = "/feeds/public.ics"


@pytest.fixture
def filled(sqlite_calendar: CalendarUnderTest) -> CalendarUnderTest:
    """A calendar with gatherings in several zones."""
    zones = ("Europe/Berlin", "Asia/Kolkata", "America/New_York", "UTC", "Europe/Dublin")
    sqlite_calendar.publish(*(a_gathering(time_zone=zone) for zone in zones))
    return sqlite_calendar


def test_feed_answers_with_everything_an_app_needs(filled: CalendarUnderTest) -> None:
    answer = filled.feed()
    headers = dict(answer.headers)
    changed = parsedate_to_datetime(headers.pop("last-modified"))
    assert abs(changed.timestamp() - time.time()) < 60
    assert headers == {
        "content-type": "text/calendar; charset=utf-8",
        "content-length": str(len(answer.content)),
        "etag": f'"{hashlib.sha256(answer.content).hexdigest()}"',
        "vary": "accept-encoding",
        "cache-control": "public, max-age=300",
        "x-content-type-options": "nosniff",
    }


def test_private_feed_is_kept_by_nobody_between(filled: CalendarUnderTest) -> None:
    headers = filled.feed(filled.address_of(a_member())).headers
    assert headers["cache-control"] == "private, no-cache"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex"


def test_feed_is_identical_on_two_requests(filled: CalendarUnderTest) -> None:
    first, second = filled.feed(), filled.feed()
    assert first.content == second.content
    assert first.headers == second.headers


def test_head_has_the_headers_without_the_body(filled: CalendarUnderTest) -> None:
    got = filled.feed()
    head = filled.call("HEAD", FEED, headers={"accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers


def test_other_methods_are_refused(filled: CalendarUnderTest) -> None:
    assert filled.call("POST", FEED).status_code == 405


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_known_etag_is_answered_304(filled: CalendarUnderTest, form: str) -> None:
    etag = filled.feed().headers["etag"]
    answer = filled.feed(if_none_match=form.format(etag))
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    assert "content-length" not in answer.headers
    assert "content-type" not in answer.headers


def test_unknown_etag_is_answered_200_whatever_the_date(filled: CalendarUnderTest) -> None:
    date = filled.feed().headers["last-modified"]
    assert filled.feed(if_none_match='"other"', if_modified_since=date).status_code == 200


def test_changed_feed_is_answered_200(filled: CalendarUnderTest) -> None:
    gathering = a_gathering()
    filled.publish(gathering)
    before = filled.feed()
    filled.publish(revised(gathering, title="Changed"))
    after = filled.feed(
        if_none_match=before.headers["etag"], if_modified_since=before.headers["last-modified"]
    )
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]


def test_date_alone_tells_changes_of_one_second_apart(filled: CalendarUnderTest) -> None:
    gathering = a_gathering()
    seen: list[str] = []
    for number in range(4):
        filled.publish(revised(gathering, version=number + 1, title=f"Change {number}"))
        date = filled.feed().headers["last-modified"]
        assert [filled.feed(if_modified_since=old).status_code for old in seen] == [200] * number
        seen.append(date)


def test_date_is_answered_304_when_nothing_changed(filled: CalendarUnderTest) -> None:
    date = parsedate_to_datetime(filled.feed().headers["last-modified"])
    later = format_datetime(date + timedelta(minutes=1), usegmt=True)
    earlier = format_datetime(date - timedelta(minutes=1), usegmt=True)
    assert filled.feed(if_modified_since=later).status_code == 304
    assert filled.feed(if_modified_since=earlier).status_code == 200
    assert filled.feed(if_modified_since="yesterday").status_code == 200


def test_gzip_is_sent_to_those_who_ask(filled: CalendarUnderTest) -> None:
    plain = filled.feed()
    with_gzip = {"accept_encoding": "gzip, deflate, br"}
    packed = filled.feed(**with_gzip)
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    etag = packed.headers["etag"]
    assert filled.feed(**with_gzip, if_none_match=etag).status_code == 304
    assert filled.feed(if_none_match=etag).status_code == 200


def test_gzip_can_be_switched_off(filled: CalendarUnderTest) -> None:
    service = create(filled.settings, peers_of(filled.settings), FeedSettings(gzip=False))
    filled.service.database.close()
    filled.service = service
    answer = filled.feed(accept_encoding="gzip")
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        (b"gzip", True),
        (b"deflate, GZIP;q=0.5", True),
        (b"gzip;q=0", False),
        (b"gzip;q=0.0, *", False),
        (b"*", False),
        (b"identity, gzip;q=0.5", False),
        (b"identity;q=0.5, gzip", True),
        (b"xgzip, br", False),
        (b"gzip;q=much", False),
        (b"", False),
    ],
)
def test_gzip_negotiation_is_strict(header: bytes, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


_OTHER_PROCESS = """
import asyncio, sys, httpx
from pathlib import Path
from services.calendar.app import create
from services.kit.settings import Settings
from tests.calendar.world import peers_of
settings = Settings(data_dir=Path(sys.argv[1]))
transport = httpx.ASGITransport(create(settings, peers_of(settings)).app)
async def main():
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for encoding in ("identity", "gzip"):
            wanted = {"accept-encoding": encoding}
            async with client.stream("GET", "/feeds/public.ics", headers=wanted) as answer:
                raw = b"".join([part async for part in answer.aiter_raw()])
                print(answer.headers["etag"], raw.hex())
asyncio.run(main())
"""


def test_feed_is_identical_in_processes_with_other_hash_seeds(filled: CalendarUnderTest) -> None:
    outputs = set()
    for seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", _OTHER_PROCESS, str(filled.settings.data_dir)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        )
        outputs.add(done.stdout)
    (output,) = outputs
    (plain_tag, plain), (packed_tag, packed) = (row.split() for row in output.splitlines())
    own = filled.feed()
    assert bytes.fromhex(plain) == gzip.decompress(bytes.fromhex(packed)) == own.content
    assert plain_tag == own.headers["etag"]
    assert packed_tag == filled.feed(accept_encoding="gzip").headers["etag"]


def test_feed_routes_stand_in_another_app_as_they_are(filled: CalendarUnderTest) -> None:
    own = filled.feed()
    state = filled.service.app.state
    page = Route("/events/{slug}", lambda request: PlainTextResponse("a page"))

    async def use(other: ASGIApp) -> None:
        transport, plain = httpx.ASGITransport(other), {"accept-encoding": "identity"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://test", headers=plain
        ) as client:
            mounted = await client.get(FEED)
            assert (mounted.content, mounted.headers) == (own.content, own.headers)
            assert (await client.head(FEED)).headers == own.headers
            assert (await client.get(FEED, headers={"if-none-match": "*"})).status_code == 304
            assert (await client.get("/feeds/kind/party.ics")).status_code == 404
            assert (await client.post(FEED)).status_code in (404, 405)
            assert (await client.get("/events/some-slug")).text == "a page"

    filled.run(use(Starlette(routes=[*state.feed_routes, page])))
    filled.run(use(state.feeds_first(Starlette(routes=[page]))))


def test_change_by_another_process_is_seen_soon(filled: CalendarUnderTest) -> None:
    other = CalendarUnderTest(filled.settings.data_dir)
    before = filled.feed().headers["etag"]
    other.publish(a_gathering())
    after = other.feed().headers["etag"]
    assert after != before
    deadline = time.monotonic() + 2
    while filled.feed().headers["etag"] != after:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    other.close()


def test_feed_stays_when_the_database_is_away(
    filled: CalendarUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.feed()
    path = filled.settings.data_dir / "calendar.sqlite3"
    filled.service.database.close()
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    filled.service.after_batch["calendar.feeds"]()
    assert filled.feed().content == before.content
    assert filled.feed("/feeds/kind/visit.ics").status_code == 503


def test_feed_of_ten_thousand_events_is_not_cut(sqlite_calendar: CalendarUnderTest) -> None:
    start = datetime(2027, 1, 4, 9, 0)
    sqlite_calendar.publish(
        *(a_gathering(starts_local=start + timedelta(hours=n)) for n in range(10_000))
    )
    assert sqlite_calendar.ics().count(b"BEGIN:VEVENT") == 10_000
