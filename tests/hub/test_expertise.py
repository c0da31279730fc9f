import pytest

from tests.hub.gateway import Browser, WholeHub, text_of


@pytest.fixture(scope="module")
def vera(hub: WholeHub) -> Browser:
    """A member who knows something, in words that the hub knows and in words of her own."""
    return Browser(hub).join(
        "Vera Variant",
        "vera-knows@example.org",
        expertise_offered="Datenschutz, quux gazing",
        expertise_sought="FHIR",
    )


def test_suggestions_come_in_the_readers_language(stranger: Browser) -> None:
    english = stranger.get("/suggest/expertise?q=datensch").json()
    german = stranger.get("/suggest/expertise?q=datensch&language=de").json()

    assert english[0] == {
        "value": "Data protection",
        "label": "Data protection",
        "hint": "Datenschutz",
    }
    assert german[0] == {
        "value": "Datenschutz",
        "label": "Datenschutz",
        "hint": "Regulierung und Ethik",
    }
    assert stranger.get("/suggest/expertise?q=d").json() == []


def test_vocabulary_shows_who_offers_and_seeks_what(stranger: Browser, vera: Browser) -> None:
    page = stranger.get("/expertise")

    assert page.status_code == 200
    assert "Medical Subject Headings (MeSH), courtesy of" in text_of(page)
    assert 'href="/expertise/hub:data-protection"' in page.text


def test_term_shows_members_to_members_only(stranger: Browser, vera: Browser) -> None:
    seen = text_of(vera.get("/expertise/hub:data-protection"))
    hidden = text_of(stranger.get("/expertise/hub:data-protection"))

    assert "Vera Variant" in seen
    assert "Vera Variant" not in hidden
    assert "people who offer it" in hidden
    assert stranger.get("/expertise/hub:no-such-term").status_code == 404


def test_own_expertise_gets_a_level_and_a_proof(hub: WholeHub) -> None:
    una = Browser(hub).join("Una Unsure", "una-unsure@example.org", expertise_offered="genomics")
    page = una.get("/me/expertise")
    form = {
        "term-0": "hub:genomics",
        "level-0": "leading",
        "proof-0": "https://example.org/paper",
        "more": "2,3-Diphosphoglycerate, Médecine personnalisée",
        "expertise_sought": "",
    }

    answer = una.post("/me/expertise", **form)

    assert page.status_code == 200
    assert answer.status_code == 303
    again = una.get("/me/expertise").text
    assert 'value="https://example.org/paper"' in again
    assert "hub:personalised-medicine" in again
    refused = una.post("/me/expertise", **{**form, "proof-0": "javascript:alert(1)"})
    assert refused.status_code == 422
    assert 'id="proof-0-error"' in refused.text
    unasked = una.post("/me/expertise", **form, role="admin")
    assert unasked.status_code == 422


def test_expertise_is_confirmed_and_taken_back(hub: WholeHub, vera: Browser) -> None:
    ben = Browser(hub).join("Ben Believes", "ben@example.org")
    path = ben.get("/expertise/hub:data-protection").text.split('href="/people/')[1].split('"')[0]
    person = f"/people/{path}"

    assert (
        ben.post(f"{person}/confirm", term="hub:data-protection", way="confirm").status_code == 303
    )
    assert "confirmed by 1 person: Ben Believes" in text_of(ben.get(person)).replace(" :", ":")
    assert "I can confirm this" not in text_of(vera.get(person))
    assert (
        ben.post(f"{person}/confirm", term="hub:data-protection", way="withdraw").status_code == 303
    )
    assert "confirmed by" not in text_of(ben.get(person))
    assert vera.post(f"{person}/confirm", term="hub:data-protection").status_code == 409


def test_suggestions_are_mapped_by_moderators(hub: WholeHub, vera: Browser, olga: Browser) -> None:
    listed = olga.get("/moderation/terms")
    id = listed.text.split("quux gazing")[0].split('id="free:')[-1].split('"')[0]
    path = f"/moderation/terms/free:{id}"

    assert vera.get("/moderation/terms").status_code == 403
    assert "quux gazing" not in text_of(Browser(hub).get("/expertise"))
    refused = olga.post(f"{path}/map", into="nothing like this")
    assert (refused.status_code, "There is no such term" in text_of(refused)) == (422, True)
    assert olga.post(f"{path}/map", into="Telemedizin").status_code == 303
    assert "hub:telemedicine" in vera.get("/me/expertise").text
    assert "quux gazing" not in olga.get("/moderation/terms").text
