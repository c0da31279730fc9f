"""People's pages, the desk of moderators, and what is taken away."""

import csv
import io
import re

import pytest
from sqlmodel import select

from hub.tables import line
from services.membership.contacts import service as contacts
from services.membership.contacts.models import Contact
from tests.hub.gateway import Browser, WholeHub, text_of


@pytest.fixture(scope="module")
def petra(hub: WholeHub) -> Browser:
    """Somebody whom members find, and whose organisation is a formula."""
    return Browser(hub).join(
        "Petra Findable",
        "petra@example.org",
        region_code="PT11",
        helix_side="research",
        organisation_name="=HYPERLINK(1)",
    )


@pytest.fixture(scope="module")
def hugo(hub: WholeHub) -> Browser:
    """Somebody whom nobody finds."""
    browser = Browser(hub).join("Hugo Hidden", "hugo@example.org")
    with hub.services["membership"].database.unit_of_work() as session:
        contact = session.exec(select(Contact).where(Contact.email == "hugo@example.org")).one()
        contact.visibility = "hidden"
        contacts.revise(session, contact)
    return browser


def page_of(browser: Browser, words: str) -> str:
    (path,) = set(re.findall(r"/people/[0-9a-f-]{36}", browser.get(f"/people?q={words}").text))
    return str(path)


def test_members_leads_to_people(stranger: Browser) -> None:
    answer = stranger.get("/members?q=anna&page=2")

    assert (answer.status_code, answer.headers["location"]) == (301, "/people?q=anna&page=2")


def test_people_are_narrowed_by_links_alone(anna: Browser, petra: Browser) -> None:
    page = anna.get("/people?side=research&region=PT&q=findable")

    assert "Petra Findable" in text_of(page)
    assert 'href="/people?q=findable&amp;region=PT"' in page.text
    assert 'name="region" value="PT11"' in page.text
    assert "petra@example.org" not in page.text


def test_people_are_narrowed_to_a_region_of_the_partnership(
    anna: Browser, olga: Browser, petra: Browser
) -> None:
    made = olga.post("/admin/regions", name="Douro and Minho", places="PT11")
    assert made.status_code == 303
    page = anna.get("/people")
    (slug,) = re.findall(r'name="partnership" value="([a-z0-9-]+)"', page.text)
    assert "Region of the partnership" in text_of(page)
    assert "Douro and Minho" in text_of(page)
    narrowed = anna.get(f"/people?partnership={slug}&q=findable")
    assert "Petra Findable" in text_of(narrowed)
    assert 'href="/people?q=findable"' in narrowed.text
    assert "Petra Findable" not in text_of(anna.get("/people?partnership=nowhere&q=findable"))
    assert "Petra Findable" in olga.post("/people/export", partnership=slug).text
    assert olga.post(f"/admin/regions/{slug}/remove").status_code == 303
    assert 'name="partnership"' not in anna.get("/people").text


def test_a_member_of_members_is_no_page_for_visitors(
    anna: Browser, petra: Browser, stranger: Browser
) -> None:
    path = page_of(anna, "findable")

    seen = anna.get(path)

    assert (seen.status_code, stranger.get(path).status_code) == (200, 404)
    assert "Petra Findable" not in stranger.get("/people?q=findable").text
    assert "petra@example.org" not in seen.text


def test_the_search_page_finds_people_as_the_directory_does(
    anna: Browser, petra: Browser, hugo: Browser, stranger: Browser
) -> None:
    found = [who.get("/search?q=findable").text.count("/people/") for who in (anna, stranger)]

    assert (found, "Hugo Hidden" in anna.get("/search?q=hugo").text) == ([1, 0], False)


def test_csv_is_for_admins_alone(anna: Browser, stranger: Browser) -> None:
    answers = [who.post("/people/export", q="findable") for who in (anna, stranger)]

    assert [answer.status_code for answer in answers] == [403, 303]


def test_csv_holds_what_the_directory_holds_and_no_formula(
    olga: Browser, petra: Browser, hugo: Browser
) -> None:
    answer = olga.post("/people/export", q="findable")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert rows[1:] == [
        ["Petra Findable", "Research or education", "'=HYPERLINK(1)", "PT11",
         "North Portugal, Portugal", "", ""]
    ]  # fmt: skip
    assert "Hugo" not in olga.post("/people/export").text
    refused = olga.post("/people/export", q="findable", visibility="hidden")
    assert refused.status_code == 422


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(line([cell]), newline=""))

    assert row == [f"'{cell}"]


@pytest.mark.parametrize("path", ["/moderation", "/moderation/people"])
def test_the_desk_is_for_moderators(
    anna: Browser, stranger: Browser, olga: Browser, path: str
) -> None:
    seen = [who.get(path).status_code for who in (stranger, anna, olga)]

    assert seen == [303, 403, 200]


def test_the_desk_says_how_much_waits(olga: Browser, petra: Browser) -> None:
    said = text_of(olga.get("/moderation"))

    assert re.search(r"[1-9][0-9]* (is|are) not verified", said)


def test_a_moderator_finds_suspends_and_reinstates(
    hub: WholeHub, olga: Browser, hugo: Browser
) -> None:
    found = olga.post("/moderation/people", q="hugo@example.org")
    (path,) = re.findall(r'href="(/moderation/people/[0-9a-f-]{36})"', found.text)
    assert "hugo@example.org" not in olga.get("/moderation/people?q=hugo@example.org").url.path

    empty = olga.post(f"{path}/suspend", reason="  ")
    done = olga.post(f"{path}/suspend", reason="<b>Spam</b>")

    assert (empty.status_code, done.status_code) == (422, 303)
    assert "Say why" in text_of(empty)
    assert hugo.get("/me").status_code == 303
    assert "&lt;b&gt;Spam&lt;/b&gt;" in olga.get(path).text
    assert hub.link("hugo@example.org", "/imprint").path == "/imprint"
    assert olga.post(f"{path}/reinstate").status_code == 303
    assert hugo.sign_in("hugo@example.org").status_code == 303
    assert hugo.get("/me").status_code == 200


def test_roles_are_given_on_the_desk_and_hold_at_once(
    olga: Browser, anna: Browser, petra: Browser
) -> None:
    path = page_of(anna, "findable").replace("/people/", "/moderation/people/")
    assert petra.get("/events/new").status_code == 403

    forged = olga.post(f"{path}/roles", role="organiser", status="member")
    needs_region = olga.post(f"{path}/roles", role="coordinator")
    given = olga.post(f"{path}/roles", role="organiser", region_code="")
    own = petra.post(f"{path}/roles", role="admin")

    statuses = [answer.status_code for answer in (forged, needs_region, given, own)]
    assert (statuses, petra.get("/events/new").status_code) == ([422, 422, 303, 403], 200)
    assert olga.post(f"{path}/roles/withdraw", role="organiser").status_code == 303
    assert petra.get("/events/new").status_code == 403


def test_coordinators_invite_and_others_do_not(hub: WholeHub, olga: Browser, anna: Browser) -> None:
    refused = anna.post("/people/invite", name="Nina", email="nina-new@example.org")
    wrong = olga.post("/people/invite", name="", email="nonsense")
    done = olga.post("/people/invite", name="Nina", email="nina-new@example.org")

    assert (refused.status_code, wrong.status_code, done.status_code) == (403, 422, 303)


@pytest.mark.parametrize(
    "query", ["region=XX99", "side=alien", "term=%3Cscript%3E", "page=0", "organisation=nobody"]
)
def test_addresses_that_nobody_made_are_refused(stranger: Browser, query: str) -> None:
    assert stranger.get(f"/people?{query}").status_code in (404, 422)
