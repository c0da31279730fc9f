"""A file of 50,000 people imported, with the states that tell of them, against their bare rows.

Ours: what `hub import members` does with a CSV file: reading it, looking at every cell, and a
batch of rows and events at a time through the membership service. Floor: one Core `executemany`
of the same rows into the same table of the same kind of database, in one transaction, without
reading, checking or telling anything.
"""

from __future__ import annotations

import asyncio
import csv
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select, text

from hub.cli.bulk import Import, Report
from hub.processes import offline_clients
from hub.settings import Settings
from services.kit.db import Database, open_database
from services.membership.contacts.models import Contact
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Target, interleaved

NAME = "importing"
ROWS = 50_000
_CONTACTS: Table = Contact.__table__  # type: ignore[attr-defined]
_EMPTIED = ("timers", "outbox", "contacts")


def measure(bench: Bench) -> Iterator[Figure]:
    """Rows a second, on both databases."""
    for database in ("sqlite", "postgresql"):
        url = bench.postgres() if database == "postgresql" else None
        settings = Settings(data_dir=bench.folder(), database_url=url)
        work = _Work(settings, _people(bench.folder() / "people.csv"))
        found = interleaved(bench.rounds, bench.saying(database), [work.ours, work.floor])
        work.close()
        yield Figure(
            f"{NAME} {database}", found["ours"], found["floor"], "rows/s", Target(">=", 0.3)
        )


class _Work:
    """An empty hub, filled in turn by the import and by bare rows."""

    def __init__(self, settings: Settings, path: Path) -> None:
        self._settings = settings
        self._path = path
        # The same rows for both: as an import of the file leaves them.
        self._import()
        self._database: Database = open_database("membership", settings)
        with self._database.reading() as connection:
            found = connection.execute(select(_CONTACTS)).mappings()
            self._rows: list[dict[str, Any]] = [dict(row) for row in found]
        assert len(self._rows) == ROWS

    def ours(self) -> dict[str, float]:
        """The file, through the service."""
        self._empty()
        return {"ours": ROWS / self._import()}

    def floor(self) -> dict[str, float]:
        """The rows, into the table."""
        self._empty()
        began = time.perf_counter()
        with self._database.transaction() as connection:
            connection.execute(insert(_CONTACTS), self._rows)
        return {"floor": ROWS / (time.perf_counter() - began)}

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def _import(self) -> float:
        report = Report("members")

        async def go() -> float:
            async with offline_clients(self._settings) as clients:
                began = time.perf_counter()
                await Import(clients, "members", report).run(self._path, _unseen)
                return time.perf_counter() - began

        taken = asyncio.run(go())
        assert report.counts == {"made": ROWS}
        return taken

    def _empty(self) -> None:
        with self._database.transaction() as connection:
            for name in _EMPTIED:
                connection.execute(text(f"DELETE FROM {name}"))


def _people(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("name", "e-mail", "side", "town", "expertise"))
        for number in range(ROWS):
            writer.writerow(
                (
                    f"Person Number {number}",
                    f"person.{number}@example{number % 50}.org",
                    ("citizen", "company", "research", "government", "hospital")[number % 5],
                    ("Gent", "NL21", "Kraków", "Bilbao", "München")[number % 5],
                    "data governance; genomics",
                )
            )
    return path


def _unseen(words: str, steps: int) -> Callable[[], None]:
    return lambda: None
