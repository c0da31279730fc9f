"""Agendas through the pages: made by organisers, read by everybody."""

import re

import pytest

from tests.hub.gateway import Browser, WholeHub, text_of

EVENT = {
    "kind": "workshop",
    "mode": "online",
    "title": "Agenda day",
    "starts_local": "2050-06-01T09:00",
    "ends_local": "2050-06-02T18:00",
    "time_zone": "Europe/Brussels",
    "repeats": "no",
}
SESSION = {
    "title": "Opening <script>alert(1)</script>",
    "starts_local": "2050-06-01T10:00",
    "ends_local": "2050-06-01T11:00",
    "room": "Blue",
    "speakers": "Ada Example\nBen Example",
    "abstract": "For *all*. <script>alert(2)</script>",
}


@pytest.fixture
def event(olga: Browser) -> str:
    """The path of a published event."""
    answer = olga.post("/events/new", **EVENT)
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def test_organiser_makes_an_agenda_that_everybody_reads(
    hub: WholeHub, olga: Browser, event: str
) -> None:
    visitor = Browser(hub)
    assert "There is no agenda yet" in text_of(visitor.get(f"{event}/agenda"))
    assert olga.post(f"{event}/agenda/new", **SESSION).status_code == 303
    later = {**SESSION, "title": "Closing", "room": "Red"}
    later |= {"starts_local": "2050-06-02T10:00", "ends_local": "2050-06-02T11:00"}
    assert olga.post(f"{event}/agenda/new", **later).status_code == 303
    shown = visitor.get(event)
    assert "2 sessions" in text_of(shown)
    assert "<script>alert" not in shown.text
    agenda = text_of(visitor.get(f"{event}/agenda"))
    assert "10:00 to 11:00" in agenda
    assert agenda.index("Opening") < agenda.index("Closing")
    red = text_of(visitor.get(f"{event}/agenda?room=Red&q=clos"))
    assert ("Closing" in red, "Opening" in red) == (True, False)
    link = re.search(rf'href="({event}/agenda/opening[a-z0-9-]*)"', shown.text)
    assert link
    session = visitor.get(link[1])
    assert "Ada Example, Ben Example" in text_of(session)
    assert "<em>all</em>" in session.text
    assert "<script>alert" not in session.text
    edit = re.search(rf'href="({event}/agenda/[0-9a-f-]+/edit)"', olga.get(link[1]).text)
    assert edit
    assert olga.post(edit[1], **{**SESSION, "room": ""}).status_code == 303
    assert "Blue" not in text_of(visitor.get(link[1]))
    assert olga.post(edit[1].replace("/edit", "/remove")).status_code == 303
    assert "Opening" not in text_of(visitor.get(f"{event}/agenda"))


def test_session_that_does_not_fit_keeps_what_was_typed(olga: Browser, event: str) -> None:
    answer = olga.post(f"{event}/agenda/new", **{**SESSION, "ends_local": "2050-06-03T10:00"})
    assert answer.status_code == 422
    assert "The session ends after the event does." in text_of(answer)
    assert 'value="2050-06-03T10:00"' in answer.text
    assert olga.post(f"{event}/agenda/new", **SESSION, version="1").status_code == 422


def test_agenda_is_changed_by_those_who_look_after_the_event_alone(
    hub: WholeHub, anna: Browser, event: str
) -> None:
    assert anna.get(f"{event}/agenda/new").status_code == 403
    assert anna.post(f"{event}/agenda/new", **SESSION).status_code == 403


def test_sessions_are_found_by_their_words_and_speakers(
    hub: WholeHub, olga: Browser, event: str
) -> None:
    talk = {**SESSION, "title": "Zebrafish & <b>genes</b>", "speakers": "Zoë Vorbild"}
    olga.post(f"{event}/agenda/new", **talk)
    visitor = Browser(hub)
    for words in ("zebrafish", "Zoë", "zebra vorbild"):
        page = visitor.get(f"/search?q={words}").text
        found = re.search(rf'href="({event}/agenda/zebrafish[a-z0-9-]*)"', page)
        assert found, words
        assert "Zebrafish &amp; &lt;b&gt;genes" in page
        assert re.search(r"Agenda day · [^<]*, 10:00 · Blue", page)
        assert visitor.get(found[1]).status_code == 200
