"""`hub demo` fills a hub that can then be looked at, and doing it twice makes nothing twice."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from hub.cli.demo import CALLS, CASES, PROGRAMME, fill
from hub.cli.demo_people import COORDINATOR, DOMAIN, ORGANISATIONS, PEOPLE
from hub.cli.demo_things import DEMO_CASES, POSTS, clock_change, gatherings
from hub.cli.importing import acting_as
from hub.clients import Clients
from hub.settings import Settings
from services.kit.fields import zone
from services.kit.identity import ANYONE
from tests.cli.world import (
    call,
    calls_file,
    case,
    cases_file,
    outcomes,
    programme_file,
    session,
    with_hub,
)

REAL = Path(__file__).parents[2].parent / "shared" / "data"
"""Real input, where it is laid out beside the project."""
LEADS = f"{COORDINATOR.lower().replace(' ', '.')}@{DOMAIN}"


@pytest.fixture
def small_input(tmp_path: Path) -> Path:
    folder = tmp_path / "input"
    folder.mkdir()
    cases_file(folder / CASES, [case(case_name=f"Lamp {number}") for number in range(3)])
    calls_file(folder / CALLS, [call(url=f"https://example.org/{number}") for number in range(3)])
    programme_file(folder / PROGRAMME, [session()])
    return folder


async def _everything(clients: Clients) -> dict[str, object]:
    """What a visitor and the coordinator can see, once the calendar has heard of it."""
    coordinator = await acting_as(clients, LEADS, "coordinator")
    coming = await clients.scheduling.gatherings(ANYONE, limit=200)
    feed = await _feed(clients, len(coming))
    master_class = next(one for one in coming if one.title.startswith("Master class"))
    found = await clients.scheduling.gathering(master_class.id, coordinator, attendees=True)
    line = found.attendees or []
    cases = {one.title: one for one in await clients.matchmaking.demo_cases(coordinator)}
    case = cases[DEMO_CASES[0].order["title"]]
    matches = (await clients.matchmaking.overview(case.id, coordinator)).matches or []
    posts = await clients.knowledge.posts(coordinator, limit=200)
    organisations = await clients.membership.organisations(coordinator, limit=200)
    found_people = (await clients.membership.people(coordinator, limit=100)).people
    past = await clients.scheduling.gatherings(ANYONE, past=True)
    return {
        "made up": {
            *(one.made_up for one in (*coming, *past)),
            *(one.made_up for one in cases.values()),
            *(one.made_up for one in posts),
            *(one.made_up for one in organisations),
        },
        "organisations": sorted(one.name for one in organisations),
        "members": sorted(one.name for one in found_people),
        "posts": sorted(one.title for one in posts),
        "demo-cases": sorted(cases),
        "coming": sorted(one.title for one in coming),
        "past": [one.title for one in past],
        "feed": sorted(str(event["SUMMARY"]) for event in feed.walk("VEVENT")),
        "master class": Counter(one.status for one in line),
        "best match": (matches[0].name, len(matches[0].covers)),
    }


async def _feed(clients: Clients, events: int) -> icalendar.Calendar:
    deadline = time.monotonic() + 20
    while True:
        answer = await clients.calendar.http.get("/feeds/public.ics")
        feed = icalendar.Calendar.from_ical(answer.text)
        if len(feed.walk("VEVENT")) >= events or time.monotonic() > deadline:
            assert isinstance(feed, icalendar.Calendar)
            return feed
        await asyncio.sleep(0.1)


def test_demo_fills_the_hub_and_again_makes_nothing_twice(
    tmp_path: Path, small_input: Path
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    first = asyncio.run(fill(settings, small_input))
    seen = with_hub(settings.data_dir, _everything)
    titles = [one.order["title"] for one in gatherings(datetime.now(UTC).date())]
    assert seen == {
        "made up": {True},
        "organisations": sorted([*(one.name for one in ORGANISATIONS), "Town of Lampton"]),
        "members": sorted(one.name for one in PEOPLE if "directory" in one.consents),
        "posts": sorted([*(one.order["title"] for one in POSTS), *["Lamps for everybody"] * 3]),
        "demo-cases": sorted(
            [*(one.order["title"] for one in DEMO_CASES), *(f"Lamp {n}" for n in range(3))]
        ),
        "coming": sorted(titles),
        "past": ["A conference with its real agenda"],
        "feed": sorted([*titles, "A conference with its real agenda"]),
        "master class": {"confirmed": 6, "waitlisted": 5},
        "best match": ("Demo Wearables and Sensors Co", 2),
    }
    again = asyncio.run(fill(settings, small_input))
    assert with_hub(settings.data_dir, _everything) == seen
    for rows, outcome in ((first, "made"), (again, "joined")):
        assert outcomes(rows, "post") == outcomes(rows, "demo-case") == {outcome: 3}
        assert outcomes(rows, "session") == {outcome: 1}


def test_demo_people_are_of_all_sides_and_many_regions() -> None:
    assert len(PEOPLE) == len({person.email for person in PEOPLE}) == 40
    assert {person.side for person in PEOPLE} == {
        "citizen",
        "business",
        "research",
        "government",
        "healthcare",
    }
    assert len({person.region for person in PEOPLE}) >= 12
    assert all(person.email.endswith("@example.org") for person in PEOPLE)
    assert all("terms" in person.consents for person in PEOPLE)


@pytest.mark.parametrize("today", [date(2026, 1, 1) + timedelta(days=d) for d in range(0, 365, 13)])
def test_demo_series_goes_across_a_clock_change_in_the_future(today: date) -> None:
    [series] = [one.order for one in gatherings(today) if "rrule" in one.order]
    first = datetime.fromisoformat(series["starts_local"])
    last = first + timedelta(weeks=5)
    offsets = {
        moment.replace(tzinfo=zone(series["time_zone"])).utcoffset() for moment in (first, last)
    }
    assert len(offsets) == 2
    assert first.date() > today
    assert first.strftime("%A") == "Tuesday"
    assert first.date() < clock_change(first.date()) < last.date()


@pytest.mark.timeout(60)
def test_real_input_is_accounted_for_row_by_row(tmp_path: Path) -> None:
    folder = REAL if REAL.is_dir() else _large_input(tmp_path)
    rows = asyncio.run(fill(Settings(data_dir=tmp_path / "data"), folder))
    lines = len((folder / CALLS).read_text(encoding="utf-8").splitlines())
    sessions = len(json.loads((folder / PROGRAMME).read_text(encoding="utf-8")))
    kinds = Counter(row.kind for row in rows)
    assert kinds["organisation"] == kinds["demo-case"] > 0
    assert (kinds["post"], kinds["session"]) == (lines, sessions)
    assert {row.outcome for row in rows} <= {"made", "joined", "left out"}
    assert all(row.why for row in rows)
    refused = [row for row in rows if row.outcome == "left out" and "check what" in row.why]
    assert refused == []


def test_demo_begins_lists_with_the_newest_of_the_community(
    tmp_path: Path, small_input: Path
) -> None:
    done = command(tmp_path, "demo", "--small", "--data", str(small_input))
    assert done.returncode == 0, done.stderr

    async def look(clients: Clients) -> list[str]:
        posts = await clients.knowledge.posts(ANYONE, limit=1)
        cases = await clients.matchmaking.demo_cases(ANYONE, limit=1)
        return [posts[0].title, cases[0].title]

    newest_post, newest_case = with_hub(tmp_path / "data", look)
    assert newest_post in {one.order["title"] for one in POSTS}
    assert newest_case in {one.order["title"] for one in DEMO_CASES}


def test_demo_refuses_a_hub_that_sends_real_mail(tmp_path: Path) -> None:
    done = command(tmp_path, "demo", HUB_SMTP_URL="smtp://localhost:1")
    assert done.returncode == 1
    assert "no place for a demonstration" in done.stderr
    assert not (tmp_path / "data").exists()


def test_import_command_writes_a_line_for_each_row(tmp_path: Path) -> None:
    path = calls_file(tmp_path / "calls.jsonl", [call(), call(), "{"])
    report = tmp_path / "report.jsonl"
    options = ("import", "posts", str(path), "--report", str(report))
    refused = command(tmp_path, *options, "--as", "me@example.org")
    assert refused.returncode == 1
    assert "There is no member with the address me@example.org." in refused.stderr
    assert command(tmp_path, "admin", "create", "me@example.org").returncode == 0
    done = command(tmp_path, *options, "--as", "me@example.org")
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [(line["row"], line["outcome"], line["kind"]) for line in said] == [
        (1, "made", "post"),
        (2, "joined", "post"),
        (3, "left out", "post"),
    ]
    assert said[1]["why"] == "the same as row 1"


def command(folder: Path, *argv: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `hub` on the data of this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.run(
        [sys.executable, "-m", "hub.cli", *argv],
        env={**kept, "HUB_DATA_DIR": str(folder / "data"), "COLUMNS": "200", **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _large_input(folder: Path) -> Path:
    made = folder / "input"
    made.mkdir()
    cases_file(
        made / CASES,
        [
            case(case_name=f"Lamp {number}", organisation=f"Town {number % 150}", country=country)
            for number, country in enumerate(["BE", "EL", "", "GR"] * 100)
        ],
    )
    calls_file(
        made / CALLS,
        [call(url=f"https://example.org/{number % 350}") for number in range(400)],
    )
    programme_file(made / PROGRAMME, [session(title=f"Talk {number}") for number in range(90)])
    return made
