"""Signing in at the gateway: in which browser, by link or code, and what must be proved again."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from hub import app as gateway
from hub.sessions import PROOF_LASTS, Fresh
from hub.settings import Settings
from services.membership.accounts import service as accounts
from services.membership.contacts import service as contacts
from services.membership.models import AccountSession, Contact
from tests.hub.gateway import ADDRESS, Browser, WholeHub, text_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def joined(hub: WholeHub, name: str) -> str:
    """A new member's address."""
    email = f"{name}@example.org"
    Browser(hub).join(name.title(), email)
    return email


def make_old(hub: WholeHub, email: str) -> None:
    """As if all sessions of somebody were begun an hour ago."""
    with hub.services["membership"].database.unit_of_work() as session:
        contact = session.exec(select(Contact).where(Contact.email == email)).one()
        for each in session.exec(
            select(AccountSession).where(AccountSession.contact_id == contact.id)
        ):
            each.proved_at = datetime.now(UTC) - timedelta(hours=1)
            session.add(each)
    hub.app.state.sessions.drop_all()


def attributes(answer: httpx.Response) -> dict[str, set[str]]:
    """The cookies that an answer sets, with what is said of them."""
    cookies = {}
    for line in answer.headers.get_list("set-cookie"):
        named, *said = line.split("; ")
        cookies[named.partition("=")[0]] = {each.lower() for each in said}
    return cookies


def test_link_opened_in_another_browser_says_how_to_go_on(hub: WholeHub) -> None:
    email = joined(hub, "elsa")
    here, elsewhere, asked_too = Browser(hub), Browser(hub), Browser(hub)
    link, code = here.ask(email)
    asked_too.post("/sign-in", email="nobody@example.org")

    page = elsewhere.get(str(link.raw_path, "ascii"))
    assert page.status_code == 200
    assert "This is not the browser where you asked for the link" in text_of(page)
    assert "Type the six digits" in text_of(page)
    assert link.params["secret"] not in page.text
    for browser in (elsewhere, asked_too):
        answer = browser.post("/sign-in/use", secret=link.params["secret"])
        assert (answer.status_code, "hub_session" in browser.http.cookies) == (409, False)
    typed = here.post("/sign-in/code", code=f" {code[:3]} {code[3:]} ")
    assert (typed.status_code, typed.headers["location"]) == (303, "/")
    assert here.get("/me").status_code == 200


def test_opening_the_link_changes_nothing(hub: WholeHub) -> None:
    email = joined(hub, "opal")
    browser = Browser(hub)
    link, _code = browser.ask(email, next="/posts")
    for _ in range(3):
        page = browser.get(str(link.raw_path, "ascii"))
        assert ("Sign me in" in text_of(page), "set-cookie" in page.headers) == (True, False)
        Browser(hub).get(str(link.raw_path, "ascii"))
    used = browser.post("/sign-in/use", secret=link.params["secret"])
    assert (used.status_code, used.headers["location"]) == (303, "/posts")
    assert browser.post("/sign-in/use", secret=link.params["secret"]).status_code == 410


def test_used_link_is_gone_for_the_browser_that_asked_again(hub: WholeHub) -> None:
    email = joined(hub, "gerd")
    browser = Browser(hub)
    link, code = browser.ask(email)
    asking = browser.http.cookies["hub_asking"]
    assert browser.post("/sign-in/use", secret=link.params["secret"]).status_code == 303
    browser.http.cookies.set("hub_asking", asking)
    again = browser.post("/sign-in/use", secret=link.params["secret"])
    assert (again.status_code, "Ask for a new link" in text_of(again)) == (410, True)
    assert browser.post("/sign-in/code", code=code).status_code == 410


def test_both_mails_of_a_browser_that_asked_twice_work(hub: WholeHub) -> None:
    email = joined(hub, "twyla")
    browser = Browser(hub)
    first, _ = browser.ask(email)
    browser.ask(email)
    assert browser.post("/sign-in/use", secret=first.params["secret"]).status_code == 303


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "1234567", "<b>123"])
def test_code_that_is_none_is_asked_for_again(stranger: Browser, code: str) -> None:
    stranger.post("/sign-in", email="nobody@example.org")
    answer = stranger.post("/sign-in/code", code=code)
    assert (answer.status_code, "The code has six digits." in text_of(answer)) == (422, True)


def test_code_page_is_made_for_phones(stranger: Browser) -> None:
    page = stranger.post("/sign-in", email="nobody@example.org")
    (field,) = re.findall(r"<input[^>]*name=\"code\"[^>]*>", page.text)
    assert 'inputmode="numeric"' in field
    assert 'autocomplete="one-time-code"' in field


def test_code_without_having_asked_is_explained(stranger: Browser) -> None:
    answer = stranger.post("/sign-in/code", code="123456")
    assert answer.status_code == 410
    assert "In this browser nobody asked for a code" in text_of(answer)


def test_wrong_codes_sound_alike_with_and_without_account(hub: WholeHub) -> None:
    email = joined(hub, "cody")
    known, unknown = Browser(hub), Browser(hub)
    _link, code = known.ask(email)
    unknown.post("/sign-in", email="nobody@example.org")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    def tried(browser: Browser) -> list[tuple[int, str]]:
        answers = [browser.post("/sign-in/code", code=wrong) for _ in range(6)]
        return [(answer.status_code, text_of(answer)) for answer in answers]

    assert tried(known) == tried(unknown)
    assert known.post("/sign-in/code", code=code).status_code == 410


@pytest.mark.parametrize("planted", ["x" * 43, "x", "", "x" * 5000, "é" * 43])
def test_what_somebody_planted_as_a_session_is_not_taken_over(hub: WholeHub, planted: str) -> None:
    """Session fixation: the secret after signing in is new, whatever was there before."""
    email = joined(hub, f"fix-{len(planted)}-{len(planted.encode())}")
    browser = Browser(hub)
    link, _code = browser.ask(email)
    cookie = f"hub_session={planted}; hub_asking={browser.http.cookies['hub_asking']}"
    headers = {"cookie": cookie.encode(), "origin": ADDRESS}
    answer = hub.loop.run(
        browser.http.post("/sign-in/use", data={"secret": link.params["secret"]}, headers=headers)  # type: ignore[arg-type]
    )
    assert answer.status_code == 303
    assert browser.http.cookies["hub_session"] != planted
    assert len(browser.http.cookies["hub_session"]) == 43


def test_signing_in_again_ends_the_session_of_the_same_browser(hub: WholeHub) -> None:
    email = joined(hub, "rota")
    browser, old = Browser(hub), Browser(hub)
    browser.sign_in(email)
    old.http.cookies.set("hub_session", browser.http.cookies["hub_session"])
    assert old.get("/me").status_code == 200
    browser.sign_in(email)
    hub.app.state.sessions.drop_all()
    assert (old.get("/me").status_code, browser.get("/me").status_code) == (303, 200)


@pytest.fixture
def secure(hub: WholeHub) -> FastAPI:
    """The gateway as it is behind https."""
    settings = Settings(
        data_dir=hub.settings.data_dir, public_url="https://127.0.0.1:8000",
        limit_mails=0, limit_secrets=0, limit_writes=0,
    )  # fmt: skip
    return gateway.create(settings, hub.clients, [])


def test_cookies_are_bound_to_the_host_and_kept_from_scripts(
    hub: WholeHub, secure: FastAPI
) -> None:
    email = joined(hub, "coco")
    browser = Browser(hub, secure)
    browser.http.base_url = httpx.URL("https://127.0.0.1:8000")
    browser.http.headers["origin"] = "https://127.0.0.1:8000"
    asked = browser.send(
        "POST", "/sign-in", f"email={email}&next=/me".encode(),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    link = hub.link(email, "/sign-in/use")
    used = browser.send(
        "POST", "/sign-in/use", f"secret={link.params['secret']}".encode(),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert (asked.status_code, used.status_code) == (200, 303)
    assert used.headers["location"] == "/me"
    cookies = attributes(asked) | attributes(used)
    decide = {name for name in cookies if name != "hub_flash"}
    assert decide == {"__Host-hub_asking", "__Host-hub_next", "__Host-hub_session"}
    for said in cookies.values():
        assert {"httponly", "secure", "path=/", "samesite=lax"} <= said
        assert not any(each.startswith("domain") for each in said)


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/code", "/sign-in/use", "/me/security/end-others", "/sign-out"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": ADDRESS},
        {},
    ],
)
def test_form_from_elsewhere_is_refused(anna: Browser, path: str, headers: dict[str, str]) -> None:
    assert anna.send("POST", path, b"", **headers).status_code == 403
    assert anna.get("/me").status_code == 200


def test_security_page_lists_where_one_is_signed_in_and_ends_it(hub: WholeHub) -> None:
    email = joined(hub, "sessa")
    here, there = Browser(hub), Browser(hub)
    here.http.headers["user-agent"] = FIREFOX
    for browser in (here, there):
        browser.sign_in(email)
    page = text_of(here.get("/me/security"))
    assert page.count("signed in ") >= 3
    assert "Firefox on Windows" in page
    assert "This browser" in page
    ends = re.findall(r'action="(/me/security/sessions/[^"]+/end)"', here.get("/me/security").text)
    # The confirmation of joining and the other browser.
    assert len(ends) == 2
    assert here.post(ends[0]).headers["location"] == "/me/security"
    assert there.get("/me").status_code == 303
    assert "That session has ended." in text_of(here.get("/me/security"))
    assert here.post(ends[0]).status_code == 404
    assert here.post("/me/security/end-others").status_code == 303
    assert "/end" not in here.get("/me/security").text
    assert here.get("/me").status_code == 200


def test_nobody_ends_the_sessions_of_others(hub: WholeHub, anna: Browser) -> None:
    email = joined(hub, "mine")
    browser = Browser(hub)
    browser.sign_in(email)
    (ends, *_) = re.findall(
        r'action="(/me/security/sessions/[^"]+/end)"', browser.get("/me/security").text
    )
    assert anna.post(ends).status_code == 404
    assert Browser(hub).get("/me/security").headers["location"] == "/sign-in?next=/me/security"


def test_suspension_ends_sessions_and_mails_nothing(hub: WholeHub) -> None:
    email = joined(hub, "susi")
    browser = Browser(hub)
    browser.sign_in(email)
    with hub.services["membership"].database.unit_of_work() as session:
        contact = session.exec(select(Contact).where(Contact.email == email)).one()
        contact.status = "suspended"
        contacts.revise(session, contact)
        accounts.end_all(session, contact.id)
    hub.app.state.sessions.drop_all()
    assert browser.get("/me").status_code == 303
    mails = len(hub.mails(email))
    assert Browser(hub).post("/sign-in", email=email).status_code == 200
    # A mail that comes after it would have come before this one.
    joined(hub, "after")
    assert len(hub.mails(email)) == mails


@pytest.fixture
def guarded(hub: WholeHub) -> FastAPI:
    """A gateway with a page for those only who proved a moment ago who they are."""
    app = gateway.create(hub.settings, hub.clients, [])

    @app.get("/vault")
    async def vault(person: Fresh) -> dict[str, str]:
        return {"name": person.name}

    @app.post("/vault/open")
    async def opened(person: Fresh) -> dict[str, str]:
        return {"name": person.name}

    return app


def test_fresh_proof_is_asked_for_and_leads_back(hub: WholeHub, guarded: FastAPI) -> None:
    email = joined(hub, "vera-proof")
    browser = Browser(hub, guarded)
    assert browser.get("/vault").headers["location"] == "/sign-in?next=/vault"
    browser.sign_in(email)
    assert browser.get("/vault").json() == {"name": "Vera-Proof"}
    # Whoever proved it just now is not asked again.
    assert browser.get("/sign-in?next=/vault&why=proof").headers["location"] == "/vault"
    make_old(hub, email)
    guarded.state.sessions.drop_all()

    to_proof = "/sign-in?next=/vault&why=proof"
    assert browser.get("/vault").headers["location"] == to_proof
    posted = browser.send(
        "POST", "/vault/open", b"", origin=ADDRESS, referer=f"{ADDRESS}/vault?x=1"
    )
    assert posted.headers["location"] == to_proof
    foreign = browser.send("POST", "/vault/open", b"", origin=ADDRESS, referer="https://evil/x")
    assert foreign.headers["location"] == "/sign-in?next=/&why=proof"
    assert browser.get("/vault", accept="application/json").status_code == 401
    page = browser.get(to_proof)
    assert (f"link and a code to {email}" in text_of(page), 'name="email"' in page.text) == (
        True, False,
    )  # fmt: skip
    known = {link for mail in hub.mails(email) for link in mail["links"]}
    sent = browser.post("/sign-in", again="yes", next="/vault")
    assert (sent.status_code, email in text_of(sent)) == (200, True)
    link = hub.link(email, "/sign-in/use", known=known)
    used = browser.post("/sign-in/use", secret=link.params["secret"])
    assert used.headers["location"] == "/vault"
    assert browser.get("/vault").json() == {"name": "Vera-Proof"}


def test_proof_lasts_ten_minutes() -> None:
    assert timedelta(minutes=10) == PROOF_LASTS
