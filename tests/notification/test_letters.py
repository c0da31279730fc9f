"""The words of messages, and times in them."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.kit.language import catalogue
from services.kit.settings import Settings
from services.notification import letters
from services.notification.messages.models import Message
from services.notification.messages.rules import RULES, Known, Rule, Told, messages_for
from services.notification.projection import (
    KnownContact,
    KnownDemoCase,
    KnownGathering,
    KnownOrganisation,
    KnownPoll,
    KnownPost,
    KnownRegistration,
)
from services.notification.times import repetition

MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)
SETTINGS = Settings(public_url="https://hub.example")
KNOWN = Known(
    contact=KnownContact(
        id="anna", version=1, status="member", name="Anna <i>C</i>", email="anna@example.org"
    ),
    gathering=KnownGathering(
        id="seminar",
        version=1,
        slug="seminar-1",
        mode="hybrid",
        title="Genomics & <b>you</b>",
        location="Room 1 <3",
        starts_local=datetime(2026, 12, 1, 14),
        ends_local=datetime(2026, 12, 1, 15, 30),
        time_zone="Europe/Brussels",
    ),
)
THINGS = {
    "gathering": KNOWN,
    "changed gathering": KNOWN,
    "post": Known(
        contact=KNOWN.contact, post=KnownPost(id="post", version=1, slug="post-1", title="A post")
    ),
    "demo case": Known(
        contact=KNOWN.contact,
        demo_case=KnownDemoCase(id="case", version=1, slug="case-1", title="A case"),
    ),
    "poll": Known(
        contact=KNOWN.contact,
        poll=KnownPoll(
            id="poll",
            version=1,
            title="Kick-off <b>soon</b>",
            closes_at=datetime(2026, 11, 27, 17, tzinfo=UTC),
            time_zone="Europe/Brussels",
        ),
    ),
    "organisation": Known(
        contact=KNOWN.contact,
        organisation=KnownOrganisation(id="lab", version=1, slug="lab-1", name="A <b>lab</b>"),
    ),
}
DATA = {
    "gathering_id": "seminar",
    "post_id": "post",
    "demo_case_id": "case",
    "organisation_id": "lab",
    "poll_id": "poll",
    "ballot_id": "ballot",
    "changed": ["location", "starts_local", "time_zone", "title"],
    "contact_ids": ["anna"],
    "organisation_ids": ["lab", "firm"],
}


def message_of(rule: Rule, **data: object) -> tuple[Message, Known]:
    told = Told("event", {**DATA, **data}, MOMENT, "correlation", None)
    known = next((THINGS[need] for need in rule.needs if need in THINGS), Known(KNOWN.contact))
    return messages_for(rule, told, "anna")[-1], known


def composed(rule: Rule, **data: object) -> letters.Letter:
    message, known = message_of(rule, **data)
    return letters.compose(
        message, known, settings=SETTINGS, action="https://hub.example/go?a=1&b=2", moment=MOMENT
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_letter_of_every_kind_is_whole(rule: Rule) -> None:
    letter = composed(rule)
    paragraphs = letter.text.split("\n\n")
    assert paragraphs[0] == "Hello Anna <i>C</i>,"
    assert re.fullmatch(r"[A-Z].+", letter.subject)
    assert re.fullmatch(r"[A-Z][A-Za-z, ]+:\nhttps://hub\.example/go\?a=1&b=2", paragraphs[-3])
    assert paragraphs[-1] == "-- \nCo-creation Hub\nhttps://hub.example"
    assert not re.search(r"\n\n\n|[{}]|  \n", letter.text)
    assert letter.html.count("<a ") == 2
    assert 'href="https://hub.example/go?a=1&amp;b=2"' in letter.html
    assert "Anna &lt;i&gt;C&lt;/i&gt;" in letter.html
    assert "<b>" not in letter.html
    assert "src=" not in letter.html
    assert letter.content().isascii()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_notice_of_every_kind_leads_to_a_page(rule: Rule) -> None:
    if "inbox" in rule.channels:
        words = letters.words(*message_of(rule), MOMENT)
        assert words.lead.endswith(".")
        things = (
            r"/(events|organise|posts|demo-cases|organisations)/[a-z]+-1"
            "(/people|/registration|/materials|/feedback)?"
        )
        poll = "/polls/poll/(vote|results)"
        assert re.fullmatch(rf"/me(/security)?|/sign-in|{poll}|{things}", words.path)


def test_changes_are_named_once_each() -> None:
    (rule,) = (rule for rule in RULES if rule.kind == "gathering-changed")
    assert "changed the place, the time and the title of an event" in composed(rule).text
    assert "changed the place of an event" in composed(rule, changed=["location"]).text


def test_person_in_line_keeps_the_place_in_line() -> None:
    (rule,) = (rule for rule in RULES if rule.kind == "gathering-changed")
    message, known = message_of(rule)
    waiting = KnownRegistration(id="r", version=1, status="waitlisted")
    known = Known(known.contact, known.gathering, waiting)
    assert letters.words(message, known, MOMENT).lead.endswith(
        "Your place on the waitlist is kept."
    )


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "So far nobody here offers what it needs."),
        (1, "One member or organisation offers some of what it needs; the page says why."),
        (2, "2 members and organisations offer some of what it needs; the page says why for each"),
    ],
)
def test_number_of_matches_is_said_in_words(count: int, words: str) -> None:
    (rule,) = (rule for rule in RULES if rule.kind == "matches-found")
    assert words in composed(rule, contact_ids=["x"] * count, organisation_ids=[]).text


@pytest.mark.parametrize("domain", ["example.org", "mail." + "long-name." * 8 + "example.org"])
def test_message_id_is_one_whole_line(domain: str) -> None:
    message, known = message_of(RULES[0])
    settings = Settings(mail_from=f"The hub <hub@{domain}>")
    letter = letters.compose(message, known, settings=settings, action="x", moment=MOMENT)
    assert f"\r\nMessage-ID: <{message.id}@{domain}>\r\n".encode() in letter.content()


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("Europe/Brussels", ""),
        ("Europe/Lisbon", ", 13:00 in your time"),
        ("Nowhere/Land", ""),
        ("", ""),
    ],
)
def test_mail_says_the_readers_own_time_where_it_differs(own: str, words: str) -> None:
    message, known = message_of(next(rule for rule in RULES if rule.kind == "gathering-published"))
    assert known.contact is not None
    contact = KnownContact(**{**known.contact.model_dump(), "time_zone": own})
    letter = letters.compose(
        message, replace(known, contact=contact), settings=SETTINGS, action="x", moment=MOMENT
    )
    assert f"(Brussels){words}\n" in letter.text


def test_mail_and_notice_come_in_the_language_of_whom_they_are_for() -> None:
    message, known = message_of(next(rule for rule in RULES if rule.kind == "sign-in-requested"))
    assert known.contact is not None
    contact = KnownContact(**{**known.contact.model_dump(), "language": "de"})
    letter = letters.compose(
        message, replace(known, contact=contact), settings=SETTINGS, action="x", moment=MOMENT
    )
    assert letter.subject == catalogue("de").gettext("Your sign-in link")
    assert '<html lang="de" dir="ltr">' in letter.html


@pytest.mark.parametrize(
    ("offered", "spoken"),
    [((), "de"), (("en", "de"), "de"), (("en", "fr"), "en"), (("fr", "nl"), "fr")],
)
def test_mail_comes_in_a_language_that_the_hub_offers(
    offered: tuple[str, ...], spoken: str
) -> None:
    message, known = message_of(next(rule for rule in RULES if rule.kind == "sign-in-requested"))
    assert known.contact is not None
    contact = KnownContact(**{**known.contact.model_dump(), "language": "de"})
    known = replace(known, contact=contact, languages=offered)
    letter = letters.compose(message, known, settings=SETTINGS, action="x", moment=MOMENT)
    assert letter.subject == catalogue(spoken).gettext("Your sign-in link")
    assert f'<html lang="{spoken}"' in letter.html


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;COUNT=3", "weekly, 3 times, the last on Tue 15 Dec"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3", "every 2 weeks, 3 times, the last on Tue 29 Dec"),
        ("FREQ=DAILY;UNTIL=20261204T235959", "daily, 4 times, the last on Fri 4 Dec"),
        ("FREQ=MONTHLY;COUNT=2", "monthly, 2 times, the last on Fri 1 Jan"),
    ],
)
def test_series_is_said_in_words(rule: str, words: str) -> None:
    assert repetition(rule, datetime(2026, 12, 1, 14), MOMENT.date()) == words
