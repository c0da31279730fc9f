"""Looks for what is left of an erased person: in tables, topics, files and logs.

Two things are looked for: the person's id, which may stand alone in history and receipts, where
nothing leads from it to anybody; and texts such as the name and the address, which may stand
nowhere.
"""

import html
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select

from events.catalogue import SERVICES
from events.envelope import STREAMS
from events.log import EventLog
from services.kit.db import Database

Progress = Callable[[str], None]
"""Told of each place before it is looked into."""

HISTORY = "facts: what happened, by an id that leads to nobody"
TOMBSTONES = "tombstones: that a state is gone"
RECEIPT = "the record of the erasure, needed to erase again after a restore"
TIMERS = "timers that finish the erasure"
VERSIONS = "an id with a version, so that nothing late brings the person back"
LOG_LINES = "log lines with an id that leads to nobody"

_BARE = {
    ("notification", "known_contacts"),
    ("scheduling", "known_contacts"),
    ("matchmaking", "candidate_versions"),
}
_CHUNK = 1 << 20


@dataclass
class Found:
    """What was found: what should not be there, and what is explained, each with its place."""

    left: Counter[str] = field(default_factory=Counter)
    explained: Counter[tuple[str, str]] = field(default_factory=Counter)
    looked_at: int = 0
    """Rows, records and files."""


@dataclass(frozen=True)
class Wanted:
    """Whom to look for."""

    id: str
    texts: tuple[str, ...] = ()

    @property
    def forms(self) -> frozenset[str]:
        """Each text in every way in which the hub may have written it, in small letters."""
        found = set()
        for text in self.texts:
            plain = unicodedata.normalize("NFKD", text)
            bare = "".join(c for c in plain if not unicodedata.combining(c))
            for form in (text, json.dumps(text)[1:-1], html.escape(text), bare):
                found.add(form.casefold())
        return frozenset(found)


def tables(stores: Mapping[str, Database], wanted: Wanted, found: Found, told: Progress) -> None:
    """Every row of every table of every service, inbox, outbox and parked events among them."""
    forms = wanted.forms
    for service, store in stores.items():
        metadata = MetaData()
        with store.reading() as connection:
            metadata.reflect(connection)
            for table in metadata.sorted_tables:
                told(f"{service}: table {table.name}")
                rows = connection.execution_options(yield_per=1000).execute(select(table))
                for row in rows.mappings():
                    found.looked_at += 1
                    _look_at_row(service, table.name, row, wanted, forms, found)


def topics(event_log: EventLog, wanted: Wanted, found: Found, told: Progress) -> None:
    """Every record of every topic, from its beginning."""
    forms = wanted.forms
    for service in SERVICES:
        for stream in STREAMS:
            told(f"{service}: topic of {stream}")
            for batch in event_log.replay(frozenset({(service, stream)})):
                for record in batch:
                    found.looked_at += 1
                    place = f"topic {service}.{stream}: {record.type}"
                    said = f"{record.key} {_text(record.value)}"
                    if _has(said, forms):
                        found.left[place] += 1
                    elif wanted.id in said:
                        if record.value is None:
                            found.explained[TOMBSTONES, place] += 1
                        elif record.stream == "facts":
                            found.explained[HISTORY, place] += 1
                        else:
                            found.left[place] += 1


def files(paths: Iterable[Path], wanted: Wanted, found: Found, told: Progress) -> None:
    """The bytes of files: SQLite's own, its write-ahead logs, and whatever else lies there.

    Texts may be nowhere; ids are looked for by the rows of tables, and here in logs alone.
    """
    forms = sorted(form.encode() for form in wanted.forms)
    for path in paths:
        told(f"file {path.name}")
        found.looked_at += 1
        is_log = path.suffix in (".log", ".txt")
        texts = _in_file(path, forms) if forms else 0
        ids = _in_file(path, [wanted.id.encode()]) if is_log else 0
        if texts:
            found.left[f"file {path}"] += texts
        if ids:
            found.explained[LOG_LINES, f"file {path}"] += ids


def files_in(folders: Iterable[Path]) -> Iterator[Path]:
    """All files of these folders (a file is its own), but for keys."""
    for folder in folders:
        if folder.is_file():
            yield folder
        else:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.parent.name != "keys":
                    yield path


def _look_at_row(
    service: str,
    table: str,
    row: Mapping[Any, Any],
    wanted: Wanted,
    forms: frozenset[str],
    found: Found,
) -> None:
    for column, value in row.items():
        said = _text(value)
        place = f"{service}.{table}.{column}"
        if said and _has(said, forms):
            found.left[place] += 1
        elif wanted.id in said:
            why = _why(service, table, row, wanted.id)
            if why:
                found.explained[why, f"{service}.{table}"] += 1
            else:
                found.left[place] += 1


def _why(service: str, table: str, row: Mapping[Any, Any], id: str) -> str | None:
    """Why an id may stand in this row; None when it may not."""
    if table == "outbox":
        if row["stream"] == "facts":
            return HISTORY
        return TOMBSTONES if row["payload"] is None else None
    if table == "parked":
        return HISTORY if row["stream"] == "facts" else None
    if table == "timers":
        return TIMERS if row["kind"].startswith(("forgetting.", "erasure.")) else None
    if (service, table) == ("membership", "erasures"):
        return RECEIPT
    others = [value for value in row.values() if value != id]
    if (service, table) in _BARE and not any(isinstance(each, str) and each for each in others):
        return VERSIONS
    return None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _has(said: str, forms: frozenset[str]) -> bool:
    small = said.casefold()
    return any(form in small for form in forms)


def _in_file(path: Path, wanted: list[bytes]) -> int:
    """How often any of these is in a file; the ends of chunks overlap."""
    longest = max(map(len, wanted), default=0)
    count, tail = 0, b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                # Small letters of ASCII only: bytes of anything else stay as they are.
                said = (tail + chunk).lower()
                count += sum(said.count(each) for each in wanted)
                tail = said[-(longest - 1) :] if longest > 1 else b""
                count -= sum(tail.count(each) for each in wanted)
    except FileNotFoundError:
        # A write-ahead log that its last reader has just taken away.
        return count
    return count + sum(tail.count(each) for each in wanted)
