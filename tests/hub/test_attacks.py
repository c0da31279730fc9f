"""What an attacker tries at the gateway: hostile text, other people's things, ways elsewhere."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from statistics import median
from urllib.parse import quote

import httpx
import pytest

from tests.hub.gateway import ADDRESS, SEMINAR, Browser, WholeHub, text_of

MARKUP = "\"'><img onerror=alert(1)></textarea>{{7*7}}"
HOSTILE = (
    "",
    "a\0b",
    "a\r\nBcc: evil@example.org",
    "\u202egro.elpmaxe",
    "\u200b\ufeff",
    "\u2028x\x85\x1b[31m\x7f",
    "\ufffe\U0010ffff",
    MARKUP,
    "A" * 201,
    "x" * 20_001,
    "0005" + "9" * 5000,
    "-1",
    "\u0663\uff11",
    "javascript:alert(1)",
    "http://[",
    "https://example.org/\"onx='",
    "2050-02-30T10:00",
    "9999-12-31T23:59",
    "0001-01-01",
    "2026-03-29T02:30",
    "../UTC",
    "a," * 3000,
    ",".join(f"term {number}" for number in range(60)),
    "<b>@example.org",
    "a@[127.0.0.1]",
    "\u7528\u6237@\u4f8b\u5b50.\u5e7f\u544a",
    "%00' OR 1=1 --",
    "null",
)
PROFILE = {
    "name": "Olga Organiser",
    "helix_side": "citizen",
    "region_code": "BE10",
    "organisation_name": "",
    "language": "en",
    "time_zone": "Europe/Brussels",
    "expertise_offered": "",
    "expertise_sought": "",
}
FORMS = {
    "/join": {**PROFILE, "email": "hostile@example.org", "terms": "yes", "directory": "yes",
              "matchmaking": "", "newsletter": ""},
    "/sign-in": {"email": "hostile@example.org", "next": "/"},
    "/confirm": {"secret": "x" * 43},
    "/sign-in/use": {"secret": "x" * 43},
    "/events/new": {**SEMINAR, "summary": "", "description": "", "location": "", "language": "en",
                    "region_code": "BE10", "repeats": "weekly", "times": "3"},
    "{event}/edit": {"title": "Hostile", "summary": "", "description": "", "location": "",
                       "starts_local": "2050-12-01T14:00", "ends_local": "2050-12-01T15:30",
                       "time_zone": "Europe/Brussels", "join_url": ""},
    "{event}/register": {"name": "Hostile", "email": "hostile@example.org"},
    "{event}/cancel": {"sure": ""},
    "/posts/new": {"kind": "article", "title": "Hostile", "summary": "", "body": "Text",
                   "topics": "", "language": "en", "link": "", "deadline": "",
                   "audience": "public"},
    "/demo-cases/new": {"title": "Hostile", "challenge": "", "solution": "",
                        "required_terms": "genomics", "region_code": "BE10",
                        "lead_organisation_id": "", "link": ""},
    "/me/profile": PROFILE,
    "/me/calendar": {"label": "My phone"},
}  # fmt: skip
FOR_STRANGERS = ("/join", "/sign-in", "/confirm", "/sign-in/use", "{event}/register")


@pytest.fixture(scope="module")
def event(olga: Browser) -> str:
    """An event that may be spoilt."""
    return olga.post("/events/new", **{**SEMINAR, "title": "Target"}).headers["location"]


@pytest.mark.parametrize("path", FORMS)
def test_no_field_of_a_form_breaks_a_page(
    hub: WholeHub, olga: Browser, stranger: Browser, event: str, path: str
) -> None:
    """Every hostile text in every field: taken or refused with a page, never a failure."""
    browser = stranger if path in FOR_STRANGERS else olga
    for field in FORMS[path]:
        forms = [{**FORMS[path], field: text} for text in HOSTILE]
        for form, answer in zip(
            forms, together(hub, browser, path.format(event=event), forms), strict=True
        ):
            assert answer.status_code < 500, (field, form[field][:40], text_of(answer))
            assert "<img" not in answer.text


def together(
    hub: WholeHub, browser: Browser, path: str, forms: Sequence[Mapping[str, str]]
) -> list[httpx.Response]:
    """Many forms at once, for many answers take their time."""
    headers = {"origin": ADDRESS}

    async def gather() -> list[httpx.Response]:
        posts = (browser.http.post(path, data=form, headers=headers) for form in forms)
        return list(await asyncio.gather(*posts))

    return hub.loop.run(gather())


QUERIES = ("/events?topic=", "/events?past=", "/posts?kind=", "/posts?topic=", "/posts?q=",
           "/demo-cases?step=", "/organisations?q=", "/people?q=", "/sign-in?next=",
           "/confirm?secret=", "/sign-in/use?secret=", "/dev/mailbox/mail?id=",
           "/feeds/public.ics?q=",
           "/events/", "/posts/", "/demo-cases/", "/organisations/", "/registrations/",
           "/feeds/private/", "/static/0/", "/schemas/", "/")  # fmt: skip


@pytest.mark.parametrize("start", QUERIES)
def test_no_address_breaks_a_page(anna: Browser, stranger: Browser, start: str) -> None:
    for text in (*HOSTILE, "../../hub/app.py", "%ff", "\\evil.example"):
        for written in (quote(text[:2000], safe=""), quote(text[:2000], safe="/%")):
            for browser in (anna, stranger):
                answer = browser.get(start + written)
                assert answer.status_code < 500, (start + written, text_of(answer))
                assert "<img" not in answer.text or "calendar" in answer.headers["content-type"]


def test_no_page_and_no_mail_shows_markup_as_markup(hub: WholeHub, olga: Browser) -> None:
    """Names, organisations, titles, topics, terms, places, labels, Markdown."""
    eve = Browser(hub).join(
        MARKUP, "markup@example.org",
        organisation_name=MARKUP, expertise_offered=MARKUP, matchmaking="yes",
    )  # fmt: skip
    texts = dict.fromkeys(("title", "summary", "description", "topics", "location"), MARKUP)
    held = olga.post("/events/new", **{**SEMINAR, **texts, "mode": "hybrid"}).headers["location"]
    assert eve.post(f"{held}/register").status_code == 303
    made = [held, f"{held}/edit"]
    texts = dict.fromkeys(("title", "summary", "body", "topics"), MARKUP)
    made.append(eve.post("/posts/new", kind="article", **texts).headers["location"])
    texts = dict.fromkeys(("title", "challenge", "solution", "required_terms"), MARKUP)
    made.append(olga.post("/demo-cases/new", **texts).headers["location"])
    assert eve.post("/me/calendar", label=MARKUP).status_code == 200
    hub.link("markup@example.org", "/registrations/")
    lists = ["/", "/events", "/posts", "/demo-cases", "/organisations", "/people"]
    for path in (*made, *lists, "/me", "/inbox", "/dev/mailbox"):
        for browser in (olga, eve):
            assert "<img" not in browser.get(path).text, path
    assert [
        mail["subject"] for mail in hub.mails("markup@example.org") if "<img" in mail["html"]
    ] == []


def test_what_belongs_to_others_cannot_be_touched(
    hub: WholeHub, olga: Browser, anna: Browser, stranger: Browser
) -> None:
    held = olga.post("/events/new", **{**SEMINAR, "title": "Hers alone"}).headers["location"]
    olga.post(f"{held}/register")
    own = olga.post("/me/calendar", label="Hers").text + olga.get("/inbox").text
    own += olga.get("/me").text
    paths = set(re.findall(r'action="(/(?:me|inbox)/[^"]*[0-9a-f-]{36}[^"]*)"', own))
    assert {path.rpartition("/")[2] for path in paths} == {"cancel", "revoke", "open"}
    for path in paths:
        assert anna.post(path).status_code == 404
        assert stranger.post(path).headers["location"].startswith("/sign-in?")
    for path in (f"{held}/edit", f"{held}/cancel"):
        assert anna.post(path, **({"sure": "yes"} if "cancel" in path else {})).status_code == 403
    assert anna.get(f"{held}/join").status_code == 403
    assert olga.get(f"{held}/join").status_code == 303


@pytest.mark.parametrize("origin", ["http://[", "http://", "://", "https://"])
def test_malformed_origin_is_refused_with_a_page(stranger: Browser, origin: str) -> None:
    answer = stranger.send("POST", "/sign-in", b"", origin=origin)
    assert answer.status_code == 403
    assert "not accepted" in text_of(answer)


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/events/", "/events"),
        ("/me//", "/me"),
        ("//evil.example/", "/"),
        ("/%5Cevil.example/", "/"),
        ("/%0d%0aset-cookie:x/", "/"),
    ],
)
def test_slash_too_many_leads_to_this_hub_whatever_host_is_named(
    stranger: Browser, path: str, location: str
) -> None:
    answer = stranger.get(ADDRESS + path, host="evil.example")
    assert (answer.status_code, answer.headers["location"]) == (307, location)


WAYS_ELSEWHERE = (
    "//evil.example", "/\\evil.example", "https://evil.example", "\t//evil.example", "evil",
    "///evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example",
    "/\n/evil.example",
    "https:evil.example", "https:/evil.example", "HTTPS://evil.example", "javascript:alert(1)",
    "data:text/html,x", " //evil.example", "\u3000//evil.example", "/\u2028/evil.example",
    "\x00//evil.example", "/\x00/evil.example", "//evil.example@127.0.0.1:8000/",
    "http://127.0.0.1:8000@evil.example/", "\u202e//evil.example", "//\uff45vil.example", "",
    "/\r\nlocation: https://evil.example", "/" + "a" * 400,
)  # fmt: skip


@pytest.mark.parametrize("next", WAYS_ELSEWHERE)
def test_signing_in_leads_nowhere_else(anna: Browser, next: str) -> None:
    """As typed, and encoded once more by whoever hopes that it is decoded once more."""
    assert anna.get(f"/sign-in?next={quote(next, safe='')}").headers["location"] == "/"
    twice = anna.get(f"/sign-in?next={quote(quote(next, safe=''), safe='')}").headers["location"]
    assert httpx.URL(ADDRESS + "/x").join(twice).netloc == b"127.0.0.1:8000"
    form = anna.post("/sign-in", email="x", next=next).text.partition('action="/sign-in"')[2]
    kept = re.search(r'name="next" value="([^"]*)"', form)
    assert kept
    assert kept[1] == "/"


@pytest.mark.parametrize("next", ["/%2F/evil.example", "/%5Cevil.example", "/.//evil.example"])
def test_encoded_slash_stays_a_part_of_a_path_of_this_hub(anna: Browser, next: str) -> None:
    location = anna.get(f"/sign-in?next={quote(next, safe='')}").headers["location"]
    assert httpx.URL(ADDRESS + "/x").join(location).netloc == b"127.0.0.1:8000"


def test_cookie_of_where_to_go_on_to_leads_nowhere_else(hub: WholeHub) -> None:
    browser = Browser(hub).join("Nina Next", "nina@example.org")
    link, _code = browser.ask("nina@example.org")
    browser.http.cookies.set("hub_next", "//evil.example", domain="127.0.0.1")
    answer = browser.post("/sign-in/use", secret=link.params["secret"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("path", ["/sign-in", "/join"])
def test_known_and_unknown_addresses_take_as_long(
    hub: WholeHub, stranger: Browser, path: str
) -> None:
    """Medians of the time to the answer differ by a tenth at most."""
    name = "tina" if path == "/join" else "timo"
    Browser(hub).join("Known", f"{name}@example.org")
    more = {"name": "X", "helix_side": "citizen", "region_code": "BE10", "terms": "yes"}
    form = more if path == "/join" else {}
    took: dict[str, list[float]] = {name: [], "nobody": []}
    for _round in range(9):
        for whose, times in took.items():
            started = time.perf_counter()
            answer = stranger.post(path, email=f"{whose}@example.org", **form)
            times.append(time.perf_counter() - started)
            assert answer.status_code == 200
    known, unknown = (median(times) for times in took.values())
    assert known == pytest.approx(unknown, rel=0.1)
