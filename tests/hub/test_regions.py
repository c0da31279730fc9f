"""Regions of the partnership on pages, and suggestions for a town in plain words."""

import pytest

from tests.hub.gateway import Browser, WholeHub, text_of


def test_a_town_is_suggested_in_plain_words(hub: WholeHub) -> None:
    browser = Browser(hub)
    assert browser.get("/suggest/regions?q=gand").json() == [
        {"value": "BE23", "label": "East Flanders", "hint": "Belgium"}
    ]
    assert browser.get("/suggest/regions?q=Twente").json() == [
        {"value": "NL21", "label": "Overijssel", "hint": "Twente, Netherlands"}
    ]
    assert browser.get("/suggest/regions?q=g").json() == []
    assert browser.get("/suggest/regions?q=<script>").json() == []
    assert browser.get(f"/suggest/regions?q={'x' * 81}").status_code == 422


def test_admins_make_change_and_remove_regions(olga: Browser) -> None:
    answer = olga.post("/admin/regions", name="The East", places="NL2\nTwente\n be23 \nFlanders")
    assert answer.status_code == 303
    page = olga.get("/admin/regions")
    assert "Flanders, Belgium (BE2); East Netherlands, Netherlands (NL2)" in text_of(page)
    path = page.text.partition('href="/admin/regions/')[2].partition('"')[0]
    path = f"/admin/regions/{path}"
    assert "BE2\nNL2" in olga.get(path).text
    assert olga.post(path, name="The West", places="PT").status_code == 303
    assert "The West Portugal (PT)" in text_of(olga.get("/admin/regions"))
    assert olga.post(f"{path}/remove").status_code == 303
    assert "There is none yet." in text_of(olga.get("/admin/regions"))
    assert olga.get(path).status_code == 404


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"name": "", "places": "NL2"}, "Enter the name by which the partnership calls it."),
        ({"name": "A", "places": ""}, "Name at least one region."),
        ({"name": "A", "places": "Atlantis"}, "Atlantis is not a region the hub knows."),
        ({"name": "A", "places": "Limburg"}, "Limburg can mean several places."),
        ({"name": "A\r\nB", "places": "NL2"}, "This must be on one line."),
    ],
)
def test_what_is_wrong_with_a_region_stands_beside_it(
    olga: Browser, form: dict[str, str], complaint: str
) -> None:
    answer = olga.post("/admin/regions", **form)
    assert answer.status_code == 422
    assert complaint in text_of(answer)
    assert "There is none yet." in text_of(answer)


def test_others_have_no_say_on_regions(hub: WholeHub) -> None:
    assert Browser(hub).get("/admin/regions").status_code == 303
    member = Browser(hub).join("Rita", "rita@example.org")
    assert member.get("/admin/regions").status_code == 403
    assert member.post("/admin/regions", name="A", places="NL2").status_code == 403


def test_script_in_a_name_is_text(olga: Browser) -> None:
    answer = olga.post("/admin/regions", name="<script>x</script>", places="NL2")
    assert answer.status_code == 303
    page = olga.get("/admin/regions").text
    assert "<script>x</script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page


def test_mass_assignment_is_refused(olga: Browser) -> None:
    answer = olga.post("/admin/regions", name="A", places="NL2", slug="mine")
    assert answer.status_code == 422
    assert "no field named 'slug'" in text_of(answer)
