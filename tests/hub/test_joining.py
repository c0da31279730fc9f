"""Joining and one's own profile, as people go through the pages."""

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


def test_an_invitation_that_is_none_says_so(hub: WholeHub) -> None:
    assert Browser(hub).get("/join/invited?secret=x").status_code == 410
