"""Fields and forms: choices while typing, what is wrong, what is lost."""

import re

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.behaviour.opening import Open, path_of, sent
from tests.browser.behaviour.site import Site


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
