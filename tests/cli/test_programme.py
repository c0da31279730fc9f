"""A whole conference programme: one event, every session in its agenda, its calendar and search."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from icalendar import Calendar

from hub.cli.importing import Importer
from hub.clients import AgendaEntry, Clients, GatheringBrief, SessionFound
from services.kit.identity import ANYONE
from tests.cli.world import imported, outcomes, programme_file, session, with_hub
from tests.hub.gateway import Browser, WholeHub
from tests.real.icaljs import parse

PROGRAMME = Path(__file__).parents[3] / "shared" / "data" / "conference_programme.json"
SESSIONS = 93


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """The real one where it is at hand, else one like it."""
    if PROGRAMME.exists():
        return PROGRAMME
    begin = datetime.fromisoformat("2025-10-25T09:00:00+02:00")
    like_it = []
    for n in range(SESSIONS):
        start = begin + timedelta(minutes=30 * (n // 4))
        like_it.append(
            session(
                code=f"LAMP{n}",
                title=f"Lampe n° {n:03}" if n % 2 else f"Lamp no. {n:03}, \\ and; more",
                language="fr" if n % 2 else "en",
                room=f"Room {n % 4}",
                start=start.isoformat(),
                end=(start + timedelta(minutes=30)).isoformat(),
                description=f"<p>Lamp <b>{n}</b></p>\r\n\r\n* one\r\n* two",
            )
        )
    return programme_file(tmp_path / "programme.json", like_it)


def test_every_session_of_a_programme_is_in_agenda_calendar_and_search(
    tmp_path: Path, programme: Path, icaljs: None
) -> None:
    async def bring_in(importer: Importer) -> None:
        await importer.gatherings(programme, title="Conference", topics=["lamps"])

    (rows,) = imported(tmp_path / "data", bring_in)
    assert outcomes(rows, "session") == {"made": SESSIONS}

    async def look(
        clients: Clients,
    ) -> tuple[GatheringBrief, list[AgendaEntry], list[SessionFound], bytes, list[GatheringBrief]]:
        (whole,) = await clients.scheduling.gatherings(ANYONE, past=True)
        agenda = await clients.scheduling.sessions(whole.slug, ANYONE)
        found = [
            (await clients.scheduling.find_sessions(entry.title, ANYONE, limit=100))[0]
            for entry in agenda[::10]
        ]
        answer = httpx.Response(404)
        for _ in range(200):
            answer = await clients.calendar.http.get(f"/events/{whole.slug}.ics")
            if answer.content.count(b"BEGIN:VEVENT") == 1 + SESSIONS:
                break
            await asyncio.sleep(0.1)
        month = await clients.scheduling.gatherings(
            ANYONE,
            past=True,
            begins=whole.starts_at - timedelta(days=1),
            ends=whole.starts_at + timedelta(days=1),
        )
        return whole, agenda, found, answer.content, month

    whole, agenda, found, ics, month = with_hub(tmp_path / "data", look)
    assert len(agenda) == SESSIONS
    assert [each.id for each in month] == [whole.id]
    titles = {entry.title for entry in agenda}
    assert {each.title for each in found} <= titles
    assert {each.gathering_slug for each in found} == {whole.slug}

    times = sorted((entry.starts_at, entry.ends_at) for entry in agenda)
    events: list[Any] = Calendar.from_ical(ics).walk("VEVENT")[1:]
    said = sorted((e["DTSTART"].dt.astimezone(UTC), e["DTEND"].dt.astimezone(UTC)) for e in events)
    assert said == times
    read = [date for event in parse(ics).events[1:] for date in event.occurrences]
    assert sorted((date.start, date.end) for date in read) == times
    assert len({event["UID"] for event in events}) == SESSIONS


def test_programme_is_on_the_pages_of_lists_months_agendas_and_search(
    tmp_path: Path, programme: Path
) -> None:
    async def bring_in(importer: Importer) -> None:
        await importer.gatherings(programme, title="Conference", topics=["lamps"])

    imported(tmp_path / "data", bring_in)
    hub = WholeHub(tmp_path / "data", new=True)
    try:
        visitor = Browser(hub)
        month = visitor.get("/events?view=month&month=2025-10").text
        (path,) = set(re.findall(r'href="(/events/conference[a-z0-9-]*)"', month))
        assert f'href="{path}"' in visitor.get("/events?past=true").text
        agenda = visitor.get(f"{path}/agenda").text
        sessions = re.findall(rf'href="({path}/agenda/[a-z0-9-]+)"', agenda)
        assert len(set(sessions)) == SESSIONS
        for session in sessions[::15]:
            shown = visitor.get(session)
            assert shown.status_code == 200
            heading = re.search(r"<h1[^>]*>(.*?)</h1>", shown.text, re.DOTALL)
            assert heading
            title = unescape(re.sub(r"<[^>]+>", "", heading[1])).strip()
            found = visitor.get(f"/search?{urlencode({'q': title})}").text
            assert f'href="{session}"' in found, title
    finally:
        hub.close()
