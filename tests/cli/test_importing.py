"""Files go in through the services' own APIs, once, and every row has an outcome."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from hub.cli.importing import Importer, acting_as
from hub.clients import (
    HUB,
    Clients,
    ContactRef,
    DemoCaseRead,
    GatheringRead,
    OrganisationRead,
    PostRead,
    ServiceProblem,
)
from services.kit.errors import Forbidden, NotFound, SignInNeeded
from services.kit.identity import ANYONE, Identity
from tests.cli.world import (
    call,
    calls_file,
    case,
    cases_file,
    imported,
    outcomes,
    programme_file,
    session,
    with_hub,
)


def test_import_of_cases_makes_organisations_and_demo_cases_once(tmp_path: Path) -> None:
    path = cases_file(
        tmp_path / "cases.csv",
        [
            case(organisation="Ministry of Light", country="EL", case_name="Lamps of the sea"),
            case(organisation="The Ministry of Light (MOL)", country="GR"),
            case(organisation="Ministry of Light", country="", case_name="Lamps of the hills"),
            case(organisation="Ministry of Light", country="FI"),
            case(organisation="Ministry of Light", country="FI", case_name="a lamp that asks"),
            case(organisation="", case_name="Lamp without a home", url="\u00a0"),
            case(case_name=""),
        ],
    )
    first, second = imported(
        tmp_path / "data", lambda it: it.demo_cases(path), lambda it: it.demo_cases(path)
    )
    assert outcomes(first, "organisation") == {"made": 4, "joined": 2, "left out": 1}
    assert outcomes(first, "demo-case") == {"made": 5, "joined": 1, "left out": 1}
    assert outcomes(second, "organisation") == {"joined": 6, "left out": 1}
    assert outcomes(second, "demo-case") == {"joined": 6, "left out": 1}

    async def look(clients: Clients) -> tuple[list[OrganisationRead], list[DemoCaseRead]]:
        return (
            await clients.membership.organisations(ANYONE),
            await clients.matchmaking.demo_cases(ANYONE),
        )

    organisations, cases = with_hub(tmp_path / "data", look)
    assert {one.name: one.country for one in organisations} == {
        "Ministry of Light": "GR",
        "Ministry of Light (Finland)": "FI",
        "Ministry of Light (no country given)": None,
        "Town of Lampton": "BE",
    }
    leads = {one.id: one.name for one in organisations}
    assert sorted((one.title, leads.get(one.lead_organisation_id or "")) for one in cases) == [
        ("A lamp that asks", "Ministry of Light"),
        ("A lamp that asks", "Ministry of Light (Finland)"),
        ("Lamp without a home", None),
        ("Lamps of the hills", "Ministry of Light (no country given)"),
        ("Lamps of the sea", "Ministry of Light"),
    ]
    assert {*(one.made_up for one in organisations), *(one.made_up for one in cases)} == {False}


def test_import_of_posts_keeps_link_deadline_and_mends(tmp_path: Path) -> None:
    path = calls_file(
        tmp_path / "calls.jsonl",
        [
            call(title="Lamps of the cityâ€™s people", description="Scope:Itâ€™s bright."),
            call(),
            "{broken",
            call(url="", title="Lamps without a link"),
            call(url="", title="Lamps without a link", deadline="2026"),
        ],
    )
    first, second = imported(
        tmp_path / "data", lambda it: it.posts(path), lambda it: it.posts(path)
    )
    assert [(row.outcome, row.notes) for row in first] == [
        ("made", ["mended: characters broken on the way"] * 2),
        ("joined", []),
        ("left out", []),
        ("made", []),
        ("joined", ["deadline left out: '2026' is not a date"]),
    ]
    assert outcomes(second, "post") == {"joined": 4, "left out": 1}

    async def look(clients: Clients) -> list[PostRead]:
        return await clients.knowledge.posts(ANYONE, kind="funding", topic="horizon lampe")

    posts = {post.title: post for post in with_hub(tmp_path / "data", look)}
    assert set(posts) == {"Lamps of the city’s people", "Lamps without a link"}
    post = posts["Lamps of the city’s people"]
    assert (post.link, str(post.deadline)) == (call()["url"], "2026-09-23")
    assert "<h2>Scope</h2>\n<p>It’s bright.</p>" in post.body_html


def test_import_of_a_programme_makes_one_gathering(tmp_path: Path) -> None:
    path = programme_file(
        tmp_path / "programme.json",
        [session(), session(title="Closing", end="2025-10-25T18:00:00+02:00"), 7],
    )

    async def bring_in(importer: Importer) -> None:
        await importer.programme(path, title="Lamp days", topics=["lamps"])

    first, second = imported(tmp_path / "data", bring_in, bring_in)
    assert outcomes(first, "session") == {"made": 2, "left out": 1}
    assert outcomes(second, "session") == {"joined": 2, "left out": 1}

    async def look(clients: Clients) -> list[str]:
        found = await clients.scheduling.gatherings(ANYONE, past=True)
        return [f"{one.title} {one.starts_at} {one.ends_local}" for one in found]

    assert with_hub(tmp_path / "data", look) == [
        "Lamp days 2025-10-25 07:00:00+00:00 2025-10-25 18:00:00"
    ]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//lamps//EN
BEGIN:VEVENT
UID:lamp-1@example.org
DTSTAMP:20300101T000000Z
DTSTART;TZID=Europe/Paris:20300107T100000
DTEND;TZID=Europe/Paris:20300107T110000
RRULE:FREQ=WEEKLY;UNTIL=20300204T090000Z
EXDATE;TZID=Europe/Paris:20300114T100000
SUMMARY:Lamp hour
LOCATION:https://video.example/lamps
CATEGORIES:Lamps,Light
DESCRIPTION:<p>Bring a <b>lamp</b>.</p><script>alert(1)</script>
END:VEVENT
BEGIN:VEVENT
UID:lamp-1@example.org
DTSTAMP:20300101T000000Z
RECURRENCE-ID;TZID=Europe/Paris:20300121T100000
DTSTART;TZID=Europe/Paris:20300122T100000
DTEND;TZID=Europe/Paris:20300122T110000
SUMMARY:Lamp hour
END:VEVENT
BEGIN:VEVENT
UID:lamp-2@example.org
DTSTAMP:20300101T000000Z
DTSTART;VALUE=DATE:20300301
SUMMARY:Lamp day
LOCATION:Town hall
END:VEVENT
BEGIN:VEVENT
UID:lamp-3@example.org
DTSTAMP:20300101T000000Z
DTSTART:20300301T100000Z
RRULE:FREQ=WEEKLY
SUMMARY:Lamps for ever
END:VEVENT
BEGIN:VEVENT
DTSTAMP:20300101T000000Z
DTSTART:20300301T100000Z
SUMMARY:Lamp without a name
END:VEVENT
END:VCALENDAR
"""


def test_import_of_a_calendar_makes_each_event_once(tmp_path: Path) -> None:
    path, later = tmp_path / "lamps.ics", tmp_path / "later.ics"
    path.write_text(CALENDAR, encoding="utf-8")
    later.write_text(CALENDAR.replace("Town hall", "Museum"), encoding="utf-8")

    async def bring_in(importer: Importer) -> None:
        await importer.gatherings(path, title="", topics=[])

    async def try_out(importer: Importer) -> None:
        await importer.gatherings(later, title="", topics=[], dry_run=True)

    async def bring_later(importer: Importer) -> None:
        await importer.gatherings(later, title="", topics=[])

    reports = imported(tmp_path / "data", bring_in, bring_in, try_out, bring_later, bring_later)
    first, *others = [outcomes(rows, "event") for rows in reports]
    assert first == {"made": 3, "left out": 2}
    assert others == [
        {"joined": 3, "left out": 2},
        {"joined": 2, "changed": 1, "left out": 2},
        {"joined": 2, "changed": 1, "left out": 2},
        {"joined": 3, "left out": 2},
    ]
    assert [row.why for row in reports[0] if row.outcome == "left out"] == [
        "Please check what you entered: A series needs an end: a number of times or a last day.",
        "no UID by which it could be known again",
    ]

    async def look(clients: Clients) -> list[GatheringRead]:
        found = await clients.scheduling.gatherings(ANYONE)
        return [await clients.scheduling.gathering(one.slug, ANYONE) for one in found]

    series, day = with_hub(tmp_path / "data", look)
    assert (series.title, series.description, series.rrule, series.topics) == (
        "Lamp hour",
        "Bring a lamp.",
        "FREQ=WEEKLY;UNTIL=20300204T100000",
        ["lamps", "light"],
    )
    assert (day.title, day.mode, day.location) == ("Lamp day", "onsite", "Museum")


def test_import_of_a_programme_changes_its_sessions(tmp_path: Path) -> None:
    talk = session(code="LAMP02", title="Closing", end="2025-10-25T18:00:00+02:00")
    path = programme_file(tmp_path / "programme.json", [session(), talk])

    async def bring_in(importer: Importer) -> None:
        await importer.gatherings(path, title="Lamp days", topics=[])

    async def try_out(importer: Importer) -> None:
        await importer.gatherings(path, title="Lamp days", topics=[], dry_run=True)

    reports = imported(tmp_path / "data", try_out, bring_in, bring_in)
    assert [outcomes(rows, "session") for rows in reports] == [
        {"made": 2},
        {"made": 2},
        {"joined": 2},
    ]

    async def look(clients: Clients) -> list[str]:
        (one,) = await clients.scheduling.gatherings(ANYONE, past=True)
        agenda = await clients.scheduling.sessions(one.slug, ANYONE)
        return [f"{each.title} {each.starts_local} {each.room}" for each in agenda]

    assert with_hub(tmp_path / "data", look) == [
        "Closing 2025-10-25 09:00:00 Blue",
        "Opening 2025-10-25 09:00:00 Blue",
    ]


def test_import_leaves_out_what_the_hub_refuses_and_goes_on(tmp_path: Path) -> None:
    # Two weeks is the most a gathering may last, by the elapsed time: the clocks go back.
    path = programme_file(
        tmp_path / "programme.json",
        [
            session(start="2025-10-20T09:00:00+02:00", end="2025-10-20T10:00:00+02:00"),
            session(start="2025-11-03T08:00:00+01:00", end="2025-11-03T09:00:00+01:00"),
        ],
    )

    async def bring_in(importer: Importer) -> None:
        await importer.programme(path, title="Lamp days", topics=[])

    [rows] = imported(tmp_path / "data", bring_in)
    assert {row.outcome for row in rows} == {"left out"}
    assert "two weeks at most" in rows[0].why


@pytest.mark.parametrize(
    ("email", "roles", "error"),
    [
        ("nobody@example.org", ("member",), NotFound),
        ("guest@example.org", ("member",), NotFound),
        ("admin@example.org", ("coordinator",), None),
    ],
)
def test_acting_as_takes_members_with_the_role_only(
    tmp_path: Path, email: str, roles: tuple[str, ...], error: type[Exception] | None
) -> None:
    async def ask(clients: Clients) -> str | None:
        await clients.membership.guest({"name": "Guest", "email": "guest@example.org"})
        order = {"email": "admin@example.org", "name": "Admin"}
        ref = await clients.membership.send(ContactRef, "POST", "/admins", HUB, order)
        identity = await acting_as(clients, email, *roles)
        assert identity.contact_id == ref.contact_id
        return identity.contact_id

    _expect(tmp_path, ask, error)


def test_acting_as_refuses_a_member_without_the_role(tmp_path: Path) -> None:
    async def ask(clients: Clients) -> None:
        # Of two administrators one can have fewer roles.
        for name in ("other", "admin"):
            order = {"email": f"{name}@example.org", "name": name}
            ref = await clients.membership.send(ContactRef, "POST", "/admins", HUB, order)
        path = f"/members/{ref.contact_id}/roles"
        await clients.membership.tell("PUT", path, HUB, {"roles": ["organiser"]})
        await acting_as(clients, "admin@example.org", "coordinator")

    _expect(tmp_path, ask, Forbidden)


def test_addresses_are_looked_up_by_the_hub_alone(tmp_path: Path) -> None:
    async def ask(clients: Clients) -> None:
        order = {"email": "admin@example.org", "name": "Admin"}
        await clients.membership.send(ContactRef, "POST", "/admins", HUB, order)
        admin = await acting_as(clients, "admin@example.org", "coordinator")
        asked = {"emails": ["admin@example.org"]}
        await clients.membership.tell("POST", "/contacts/lookup", HUB, asked)
        for caller in (ANYONE, Identity(admin.contact_id, ("member", "coordinator"))):
            with pytest.raises((ServiceProblem, SignInNeeded)) as refused:
                await clients.membership.tell("POST", "/contacts/lookup", caller, asked)
            assert refused.value.status in (401, 403)

    with_hub(tmp_path, ask)


def _expect(
    data_dir: Path,
    ask: Callable[[Clients], Awaitable[object]],
    error: type[Exception] | None,
) -> None:
    if error is None:
        assert with_hub(data_dir, ask)
    else:
        with pytest.raises(error):
            with_hub(data_dir, ask)
