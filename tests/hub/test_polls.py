"""Finding a date: from the question to a draft event, through the pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.hub.gateway import Browser, WholeHub, text_of

POLL = {
    "title": "Kick-off <script>alert(1)</script>",
    "description": "Who does *what*.\n\n<script>alert(2)</script>",
    "time_zone": "Europe/Brussels",
    "minutes": "90",
    "roles": "Speaker",
    "slot_1": "2050-06-01T14:00",
    "slot_2": "2050-06-02T23:30",
    "slot_3": "",
}


@pytest.fixture
def poll(hub: WholeHub, olga: Browser) -> str:
    """The path of an open poll of two dates, without `/results`."""
    form = {**POLL, "closes_local": closes()}
    answer = olga.post("/polls/new", **form)
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"].removesuffix("/results")


def closes() -> str:
    """A moment to answer until: within the year that a poll can be open."""
    return (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT12:00")


def shared(olga: Browser, poll: str) -> str:
    """The path that everybody can share."""
    found = re.search(r"(/polls/[A-Za-z0-9_-]+)</code>", olga.get(f"{poll}/results").text)
    assert found
    return found[1]


def test_visitor_answers_without_an_account_and_changes_it(
    hub: WholeHub, olga: Browser, poll: str
) -> None:
    visitor = Browser(hub)
    path = shared(olga, poll)
    asked = visitor.get(path)
    assert "Olga Organiser asks which dates suit you." in text_of(asked)
    assert "Wed 1 Jun 2050, 14:00 to 15:30 (Brussels)" in text_of(asked)
    assert "<script>alert" not in asked.text
    assert "<em>what</em>" in asked.text
    assert 'content="noindex"' in asked.text
    tokyo = text_of(visitor.get(f"{path}?zone=Asia/Tokyo"))
    assert "23:30 to Fri 3 Jun 2050, 01:00 (Brussels) , Fri 3 Jun 2050, 06:30 in your" in tokyo
    nameless = visitor.post(path, date_1="yes", date_2="maybe", name=" ")
    assert nameless.status_code == 422
    assert "Please write your name." in text_of(nameless)
    assert re.search(r'name="date_2" value="maybe" checked', nameless.text)
    extra = visitor.post(path, date_1="yes", organiser_id="me", name="Gia Guest")
    assert extra.status_code == 422
    answer = visitor.post(path, date_1="yes", date_2="no", name="Gia Guest", role="Speaker")
    own = answer.headers["location"]
    assert (answer.status_code, own != path) == (303, True)
    again = Browser(hub).get(own)
    assert re.search(r'name="date_1" value="yes" checked', again.text)
    assert "You are asked as: Speaker" in text_of(again)
    assert visitor.post(own, date_1="no", date_2="yes", name="Gia G.").headers["location"] == own
    results = text_of(olga.get(f"{poll}/results"))
    assert "1 person answered." in results
    assert "Suits most 1 yes, 0 if need be, 0 no Who says what Yes Gia G. (Speaker)" in results
    assert "Without: Speaker 0 yes, 0 if need be, 1 no" in results
    assert "Gia" not in Browser(hub).get(path).text


def test_people_are_asked_by_mail_and_by_name(
    hub: WholeHub, olga: Browser, anna: Browser, poll: str
) -> None:
    wrong = olga.post(f"{poll}/invite", people="anna citizen\nnobody of that name")
    assert wrong.status_code == 422
    assert "Nobody is found by this: nobody of that name." in text_of(wrong)
    people = "Anna Citizen\nGuido Guest <guido@example.org>"
    asked = olga.post(f"{poll}/invite", people=people, role="Speaker")
    assert asked.headers["location"] == f"{poll}/results"
    link = hub.link("guido@example.org", "/polls/")
    guest = Browser(hub)
    shown = text_of(guest.get(link.path))
    assert "You are asked as: Speaker" in shown
    assert "Your name" not in shown
    assert guest.post(link.path, date_1="maybe").headers["location"] == link.path
    mine = f"{poll}/vote"
    assert anna.get(mine).status_code == 200
    assert "in your time" in text_of(anna.get(mine))
    assert anna.post(mine, date_1="no", date_2="yes").headers["location"] == mine
    assert olga.get(mine).status_code == 404
    assert anna.get(f"{poll}/results").status_code == 403
    assert anna.get("/polls/new").status_code == 403
    results = text_of(olga.get(f"{poll}/results"))
    assert "If need be Guido Guest <guido@example.org> (Speaker)" in results
    assert "Yes Anna Citizen (Speaker)" in results


def test_date_becomes_a_draft_with_one_click(hub: WholeHub, olga: Browser, poll: str) -> None:
    path = shared(olga, poll)
    slots = re.findall(r'name="slot" value="([0-9a-f-]{36})"', olga.get(f"{poll}/results").text)
    chosen = olga.post(f"{poll}/choose", slot=slots[1])
    assert chosen.status_code == 303
    draft = chosen.headers["location"].removesuffix("/edit")
    assert "This is a draft." in text_of(olga.get(draft))
    assert "Thu 2 Jun 2050, 23:30" in text_of(olga.get(draft))
    assert draft in olga.get(f"{poll}/results").text
    visitor = Browser(hub)
    closed = visitor.get(path)
    assert "This poll is closed." in text_of(closed)
    assert draft not in closed.text
    late = visitor.post(path, date_1="yes", name="Late Guest")
    assert (late.status_code, "This poll is closed." in text_of(late)) == (409, True)
    mail, link = hub.mail_with("olga@example.org", f"{poll}/results")
    assert link.path == f"{poll}/results"
    assert mail["subject"].startswith("The poll is closed: Kick-off")


def test_form_keeps_what_was_typed_and_makes_room(olga: Browser) -> None:
    more = olga.post("/polls/new", **{**POLL, "way": "more"})
    assert (more.status_code, more.text.count('type="datetime-local"')) == (200, 11)
    assert 'value="2050-06-02T23:30"' in more.text
    empty = olga.post("/polls/new", title="", minutes="long", slot_1="2050-06-01T14:00")
    said = text_of(empty)
    assert empty.status_code == 422
    for complaint in (
        "Enter what the event is called.",
        "Enter two dates at least.",
        "Enter until when people can answer.",
        "Enter how long it lasts: minutes in digits.",
    ):
        assert complaint in said
    gap = {**POLL, "slot_2": "2050-03-27T02:30", "closes_local": closes()}
    refused = olga.post("/polls/new", **gap)
    assert refused.status_code == 422
    assert "This time does not exist on that day" in text_of(refused)


def test_stranger_neither_closes_nor_chooses(anna: Browser, stranger: Browser, poll: str) -> None:
    for action, form in (("close", {}), ("choose", {"slot": "x"}), ("invite", {"people": "a@b.c"})):
        assert anna.post(f"{poll}/{action}", **form).status_code in (403, 422)
        sent_on = stranger.post(f"{poll}/{action}", **form)
        assert sent_on.headers["location"].startswith("/sign-in")
    assert stranger.get(f"/polls/{'x' * 32}").status_code == 404


def test_own_polls_are_listed(olga: Browser, poll: str) -> None:
    listed = olga.get("/polls")
    assert f"{poll}/results" in listed.text
    assert olga.post(f"{poll}/close").headers["location"] == f"{poll}/results"
    assert "Closed" in text_of(olga.get("/polls"))
    assert olga.post(f"{poll}/delete").status_code == 403
    assert olga.post(f"{poll}/delete", sure="yes").headers["location"] == "/polls"
    assert f"{poll}/results" not in olga.get("/polls").text
    assert olga.get(f"{poll}/results").status_code == 404
