"""Signing in with an account elsewhere, at a certified provider on this machine."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import httpx
import pytest

from tests.browser.stage import fresh_hub, sign_in
from tests.flows.people import Mailbox
from tests.hubs import RunningHub
from tests.real import parts
from tests.real.fixtures import need
from tests.real.provider import OidcProvider

PEOPLE = {
    "anna": {"email": "anna@example.org", "email_verified": True, "name": "Anna There"},
    "liar": {"email": "anna@example.org", "email_verified": False, "name": "Not Anna"},
    "nora": {"email": "nora@example.org", "email_verified": True, "name": "Nora New"},
    "0000-0002-1825-0097": {},
}


@dataclass
class World:
    """A hub and a provider that know each other."""

    hub: RunningHub
    provider: OidcProvider
    anna: dict[str, str]
    """Cookies of a member who signed in by mail."""

    @property
    def back(self) -> str:
        """Where the provider leads back to."""
        return f"{self.hub.url}/sign-in/with/example/return"

    def browser(self, **cookies: str) -> httpx.Client:
        """Somebody's browser at the hub."""
        return httpx.Client(
            base_url=self.hub.url,
            cookies=cookies,
            headers={"origin": self.hub.url, "accept": "text/html"},
            timeout=30,
        )

    def lead(self, browser: httpx.Client, person: str, start: str = "") -> httpx.URL:
        """Go to the provider and sign in there; gives the way back."""
        answer = browser.get(
            start or "/sign-in/with/example?next=/inbox", headers={"sec-fetch-site": "same-origin"}
        )
        assert answer.status_code == 303, answer.text
        return self.provider.sign_in(answer.headers["location"], person, self.back)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Anna is a member; nobody else is."""
    need(parts.missing_oidc_provider())
    folder = tmp_path_factory.mktemp("provider")
    hub = fresh_hub(folder / "hub")
    with closing(
        OidcProvider(folder, f"{hub.url}/sign-in/with/example/return", PEOPLE)
    ) as provider:
        hub.environment["HUB_OIDC"] = json.dumps([provider.setting("example")])
        hub.start()
        hub.command("admin", "create", "anna@example.org", "--name", "Anna Here")
        yield World(hub, provider, sign_in(hub.url, "anna@example.org"))
        hub.stop()


def test_address_that_is_not_verified_signs_nobody_in(world: World) -> None:
    with world.browser() as browser:
        answer = browser.get(world.lead(browser, "liar"))
        assert answer.status_code == 400
        assert "no e-mail address that was verified" in answer.text
        assert browser.get("/inbox").status_code == 303


def test_verified_address_signs_in_and_its_owner_is_told(world: World) -> None:
    with world.browser() as browser:
        answer = browser.get(world.lead(browser, "anna"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
        assert browser.get("/inbox").status_code == 200
        assert "Example Login" in browser.get("/me/security").text
    assert Mailbox(world.hub.url).wait_for_link("anna@example.org", "/me/security", 1)


def test_somebody_unknown_finds_the_form_to_join_filled_in(world: World) -> None:
    with world.browser() as browser:
        answer = browser.get(world.lead(browser, "nora"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/join?vouched=yes")
        form = browser.get("/join?vouched=yes&as=citizen").text
        assert 'value="Nora New"' in form
        assert 'value="nora@example.org"' in form
    with world.browser() as other:
        assert "nora@example.org" not in other.get("/join?vouched=yes&as=citizen").text


def test_account_without_an_address_is_linked_and_unlinked_by_a_member(world: World) -> None:
    orcid = "0000-0002-1825-0097"
    with world.browser() as browser:
        assert browser.get(world.lead(browser, orcid)).status_code == 400
    with world.browser(**world.anna) as anna:
        answer = anna.get(world.lead(anna, orcid, "/me/security/link/example"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/security")
        shown = anna.get("/me/security").text
        assert orcid in shown
    with world.browser() as browser:
        assert browser.get(world.lead(browser, orcid)).headers["location"] == "/inbox"
        shown = browser.get("/me/security").text
        rest = shown[shown.index(orcid) :]
        path = rest[rest.index('action="') + 8 :].partition('"')[0]
        assert path.endswith("/unlink")
        assert browser.post(path).status_code == 303
    with world.browser() as browser:
        assert browser.get(world.lead(browser, orcid)).status_code == 400


def test_link_from_another_site_is_refused(world: World) -> None:
    with world.browser(**world.anna) as anna:
        for headers in ({"sec-fetch-site": "cross-site"}, {}):
            assert anna.get("/me/security/link/example", headers=headers).status_code == 403


def test_altered_state_is_refused(world: World) -> None:
    with world.browser() as browser:
        back = world.lead(browser, "anna")
        answer = browser.get(back.copy_set_param("state", "another"))
        assert answer.status_code == 400
        assert "does not belong to what was asked" in answer.text


def test_another_browser_cannot_use_the_answer(world: World) -> None:
    with world.browser() as browser, world.browser() as thief:
        assert thief.get(world.lead(browser, "anna")).status_code == 400


def test_answer_is_used_once(world: World) -> None:
    with world.browser() as browser:
        back = world.lead(browser, "anna")
        kept = dict(browser.cookies)
        assert browser.get(back).status_code == 303
        with world.browser(**kept) as again:
            answer = again.get(back)
            assert answer.status_code == 400
            assert "was used already" in answer.text


def test_altered_flow_is_refused(world: World) -> None:
    with world.browser() as browser:
        back = world.lead(browser, "anna")
        kept = browser.cookies["hub_provider"]
        changed = kept[:-8] + ("A" * 8 if kept[-8:] != "A" * 8 else "B" * 8)
        with world.browser(hub_provider=changed) as other:
            assert other.get(back).status_code == 400


def test_going_back_from_the_provider_says_what_to_do(world: World) -> None:
    with world.browser() as browser:
        start = browser.get("/sign-in/with/example").headers["location"]
        answer = browser.get(world.provider.refuse(start, world.back))
        assert answer.status_code == 400
        assert "it was not allowed, or you went back" in answer.text


def test_next_never_leads_to_another_site(world: World) -> None:
    with world.browser() as browser:
        back = world.lead(browser, "anna", "/sign-in/with/example?next=//evil.example")
        assert browser.get(back).headers["location"] == "/"


def test_flow_proves_itself_with_pkce_and_a_nonce(world: World) -> None:
    with world.browser() as browser:
        start = httpx.URL(browser.get("/sign-in/with/example").headers["location"])
        assert start.params["code_challenge_method"] == "S256"
        assert set(start.params) == {
            *("client_id", "response_type", "redirect_uri", "scope", "state", "nonce"),
            *("code_challenge", "code_challenge_method"),
        }


def test_unknown_provider_is_no_page(world: World) -> None:
    with world.browser() as browser:
        assert browser.get("/sign-in/with/nobody").status_code == 404


def test_provider_that_is_away_says_so(world: World) -> None:
    hub = world.hub
    # At the end: nobody is at home there any more, and a hub that starts has kept nothing of it.
    world.provider.close()
    hub.stop()
    hub.start()
    with world.browser() as browser:
        answer = browser.get("/sign-in/with/example")
        assert answer.status_code == 503
        assert "sign in by mail" in answer.text
