"""Events for those invited alone: the organiser names them, and nobody else knows."""

import pytest

from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of


@pytest.fixture
def dinner(olga: Browser) -> str:
    """The path of an event for those invited."""
    form = {**SEMINAR, "title": "A dinner for a few", "admits": "invited", "capacity": "5"}
    return str(olga.post("/events/new", **form).headers["location"])


def test_people_are_invited_and_register(
    hub: WholeHub, olga: Browser, anna: Browser, dinner: str
) -> None:
    way = f"{dinner.replace('/events', '/organise')}/invited"
    assert "For people whom the organiser invites." in text_of(anna.get(dinner))
    assert "Who is invited" not in text_of(anna.get(dinner))
    assert "Who is invited" in text_of(olga.get(dinner))
    assert anna.post(f"{dinner}/register").status_code == 403
    asked = "anna@example.org, Gia Guest <gia.dinner@example.org>"
    assert olga.post(way, people=asked).headers["location"] == way
    mail, link = hub.mail_with("gia.dinner@example.org", dinner)
    assert mail["subject"] == "You are invited: A dinner for a few"
    assert link.path == dinner
    listed = text_of(olga.get(way))
    assert "gia.dinner@example.org" in listed
    # What a member's address is, their name does not tell.
    assert ("Anna Citizen" in listed, "anna@example.org" in listed) == (True, False)
    for who in (anna, Browser(hub)):
        assert "gia.dinner" not in who.get(dinner).text
    assert anna.get(way).status_code == 403
    assert anna.post(f"{dinner}/register").headers["location"] == dinner
    guest = Browser(hub)
    guest.post(f"{dinner}/register", name="Gia", email="gia.dinner@example.org")
    assert hub.link("gia.dinner@example.org", "/registrations/")


def test_guest_is_not_told_who_is_invited(hub: WholeHub, olga: Browser, dinner: str) -> None:
    way = f"{dinner.replace('/events', '/organise')}/invited"
    olga.post(way, people="in@example.org")
    answers = [
        Browser(hub).post(f"{dinner}/register", name="Somebody", email=f"{who}@example.org")
        for who in ("in", "out")
    ]
    assert [(one.status_code, one.headers["location"]) for one in answers] == [(303, dinner)] * 2
    assert "seats" not in text_of(Browser(hub).get(dinner)).lower().split("register")[0]


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("", "Enter whom to ask."),
        ("Nobody Of This Name", "Nobody is found by this: Nobody Of This Name."),
        ("not-an@address", "Nobody is found by this"),
        (", ".join(f"p{n}@example.org" for n in range(51)), "Ask 50 people at most at once."),
    ],
    ids=["none", "unknown", "no address", "many"],
)
def test_names_that_do_not_fit_are_said_beside_their_field(
    olga: Browser, dinner: str, people: str, said: str
) -> None:
    way = f"{dinner.replace('/events', '/organise')}/invited"
    answer = olga.post(way, people=people)
    assert answer.status_code == 422
    assert said in text_of(answer)
