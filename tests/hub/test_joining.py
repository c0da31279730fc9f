"""Joining and one's own profile, as people go through the pages."""

import pytest
from markupsafe import escape

from services.membership.consents import service, texts
from services.membership.consents.texts import TEXTS, ConsentText
from tests.hub.gateway import Browser, WholeHub, text_of


def test_each_side_is_asked_only_what_fits(hub: WholeHub) -> None:
    browser = Browser(hub)
    assert "I am here as" in text_of(browser.get("/join"))
    asked = {
        side: 'name="interests"' in browser.get(f"/join?as={side}").text
        for side in ("citizen", "business", "research", "government", "healthcare")
    }
    assert asked == {
        "citizen": True, "business": False, "research": False, "government": False,
        "healthcare": False,
    }  # fmt: skip


def test_what_was_typed_stays_beside_what_is_wrong(hub: WholeHub) -> None:
    refused = Browser(hub).post("/join", helix_side="business", name="X", email="nonsense")
    assert refused.status_code == 422
    assert 'value="nonsense"' in refused.text
    assert 'id="terms-error"' in refused.text


def test_a_member_takes_a_consent_back_and_moves_to_another_address(hub: WholeHub) -> None:
    ida = Browser(hub).join("Ida Interested", "ida.interested@example.org", interests="cancer")
    assert ida.post("/me/consents", purpose="directory", given="no").status_code == 303
    assert "taken back" in text_of(ida.get("/me/consents"))
    assert ida.post("/me/address", email="ida.moved@example.org").status_code == 200
    link = hub.link("ida.moved@example.org", "/address?")
    assert ida.post("/address", secret=link.params["secret"]).status_code == 303
    assert "ida.moved@example.org" in ida.get("/me").text
    hub.link("ida.interested@example.org", "/address/back")


def test_everybody_reads_their_own_address_on_the_page_that_is_made_once(hub: WholeHub) -> None:
    form = {"name": "Mia Made", "helix_side": "citizen", "region_code": "BE10", "terms": "yes"}
    said = {
        "en": "We have sent a message to {}. Use",
        "de": "Wir haben eine E-Mail an {} geschickt.",
    }
    for language, words in said.items():
        for name in ("mia", "m&m", "o'mia", "mia"):
            email = f"{name}.{language}@example.org"
            browser = Browser(hub)
            browser.post("/preferences", next="/", language=language, theme="dark")
            answer = browser.post("/join", **form, email=email)
            assert answer.status_code == 200
            assert words.format(email) in text_of(answer)
            assert words.format(escape(email)) in answer.text
            assert 'data-theme="dark"' in answer.text
    light = Browser(hub).post("/join", **form, email="mia.light@example.org")
    assert "mia.light@example.org" in light.text
    assert "data-theme" not in light.text


def test_members_who_join_again_read_a_page_of_their_own(hub: WholeHub) -> None:
    form = {"name": "Zoe Once", "helix_side": "citizen", "region_code": "BE10", "terms": "yes"}
    address = "zoe.once@example.org"
    member = Browser(hub).join("Zoe Once", address)
    own = member.post("/join", **form, email=address)
    other = Browser(hub).post("/join", **form, email=address)
    for answer in (own, other):
        assert f"We have sent a message to {address}." in text_of(answer)
    assert ("Sign out" in own.text, "Sign out" in other.text) == (True, False)


def test_an_invitation_that_is_none_says_so(hub: WholeHub) -> None:
    assert Browser(hub).get("/join/invited?secret=x").status_code == 410


def test_whoever_agreed_to_words_that_changed_is_told_on_every_page(
    hub: WholeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "nora.news@example.org"
    nora = Browser(hub).join("Nora News", address, newsletter="yes")
    other = Browser(hub).join("Otto Other", "otto.other@example.org")
    asked = "What you agreed to has new words"
    assert asked not in nora.get("/").text
    second = {**TEXTS, "newsletter": ConsentText(2, "News", "Every week.")}
    monkeypatch.setattr(service, "TEXTS", second)
    monkeypatch.setattr(texts, "TEXTS", second)
    nora.post("/sign-out")
    nora.sign_in(address)
    other.post("/sign-out")
    other.sign_in("otto.other@example.org")
    for path in ("/", "/people", "/me"):
        told = nora.get(path).text
        assert asked in told
        assert 'href="/me/consents"' in told
        assert asked not in other.get(path).text
    assert "These words have changed" in nora.get("/me/consents").text
    assert nora.post("/me/consents", purpose="newsletter", given="yes").status_code == 303
    assert asked not in nora.get("/").text


def test_taking_back_the_rules_leads_to_the_way_out(hub: WholeHub) -> None:
    lou = Browser(hub).join("Lou Leaving", "lou.leaving@example.org")
    assert 'href="/me/leave"' in lou.get("/me/consents").text
    answer = lou.post("/me/consents", purpose="terms", given="no")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/leave")
    assert lou.get("/me/leave").status_code == 200
