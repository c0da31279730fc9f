"""Blocks of a page that change in place, and by themselves."""

from playwright.sync_api import Page, expect

from tests.browser.behaviour.opening import Open, path_of
from tests.browser.behaviour.site import Site
from tests.hub.streams import until


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
