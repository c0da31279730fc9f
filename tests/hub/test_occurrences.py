"""Dates of a series on the organiser's pages."""

import re
import time
from typing import Any

from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of


def test_one_date_is_moved_and_another_called_off_on_the_pages(
    hub: WholeHub, olga: Browser, anna: Browser
) -> None:
    weekly = {"starts_local": "2043-02-03T10:00", "ends_local": "2043-02-03T11:00"}
    form = {**SEMINAR, **weekly, "title": "A series that changes", "repeats": "weekly",
            "times": "4"}  # fmt: skip
    series = olga.post("/events/new", **form).headers["location"]
    anna.post(f"{series}/register")
    _told(hub, "You have a seat: A series that changes")
    listed = olga.get(f"{series}/dates").text
    second, third = re.findall(rf'href="({series}/dates/[0-9T:-]+)"', listed)[1:3]
    assert anna.get(f"{series}/dates").status_code == 403
    assert anna.post(second, starts_local="2043-02-11T10:00").status_code == 403
    wrong = olga.post(second, starts_local="2043-02-11T12:00", ends_local="2043-02-11T11:00")
    assert (wrong.status_code, "must come after the start" in wrong.text) == (422, True)
    assert 'value="2043-02-11T12:00"' in wrong.text
    moved = olga.post(
        second,
        starts_local="2043-02-11T12:00",
        ends_local="2043-02-11T13:00",
        title="",
        location="",
    )
    assert moved.headers["location"] == f"{series}/dates"
    assert olga.post(f"{third}/cancel").status_code == 403
    olga.post(f"{third}/cancel", sure="yes")
    shown = text_of(olga.get(f"{series}/dates"))
    assert "11 Feb 2043, 12:00 Changed" in shown
    assert "Does not take place" in shown
    dates = text_of(anna.get(series))
    assert "11 Feb 2043, 12:00 to 13:00" in dates
    assert "17 Feb 2043" not in dates
    mail = _told(hub, "One date is changed: A series that changes")
    assert "Now: Wed 11 Feb 2043, 12:00 (Brussels)" in mail["text"]
    assert olga.get(f"{series}/dates/2043-02-04T10:00:00").status_code == 404


def _told(hub: WholeHub, subject: str) -> dict[str, Any]:
    """The mail to Anna with this subject; waits for it."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for mail in hub.mails("anna@example.org"):
            if mail["subject"] == subject:
                return mail
        time.sleep(0.05)
    raise TimeoutError(subject)
