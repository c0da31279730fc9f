"""What scripts add to pages: dialogs, menus, tabs, themes, copying."""

from playwright.sync_api import expect

from tests.browser.behaviour.opening import Open, path_of, sent


def test_dialog_asks_first_and_gives_the_focus_back(visit: Open) -> None:
    page = visit("/parts")
    opener = page.get_by_role("link", name="Call it off")
    dialog = page.get_by_role("dialog", name="Are you sure?")
    opener.click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.press("Enter")
    page.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    opener.click()
    page.mouse.click(2, 2)
    expect(dialog).to_be_hidden()
    opener.click()
    page.get_by_role("button", name="Yes, call it off").click()
    assert sent(page) == {"sure": "yes"}


def test_opener_of_a_dialog_leads_on_without_scripts(visit: Open) -> None:
    page = visit("/parts", scripts=False)
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    page.get_by_role("link", name="Call it off").click()
    expect(page.get_by_label("Your name")).to_be_visible()


def test_address_is_copied(visit: Open) -> None:
    page = visit("/parts")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator("[data-copy]")
    expect(button).to_have_text("Copy")
    button.click()
    expect(button).to_have_text("Copied")
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "https://hub.example/feeds/abc"
    expect(button).to_have_text("Copy")


def test_own_time_stands_beside_another_zone_alone(visit: Open) -> None:
    page = visit("/parts")
    expect(page.locator("#brussels")).to_have_text("14:00 (Brussels), 13:00 in your time")
    expect(page.locator("#lisbon")).to_have_text("14:00 (Lisbon)")
    expect(page.locator("#zoned")).to_have_text(
        "Wed 2 Dec, 00:30 (Brussels), Tue 1 Dec, 23:30 in your time"
    )


def test_menu_closes_by_escape_and_beside_it(visit: Open) -> None:
    page = visit("/parts")
    summary = page.locator("summary")
    within = page.get_by_role("link", name="Within")
    summary.click()
    within.focus()
    page.keyboard.press("Escape")
    expect(within).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    expect(within).to_be_visible()
    page.locator("#brussels").click()
    expect(within).to_be_hidden()


def test_tabs_turn_by_arrow_keys(visit: Open) -> None:
    page = visit("/parts#where")
    where, who, what = (page.get_by_role("tab", name=name) for name in ("Where", "Who", "What"))
    panel = page.get_by_role("tabpanel")
    expect(where).to_have_attribute("aria-selected", "true")
    expect(panel).to_have_count(1)
    expect(panel).to_contain_text("In Ghent")
    where.focus()
    page.keyboard.press("ArrowRight")
    expect(who).to_be_focused()
    expect(panel).to_contain_text("Everybody")
    page.keyboard.press("ArrowRight")
    expect(what).to_be_focused()
    page.keyboard.press("End")
    expect(who).to_be_focused()
    page.keyboard.press("Home")
    expect(what).to_be_focused()
    expect(panel).to_contain_text("A seminar")
    where.click()
    assert path_of(page) == "/parts#where"
    page.keyboard.press("Tab")
    expect(panel).to_be_focused()


def test_sections_are_all_there_without_scripts(visit: Open) -> None:
    page = visit("/parts", scripts=False)
    for words in ("A seminar", "In Ghent", "Everybody"):
        expect(page.get_by_text(words)).to_be_visible()


def test_theme_changes_at_once_and_is_kept(visit: Open) -> None:
    page = visit("/theme")
    page.evaluate("document.body.dataset.same = 'page'")
    dark, device = (page.get_by_role("button", name=name) for name in ("Dark", "As my device"))
    with page.expect_response("**/preferences"):
        dark.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(dark).to_have_attribute("aria-pressed", "true")
    expect(device).to_have_attribute("aria-pressed", "false")
    expect(page.locator("meta[name=color-scheme]")).to_have_attribute("content", "dark")
    assert page.evaluate("document.body.dataset.same") == "page"
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    with page.expect_response("**/preferences"):
        device.click()
    expect(page.locator("html:not([data-theme])")).to_have_count(1)


def test_theme_is_chosen_without_scripts(visit: Open) -> None:
    page = visit("/theme", scripts=False)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
