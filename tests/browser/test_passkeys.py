"""Passkeys in Chromium, with a virtual authenticator of the browser's own (CDP WebAuthn)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.stage import fresh_hub, sign_in
from tests.browser.walk import Walker
from tests.hubs import RunningHub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub with a name: browsers know no passkeys of numbers."""
    made = fresh_hub(tmp_path_factory.mktemp("passkeys"))
    made.settings.public_url = f"http://localhost:{made.settings.port}"
    made.environment["HUB_PUBLIC_URL"] = made.settings.public_url
    made.start()
    yield made
    made.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser of somebody's own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def authenticator(
    page: Page, *, transport: str = "internal", verifies: bool = True
) -> tuple[CDPSession, str]:
    """Give the browser a device that holds passkeys and touches itself."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable", {"enableUI": False})
    made = line.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": transport,
                "hasResidentKey": True,
                "hasUserVerification": verifies,
                "isUserVerified": verifies,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return line, str(made["authenticatorId"])


def a_member(hub: RunningHub, page: Page, name: str, email: str) -> Walker:
    """Somebody who has just signed in by mail."""
    hub.command("admin", "create", email, "--name", name)
    page.context.add_cookies(
        [
            {"name": key, "value": value, "url": hub.url}
            for key, value in sign_in(hub.url, email).items()
        ]
    )
    return Walker(hub, page)


def add_passkey(walker: Walker) -> None:
    """Add one on the page for security."""
    walker.open("/me/security")
    walker.page.get_by_label("What shall it be called?").fill("My phone")
    walker.page.get_by_role("button", name="Add a passkey").click()
    expect(walker.page.locator(".flash")).to_contain_text("The passkey is added")
    expect(walker.page.locator("#passkeys .rows .title")).to_have_text("My phone")


def sign_out(page: Page) -> None:
    """Forget the session, not the device."""
    page.context.clear_cookies()


def test_passkey_is_added_and_signs_in(hub: RunningHub, page: Page) -> None:
    email = "anna@example.org"
    walker = a_member(hub, page, "Anna Citizen", email)
    line, device = authenticator(page)
    add_passkey(walker)
    assert walker.mails.wait_for_link(email, "/me/security", 1)
    sign_out(page)
    # So that the field for the address offers nothing by itself, and the button is what signs in.
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false;")

    walker.open("/sign-in?next=/inbox")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(f"{hub.url}/inbox")
    expect(page.locator(".flash")).to_contain_text("You are signed in")
    (kept,) = line.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)


def test_field_for_the_address_offers_the_passkey(hub: RunningHub, page: Page) -> None:
    walker = a_member(hub, page, "Ola Offered", "ola@example.org")
    authenticator(page)
    add_passkey(walker)
    sign_out(page)

    # The device answers by itself, as somebody does who takes what the field offers.
    page.goto(f"{hub.url}/sign-in?next=/inbox")

    page.wait_for_url(f"{hub.url}/inbox")
    expect(page.locator(".flash")).to_contain_text("You are signed in")


def test_passkey_is_renamed_and_removed_and_then_refused(hub: RunningHub, page: Page) -> None:
    walker = a_member(hub, page, "Rita Remover", "rita@example.org")
    authenticator(page)
    add_passkey(walker)
    page.locator("#passkeys summary").click()
    page.get_by_label("Name of this passkey").fill("Laptop")
    page.get_by_role("button", name="Save the name").click()
    expect(page.locator("#passkeys .rows .title")).to_have_text("Laptop")
    page.locator("#passkeys").get_by_role("button", name="Remove").click()
    expect(page.locator(".flash")).to_contain_text("The passkey is removed")
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false;")
    sign_out(page)

    walker.open("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("does not know this passkey")


def test_device_that_holds_one_already_says_so(hub: RunningHub, page: Page) -> None:
    walker = a_member(hub, page, "Tia Twice", "tia@example.org")
    authenticator(page)
    add_passkey(walker)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("[data-passkey-said]")).to_contain_text("has a passkey for your account")


@pytest.mark.parametrize("transport", ["internal", "usb"])
def test_device_that_verifies_nobody_says_what_it_lacks(
    hub: RunningHub, page: Page, transport: str
) -> None:
    email = f"vera-{transport}@example.org"
    walker = a_member(hub, page, "Vera Verifier", email)
    line, device = authenticator(page, transport=transport, verifies=False)
    walker.open("/me/security")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("[data-passkey-said]")).to_contain_text("a fingerprint, a face or a PIN")
    held = line.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert held == []


def test_security_key_signs_in_while_the_field_offers_passkeys(hub: RunningHub, page: Page) -> None:
    walker = a_member(hub, page, "Kay Keys", "kay@example.org")
    line, device = authenticator(page, transport="usb")
    add_passkey(walker)
    sign_out(page)
    # What the field offers is taken by nobody, until the button is pressed.
    touch = "WebAuthn.setAutomaticPresenceSimulation"
    line.send(touch, {"authenticatorId": device, "enabled": False})
    page.goto(f"{hub.url}/sign-in?next=/inbox")
    page.wait_for_load_state("networkidle")
    # From the next request on; the one that waits is not answered by it.
    line.send(touch, {"authenticatorId": device, "enabled": True})
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(f"{hub.url}/inbox")
    expect(page.locator(".flash")).to_contain_text("You are signed in")


def test_without_scripts_the_mail_remains(hub: RunningHub, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{hub.url}/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Send me a sign-in link")).to_be_visible()
    context.close()
