import re

import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from events.tables import OUTBOX
from hub import app as gateway
from hub.guard import POLICY
from tests.hub.gateway import ADDRESS, Browser, WholeHub, text_of


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 303),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, 303),
        ({"origin": ADDRESS}, 303),
        ({"origin": "https://hub.example", "host": "hub.example"}, 303),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "none"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": ADDRESS}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ADDRESS + "0"}, 403),
        ({}, 403),
    ],
)
def test_guard_accepts_forms_of_its_own_pages_only(
    anna: Browser, headers: dict[str, str], status: int
) -> None:
    answer = anna.send("POST", "/inbox/read-all", b"", **headers)
    assert answer.status_code == status
    if status == 403:
        assert "nothing was changed" in text_of(answer)


def test_guard_finds_a_session_behind_other_cookies(hub: WholeHub, anna: Browser) -> None:
    own = "; ".join(f"{name}={value}" for name, value in anna.http.cookies.items())
    headers = [("cookie", "a=b"), ("cookie", own)]
    browser = Browser(hub)
    answer = hub.loop.run(browser.http.post("/inbox/read-all", headers=headers))
    assert answer.status_code == 403


def test_guard_lets_a_program_without_a_session_through(stranger: Browser) -> None:
    answer = stranger.send(
        "POST", "/sign-in", b"email=x", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/", "/events", "/nope", "/sign-in", "/healthz"])
def test_guard_puts_security_headers_on_every_answer(stranger: Browser, path: str) -> None:
    headers = stranger.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "private, no-store"


def test_pages_have_no_inline_script_or_style_and_load_nothing_from_elsewhere(
    anna: Browser, seminar: str
) -> None:
    for path in ("/", "/join", "/me", "/events", "/events/new", seminar, "/posts/new"):
        text = anna.get(path).text
        ours = r'<script type="module" blocking="render" src="/static/[0-9a-f]{16}/js/hub.js">'
        # What search engines read is data, which browsers do not run.
        data = r'<script type="application/ld\+json">[^<]*</script>'
        scripts = re.findall(r"<script[^>]*>[^<]*", re.sub(data, "", text))
        # A page that leads elsewhere has none.
        assert all(re.fullmatch(ours, script) for script in scripts), path
        assert len(scripts) == ("<!doctype" in text), path
        assert "<style" not in text
        assert " style=" not in text
        assert re.findall(r'(?:src|srcset)="(?!/static/)[^"]*"', text) == []


def test_correlation_of_a_request_reaches_the_services_events(hub: WholeHub, anna: Browser) -> None:
    form = b"title=Traced&body=Text&kind=article"
    kind = "application/x-www-form-urlencoded"
    answer = anna.send(
        "POST", "/posts/new", form, origin=ADDRESS, content_type=kind, x_correlation_id="trace-me-1"
    )
    assert answer.status_code == 303
    with hub.services["knowledge"].database.reader() as session:
        payloads = session.connection().execute(select(OUTBOX.c.payload)).scalars().all()
    # A state that a newer one replaced has no payload any more.
    kept = [payload for payload in payloads if payload]
    traced = [payload for payload in kept if b'"correlationid":"trace-me-1"' in payload]
    assert len(traced) == 2
    assert all(b'"traceparent":"00-' in payload for payload in traced)


def test_correlation_is_answered_and_nonsense_replaced(stranger: Browser) -> None:
    assert stranger.get("/", x_correlation_id="abc-12345").headers["x-correlation-id"] == (
        "abc-12345"
    )
    odd = stranger.get("/", x_correlation_id="<script>").headers["x-correlation-id"]
    assert len(odd) == 36


def test_head_answers_as_get(stranger: Browser) -> None:
    assert stranger.send("HEAD", "/events").status_code == 200


def test_unexpected_failure_is_a_page_with_a_number_to_ask_about(hub: WholeHub) -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError("a wire came loose")

    app = gateway.create(hub.settings, hub.clients, [Route("/broken", broken)])
    answer = Browser(hub, app).get("/broken", accept="text/html")
    assert answer.status_code == 500
    assert "wire" not in answer.text
    assert answer.headers["x-correlation-id"] in answer.text
    assert answer.headers["content-security-policy"] == POLICY
    problem = Browser(hub, app).get("/broken", accept="application/json")
    assert (problem.status_code, problem.json()["status"]) == (500, 500)
