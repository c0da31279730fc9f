"""Registering with questions, kinds of seats and the organiser's decision, as people do it."""

import re

import pytest

from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of


@pytest.fixture
def event(olga: Browser) -> str:
    """The path of a new seminar with two seats."""
    form = {**SEMINAR, "title": "A seminar with questions", "capacity": "2"}
    return str(olga.post("/events/new", **form).headers["location"])


def organised(event: str) -> str:
    return event.replace("/events/", "/organise/") + "/registration"


def question_in(page: str, label: str) -> str:
    """The name of the field of a question."""
    found = re.search(rf'<label for="(answer-[0-9a-f-]+)">{label}', page)
    assert found, page
    return found[1]


def test_questions_are_asked_answered_changed_and_read_by_the_organiser(
    hub: WholeHub, olga: Browser, anna: Browser, event: str
) -> None:
    way = f"{organised(event)}/questions"
    assert anna.post(way, label="Which diet?", kind="short").status_code == 403
    wrong = olga.post(way, label="Pick", kind="choice", options="One")
    assert (wrong.status_code, "at least two different answers" in wrong.text) == (422, True)
    olga.post(way, label="Which diet?", kind="short", required="yes", options="")
    olga.post(way, label="Which day?", kind="choice", options="Monday\nTuesday")
    assert f'href="{event}/register"' in anna.get(event).text
    form = anna.get(f"{event}/register").text
    diet = question_in(form, "Which diet\\?")
    day = re.findall(r'name="(answer-[0-9a-f-]+)" value="Monday"', form)[0]
    refused = anna.post(f"{event}/register", **{diet: " ", day: "Monday"})
    assert (refused.status_code, "Please answer this." in refused.text) == (422, True)
    assert re.search(r'value="Monday" checked', refused.text)
    other = anna.post(f"{event}/register", **{diet: "None", day: "Friday"})
    assert (other.status_code, "Please choose from the list." in other.text) == (422, True)
    foreign = anna.post(f"{event}/register", **{diet: "None", "answer-other": "x"})
    assert foreign.status_code == 422
    before = {link for mail in hub.mails("anna@example.org") for link in mail["links"]}
    sent = {diet: "<b>Vegan</b>", day: "Tuesday", "access_needs": "A ramp"}
    assert anna.post(f"{event}/register", **sent).headers["location"] == event
    read = olga.get(organised(event)).text
    assert "&lt;b&gt;Vegan&lt;/b&gt;" in read
    assert "Needs A ramp" in text_of(olga.get(organised(event)))
    path = hub.link("anna@example.org", "/registrations/", known=before).path
    kept = anna.get(path).text
    assert 'value="&lt;b&gt;Vegan&lt;/b&gt;"' in kept
    changed = anna.post(path, **{diet: "All", day: "Monday", "access_needs": ""})
    assert changed.headers["location"] == path
    assert "Which day? Monday" in text_of(olga.get(organised(event)))
    assert "A ramp" not in olga.get(organised(event)).text
    assert anna.get(organised(event)).status_code == 403


def test_guest_answers_too_and_what_was_typed_is_kept(
    hub: WholeHub, olga: Browser, event: str
) -> None:
    olga.post(f"{organised(event)}/questions", label="Why?", kind="long", required="yes")
    visitor = Browser(hub)
    why = question_in(visitor.get(f"{event}/register").text, "Why\\?")
    wrong = visitor.post(f"{event}/register", name="Quentin", email="nonsense", **{why: "Because"})
    assert wrong.status_code == 422
    assert 'value="Quentin"' in wrong.text
    assert "Because</textarea>" in wrong.text
    visitor.post(
        f"{event}/register", name="Quentin", email="quentin@example.org", **{why: "Because"}
    )
    path = hub.link("quentin@example.org", "/registrations/").path
    assert "A seat is kept for you" in text_of(visitor.get(path))
    visitor.post(f"{path}/take-up")
    assert "Quentin quentin@example.org Seat" in text_of(olga.get(event))


def test_organiser_gives_seats_and_adds_some(
    hub: WholeHub, olga: Browser, anna: Browser, event: str
) -> None:
    way = organised(event)
    assert olga.post(f"{way}/seats", capacity="1").headers["location"] == way
    people = [
        Browser(hub).join(f"Seat Taker {number}", f"seat{number}@example.org") for number in (1, 2)
    ]
    for person in people:
        person.post(f"{event}/register")
    assert "You are number 1 in line" in text_of(people[1].get(event))
    fewer = olga.post(f"{way}/seats", capacity="many")
    assert (fewer.status_code, "as digits" in fewer.text) == (422, True)
    olga.post(f"{way}/seats", capacity="2")
    assert "You have a seat" in text_of(people[1].get(event))
    refused = olga.post(f"{way}/seats", capacity="1")
    assert (refused.status_code, "cannot be fewer seats" in refused.text) == (422, True)
    assert anna.post(f"{way}/seats", capacity="9").status_code == 403
