"""The hub's scripts in Chromium, on pages that have nothing but the attributes they look for."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.behaviour.site import Site, running
from tests.hub.streams import until

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Site, str]]:
    """The site of this module."""
    with running() as made:
        yield made


@pytest.fixture
def site(served: tuple[Site, str]) -> Iterator[Site]:
    """The site, as it was at the beginning."""
    made = served[0]
    made.asked.clear()
    made.news = 0
    yield made
    made.broken = False


@pytest.fixture
def visit(browser: Browser, served: tuple[Site, str]) -> Iterator[Open]:
    """Opens pages of the site in Lisbon; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def one(path: str, *, scripts: bool = True, failing: bool = False) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts, timezone_id="Europe/Lisbon", locale="pt-PT"
        )
        contexts.append(context)
        context.set_default_timeout(5000)
        page = context.new_page()
        if not failing:
            page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served[1] + path)
        if scripts and path != "/live-page":
            page.wait_for_load_state("networkidle")
        return page

    yield one
    for context in contexts:
        context.close()
    assert complaints == []


def sent(page: Page) -> dict[str, str]:
    """What a form sent, as the server understood it."""
    return dict(json.loads(page.locator("#sent").inner_text()))


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)


@pytest.mark.parametrize("scripts", [True, False])
def test_form_sends_the_same_with_and_without_scripts(visit: Open, scripts: bool) -> None:
    page = visit("/form", scripts=scripts)
    page.get_by_label("Your name").fill("Anna")
    page.get_by_label("E-mail").fill("anna@example.org")
    if scripts:
        page.get_by_label("Region").fill("koln")
        page.get_by_label("Region").press("Enter")
    else:
        page.get_by_label("Region").select_option("DEA2")
    page.get_by_label("Organisation").fill("Somewhere new")
    page.get_by_role("button", name="Send").click()
    assert sent(page) == {
        "name": "Anna",
        "email": "anna@example.org",
        "region": "DEA2",
        "organisation": "Somewhere new",
        "words": "",
    }


def test_typeahead_is_walked_by_keyboard(visit: Open) -> None:
    page = visit("/form")
    region = page.get_by_role("combobox", name="Region")
    options = page.get_by_role("option")
    expect(region).to_have_attribute("placeholder", "Choose a region")
    region.focus()
    region.press("ArrowDown")
    expect(region).to_have_attribute("aria-expanded", "true")
    assert [text.split("  ")[0].strip() for text in options.all_inner_texts()] == [
        "Bruxelles-Capitale Belgium",
        "Prov. Antwerpen Belgium",
        "Prov. Liège Belgium",
        "Oberbayern Germany",
        "Köln Germany",
    ]

    def at() -> str:
        chosen = page.locator("[role=option][aria-selected=true]")
        assert chosen.get_attribute("id") == region.get_attribute("aria-activedescendant")
        return chosen.inner_text()

    assert at().startswith("Bruxelles")
    region.press("ArrowDown")
    assert at().startswith("Prov. Antwerpen")
    region.press("ArrowUp")
    region.press("ArrowUp")
    assert at().startswith("Köln")
    region.press("Home")
    assert at().startswith("Bruxelles")
    region.press("End")
    assert at().startswith("Köln")
    region.press("Escape")
    expect(region).to_have_attribute("aria-expanded", "false")
    expect(region).to_have_value("")
    region.press_sequentially("prov lieg")
    expect(options).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 to choose from")
    region.press("Enter")
    expect(region).to_have_value("Prov. Liège")
    expect(page.locator("select[name=region]")).to_have_value("BE33")
    assert path_of(page) == "/form"


def test_typeahead_takes_a_mouse_and_forgets_what_is_no_choice(visit: Open) -> None:
    page = visit("/form")
    region = page.get_by_role("combobox", name="Region")
    region.click()
    page.get_by_role("option", name="Oberbayern").click()
    expect(region).to_have_value("Oberbayern")
    expect(region).to_be_focused()
    expect(page.get_by_role("listbox")).to_be_hidden()
    region.fill("Nowhere at all")
    expect(page.get_by_text("Nothing found. Try another word.").first).to_be_visible()
    region.press("Tab")
    expect(region).to_have_value("Oberbayern")
    region.fill("")
    region.press("Tab")
    expect(page.locator("select[name=region]")).to_have_value("")


def test_typeahead_takes_what_is_pointed_at_with_tab(visit: Open) -> None:
    page = visit("/form")
    region = page.get_by_role("combobox", name="Region")
    region.fill("germ")
    expect(page.get_by_role("option")).to_have_count(2)
    region.press("ArrowDown")
    region.press("Tab")
    expect(region).to_have_value("Köln")
    expect(page.get_by_role("combobox", name="Organisation")).to_be_focused()


def test_suggestions_come_from_the_server_and_any_text_is_kept(visit: Open) -> None:
    page = visit("/form")
    field = page.get_by_role("combobox", name="Organisation")
    field.press_sequentially("gh")
    expect(page.get_by_role("option")).to_have_text(
        ["Ghent Hospital Belgium", "Ghent University Belgium"]
    )
    expect(page.get_by_role("status")).to_have_text("2 suggestions")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Ghent University")
    field.fill("xyz")
    expect(page.get_by_text("You can keep what you wrote.").first).to_be_visible()
    field.press("Tab")
    expect(field).to_have_value("xyz")


def test_suggestions_for_several_words_are_for_the_one_being_written(visit: Open) -> None:
    page = visit("/form")
    field = page.get_by_role("combobox", name="Partners")
    field.press_sequentially("own words, gh")
    expect(page.get_by_role("option")).to_have_count(2)
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("own words, Ghent Hospital, ")
    expect(page.get_by_role("option")).to_have_count(0)
    field.press_sequentially("univ")
    expect(page.get_by_role("option")).to_have_text(["Ghent University Belgium"])
    field.press("ArrowDown")
    field.press("Enter")
    field.press("Home")
    field.press_sequentially("hosp")
    field.press("Tab")
    expect(field).to_have_value("hospown words, Ghent Hospital, Ghent University")


def test_suggestions_that_do_not_come_leave_a_plain_field(site: Site, visit: Open) -> None:
    site.broken = True
    page = visit("/form", failing=True)
    field = page.get_by_role("combobox", name="Organisation")
    with page.expect_response(re.compile("/suggest")):
        field.press_sequentially("gh")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_have_value("gh")


def test_wrong_field_is_said_after_leaving_it_and_taken_back_when_mended(visit: Open) -> None:
    page = visit("/form")
    name = page.get_by_label("Your name")
    error = page.locator("#name-error")
    name.focus()
    name.press("Tab")
    expect(error).to_have_text("Please write your name.")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_attribute("aria-describedby", "name-help name-error")
    expect(page.get_by_role("status")).to_have_text("Please write your name.")
    expect(page.locator("#name-error + #name")).to_have_count(1)
    name.press_sequentially("A")
    expect(error).to_have_count(0)
    expect(name).not_to_have_attribute("aria-invalid", "true")
    expect(name).to_have_attribute("aria-describedby", "name-help")


def test_error_of_the_server_is_taken_back_too(visit: Open) -> None:
    page = visit("/form")
    email = page.get_by_label("E-mail")
    email.fill("anna@")
    email.press("Tab")
    expect(page.locator("#email-error")).to_have_text(re.compile("such as name@example.org"))
    email.fill("anna@example.org")
    expect(page.locator("#email-error")).to_have_count(0)
    expect(email).not_to_have_attribute("aria-describedby", re.compile("."))


def test_choice_that_is_missing_is_said_at_the_field_that_is_seen(visit: Open) -> None:
    page = visit("/form")
    region = page.get_by_role("combobox", name="Region")
    region.focus()
    region.press("Tab")
    expect(page.locator("#region-error")).to_have_text("Please choose one.")
    expect(region).to_have_attribute("aria-invalid", "true")
    region.fill("bav")
    region.fill("ober")
    region.press("Enter")
    expect(page.locator("#region-error")).to_have_count(0)


def test_wrong_form_is_sent_all_the_same_at_the_first_press(visit: Open) -> None:
    page = visit("/form")
    page.get_by_label("E-mail").fill("not an address")
    page.get_by_label("Your name").focus()
    page.get_by_role("button", name="Send").click()
    assert sent(page)["email"] == "not an address"


def test_letters_that_are_left_are_counted(visit: Open) -> None:
    page = visit("/form")
    page.get_by_label("Words").press_sequentially("seven..")
    expect(page.locator("#words-count")).to_have_text("13 characters left")


def test_search_renews_the_block_alone_and_keeps_the_field(site: Site, visit: Open) -> None:
    page = visit("/list")
    page.evaluate("document.body.dataset.same = 'page'")
    search = page.get_by_label("Search")
    search.press_sequentially("seminar 1", delay=20)
    expect(page.locator("#results li")).to_have_text(["Seminar 1"])
    expect(search).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("1 events")
    assert path_of(page) == "/list?q=seminar+1"
    assert site.asked == ["/list?q=seminar+1 results"]
    search.fill("workshop")
    expect(page.locator("#results li")).to_have_count(3)
    page.go_back()
    expect(page.locator("#results p")).to_have_text("12 events")
    expect(search).to_have_value("")
    page.go_forward()
    expect(page.locator("#results p")).to_have_text("6 events")
    expect(search).to_have_value("workshop")
    assert page.evaluate("document.body.dataset.same") == "page"


def test_boxes_and_ways_within_a_block_renew_it(visit: Open) -> None:
    page = visit("/list")
    page.evaluate("document.body.dataset.same = 'page'")
    page.get_by_label("Only seminars").check()
    expect(page.locator("#results p")).to_have_text("6 events")
    assert path_of(page) == "/list?kind=Seminar"
    page.get_by_role("link", name="Next part").click()
    expect(page.locator("#results li").first).to_have_text("Workshop 2")
    assert path_of(page) == "/list?q=&part=2"
    page.go_back()
    expect(page.locator("#results p")).to_have_text("6 events")
    expect(page.get_by_label("Only seminars")).to_be_checked()
    page.go_back()
    expect(page.get_by_label("Only seminars")).not_to_be_checked()
    assert page.evaluate("document.body.dataset.same") == "page"
    page.get_by_role("link", name="Elsewhere").click()
    expect(page.get_by_label("Your name")).to_be_visible()


def test_field_within_its_block_keeps_what_is_typed_meanwhile(visit: Open) -> None:
    page = visit("/inside")
    search = page.get_by_label("Search")
    search.press_sequentially("seminar")
    page.wait_for_timeout(300)
    search.press_sequentially(" 1", delay=20)
    expect(page.get_by_text("1 events")).to_be_visible()
    expect(search).to_be_focused()
    expect(search).to_have_value("seminar 1")
    search.press("Home")
    search.press_sequentially("x")
    expect(page.get_by_text("0 events")).to_be_visible()
    search.press_sequentially("y")
    expect(search).to_have_value("xyseminar 1")


def test_block_stays_folded_open_and_held_where_it_was(visit: Open) -> None:
    page = visit("/inside")
    page.get_by_text("Kinds").click()
    box = page.get_by_label("Workshops")
    box.focus()
    box.press("Space")
    expect(page.get_by_text("6 events")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    expect(page.locator("details[open]")).to_have_count(1)


def test_block_that_does_not_come_is_gone_to(site: Site, visit: Open) -> None:
    page = visit("/list", failing=True)
    site.broken = True
    page.evaluate("document.body.dataset.same = 'page'")
    page.get_by_label("Search").fill("seminar 2")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#results li")).to_have_text(["Seminar 2"])
    assert page.evaluate("document.body.dataset.same") is None


def test_list_is_searched_without_scripts(visit: Open) -> None:
    page = visit("/list", scripts=False)
    page.get_by_label("Search").fill("seminar 1")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#results li")).to_have_text(["Seminar 1"])


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


def test_empty_fields_are_filled_with_what_the_browser_knows(visit: Open) -> None:
    page = visit("/prefill")
    expect(page.get_by_role("combobox", name="Time zone")).to_have_value("Europe/Lisbon")
    expect(page.get_by_label("Language")).to_have_value("pt")
    expect(page.get_by_label("Set already")).to_have_value("Europe/Brussels")
    page.get_by_role("button", name="Send").click()
    assert sent(page) == {"zone": "Europe/Lisbon", "tongue": "pt", "set": "Europe/Brussels"}


def test_leaving_is_asked_about_only_with_something_to_lose(visit: Open) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page = visit("/guard")
    page.on("dialog", leave)
    title = page.get_by_label("Title")
    title.press_sequentially("Words")
    page.get_by_role("link", name="Away").click()
    page.wait_for_url("**/form")
    assert asked == ["beforeunload"]
    page = visit("/guard")
    page.on("dialog", leave)
    title = page.get_by_label("Title")
    title.press_sequentially("Words")
    title.fill("")
    page.get_by_role("link", name="Away").click()
    page.wait_for_url("**/form")
    page.go_back()
    page.get_by_label("Title").press_sequentially("Words")
    page.get_by_role("button", name="Send").click()
    assert sent(page) == {"title": "Words"}
    assert asked == ["beforeunload"]


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


def test_block_changes_when_its_subject_does(site: Site, visit: Open) -> None:
    page = visit_live(visit)
    assert until(lambda: site.listeners == 1)
    site.news = 7
    site.tell("gathering:1")
    expect(page.locator("#seats p")).to_have_text("7 seats left")
    expect(page.locator("#other")).to_have_text("0 others")
    expect(page.get_by_role("status")).to_have_text("7 seats left")
    assert site.asked == ["/live-page seats"]


def test_block_waits_while_somebody_types_in_it(site: Site, visit: Open) -> None:
    page = visit_live(visit)
    assert until(lambda: site.listeners == 1)
    page.get_by_label("Note").press_sequentially("Dear")
    site.news = 8
    site.tell("gathering:1")
    page.wait_for_timeout(700)
    expect(page.locator("#seats p")).to_have_text("0 seats left")
    page.get_by_label("Note").blur()
    expect(page.locator("#seats p")).to_have_text("8 seats left")


def test_page_that_lost_its_stream_comes_again_and_fetches_everything(
    site: Site, visit: Open
) -> None:
    page = visit_live(visit)
    assert until(lambda: site.listeners == 1)
    site.news = 9
    site.tell(None)
    expect(page.locator("#seats p")).to_have_text("9 seats left")
    expect(page.locator("#other")).to_have_text("9 others")
    assert site.listeners == 1
    page.close()
    assert until(lambda: site.listeners == 0)


def visit_live(visit: Open) -> Page:
    page = visit("/live-page", scripts=True, failing=True)
    expect(page.locator("#seats p")).to_have_text("0 seats left")
    return page
