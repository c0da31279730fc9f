"""A hub on fresh data for the commands, and small untidy inputs of the tests' own."""

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from hub.cli.importing import Importer, acting_as
from hub.cli.report import Kind, Outcome, Row
from hub.clients import HUB, Clients, ContactRef
from hub.processes import working_clients
from hub.settings import Settings

IMPORTER = "coordinator@example.org"
CASE_COLUMNS = (
    "case_id", "case_name", "description", "organisation", "category", "helix", "country",
    "extent", "sector", "technology", "start", "status", "url",
)  # fmt: skip

T = TypeVar("T")


def silent(words: str, steps: int) -> Callable[[], None]:
    """A bar of progress that nobody sees."""
    return lambda: None


def with_hub(data_dir: Path, work: Callable[[Clients], Awaitable[T]]) -> T:
    """Do something with the services at work on this data."""

    async def go() -> T:
        async with working_clients(Settings(data_dir=data_dir)) as clients:
            return await work(clients)

    return asyncio.run(go())


def imported(
    data_dir: Path, *works: Callable[[Importer], Awaitable[None]], made_up: bool = False
) -> list[list[Row]]:
    """What became of the rows of each import, done one after the other by an admin."""

    async def go(clients: Clients) -> list[list[Row]]:
        order = {"email": IMPORTER, "name": "Coordinator"}
        await clients.membership.send(ContactRef, "POST", "/admins", HUB, order)
        identity = await acting_as(clients, IMPORTER, "coordinator")
        reports = []
        for work in works:
            importer = Importer(clients, identity, silent, made_up)
            await work(importer)
            reports.append(importer.rows)
        return reports

    return with_hub(data_dir, go)


def outcomes(rows: Sequence[Row], kind: Kind) -> dict[Outcome, int]:
    """How many rows of one kind had which outcome."""
    return dict(Counter(row.outcome for row in rows if row.kind == kind))


def case(**columns: str) -> dict[str, str]:
    """A row of a file of cases."""
    usual = {
        "case_name": "A lamp that asks",
        "description": "It asks before it shines.",
        "organisation": "Town of Lampton",
        "category": "Local Government",
        "helix": "government",
        "country": "BE",
        "extent": "Local",
        "sector": "Health",
        "technology": "Artificial intelligence",
        "start": "2020",
        "status": "Pilot",
        "url": "https://example.org/lamp",
    }
    return dict.fromkeys(CASE_COLUMNS, "") | usual | columns


def cases_file(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """A CSV file of cases."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CASE_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def call(**fields: Any) -> dict[str, Any]:
    """A funding call."""
    usual = {
        "topic_id": "LAMP-2026-01",
        "title": "Lamps for everybody",
        "programme": "Horizon Lampe",
        "call": "LAMP-2026",
        "deadline": "2026-09-23",
        "budget_min": 1_000_000,
        "budget_max": 2_000_000,
        "type_of_action": "Lamp Grants",
        "url": "https://example.org/calls/lamp-2026-01",
        "description": "Scope:Lamps that people like.They must be *cheap*.",
    }
    return {**usual, **fields}


def calls_file(path: Path, calls: Sequence[dict[str, Any] | str]) -> Path:
    """A file with a call a line; text is written as it is."""
    lines = [one if isinstance(one, str) else json.dumps(one) for one in calls]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def session(**fields: Any) -> dict[str, Any]:
    """A session of a programme."""
    usual = {
        "code": "LAMP01",
        "title": "Opening",
        "type": "Plenary",
        "language": "fr",
        "start": "2025-10-25T09:00:00+02:00",
        "end": "2025-10-25T09:45:00+02:00",
        "room": "Blue",
        "capacity": 120,
        "description": "Lamps are lit.",
    }
    return {**usual, **fields}


def programme_file(path: Path, sessions: Sequence[Any]) -> Path:
    """A file with a programme."""
    path.write_text(json.dumps(sessions), encoding="utf-8")
    return path
