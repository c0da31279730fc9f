"""`hub demo --remove` takes away all that the demonstration made, and nothing else."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.cli.demo import CALLS, CASES, alone, fill, take_away
from hub.cli.demo_people import GUESTS, ORGANISATIONS, PEOPLE
from hub.cli.importing import acting_as
from hub.clients import HUB, Clients, ContactRef
from hub.processes import working_clients
from hub.settings import Settings
from services.kit.db import open_database
from services.kit.errors import Conflict
from services.kit.identity import ANYONE, Identity
from tests.cli.test_demo import command
from tests.cli.world import call, calls_file, case, cases_file, with_hub

SEMINAR = {
    "kind": "seminar",
    "mode": "online",
    "title": "A real seminar",
    "starts_local": "2050-12-01T14:00:00",
    "ends_local": "2050-12-01T15:30:00",
    "time_zone": "Europe/Brussels",
    "capacity": 1,
}
ROLES = ("member", "organiser", "coordinator", "moderator", "admin")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A hub of its own for the test, on each database."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    return Settings(data_dir=tmp_path / "data", database_url=url)


@pytest.fixture
def small_input(tmp_path: Path) -> Path:
    """Files as they are laid out beside the project."""
    folder = tmp_path / "input"
    folder.mkdir()
    cases_file(folder / CASES, [case()])
    calls_file(folder / CALLS, [call()])
    return folder


async def _eventually(look: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    deadline = time.monotonic() + 20
    while (seen := await look()) != wanted and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    assert seen == wanted


async def _live_real_life(clients: Clients) -> dict[str, str]:
    """A real admin and a real guest among the people of the demonstration."""
    admin_order = {"name": "Rea Real", "email": "rea@example.net"}
    made = await clients.membership.send(ContactRef, "POST", "/admins", HUB, admin_order)
    rea = Identity(made.contact_id, ROLES)
    gus = await clients.membership.guest({"name": "Gus Real", "email": "gus@example.net"})
    ada = await acting_as(clients, PEOPLE[0].email, "coordinator")
    seminar = await clients.scheduling.create(SEMINAR, rea)
    # The only seat is a made-up person's; the real guest is in line behind her.
    await clients.scheduling.register(seminar.id, ada)
    await clients.scheduling.register(seminar.id, HUB, contact_id=gus.contact_id)
    demo = next(
        one for one in await clients.scheduling.gatherings(ANYONE, limit=200) if one.made_up
    )
    await clients.scheduling.register(demo.id, rea)
    works = (await clients.membership.organisations(ANYONE, q="Demo"))[0]
    await clients.membership.update_me({"organisation_id": works.id}, rea)
    await clients.knowledge.create({"kind": "news", "title": "Real news", "body": "Real."}, rea)
    await clients.knowledge.create({"kind": "news", "title": "By Ada", "body": "Unreal."}, ada)
    await clients.matchmaking.create(
        {"title": "A real case", "lead_organisation_id": works.id, "required_terms": ["genomics"]},
        rea,
    )
    await clients.calendar.issue("Ada's phone", ada)
    return {"rea": rea.contact_id or "", "gus": gus.contact_id, "demo": demo.id}


async def _seen(clients: Clients, ids: Mapping[str, str]) -> dict[str, Any]:
    """What is in the hub, by its services."""
    rea = Identity(ids["rea"], ROLES)
    case = (await clients.matchmaking.demo_cases(rea, limit=200))[0]
    return {
        "gatherings": [one.title for one in await clients.scheduling.gatherings(rea, limit=200)],
        "past": len(await clients.scheduling.gatherings(rea, past=True)),
        "own": [
            one.own and one.own.status
            for one in await clients.scheduling.gatherings(rea, registered=True, own=True)
        ],
        "posts": [one.title for one in await clients.knowledge.posts(rea, limit=200)],
        "case": (case.title, case.lead_organisation_id),
        "cases": len(await clients.matchmaking.demo_cases(rea, limit=200)),
        "organisations": await clients.membership.organisations(rea, limit=200),
        "members": (await clients.membership.people(rea, limit=100)).people,
        "profile": (await clients.membership.me(rea)).organisation,
        "matches": (await clients.matchmaking.overview(case.id, rea)).matches,
    }


def test_removal_takes_the_demonstration_and_leaves_what_is_real(
    settings: Settings, small_input: Path
) -> None:
    asyncio.run(fill(settings, small_input, small=True))

    async def before() -> dict[str, str]:
        async with working_clients(settings) as clients:
            ids = await _live_real_life(clients)

            async def mailed() -> set[str]:
                return {mail.to for mail in await clients.notification.mailbox()}

            deadline = time.monotonic() + 20
            while "gus@example.net" not in await mailed() and time.monotonic() < deadline:
                await asyncio.sleep(0.1)
            assert any(address.endswith("@example.org") for address in await mailed())
            return ids

    ids = asyncio.run(before())
    counts = asyncio.run(take_away(settings))
    assert {name: count > 0 for name, count in counts.items()} == dict.fromkeys(
        ("events", "registrations", "posts", "demo-cases", "calendar addresses",
         "people", "organisations"), True,
    )  # fmt: skip
    assert counts["people"] == 12 + len(GUESTS)
    assert counts["calendar addresses"] == 1

    async def after() -> None:
        async with working_clients(settings) as clients:
            assert await _seen(clients, ids) == {
                "gatherings": ["A real seminar"],
                "past": 0,
                "own": [],
                "posts": ["Real news"],
                "case": ("A real case", None),
                "cases": 1,
                "organisations": [],
                "members": [],
                "profile": None,
                "matches": [],
            }
            rea = Identity(ids["rea"], ROLES)
            seminar = (await clients.scheduling.gatherings(rea))[0]
            seats = (
                await clients.scheduling.gathering(seminar.id, rea, attendees=True)
            ).attendees or []
            assert [(one.contact_id, one.status) for one in seats] == [(ids["gus"], "confirmed")]
            assert seminar.seats_left == 0

            async def in_feed() -> int:
                feed = await clients.calendar.http.get("/feeds/public.ics")
                return feed.text.count("BEGIN:VEVENT")

            await _eventually(in_feed, 1)

            async def still_mailed() -> list[str]:
                mails = await clients.notification.mailbox()
                return sorted({mail.to for mail in mails if not mail.to.endswith("@example.net")})

            await _eventually(still_mailed, [])

            async def told() -> list[str]:
                """Subjects that came of the removal: the real guest has the seat now."""
                mails = await clients.notification.mailbox()
                return [mail.subject for mail in mails if mail.to == "gus@example.net"]

            await _eventually(lambda: _count(told), 2)
            rea_mails = [mail for mail in await clients.notification.mailbox() if "rea@" in mail.to]
            assert not any("called off" in mail.subject.lower() for mail in rea_mails)

    asyncio.run(after())
    assert not any(asyncio.run(take_away(settings)).values())


async def _count(look: Callable[[], Awaitable[list[str]]]) -> int:
    return len(await look())


def test_demonstration_can_be_filled_again_after_its_removal(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    async def look(clients: Clients) -> list[int]:
        ada = await acting_as(clients, PEOPLE[0].email, "coordinator")
        return [
            len(await clients.scheduling.gatherings(ada, limit=200)),
            len(await clients.knowledge.posts(ada, limit=200)),
            len(await clients.matchmaking.demo_cases(ada)),
            len(await clients.membership.organisations(ada, limit=200)),
            len((await clients.membership.people(ada, limit=100)).people),
        ]

    asyncio.run(fill(settings, None, small=True))
    seen = with_hub(settings.data_dir, look)
    assert all(seen)
    asyncio.run(take_away(settings))
    asyncio.run(fill(settings, None, small=True))
    assert with_hub(settings.data_dir, look) == seen
    assert seen[3] == len(ORGANISATIONS)


def test_demonstration_is_filled_or_removed_by_one_at_a_time(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    asyncio.run(take_away(settings))
    store = open_database("membership", settings)
    try:
        with alone(store):
            for work in (fill(settings, None, small=True), take_away(settings)):
                with pytest.raises(Conflict, match="being filled or removed"):
                    asyncio.run(work)
    finally:
        store.close()
    assert not any(asyncio.run(take_away(settings)).values())


def test_removal_is_a_command(tmp_path: Path) -> None:
    nothing = command(tmp_path, "demo", "--remove")
    assert (nothing.returncode, "no demonstration" in nothing.stderr) == (0, True)
    assert command(tmp_path, "demo", "--small", "--data", str(tmp_path)).returncode == 0
    # A hub that sends real mail takes none in, but lets go of one.
    done = command(tmp_path, "demo", "--remove", HUB_SMTP_URL="smtp://localhost:1")
    assert done.returncode == 0, done.stderr
    assert "The demonstration is gone" in done.stderr
