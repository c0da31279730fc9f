"""Taking one's data away, leaving, and coming back, on the pages of a whole hub."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta

import icalendar
from sqlalchemy import MetaData, select, update

from events.catalogue import SERVICES
from hub import app as gateway
from services.kit.timers import TIMERS
from services.membership.base import Base
from tests.flows.people import eventually
from tests.hub.gateway import SEMINAR, Browser, WholeHub, text_of

MEMBERSHIP = Base.metadata


def session_is_old(hub: WholeHub) -> None:
    """Everybody proved long ago who they are."""
    membership = hub.services["membership"].database
    sessions = MEMBERSHIP.tables["sessions"]
    with membership.unit_of_work() as session:
        long_ago = datetime.now(UTC) - timedelta(minutes=11)
        session.connection().execute(update(sessions).values(proved_at=long_ago))
    hub.app.state.sessions.drop_all()


def two_weeks_pass(hub: WholeHub) -> None:
    """The time to come back is over for everybody who left."""
    contacts = MEMBERSHIP.tables["contacts"]
    with hub.services["membership"].database.unit_of_work() as session:
        now = datetime.now(UTC)
        left = contacts.c.erase_at.is_not(None)
        session.connection().execute(update(contacts).where(left).values(erase_at=now))
        due = TIMERS.c.kind == "leaving.erase"
        session.connection().execute(update(TIMERS).where(due).values(due_at=now))


def secret_in(page: str) -> str:
    """The hidden secret of a form."""
    found = re.search(r'name="secret" value="([^"]+)"', page)
    assert found, page
    return found[1]


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_members_take_away_everything_once(hub: WholeHub, seminar: str) -> None:
    zoe = Browser(hub).join("Zoë Züst", "zoe@example.org", expertise_offered="genomics")
    zoe.post(f"{seminar}/register")
    zoe.post("/posts/new", title="What I know", kind="article", body="Much.", language="en")
    zoe.post("/me/calendar", label="Phone")
    assert eventually(lambda: b"VEVENT" in unpacked(fetched(zoe))["calendar.ics"])
    ready = zoe.post("/me/data")
    secret = secret_in(ready.text)
    answer = zoe.post("/me/data/file", secret=secret)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith('attachment; filename="my-data-')
    files = unpacked(answer.content)
    assert set(files) == {"README.txt", "calendar.ics", *(f"{name}.json" for name in SERVICES)}
    parts = {name: json.loads(files[f"{name}.json"]) for name in SERVICES}
    assert parts["membership"]["profile"][0]["name"] == "Zoë Züst"
    assert "Zoë" in files["membership.json"].decode(), "people can read it"
    (registration,) = parts["scheduling"]["registrations"]
    assert registration["gathering"]["title"] == SEMINAR["title"]
    assert [post["title"] for post in parts["knowledge"]["posts"]] == ["What I know"]
    assert [feed["label"] for feed in parts["calendar"]["feed_addresses"]] == ["Phone"]
    assert parts["notification"]["notices"]
    calendar = icalendar.Calendar.from_ical(files["calendar.ics"])
    assert [event["SUMMARY"] for event in calendar.walk("VEVENT")] == [SEMINAR["title"]]
    readme = files["README.txt"].decode()
    assert "Everything this hub holds on you" in readme
    assert "Missing" not in readme
    everything = b"".join(files.values())
    assert b"secret_hash" not in everything
    assert b"olga@example.org" not in everything
    assert zoe.post("/me/data/file", secret=secret).status_code == 410
    assert (
        Browser(hub).post("/me/data/file", secret=secret).headers["location"].startswith("/sign-in")
    )


def fetched(person: Browser) -> bytes:
    """A new ZIP of somebody's data."""
    secret = secret_in(person.post("/me/data").text)
    return person.post("/me/data/file", secret=secret).content


def test_a_service_that_is_away_is_named_in_the_file(hub: WholeHub) -> None:
    yan = Browser(hub).join("Yan Yilmaz", "yan@example.org")
    partly = gateway.create(hub.settings, hub.clients_to("membership", "scheduling"))
    browser = Browser(hub, partly)
    browser.http.cookies = yan.http.cookies
    files = unpacked(fetched(browser))
    assert set(files) == {"README.txt", "membership.json", "scheduling.json"}
    readme = files["README.txt"].decode()
    assert "This is not everything" in readme
    assert "Missing: calendar.json, knowledge.json, matchmaking.json, notification.json" in readme


def test_taking_away_and_leaving_need_a_fresh_proof(hub: WholeHub) -> None:
    xena = Browser(hub).join("Xena Xu", "xena@example.org")
    session_is_old(hub)
    for path in ("/me/data", "/me/leave"):
        answer = xena.post(path)
        assert answer.status_code == 303
        assert "why=proof" in answer.headers["location"]
    assert "My page" in text_of(xena.get("/me/data"))


def test_leaving_says_what_happens_and_can_be_undone(hub: WholeHub, olga: Browser) -> None:
    wim = Browser(hub).join("Wim Weaver", "wim@example.org")
    assert "For 14 days" in text_of(wim.get("/me/leave"))
    left = wim.post("/me/leave")
    assert "You have left" in text_of(left)
    assert wim.get("/me").headers["location"].startswith("/sign-in")
    assert "Wim Weaver" not in text_of(olga.get("/people?q=weaver"))
    link = hub.link("wim@example.org", "/stay")
    assert "Keep my account" in text_of(wim.get(str(link.raw_path, "ascii")))
    back = wim.post("/stay", secret=link.params["secret"])
    assert back.headers["location"] == "/me"
    assert "Welcome back. You stay." in text_of(wim.get("/me"))
    assert wim.post("/stay", secret=link.params["secret"]).status_code == 410
    two_weeks_pass(hub)
    assert wim.get("/me").status_code == 200


def test_who_left_is_forgotten_everywhere_and_gets_a_receipt(hub: WholeHub, olga: Browser) -> None:
    answer = olga.post("/events/new", **{**SEMINAR, "title": "Seats to give away"})
    event = answer.headers["location"]
    vera = Browser(hub).join(
        "Vera Vos", "vera.d@example.org", expertise_offered="genomics", matchmaking="yes"
    )
    next_up = Browser(hub).join("Ned Next", "ned@example.org")
    post = vera.post("/posts/new", title="By Vera", kind="article", body="Text", language="en")
    vera.post(f"{event}/register")
    next_up.post(f"{event}/register")
    vera.post("/me/calendar", label="Vera's phone")
    assert "You are number 1 in line" in text_of(next_up.get(event))
    vera.post("/me/leave")
    two_weeks_pass(hub)
    receipt = eventually(lambda: hub.mails("(erased)"))
    assert receipt, "no receipt"
    assert {line.split(":")[0] for line in receipt[0]["text"].splitlines() if ": " in line} >= {
        "Account and profile", "Events and registrations", "Posts", "Partner search",
        "Mails and notices", "Calendars",
    }  # fmt: skip
    assert "You have a seat." in text_of(next_up.get(event))
    shown = text_of(next_up.get(post.headers["location"]))
    assert "By Vera" in shown
    assert "A former member" in shown
    assert hub.mails("vera.d@example.org") == []
    assert eventually(lambda: not places_of(hub, "vera.d@example.org", "Vera Vos", "Vera's phone"))
    assert places_of(hub, "vera.d@example.org", "Vera Vos", "Vera's phone") == set()
    again = Browser(hub).join("Vera Vos", "vera.d@example.org")
    assert again.get("/me").status_code == 200


def places_of(hub: WholeHub, *wanted: str) -> set[str]:
    """Tables of any service that hold any of these texts anywhere."""
    found = set()
    for name, service in hub.services.items():
        metadata = MetaData()
        with service.database.reading() as connection:
            metadata.reflect(connection)
            for table in metadata.sorted_tables:
                for row in connection.execute(select(table)):
                    said = repr(tuple(row))
                    if any(each in said or each in json.dumps(said) for each in wanted):
                        found.add(f"{name}.{table.name}")
    return found
