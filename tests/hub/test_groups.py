"""An organisation registers several of its people."""

import re

import pytest

from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of

ANSWERED = "Everybody whom you named gets a mail."


@pytest.fixture
def seminar(olga: Browser) -> str:
    """The path of a seminar with two seats."""
    form = {**SEMINAR, "title": "A seminar for groups", "capacity": "2"}
    return str(olga.post("/events/new", **form).headers["location"])


@pytest.fixture(scope="module")
def speaker(hub: WholeHub, olga: Browser) -> Browser:
    """Somebody who looks after an organisation that was verified."""
    name = "Clinic of Groups"
    browser = Browser(hub).join("Greta Groups", "greta@groups.example", organisation_name=name)
    found = re.search(
        r"/moderation/organisations/([0-9a-f-]{36})/verify",
        olga.get("/moderation/organisations").text.partition(name)[2],
    )
    assert found
    verified = olga.post(f"/moderation/organisations/{found[1]}/verify", verified="yes")
    assert verified.status_code == 303
    return browser


def test_group_is_registered_and_each_confirms_alone(
    hub: WholeHub, olga: Browser, speaker: Browser, seminar: str
) -> None:
    way = f"{seminar}/register/group"
    assert "You speak for Clinic of Groups." in text_of(speaker.get(way))
    people = [f"Person {n} <person{n}@groups.example>" for n in range(3)]
    typed = "\n".join([*people, "", people[0].replace("person0", "PERSON0")])
    done = speaker.post(way, people=typed)
    assert (done.status_code, done.headers["location"]) == (303, seminar)
    assert ANSWERED in text_of(speaker.get(seminar))
    listed = text_of(olga.get(seminar))
    assert [listed.count(f"Person {n} person{n}@") for n in range(3)] == [1, 1, 1]
    assert (listed.count("Seat, not confirmed yet"), listed.count("Waitlist, place 1")) == (2, 1)
    # Told of no address: who was registered already makes no difference.
    again = speaker.post(way, people="Person 1 <person1@groups.example>")
    assert again.headers["location"] == seminar
    confirmed = 0
    for n in range(3):
        mail, link = hub.mail_with(f"person{n}@groups.example", "/registrations/")
        if "confirm" in mail["subject"]:
            Browser(hub).post(f"{link.path}/take-up")
            confirmed += 1
    assert confirmed == 2
    assert "not confirmed yet" not in text_of(olga.get(seminar))


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ("", "Enter at least one person."),
        ("Anna <anna@example.org>\nnobody", "not a name and an e-mail address: nobody"),
        ("anna@example.org", "not a name and an e-mail address"),
        ("\n".join(f"P <p{n}@x.example>" for n in range(31)), "Register 30 people at most"),
    ],
)
def test_group_with_a_line_that_does_not_fit_registers_nobody(
    olga: Browser, speaker: Browser, seminar: str, people: str, said: str
) -> None:
    refused = speaker.post(f"{seminar}/register/group", people=people)
    assert (refused.status_code, said in text_of(refused)) == (422, True)
    assert "Nobody yet." in text_of(olga.get(seminar))


def test_group_is_for_those_who_speak_for_a_verified_organisation(
    anna: Browser, olga: Browser, speaker: Browser, seminar: str
) -> None:
    way, people = f"{seminar}/register/group", "Anna <anna2@example.org>"
    assert "people who speak for an organisation" in text_of(anna.get(way))
    assert anna.post(way, people=people).status_code == 403
    questions = seminar.replace("/events/", "/organise/") + "/registration/questions"
    olga.post(questions, label="Which diet?", kind="short", options="")
    assert "everybody registers alone" in text_of(speaker.get(way))
    assert speaker.post(way, people=people).status_code == 403
    assert "Nobody yet." in text_of(olga.get(seminar))
