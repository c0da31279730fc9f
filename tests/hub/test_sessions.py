from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from hub import app as gateway
from hub.clients import SessionStarted
from hub.sessions import Sessions
from hub.settings import Settings
from tests.hub.gateway import Browser, WholeHub, text_of


def test_session_is_trusted_for_a_while_and_dropped_when_told(hub: WholeHub) -> None:
    browser = Browser(hub).join("Dora Dropped", "dora@example.org")
    sessions: Sessions = hub.app.state.sessions
    secret = browser.http.cookies["hub_session"]
    cookie = f"hub_session={secret}".encode()
    request = Request({"type": "http", "headers": [(b"cookie", cookie)]})
    person = hub.loop.run(sessions.person(request))
    assert person is not None
    assert person.name == "Dora Dropped"
    hub.loop.run(hub.clients.membership.revoke_session(secret))
    assert browser.get("/me").status_code == 200
    sessions.drop(person.session_id)
    assert browser.get("/me").status_code == 303


def test_signing_out_ends_the_session_everywhere(hub: WholeHub) -> None:
    browser = Browser(hub).join("Otto Out", "otto@example.org")
    secret = browser.http.cookies["hub_session"]
    assert browser.post("/sign-out").headers["location"] == "/"
    assert "hub_session" not in browser.http.cookies
    again = Browser(hub)
    again.http.cookies.set("hub_session", secret)
    assert again.get("/me").status_code == 303


def test_signing_in_goes_on_to_where_the_person_came_from(hub: WholeHub) -> None:
    Browser(hub).join("Wanda Was", "wanda@example.org")
    answer = Browser(hub).sign_in("wanda@example.org", next="/posts/new")
    assert answer.headers["location"] == "/posts/new"
    assert "httponly" in answer.headers["set-cookie"].lower()


def test_signing_in_says_the_same_for_known_and_unknown_addresses(
    stranger: Browser, anna: Browser
) -> None:
    known = stranger.post("/sign-in", email="anna@example.org", next="/")
    unknown = stranger.post("/sign-in", email="nobody@example.org", next="/")
    assert text_of(known).replace("anna@", "") == text_of(unknown).replace("nobody@", "")


def test_joining_again_says_the_same_and_mails_a_sign_in_link(hub: WholeHub) -> None:
    Browser(hub).join("Jo Again", "jo@example.org")
    form = {"name": "Jo", "helix_side": "citizen", "region_code": "BE10", "terms": "yes"}
    again, fresh = Browser(hub), Browser(hub)
    known = again.post("/join", email="jo@example.org", **form)
    unknown = fresh.post("/join", email="new@example.org", **form)
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert text_of(known).replace("jo@", "") == text_of(unknown).replace("new@", "")
    link = hub.link("jo@example.org", "/sign-in/use")
    # As a sign-in link it is bound to the browser in which the form was filled in.
    assert fresh.post("/sign-in/use", secret=link.params["secret"]).status_code == 409
    assert again.post("/sign-in/use", secret=link.params["secret"]).status_code == 303


def test_session_cookie_is_bound_to_the_host_where_the_hub_has_https(hub: WholeHub) -> None:
    settings = Settings(data_dir=hub.settings.data_dir, public_url="https://hub.example/")
    sessions = Sessions(settings, hub.clients)
    response = Response()
    sessions.start(
        response,
        SessionStarted(
            secret="secret",
            expires_at=datetime.now(UTC) + timedelta(days=1),
            contact_id="00000000-0000-7000-8000-000000000000",
        ),
    )
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-hub_session=secret;")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    app = gateway.create(settings, hub.clients, [])
    assert "strict-transport-security" in Browser(hub, app).get("/").headers


def test_nonsense_in_the_cookie_is_nobody(stranger: Browser) -> None:
    stranger.http.headers["cookie"] = "hub_session=" + "x" * 3000 + "; hub_flash=<b>; hub_next=//x"
    assert stranger.get("/").status_code == 200
