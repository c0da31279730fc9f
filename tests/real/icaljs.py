"""Reads a calendar as an app does, with ical.js (Thunderbird's parser) in its strict mode."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from tests.real.parts import ICALJS

_SCRIPT = Path(__file__).with_name("parse.mjs")


class Strict(BaseModel):
    """A frozen record of exactly what the script prints."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Occurrence(Strict):
    """One time that an event takes place, in UTC (midnight of the date for whole days)."""

    start: AwareDatetime
    end: AwareDatetime
    all_day: bool
    recurrence_id: AwareDatetime | None
    summary: str | None
    status: str | None


class Event(Strict):
    """One VEVENT; the occurrences of an override are shown by its series."""

    uid: str
    summary: str | None
    description: str | None
    location: str | None
    url: str | None
    status: str | None
    sequence: int | None
    recurrence_id: AwareDatetime | None
    occurrences: list[Occurrence]


class Calendar(Strict):
    """What a calendar app has after reading a feed; property names are in lower case."""

    properties: dict[str, str]
    events: list[Event]


class UnreadableCalendarError(ValueError):
    """The calendar is not one that ical.js takes, with what it said."""


def parse(ics: bytes, *, limit: int = 100) -> Calendar:
    """Reads the bytes of a feed, expanding at most `limit` occurrences of a series."""
    library = ICALJS / "dist" / "ical.js"
    done = subprocess.run(
        ["node", str(_SCRIPT), str(library), str(limit)],
        input=ics,
        capture_output=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        raise UnreadableCalendarError(done.stderr.decode(errors="replace"))
    return Calendar.model_validate_json(done.stdout)
