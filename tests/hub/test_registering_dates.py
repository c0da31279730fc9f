"""Registering for single dates of a series, as people do it."""

import re

from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of


def dates_in(page: str, more: str = "") -> list[str]:
    return re.findall(rf'name="dates" value="([^"]+)"{more}', page)


def test_dates_are_chosen_seen_and_changed_by_link(
    hub: WholeHub, olga: Browser, anna: Browser
) -> None:
    form = {
        **SEMINAR,
        "title": "Three Tuesdays to choose from",
        "repeats": "weekly",
        "times": "3",
        "registers_for": "occurrence",
        "capacity": "1",
    }
    event = str(olga.post("/events/new", **form).headers["location"])
    assert "You choose to which of them you come." in anna.get(event).text
    first, second, third = dates_in(anna.get(f"{event}/register").text)
    nothing = anna.post(f"{event}/register", access_needs="")
    assert (nothing.status_code, "at least one date" in nothing.text) == (422, True)
    before = {link for mail in hub.mails("anna@example.org") for link in mail["links"]}
    done = anna.post(f"{event}/register", dates=[first, second])
    assert done.headers["location"] == event
    path = hub.link("anna@example.org", "/registrations/", known=before).path
    assert dates_in(anna.get(path).text, " checked") == [first, second]
    earlier = {link for mail in hub.mails("olga@example.org") for link in mail["links"]}
    assert olga.post(f"{event}/register", dates=[first]).headers["location"] == event
    assert "You are on the waitlist" in text_of(olga.get(event))
    waits = hub.link("olga@example.org", "/registrations/", known=earlier).path
    assert "Waitlist, place 1" in text_of(olga.get(waits))
    assert anna.post(path, dates=[third], access_needs="").headers["location"] == path
    assert dates_in(anna.get(path).text, " checked") == [third]
    # The date that was given up is the next one's.
    assert "You are on the waitlist" not in text_of(olga.get(event))
