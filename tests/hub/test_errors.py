from typing import Any

import pytest

from hub import app as gateway
from hub.settings import Settings
from tests.hub.gateway import Browser, WholeHub, text_of


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nope", 404, "There is no page at this address."),
        ("/events/no-such-event", 404, "This event does not exist"),
        ("/events/UPPER CASE", 404, "There is no page at this address."),
        ("/events/%00", 404, "There is no page at this address."),
        ("/posts/no-such-post", 404, "does not exist"),
        ("/demo-cases/no-such-project", 404, "does not exist"),
        ("/organisations/nobody", 404, ""),
        ("/registrations/" + "x" * 43, 404, "This link does not belong to a registration."),
        ("/events?past=perhaps", 422, "does not fit: past"),
        ("/posts?topic=" + "x" * 100, 422, "does not fit: topic"),
        ("/posts?q=%00", 422, "cannot be shown"),
        ("/posts?topic=%ff", 422, ""),
        ("/static/0/nothing.css", 404, "There is no such file."),
        ("/schemas/hub.nothing.v1.json", 404, ""),
    ],
)
def test_addresses_that_do_not_exist_get_a_page_that_helps(
    stranger: Browser, path: str, status: int, words: str
) -> None:
    answer = stranger.get(path, accept="text/html")
    assert (answer.status_code, words in text_of(answer)) == (status, True), text_of(answer)


def test_errors_for_programs_are_problem_json(stranger: Browser) -> None:
    answer = stranger.get("/events/no-such-event", accept="application/json")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code == 404


@pytest.mark.parametrize("path", ["/confirm", "/sign-in/use"])
def test_used_or_unknown_link_is_gone_and_offers_a_new_one(stranger: Browser, path: str) -> None:
    answer = stranger.post(path, secret="x" * 43)
    assert answer.status_code == 410
    assert "Ask for a new link" in text_of(answer)


@pytest.mark.parametrize("path", ["/me", "/inbox", "/events/new", "/posts/new"])
def test_pages_for_members_lead_to_signing_in_and_back(stranger: Browser, path: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")
    assert stranger.get(path, accept="application/json").status_code == 401


def test_what_a_page_was_asked_for_is_there_after_signing_in(stranger: Browser) -> None:
    answer = stranger.get("/me?q=genomics&page=2")
    assert answer.headers["location"] == "/sign-in?next=/me%3Fq%3Dgenomics%26page%3D2"
    form = stranger.get(answer.headers["location"]).text
    assert 'name="next" value="/me?q=genomics&amp;page=2"' in form
    long = stranger.get(f"/me?q={'x' * 400}").headers["location"]
    assert long == "/sign-in?next=/me"


@pytest.mark.parametrize("path", ["/events/new", "/demo-cases/new"])
def test_pages_for_organisers_say_who_may(anna: Browser, path: str) -> None:
    answer = anna.get(path)
    assert answer.status_code == 403
    assert "coordinator" in text_of(answer)


def test_wrong_method_is_explained(stranger: Browser) -> None:
    assert stranger.send("DELETE", "/events").status_code == 405


def test_home_page_lives_while_a_service_is_away(hub: WholeHub) -> None:
    app = gateway.create(hub.settings, hub.clients_to("membership", "scheduling"), [])
    browser = Browser(hub, app)
    assert "What comes next" in text_of(browser.get("/"))
    away = browser.get("/posts")
    assert (away.status_code, away.headers["retry-after"]) == (503, "60")
    assert "resting" in text_of(away)
    assert 'href="/posts?q=genomics"' in browser.get("/posts?q=genomics").text
    ready = browser.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["away"] == ["calendar", "knowledge", "matchmaking", "notification"]


@pytest.mark.parametrize("said", [{"development": False}, {"public_url": "https://hub.example"}])
def test_development_pages_are_not_there_in_production(hub: WholeHub, said: dict[str, Any]) -> None:
    settings = Settings(data_dir=hub.settings.data_dir, **said)
    app = gateway.create(settings, hub.clients, [])
    for path in ("/dev/mailbox", "/dev/mailbox.json", "/dev/mailbox/mail?id=x"):
        assert Browser(hub, app).get(path).status_code == 404
