"""A gathering that is on, and after it: the way in, the door, lists, feedback, certificates."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import openpyxl
import pypdf
import pytest
from sqlmodel import col, select

from services.scheduling.gatherings.models import Gathering
from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of

VIDEO = "https://meet.example.org/abc"


def begins(hub: WholeHub, path: str, *, minutes: int) -> None:
    """Let the gathering begin this many minutes from now, for an hour and a half."""
    with hub.services["scheduling"].database.unit_of_work() as session:
        slug = path.removeprefix("/events/")
        gathering = session.exec(select(Gathering).where(col(Gathering.slug) == slug)).one()
        starts = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)
        gathering.time_zone = "UTC"
        gathering.starts_at = starts
        gathering.ends_at = gathering.finishes_at = starts + timedelta(minutes=90)
        gathering.starts_local = starts.replace(tzinfo=None)
        gathering.ends_local = gathering.ends_at.replace(tzinfo=None)
        session.add(gathering)


@pytest.fixture
def running(olga: Browser) -> str:
    """The path of a seminar with three seats."""
    form = {**SEMINAR, "title": "A seminar that is on", "capacity": "3"}
    return str(olga.post("/events/new", **form).headers["location"])


def test_a_newcomer_comes_in_by_name_and_address(
    hub: WholeHub, olga: Browser, running: str
) -> None:
    begins(hub, running, minutes=25)
    visitor = Browser(hub)
    shown = visitor.get(f"{running}/join")
    assert (shown.status_code, "Take a seat and come in" in shown.text) == (200, True)
    wrong = visitor.post(f"{running}/join", name="Nele Newcomer", email="nonsense")
    assert (wrong.status_code, 'value="Nele Newcomer"' in wrong.text) == (422, True)
    entered = visitor.post(f"{running}/join", name="Nele Newcomer", email="nele@example.org")
    assert (entered.status_code, VIDEO in entered.text) == (200, True)
    assert entered.headers["referrer-policy"] == "no-referrer"
    attendance = text_of(olga.get(f"{running.replace('/events', '/organise')}/attendance"))
    assert "1 of 1 came" in attendance
    assert "Nele Newcomer nele@example.org Online" in attendance


def test_nobody_comes_in_when_all_seats_are_taken_or_too_early(
    hub: WholeHub, anna: Browser, running: str
) -> None:
    visitor = Browser(hub)
    early = visitor.post(f"{running}/join", name="Early Bird", email="early@example.org")
    assert (early.status_code, "opens 30 minutes before" in early.text) == (409, True)
    begins(hub, running, minutes=5)
    for number in range(3):
        Browser(hub).post(
            f"{running}/register", name=f"Guest {number}", email=f"running{number}@example.org"
        )
    for who, form in ((visitor, {"name": "Late", "email": "late@example.org"}), (anna, {})):
        full = who.post(f"{running}/join", **form)
        assert (full.status_code, "All seats are taken." in full.text) == (409, True)
        assert VIDEO not in full.text


def test_the_door_by_code_by_list_and_without_a_registration(
    hub: WholeHub, olga: Browser, anna: Browser, running: str
) -> None:
    organised = running.replace("/events", "/organise")
    anna.post(f"{running}/register")
    ticket = anna.get(f"{running}/ticket")
    code = re.search(r"<code>([A-Za-z0-9_-]+)</code>", ticket.text)
    assert code
    assert "<svg" in ticket.text
    assert anna.get(f"/checkin/{code[1]}").status_code == 403
    assert "Anna Citizen" in olga.get(f"/checkin/{code[1]}").text
    assert olga.post(f"/checkin/{code[1]}").headers["location"] == f"/checkin/{code[1]}"
    assert "Checked in" in text_of(olga.get(f"/checkin/{code[1]}"))
    olga.post(f"{organised}/walk-ins", name="=Wanda Walks", email="wanda@example.org", date="")
    listed = text_of(olga.get(f"{organised}/attendance"))
    assert "2 of 2 came" in listed
    rows = list(csv.reader(io.StringIO(olga.get(f"{organised}/attendance.csv").text[1:])))
    assert [row[:2] for row in rows] == [
        ["Name", "E-mail address"],
        ["'=Wanda Walks", "wanda@example.org"],
        ["Anna Citizen", "anna@example.org"],
    ]
    book = openpyxl.load_workbook(
        io.BytesIO(olga.get(f"{organised}/attendance.xlsx").content), data_only=False
    )
    cells = [[cell.value for cell in row[:2]] for row in book.active.iter_rows()]
    assert cells[1:] == [
        ["=Wanda Walks", "wanda@example.org"],
        ["Anna Citizen", "anna@example.org"],
    ]
    assert book.active["A2"].data_type == "s"
    for path in ("attendance", "attendance.csv", "attendance.xlsx", "feedback"):
        assert anna.get(f"{organised}/{path}").status_code == 403
    before = len(hub.mails("forced@example.org"))
    forced = anna.post(f"{organised}/walk-ins", name="Forced", email="forced@example.org", date="")
    assert (forced.status_code, len(hub.mails("forced@example.org"))) == (403, before)


def test_the_video_services_list_notes_who_came(
    hub: WholeHub, olga: Browser, anna: Browser, running: str
) -> None:
    organised = running.replace("/events", "/organise")
    anna.post(f"{running}/register")
    pasted = "Name,Email,Join\r\nAnna C,ANNA@example.org,13:58\r\nX,x@example.org,14:00"
    empty = olga.post(f"{organised}/attendance/import", list="nothing", date="")
    assert (empty.status_code, "no e-mail address in this" in empty.text) == (422, True)
    olga.post(f"{organised}/attendance/import", list=pasted, date="")
    assert "1 of 1 came" in text_of(olga.get(f"{organised}/attendance"))


def test_feedback_and_a_certificate_follow(
    hub: WholeHub, olga: Browser, anna: Browser, running: str
) -> None:
    organised = running.replace("/events", "/organise")
    anna.post(f"{running}/register")
    begins(hub, running, minutes=-10)
    assert anna.get(f"{running}/join").headers["location"] == VIDEO
    assert anna.get(f"{running}/certificate.pdf").status_code == 409
    begins(hub, running, minutes=-100)
    missing = anna.post(f"{running}/feedback", text="Nothing chosen")
    assert (missing.status_code, "Nothing chosen" in missing.text) == (422, True)
    said = {"rating": "4", "text": "<b>Clear</b> and short."}
    assert anna.post(f"{running}/feedback", **said).headers["location"] == f"{running}/feedback"
    assert "Thank you" in text_of(anna.get(f"{running}/feedback"))
    results = olga.get(f"{organised}/feedback").text
    assert "1 of 1 people answered; on average 4.0 of 5." in text_of(
        olga.get(f"{organised}/feedback")
    )
    assert "&lt;b&gt;Clear&lt;/b&gt; and short." in results
    assert "Anna" not in results
    answer = anna.get(f"{running}/certificate.pdf")
    (sheet,) = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    words = " ".join(sheet.extract_text().split())
    assert "Certificate of attendance Anna Citizen took part in A seminar that is on" in words
    assert "90 minutes" in words
    assert olga.get(f"{running}/certificate.pdf").status_code == 409
