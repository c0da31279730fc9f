import re

import pytest

from hub import app as gateway
from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of

PUBLIC = (
    "/", "/about", "/events", "/events?past=true", "/posts", "/posts?kind=nonsense", "/demo-cases",
    "/organisations", "/join", "/sign-in", "/confirm?secret=x", "/dev/mailbox",
)  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_answer(stranger: Browser, path: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_join_form_keeps_what_was_typed_and_says_what_is_missing(stranger: Browser) -> None:
    form = {"name": "Anna <b>", "email": "", "region_code": "BE10"}
    answer = stranger.post("/join", **form, helix_side="research")
    assert answer.status_code == 422
    assert 'value="Anna &lt;b&gt;"' in answer.text
    assert re.search(r'<option value="BE10" selected>', answer.text)
    assert "Enter your e-mail address." in answer.text
    assert "please agree to the rules" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Choose what fits you best." in stranger.post("/join", **form).text


def test_join_form_has_nothing_ticked(stranger: Browser) -> None:
    assert "checked" not in stranger.get("/join").text


def test_event_is_registered_for_waitlisted_and_cancelled(
    hub: WholeHub, anna: Browser, olga: Browser, seminar: str
) -> None:
    bert = Browser(hub).join("Bert Builder", "bert@example.org", helix_side="business")
    assert "1 seat left" in text_of(anna.get(seminar))
    assert anna.post(f"{seminar}/register").headers["location"] == seminar
    shown = text_of(anna.get(seminar))
    assert "You have a seat." in shown
    assert "Thu 1 Dec 2050, 14:00 to 15:30 (Brussels)" in shown
    assert "13:00 in your time" in shown
    bert.post(f"{seminar}/register")
    assert "You are number 1 in line" in text_of(bert.get(seminar))
    early = anna.get(f"{seminar}/join")
    assert (early.status_code, "opens 15 minutes before the start" in text_of(early)) == (409, True)
    assert olga.get(f"{seminar}/join").headers["location"] == "https://meet.example.org/abc"
    assert bert.get(f"{seminar}/join").status_code == 403
    attendees = text_of(olga.get(seminar))
    assert "Anna Citizen anna@example.org Seat" in attendees
    assert "Bert Builder bert@example.org Waitlist, place 1" in attendees
    assert "bert@example.org" not in anna.get(seminar).text
    cancel = re.search(r"/me/registrations/[0-9a-f-]+/cancel", anna.get(seminar).text)
    assert cancel
    assert bert.post(cancel[0]).status_code == 404
    assert anna.post(cancel[0]).headers["location"] == "/me"
    assert "You have a seat." in text_of(bert.get(seminar))


def test_guest_registers_by_name_and_address_and_cancels_by_mail(
    hub: WholeHub, stranger: Browser, seminar: str
) -> None:
    refused = stranger.post(f"{seminar}/register", name="Gina", email="nonsense")
    assert refused.status_code == 422
    assert 'value="nonsense"' in refused.text
    answer = stranger.post(f"{seminar}/register", name="Gina Guest", email="gina@example.org")
    assert answer.headers["location"] == seminar
    assert "Please look into your mail" in text_of(stranger.get(seminar))
    assert "Please look into your mail" not in text_of(stranger.get(seminar))
    path = hub.link("gina@example.org", "/registrations/").path
    shown = stranger.get(path)
    assert "A seat is kept for you" in text_of(shown)
    # The address is a key: it stands in forms alone, not in previews nor on paper.
    assert path not in text_of(shown)
    assert "og:url" not in shown.text
    assert stranger.post(f"{path}/take-up").headers["location"] == path
    assert "You have a seat" in text_of(stranger.get(path))
    assert stranger.post(f"{path}/cancel").headers["location"] == path
    assert "Your registration is cancelled" in text_of(stranger.get(path))


def test_series_lists_its_dates_over_the_change_of_clocks(olga: Browser) -> None:
    weekly = {"starts_local": "2027-03-22T10:00", "ends_local": "2027-03-22T11:00"}
    answer = olga.post("/events/new", **{**SEMINAR, **weekly, "repeats": "weekly", "times": "3"})
    shown = text_of(olga.get(answer.headers["location"]))
    assert "Every Monday, 3 times" in shown
    for day in ("22 Mar", "29 Mar", "5 Apr"):
        assert re.search(rf"Mon {day}( 2027)?, 10:00 to 11:00 \(Brussels\)", shown)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "Enter what the event is called."),
        ({"title": "Two\nlines"}, "This must be on one line."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"ends_local": "2050-12-01T13:00"}, "The end must come after the start."),
        ({"time_zone": "Mars/Olympus"}, "is not a time zone the hub knows"),
        ({"capacity": "many"}, "Enter the number of seats as digits"),
        ({"capacity": "0"}, "must be 1 or more"),
        ({"repeats": "weekly", "times": "1"}, "a number from 2 to 52"),
        ({"repeats": "weekly", "times": "9" * 5000}, "a number from 2 to 52"),
        ({"mode": "onsite", "location": ""}, "Please say where it takes place."),
        ({"starts_local": "2027-03-28T02:30", "ends_local": "2027-03-28T04:00"}, "does not exist"),
        ({"join_url": "javascript:alert(1)"}, "is not written as it should be"),
        ({"starts_local": "yesterday"}, "is not a date and time"),
    ],
)
def test_event_that_does_not_hold_together_is_explained_beside_its_field(
    olga: Browser, wrong: dict[str, str], words: str
) -> None:
    answer = olga.post("/events/new", **{**SEMINAR, **wrong})
    assert (answer.status_code, words in text_of(answer)) == (422, True), text_of(answer)
    assert "data sharing" in answer.text


def test_event_is_called_off_only_when_meant(olga: Browser, anna: Browser, seminar: str) -> None:
    assert olga.post(f"{seminar}/cancel").status_code == 403
    assert anna.post(f"{seminar}/cancel", sure="yes").status_code == 403
    assert olga.post(f"{seminar}/cancel", sure="yes").status_code == 303
    assert "Nobody can register any more." in text_of(anna.get(seminar))
    assert anna.post(f"{seminar}/register").status_code == 409


def test_post_is_published_escaped_and_found_by_topic(anna: Browser, stranger: Browser) -> None:
    answer = anna.post(
        "/posts/new",
        kind="practice",
        title="<script>alert(1)</script> & more",
        body="**bold** <img src=x onerror=alert(1)>",
        topics="waiting times",
        language="en",
        audience="public",
    )
    path = answer.headers["location"]
    text = stranger.get(path).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
    assert "<strong>bold</strong>" in text
    assert "<img" not in text
    assert "<script>" not in text
    assert path in stranger.get("/posts?topic=waiting+times").text
    assert path not in stranger.get("/posts?topic=other").text


def test_what_people_write_says_its_language_for_those_who_hear_it(
    olga: Browser, anna: Browser, stranger: Browser
) -> None:
    order = {"title": "Données : qui décide ?", "summary": "Pour toutes.", "language": "fr"}
    order["topics"] = "langue"
    event = {**SEMINAR, **order, "description": "Venez."}
    pages = {
        "/events": olga.post("/events/new", **event).headers["location"],
        "/posts": anna.post(
            "/posts/new", **order, kind="question", audience="public", body="Qui ?"
        ).headers["location"],
    }
    for listed, path in pages.items():
        page = stranger.get(path).text
        assert '<h1 lang="fr" dir="auto">' in page
        assert '<p class="lead" lang="fr" dir="auto">' in page
        assert re.search(r'<div class="[^"]*prose[^"]*" lang="fr" dir="auto">', page)
        assert (
            f'<a href="{path}" lang="fr" dir="auto">' in stranger.get(f"{listed}?topic=langue").text
        )


def test_post_for_members_is_not_shown_to_others(anna: Browser, stranger: Browser) -> None:
    form = {"title": "Among us", "kind": "question", "audience": "members", "body": "Who?"}
    path = anna.post("/posts/new", **form).headers["location"]
    assert anna.get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    assert path not in stranger.get("/posts").text


def test_project_shows_members_who_fits_and_why(
    hub: WholeHub, olga: Browser, anna: Browser, stranger: Browser
) -> None:
    Browser(hub).join(
        "Carla Cardio", "carla@example.org", expertise_offered="cardiology", matchmaking="yes"
    )
    refused = olga.post("/demo-cases/new", title="Heart failure at home", required_terms=" , ")
    assert refused.status_code == 422
    assert "at least one kind of expertise" in text_of(refused)
    answer = olga.post(
        "/demo-cases/new",
        title="Heart failure at home",
        challenge="Too many come back.",
        required_terms="cardiology, data protection",
        region_code="ITC4",
    )
    path = answer.headers["location"]
    assert "Lombardy, Italy" in text_of(anna.get(path))
    assert "Members see which people and organisations fit" in text_of(stranger.get(path))
    assert "Carla Cardio" not in stranger.get(path).text
    for _ in range(200):
        shown = text_of(anna.get(path))
        if "Carla Cardio" in shown:
            break
    assert "Carla Cardio Person" in shown


def test_profile_is_changed_at_once(hub: WholeHub) -> None:
    browser = Browser(hub).join("Eva Early", "eva@example.org")
    form = {"name": "Eva Changed", "helix_side": "research", "region_code": "DE30"}
    more = {"language": "de", "time_zone": "Europe/Berlin", "expertise_offered": "genomics, ethics"}
    assert browser.post("/me/profile", **form, **more).status_code == 303
    text = browser.get("/me/profile").text
    assert 'value="Eva Changed"' in text
    assert "<h1>Eva Changed</h1>" in browser.get("/me").text
    refused = browser.post("/me/profile", **{**form, "name": "", "region_code": "nowhere"}, **more)
    assert refused.status_code == 422


def test_calendar_address_is_shown_once_works_and_is_switched_off(
    hub: WholeHub, anna: Browser
) -> None:
    shown = anna.post("/me/calendar", label="My phone")
    (path,) = set(re.findall(r"/feeds/private/[A-Za-z0-9_-]+\.ics", shown.text))
    assert anna.get(path).headers["content-type"].startswith("text/calendar")
    again = anna.get("/me").text
    assert path not in again
    revoke = re.search(r"/me/calendar/[0-9a-f-]+/revoke", again)
    assert revoke
    assert anna.post(revoke[0]).status_code == 303
    assert anna.get(path).status_code == 410


def test_inbox_opens_notices_and_marks_them_as_read(hub: WholeHub) -> None:
    browser = Browser(hub).join("Ida Inbox", "ida@example.org")
    for _ in range(200):
        listed = browser.get("/inbox").text
        if found := re.search(r'action="(/inbox/[0-9a-f-]+/open)"', listed):
            break
    assert found
    assert "1 unread" in listed
    assert browser.post(found[1], path="//evil.example").headers["location"] == "/"
    assert "Everything is read." in browser.get("/inbox").text
    assert browser.post("/inbox/read-all").headers["location"] == "/inbox"


def test_own_page_asks_each_service_as_often_for_many_as_for_one(
    hub: WholeHub, olga: Browser
) -> None:
    browser = Browser(hub).join("Nora Many", "nora@example.org")
    asked = []
    for title in ("One", "Two", "Three"):
        path = olga.post("/events/new", **{**SEMINAR, "title": title}).headers["location"]
        browser.post(f"{path}/register")
        hub.calls.clear()
        assert title in browser.get("/me").text
        asked.append(dict(hub.calls))
    assert asked[0] == asked[2] == {
        "membership": 1, "scheduling": 1, "calendar": 1, "notification": 1,
    }  # fmt: skip


def test_event_page_with_many_registered_asks_membership_once(hub: WholeHub, olga: Browser) -> None:
    many = {**SEMINAR, "capacity": "50"}
    path = olga.post("/events/new", **many).headers["location"]
    asked = []
    for number in range(3):
        Browser(hub).post(
            f"{path}/register", name=f"Guest {number}", email=f"g{number}@example.org"
        )
        hub.calls.clear()
        assert f"g{number}@example.org" in olga.get(path).text
        asked.append(dict(hub.calls))
    # The event and its agenda.
    assert asked[0] == asked[2] == {"membership": 1, "scheduling": 2, "notification": 1}


def test_feeds_are_the_same_when_calendar_runs_elsewhere(hub: WholeHub, seminar: str) -> None:
    proxied = Browser(hub, gateway.create(hub.settings, hub.clients, []))
    own = Browser(hub)
    for _ in range(200):
        if own.get(f"{seminar}.ics").status_code == 200:
            break
    for path in ("/feeds/public.ics", f"{seminar}.ics"):
        direct, passed = own.get(path), proxied.get(path)
        assert (passed.status_code, passed.content) == (200, direct.content)
        kept = ("etag", "content-type", "cache-control", "last-modified")
        assert [passed.headers.get(name) for name in kept] == [
            direct.headers.get(name) for name in kept
        ]
        unchanged = proxied.get(path, if_none_match=direct.headers["etag"])
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert proxied.send("HEAD", path).headers["etag"] == direct.headers["etag"]


def test_mailbox_shows_mails_in_frames_that_run_nothing(hub: WholeHub, anna: Browser) -> None:
    page = anna.get("/dev/mailbox")
    (first, *_) = re.findall(r'src="(/dev/mailbox/mail\?id=[^"]+)"', page.text)
    policy = anna.get(first).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


def test_schema_of_every_event_is_served(stranger: Browser) -> None:
    answer = stranger.get("/schemas/hub.scheduling.gathering.v1.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert "starts_local" in answer.json()["properties"]


def test_members_directory_shows_who_wants_to_be_found(anna: Browser) -> None:
    text = text_of(anna.get("/people"))
    assert "Anna Citizen" in text
    assert "anna@example.org" not in text


def test_event_is_changed_by_its_organiser_alone(
    hub: WholeHub, olga: Browser, anna: Browser, seminar: str
) -> None:
    anna.post(f"{seminar}/register")
    assert anna.get(f"{seminar}/edit").status_code == 403
    assert 'value="2050-12-01T14:00"' in olga.get(f"{seminar}/edit").text
    change = {
        "title": "Genomic data, moved",
        "starts_local": "2050-12-02T14:00",
        "ends_local": "2050-12-02T15:30",
        "time_zone": "Europe/Brussels",
        "join_url": "",
    }
    refused = olga.post(f"{seminar}/edit", **{**change, "ends_local": "2050-12-02T13:00"})
    assert (refused.status_code, "must come after the start" in refused.text) == (422, True)
    assert anna.post(f"{seminar}/edit", **change).status_code == 403
    assert olga.post(f"{seminar}/edit", **change).headers["location"] == seminar
    assert "Fri 2 Dec 2050, 14:00 to 15:30 (Brussels)" in text_of(anna.get(seminar))
    assert olga.get(f"{seminar}/join").headers["location"] == "https://meet.example.org/abc"


@pytest.mark.parametrize(("deadline", "said"), [("2020-01-31", "Closed"), ("2090-01-31", "Closes")])
def test_post_says_whether_its_deadline_is_over(olga: Browser, deadline: str, said: str) -> None:
    post = {"kind": "funding", "body": "Apply.", "audience": "public", "deadline": deadline}
    answer = olga.post("/posts/new", title=f"A call until {deadline}", **post)
    text = text_of(olga.get(answer.headers["location"]))
    assert re.search(rf"\b{said}\b", text)


@pytest.mark.parametrize("block", ["main", "title", "head", "nothing", "<b>"])
def test_only_blocks_of_a_page_alone_come_alone(stranger: Browser, block: str) -> None:
    answer = stranger.get("/events", hub_block=block)
    assert (answer.status_code, "<!doctype html>" in answer.text) == (200, True)


def test_block_of_a_page_comes_without_the_page(stranger: Browser) -> None:
    answer = stranger.get("/events", hub_block="results")
    assert "<!doctype html>" not in answer.text
    assert answer.text.strip().startswith('<div id="results"')


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, br", "gzip"), ("gzip;q=0, br", None), ("identity", None), ("*", "gzip"), ("", None)],
)
def test_page_is_compressed_for_those_who_can_read_it(
    stranger: Browser, accepted: str, coding: str | None
) -> None:
    answer = stranger.get("/about", accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == coding
    assert "Rules of this community" in answer.text


def test_about_says_whose_headings_are_used(stranger: Browser) -> None:
    said = text_of(stranger.get("/about"))
    assert "(MeSH), courtesy of the U.S. National Library of Medicine" in said
