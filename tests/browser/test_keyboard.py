"""Everything can be reached and done with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.keyboard import prepare, tab, walk_to
from tests.browser.opened import DESK, opened
from tests.browser.pages import listed_as
from tests.browser.stage import Stage
from tests.flows.people import Mailbox


@pytest.mark.parametrize("name", ["home", "event", "event-new-refused", "mailbox", "not-found"])
def test_skip_link_leads_to_the_content(browser: Browser, stage: Stage, name: str) -> None:
    with opened(browser, stage, listed_as(name), DESK) as shown:
        prepare(shown.page)
        tab(shown.page)
        shown.page.keyboard.press("Enter")
        after = tab(shown.page)
        # Of a page without links in its content, the next stop is in the footer.
        within = "body > footer" if after and not after.main else "main"
        assert shown.page.locator(f"{within} :focus").count() == 1, after


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of nobody yet."""
    context = browser.new_context(viewport=DESK, locale="en-GB")
    yield context.new_page()
    context.close()


def test_path_can_be_walked_with_the_keyboard_alone(stage: Stage, page: Page) -> None:
    hub = stage.hubs["demo"]
    email = "kay.keyboard@example.org"
    page.goto(hub.url)
    walk_to(page, page.get_by_role("link", name="Join").first)
    page.keyboard.press("Enter")
    walk_to(page, page.get_by_role("link", name="Citizen or patient"))
    page.keyboard.press("Enter")
    page.wait_for_url("**as=citizen")
    walk_to(page, page.get_by_label("Your name", exact=True))
    page.keyboard.type("Kay Keyboard")
    walk_to(page, page.get_by_label("E-mail address", exact=True))
    page.keyboard.type(email)
    walk_to(page, page.get_by_label("Town or region"))
    page.keyboard.type("Brussels")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    walk_to(page, page.get_by_label("I agree to the rules"))
    page.keyboard.press("Space")
    walk_to(page, page.locator("main").get_by_role("button", name="Join"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("look into your mail")
    page.goto(Mailbox(hub.url).wait_for_link(email, "/confirm", 1))
    walk_to(page, page.get_by_role("button", name="Activate my account"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/me")
    walk_to(page, page.get_by_role("link", name="Events", exact=True).first)
    page.keyboard.press("Enter")
    walk_to(page, page.locator("main").get_by_role("link", name="A morning in the").first)
    page.keyboard.press("Enter")
    walk_to(page, page.get_by_role("button", name="Register me"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have a seat").first).to_be_visible()
    walk_to(page, page.get_by_role("button", name="Cancel my registration"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have a seat")).to_have_count(0)
