"""What organisers look after: their events, and how each fills."""

import re

from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of


def test_organise_lists_own_events_with_seats_and_ways(hub: WholeHub, anna: Browser) -> None:
    # Somebody of their own: the list of whoever organises all the other events is long.
    hub.admin("otto.organises@example.org", "Otto Organises")
    otto = Browser(hub)
    otto.sign_in("otto.organises@example.org")
    title = "A seminar that fills up"
    path = str(otto.post("/events/new", **{**SEMINAR, "title": title}).headers["location"])
    draft = str(otto.post("/events/new", **SEMINAR, way="draft").headers["location"])
    slug = path.removeprefix("/events/")
    anna.post(f"{path}/register")
    ben = Browser(hub).join("Ben Business", "ben.fills@example.org", helix_side="business")
    ben.post(f"{path}/register")
    page = otto.get("/organise")
    assert "1 of 1 seats are taken · 1 on the waitlist" in text_of(page)
    assert f'href="{draft}"' in page.text
    for way in ("", "/registration", "/attendance", "/feedback"):
        assert f'href="/organise/{slug}{way}"' in page.text
    assert f'action="/events/{slug}/duplicate"' in page.text
    assert 'href="/organise" aria-current="page"' in page.text
    assert path not in otto.get("/organise?past=true").text
    assert path not in anna.get("/organise").text
    assert "You organise no coming event" in text_of(anna.get("/organise"))
    assert Browser(hub).get("/organise").status_code in (303, 401)


def test_organise_lists_events_that_one_helps_with(hub: WholeHub, olga: Browser) -> None:
    path = str(olga.post("/events/new", **SEMINAR).headers["location"])
    email = "helena.helps@example.org"
    helena = Browser(hub).join("Helena Helps", email)
    answer = olga.post(f"{path}/people", name="Helena Helps", email=email, role="co-organiser")
    assert answer.status_code == 303, text_of(answer)
    page = helena.get("/organise")
    assert "You help with it" in text_of(page)
    assert "/duplicate" not in page.text
    assert helena.get(path.replace("/events/", "/organise/")).status_code == 200


def test_filling_shows_the_curve_sides_and_regions_to_the_organiser_alone(
    hub: WholeHub, olga: Browser, anna: Browser
) -> None:
    form = {**SEMINAR, "title": "How it fills", "capacity": "4"}
    path = str(olga.post("/events/new", **form).headers["location"])
    way = path.replace("/events/", "/organise/")
    empty = olga.get(way)
    assert "0 of 4 seats are taken" in text_of(empty)
    assert "<polyline" not in empty.text
    anna.post(f"{path}/register")
    Browser(hub).post(f"{path}/register", name="Gus Guest", email="gus.fills@example.org")
    page = olga.get(way)
    assert "2 of 4 seats are taken" in text_of(page)
    assert re.findall(r'points="([^"]+)"', page.text) == [
        "0,200 0,200 0,100 600,100 600,200",
        "0,200 0,200 0,100 600,100",
    ]
    assert "1 more has told no side" in text_of(page)
    assert "Not known 1" in text_of(page)
    assert anna.get(way).status_code == 403
    assert Browser(hub).get(way).status_code in (303, 401)
