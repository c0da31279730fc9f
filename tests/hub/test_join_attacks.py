"""What an attacker tries at /join: forged forms, more than it offers, mail of their making."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlmodel import Session

from services.membership.contacts.models import Contact
from tests.hub.gateway import ADDRESS, Browser, WholeHub, text_of
from tests.real.smtp import SmtpServer

FORM = {
    "name": "Eve",
    "email": "eve.attacks@example.org",
    "helix_side": "citizen",
    "region_code": "BE10",
    "language": "en",
    "time_zone": "Europe/Brussels",
    "terms": "yes",
}
ENCODED = "application/x-www-form-urlencoded"


def counted(hub: WholeHub) -> dict[str, int]:
    """How many rows each table of membership has."""
    database = hub.services["membership"].database
    tables = Contact.metadata.sorted_tables
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        }


@contextmanager
def nothing_written(hub: WholeHub) -> Iterator[None]:
    """Every table of membership is as long afterwards as before."""
    before = counted(hub)
    yield
    assert counted(hub) == before


MORE = [
    ("role", "admin"), ("roles", "admin"), ("status", "member"), ("id", "1"), ("version", "9"),
    ("consents", "terms"), ("made_up", "yes"), ("asked_by", "x" * 43), ("audience", "public"),
    ("visibility", "public"), ("organisation_id", "1"), ("invitation", "x"), ("coordinates", "BE"),
    ("", "x"), ("__proto__", "x"), ("name[]", "x"), ("NAME", "x"), ("csrf", ""),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), MORE)
def test_field_that_the_form_lacks_is_refused(
    hub: WholeHub, stranger: Browser, field: str, value: str
) -> None:
    with nothing_written(hub):
        answer = stranger.post("/join", **FORM, **{field: value})
    assert answer.status_code == 422
    assert f"no field named '{field}'" in text_of(answer)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"name": "Eve", "role": "admin"}', "application/json", 400),
        (b"<x/>", "text/xml", 400),
        (urlencode(FORM).encode(), "text/plain", 400),
        (urlencode(FORM).encode() + b"&name=%ff", ENCODED, 400),
        (urlencode(FORM).encode() + b"&x=1" * 300, ENCODED, 400),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 400),
        (urlencode({**FORM, "name": "a" * 10_000_000}).encode(), ENCODED, 413),
        (b"", ENCODED, 422),
    ],
    ids=["json", "xml", "text", "bytes", "fields", "multipart", "ten-megabytes", "empty"],
)
def test_what_is_no_form_is_refused_with_a_page(
    hub: WholeHub, stranger: Browser, body: bytes, kind: str, status: int
) -> None:
    with nothing_written(hub):
        answer = stranger.send("POST", "/join", body, origin=ADDRESS, content_type=kind)
    assert (answer.status_code, "<h1" in answer.text) == (status, True)


def test_ten_megabytes_without_a_length_are_refused(hub: WholeHub, stranger: Browser) -> None:
    chunks = [urlencode({**FORM, "name": ""}).encode(), *[b"a" * 100_000] * 100]
    with nothing_written(hub):
        answer = stranger.send("POST", "/join", chunks, origin=ADDRESS, content_type=ENCODED)
    assert (answer.status_code, "<h1" in answer.text) == (413, True)


@pytest.mark.parametrize("path", ["/join", "/join/invited", "/confirm"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ADDRESS + ".evil.example"},
        {"origin": ADDRESS.replace("127.0.0.1", "127.0.0.2")},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "cross-site", "origin": ADDRESS},
        {"sec_fetch_site": "same-site", "origin": ADDRESS},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": ""},
    ],
    ids=str,
)
def test_form_on_a_page_of_others_is_refused(
    hub: WholeHub, stranger: Browser, path: str, headers: dict[str, str]
) -> None:
    body = urlencode(FORM if path == "/join" else {"secret": "x" * 43}).encode()
    with nothing_written(hub):
        answer = stranger.send("POST", path, body, content_type=ENCODED, **headers)
    assert answer.status_code == 403
    assert "not accepted" in text_of(answer)
    assert "set-cookie" not in answer.headers


def test_form_without_a_word_on_its_page_is_refused_in_a_browser_with_a_session(
    hub: WholeHub, anna: Browser
) -> None:
    with nothing_written(hub):
        answer = anna.send("POST", "/join", urlencode(FORM).encode(), content_type=ENCODED)
    assert answer.status_code == 403


SCRIPT = "\"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


WRITTEN = ("email", "expertise_offered", "expertise_sought", "name", "organisation_name")
"""Fields that people write in; of the others they choose."""


@pytest.mark.parametrize("field", sorted({*FORM, *WRITTEN, "interests", "directory"}))
def test_script_is_shown_as_what_was_typed(hub: WholeHub, stranger: Browser, field: str) -> None:
    """A form that is wrong elsewhere comes back with what was typed in it, as text."""
    wrong = {"helix_side": "business", "region_code": "XX"}
    with nothing_written(hub):
        answer = stranger.post("/join", **{**FORM, **wrong, field: SCRIPT})
    assert answer.status_code == 422
    assert "alert(1)<" not in answer.text
    assert "<img src=x" not in answer.text
    assert ">49<" not in answer.text
    if field in WRITTEN:
        assert SCRIPT in unescape(answer.text)


@pytest.fixture(scope="module")
def post_office() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def mailing(
    tmp_path_factory: pytest.TempPathFactory, post_office: SmtpServer
) -> Iterator[WholeHub]:
    """A hub that sends its mail by a real mail server."""
    folder: Path = tmp_path_factory.mktemp("mailing")
    whole = WholeHub(folder, smtp_url=f"smtp://{post_office.host}:{post_office.port}")
    yield whole
    whole.close()


NAMES = [
    SCRIPT,
    "Eve, Bcc: evil@example.org",
    'Eve" <evil@example.org>, "x',
    "Eve <evil@example.org>;",
    "=?utf-8?q?Eve=0D=0ABcc:_evil@example.org?=",
    "=?utf-8?b?RXZlDQpCY2M6IGV2aWxAZXhhbXBsZS5vcmc=?=",
    "Ève =?utf-8?q?=0D=0ABcc:?= evil@example.org",
    "Eve\\",
    "%0d%0aBcc: evil@example.org",
    "{{ 7 * 7 }} %(link)s {name} ${7*7}",
    "Eve \u05d0\u05d1 <a href=//evil.example>",
    "E" * 200,
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:24])
def test_no_name_makes_a_mail_of_its_own(
    mailing: WholeHub, post_office: SmtpServer, name: str
) -> None:
    """One mail, to one address, with the headers of every other, whoever is named in it."""
    post_office.clear()
    email = f"eve.{abs(hash(name))}@example.org"

    answer = Browser(mailing).post("/join", **{**FORM, "name": name, "email": email})

    assert answer.status_code == 200
    post_office.wait_for(1)
    (delivery,) = post_office.deliveries
    message = delivery.message
    assert delivery.recipients == (email,)
    assert sorted(key.lower() for key in message) == sorted(
        ["auto-submitted", "content-type", "date", "from", "message-id", "mime-version",
         "subject", "to"]
    )  # fmt: skip
    (to,) = message["To"].addresses
    assert (to.addr_spec, "\n" in to.display_name, "\r" in to.display_name) == (email, False, False)
    assert "evil" not in message["Subject"] or "\n" not in message["Subject"]
    html = message.get_body(("html",))
    assert html is not None
    content = html.get_content()
    assert "<script" not in content
    assert "<img src=x" not in content
    assert "href=//evil" not in content
    links = re.findall(r'href="([^"]+)"', content)
    assert links
    assert all(link.startswith(mailing.settings.address) for link in links)


ADDRESSES = [f"eve{breaks}Bcc: evil@example.org" for breaks in ("\r\n", "\n", "\r", "\u2028")] + [
    "eve@example.org\r\nRCPT TO:<evil@example.org>",
    "eve@example.org>\r\nDATA",
    "eve@example.org,evil@example.org",
    "eve@example.org;evil@example.org",
    "eve@example.org evil@example.org",
    "<evil@example.org>eve@example.org",
    '"eve\\" <evil@example.org>"@example.org',
    "eve%evil.example@example.org@",
    "@evil.example:eve@example.org",
]


def test_no_address_makes_a_mail_of_its_own(mailing: WholeHub, post_office: SmtpServer) -> None:
    post_office.clear()
    with nothing_written(mailing):
        for email in ADDRESSES:
            answer = Browser(mailing).post("/join", **{**FORM, "email": email})
            assert answer.status_code == 422, email
            assert "evil" not in str(answer.headers)
    assert Browser(mailing).post("/join", **{**FORM, "email": "z@example.org"}).status_code == 200
    # A mail that comes after theirs would have come before this one.
    post_office.wait_for(1)
    assert [delivery.recipients for delivery in post_office.deliveries] == [("z@example.org",)]


STATUSES = ("new", "pending", "member", "suspended", "leaving", "guest", "invited")


@pytest.fixture(scope="module")
def everybody(hub: WholeHub) -> dict[str, str]:
    """An address of each kind that there is."""
    known = {status: f"is.{status}@example.org" for status in STATUSES}
    for status in STATUSES[1:]:
        if status in ("member", "suspended", "leaving"):
            Browser(hub).join("Known", known[status])
        else:
            assert Browser(hub).post("/join", **{**FORM, "email": known[status]}).status_code == 200
        with hub.services["membership"].database.unit_of_work() as session:
            _become(session, known[status], status)
    return known


def _become(session: Session, email: str, status: str) -> None:
    statement = text("UPDATE contacts SET status = :status, erase_at = :erase WHERE email = :email")
    erase = datetime.now(UTC) + timedelta(days=14) if status == "leaving" else None
    given = {"status": status, "email": email, "erase": erase and erase.isoformat(" ")}
    session.connection().execute(statement, given)


def seen(answer: httpx.Response, email: str) -> tuple[object, ...]:
    """All of an answer that somebody could tell addresses apart by."""
    headers = {
        name: re.sub(r"(hub_asking)=[^;]+", r"\1", value)
        for name, value in answer.headers.items()
        if name not in ("x-correlation-id", "date", "content-length")
    }
    return answer.status_code, headers, answer.text.replace(email, "EMAIL")


def test_no_answer_tells_what_is_known_of_an_address(
    hub: WholeHub, everybody: dict[str, str]
) -> None:
    """For all of them, also when they were asked for more often than mails are sent."""
    for _ in range(5):
        answers = {
            status: seen(Browser(hub).post("/join", **{**FORM, "email": email}), email)
            for status, email in everybody.items()
        }
        assert answers == dict.fromkeys(STATUSES, answers["new"])


def test_no_time_tells_what_is_known_of_an_address(
    hub: WholeHub, everybody: dict[str, str]
) -> None:
    """Medians of the time to the answer, asked in turn, differ by a tenth at most.

    On a busy machine it takes more rounds until chance no longer tells them apart.
    """
    browser = Browser(hub)
    took: dict[str, list[float]] = {status: [] for status in STATUSES}
    for number in range(48):
        for status in random.Random(number).sample(STATUSES, len(STATUSES)):
            email = f"new.{number}@example.org" if status == "new" else everybody[status]
            started = time.perf_counter()
            answer = browser.post("/join", **{**FORM, "email": email})
            took[status].append(time.perf_counter() - started)
            assert answer.status_code == 200
        medians = {status: median(times) for status, times in took.items()}
        alike = medians == pytest.approx(dict.fromkeys(STATUSES, medians["new"]), rel=0.1)
        if number >= 10 and alike:
            break
    assert alike, medians
