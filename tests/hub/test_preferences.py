"""Language and theme, chosen on any page: kept, and back to where somebody was."""

import pytest

from tests.hub.gateway import ADDRESS, SEMINAR, Browser, WholeHub, text_of


def chosen(browser: Browser, body: str, came_from: str = "") -> tuple[int, str]:
    """What is answered to a choice, and where it leads."""
    headers = {"referer": came_from} if came_from else {}
    answer = browser.send(
        "POST", "/preferences", body.encode(), origin=ADDRESS, sec_fetch_site="same-origin",
        content_type="application/x-www-form-urlencoded", **headers,
    )  # fmt: skip
    return answer.status_code, answer.headers.get("location", "")


def test_choices_are_kept_in_the_browser(stranger: Browser) -> None:
    assert chosen(stranger, "language=de&next=/about") == (303, "/about")
    assert chosen(stranger, "theme=dark&next=/about") == (303, "/about")
    assert '<html lang="de" dir="ltr" data-theme="dark">' in stranger.get("/about").text
    assert chosen(stranger, "theme=&next=/about") == (303, "/about")
    assert '<html lang="de" dir="ltr">' in stranger.get("/about").text


def test_member_takes_the_language_along(hub: WholeHub, anna: Browser) -> None:
    assert chosen(anna, "language=pl") == (303, "/")
    elsewhere = Browser(hub)
    elsewhere.sign_in("anna@example.org")
    assert '<html lang="pl"' in elsewhere.get("/").text
    assert chosen(anna, "language=en") == (303, "/")


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ("language=tlh", 422, ""),
        ("theme=pink", 422, ""),
        ("colour=red", 422, ""),
        ("theme=dark&next=//evil.example", 303, "/"),
        ("theme=dark&next=https://evil.example", 303, "/"),
        ("theme=dark&next=/%5Cevil.example", 303, "/"),
        ("theme=dark&next=/%0Aset-cookie:a", 303, "/"),
    ],
)
def test_nonsense_is_refused_and_nobody_is_led_away(
    stranger: Browser, body: str, status: int, path: str
) -> None:
    assert chosen(stranger, body) == (status, path)


@pytest.mark.parametrize(
    ("came_from", "path"),
    [
        (f"{ADDRESS}/search?q=data&page=2", "/search?q=data&page=2"),
        (f"{ADDRESS}/events?past=true", "/search"),
        (f"{ADDRESS}/search?q={'x' * 300}", "/search"),
        ("http://[nonsense", "/search"),
        ("", "/search"),
    ],
)
def test_way_back_has_what_the_page_was_asked_for(
    stranger: Browser, came_from: str, path: str
) -> None:
    assert chosen(stranger, "theme=dark&next=/search", came_from) == (303, path)


def test_page_that_answered_a_form_leads_back_to_the_page_of_the_form(
    stranger: Browser, olga: Browser
) -> None:
    event = olga.post("/events/new", **SEMINAR).headers["location"]
    refused = stranger.post(f"{event}/register", name="", email="x")
    assert refused.status_code == 422
    assert f'name="next" value="{event}/register"' in refused.text
    status, way = chosen(stranger, f"language=de&next={event}/register")
    led = stranger.get(way)
    assert (status, way, led.status_code) == (303, f"{event}/register", 200)
    assert SEMINAR["title"] in text_of(led)


@pytest.mark.parametrize(
    ("cookie", "wish"),
    [
        ("hub_language=tlh; hub_theme=pink", ";;q=,*"),
        ("hub_language=; hub_theme=", "q=nan, tlh;q=inf"),
        ("hub_language=../de; hub_theme=dark%20", ",".join(["xx"] * 10_000)),
    ],
)
def test_nonsense_of_a_browser_is_answered_as_usual(
    stranger: Browser, cookie: str, wish: str
) -> None:
    answer = stranger.get("/about", cookie=cookie, accept_language=wish)
    assert answer.status_code == 200
    assert '<html lang="en" dir="ltr">' in answer.text
