"""The whole path, from join form to calendar app, in each of the four ways to run the hub."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from events.catalogue.scheduling import WaitlistPromoted
from events.tables import OUTBOX
from hub.compose import open_stores
from tests.flows.people import Mailbox, Person, eventually, feed, slug_in
from tests.hubs import WAYS, RunningHub, running_hub
from tests.real import icaljs

BOSS = "boss@example.org"


def joining(hub: RunningHub) -> dict[str, Person]:
    """Step 1: a citizen and people of organisations join, confirm, and sign in by link."""
    anna = Person(hub.url, "Anna Citizen", "anna@example.org")
    anna.member(side="citizen", region="BE10", expertise_sought="genomics")
    anna.post("/sign-out")
    anna.sign_in()
    bert = Person(hub.url, "Bert Company", "bert@example.org").member(
        side="business",
        region="BE21",
        organisation_name="Bert's Sequencers",
        expertise_offered="genomics, data protection",
        consents=("matchmaking", "directory"),
    )
    carl = Person(hub.url, "Carl Clinic", "carl@example.org").member(
        side="healthcare",
        region="NL36",
        expertise_offered="clinical trials",
        consents=("matchmaking", "directory"),
    )
    hub.command("admin", "create", BOSS, "--name", "Olga Organiser")
    olga = Person(hub.url, "Olga Organiser", BOSS)
    olga.sign_in()
    assert "Olga Organiser" in olga.get("/me")
    return {"anna": anna, "bert": bert, "carl": carl, "olga": olga}


def publishing(hub: RunningHub, olga: Person) -> tuple[str, str]:
    """Step 2: a seminar with two seats, and a weekly series over a clock change."""
    common = {
        "kind": "seminar",
        "mode": "online",
        "time_zone": "Europe/Brussels",
        "language": "en",
        "join_url": "https://video.example/secret-room",
    }
    seminar = olga.publish(
        **common,
        title="Genomics in the clinic",
        starts_local="2027-02-02T14:00",
        ends_local="2027-02-02T15:30",
        capacity="2",
        topics="genomics",
    )
    series = olga.publish(
        **common,
        title="Weekly reading group",
        starts_local="2027-03-18T18:30",
        ends_local="2027-03-18T20:00",
        repeats="weekly",
        times="3",
    )
    events = eventually(lambda: len(feed(hub.url, "/feeds/public.ics")[1]) == 2)
    assert events
    body, events_by_title = feed(hub.url, "/feeds/public.ics")
    assert b"secret-room" not in body
    assert set(events_by_title) == {"Genomics in the clinic", "Weekly reading group"}
    (parsed,) = [
        event for event in icaljs.parse(body).events if event.summary == "Weekly reading group"
    ]
    assert [occurrence.start for occurrence in parsed.occurrences] == [
        datetime(2027, 3, 18, 17, 30, tzinfo=UTC),
        datetime(2027, 3, 25, 17, 30, tzinfo=UTC),
        datetime(2027, 4, 1, 16, 30, tzinfo=UTC),
    ]
    return seminar, series


def registering(hub: RunningHub, people: dict[str, Person], seminar: str) -> None:
    """Step 3: two get seats, two wait, one cancels, the next moves up."""
    anna, bert, carl, olga = (people[name] for name in ("anna", "bert", "carl", "olga"))
    guest = Person(hub.url, "Gia Guest", "gia@example.org")
    private = {name: people[name].new_feed() for name in ("anna", "carl")}
    for person in (anna, bert, carl):
        person.post(f"/events/{seminar}/register")
    guest.post(f"/events/{seminar}/register", name=guest.name, email=guest.email)

    def carls() -> str | None:
        return status_in(hub, private["carl"])

    assert eventually(lambda: carls() == "TENTATIVE"), carls()
    assert status_in(hub, private["anna"]) == "CONFIRMED"
    waiting = guest.mailbox.wait_for(guest.email, 1)
    (cancel,) = anna.registrations()
    anna.post(cancel)
    assert eventually(lambda: carls() == "CONFIRMED"), carls()
    assert eventually(lambda: status_in(hub, private["anna"]) in (None, "CANCELLED"))
    assert "You are on the waitlist" in guest_page(guest, waiting)
    refused = anna.browser.get(f"/events/{seminar}/join")
    assert refused.status_code == 403
    early = eventually(lambda: carl.browser.get(f"/events/{seminar}/join").status_code == 409)
    assert early
    olga.post(f"/organise/{seminar}/direct-address", released="yes")
    assert (
        carl.browser.get(f"/events/{seminar}/join").headers["location"]
        == "https://video.example/secret-room"
    )


def guest_page(guest: Person, mail: dict[str, Any]) -> str:
    """The page that a guest's mail leads to."""
    (link,) = {link for link in mail["links"] if "/registrations/" in link}
    return guest.get(httpx.URL(link).path)


def status_in(hub: RunningHub, path: str) -> str | None:
    """STATUS of the seminar in a private feed, or None when it is not there."""
    _, events = feed(hub.url, path)
    return next((str(e["STATUS"]) for title, e in events.items() if "Genomics" in title), None)


def sharing(people: dict[str, Person]) -> str:
    """Step 4: a member publishes a post."""
    bert = people["bert"]
    answer = bert.post(
        "/posts/new",
        kind="practice",
        title="Sequencing in a small hospital",
        summary="What it took",
        body="## Steps\n\n1. Ask\n2. Sequence <script>alert(1)</script>",
        topics="genomics, hospitals",
        language="en",
        audience="public",
    )
    slug = slug_in(answer, "posts")
    shown = people["anna"].get(f"/posts/{slug}")
    assert "Sequencing in a small hospital" in shown
    assert "<script>alert" not in shown
    return slug


def matching(people: dict[str, Person]) -> str:
    """Step 5: a region proposes a demo-case and sees who fits and why."""
    answer = people["olga"].post(
        "/demo-cases/new",
        title="Genome-guided therapy in two regions",
        challenge="Patients wait too long",
        solution="Sequence at admission",
        required_terms="genomics, data protection, clinical trials",
        region_code="BE21",
    )
    slug = slug_in(answer, "demo-cases")
    page = people["olga"].get(f"/demo-cases/{slug}")
    assert page.index("Bert Company") < page.index("Carl Clinic")
    assert "data protection" in page
    return slug


EXPECTED_MAILS = Counter(
    {
        "anna@example.org": 5,  # confirm, welcome, sign-in, seat, cancelled
        "bert@example.org": 5,  # confirm, welcome, seat, post, match
        "carl@example.org": 5,  # confirm, welcome, waiting, promoted, match
        BOSS: 4,  # sign-in, two events, matches found
        "gia@example.org": 1,  # waiting
    }
)


def mails(hub: RunningHub) -> Counter[str]:
    """How many mails went to whom."""
    return Counter(
        address
        for mail in Mailbox(hub.url).all()
        for address in EXPECTED_MAILS
        if address in mail["to"]
    )


@pytest.mark.parametrize("way", WAYS)
def test_the_path_is_whole(way: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with running_hub(way, tmp_path, request) as hub:
        people = joining(hub)
        seminar, _ = publishing(hub, people["olga"])
        registering(hub, people, seminar)
        sharing(people)
        matching(people)
        eventually(lambda: mails(hub) == EXPECTED_MAILS)
        subjects = sorted((mail["to"], mail["subject"]) for mail in Mailbox(hub.url).all())
        assert mails(hub) == EXPECTED_MAILS, subjects
        assert len({mail["message_id"] for mail in Mailbox(hub.url).all()}) == len(subjects)
        for person in people.values():
            assert "Genom" in person.notices()
        feeds = [feed(hub.url, path)[0] for path in ("/feeds/public.ics", f"/events/{seminar}.ics")]
        if way != "cluster":
            replayed(hub, seminar, feeds, subjects)
        people["olga"].post(f"/events/{seminar}/cancel", sure="on")
        cancelled = eventually(
            lambda: b"STATUS:CANCELLED" in httpx.get(f"{hub.url}/events/{seminar}.ics").content
        )
        assert cancelled
        icaljs.parse(httpx.get(f"{hub.url}/feeds/public.ics").content)
        assert hub.command("events", "parked").strip() == "Nothing is parked."
        traced(hub)


def traced(hub: RunningHub) -> None:
    """One fact's way from request to every effect."""
    stores = open_stores(hub.settings)
    with stores["scheduling"].reader() as session:
        query = select(OUTBOX.c.id).where(OUTBOX.c.type == WaitlistPromoted.TYPE)
        promoted = session.connection().execute(query).scalar_one()
    for store in stores.values():
        store.close()
    way = hub.command("events", "trace", promoted)
    for word in (
        "hub.scheduling.waitlist-promoted.v1",
        "hub.scheduling.registration-cancelled.v1",
        "committed by scheduling",
        "handled by notification.send",
        "handled by calendar.feeds",
        "hub.notification.message-delivered.v1",
    ):
        assert word in way, way
    assert WaitlistPromoted.TYPE in hub.command("events", "show", promoted)


def replayed(
    hub: RunningHub, seminar: str, before: list[bytes], subjects: list[tuple[str, str]]
) -> None:
    """Rebuilding every projection changes no byte and sends no mail."""
    for name in hub.command("replay").split():
        hub.command("replay", name)
    hub.kill()
    hub.start()
    after = [feed(hub.url, path)[0] for path in ("/feeds/public.ics", f"/events/{seminar}.ics")]
    assert after == before
    assert sorted((m["to"], m["subject"]) for m in Mailbox(hub.url).all()) == subjects
