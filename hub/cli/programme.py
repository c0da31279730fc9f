"""A conference's programme (JSON) as one gathering whose description is the agenda."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from hub.cli import rows as tidy
from hub.cli.report import Planned, Row
from services.kit.fields import zone

LONGEST = timedelta(days=14)
"""What the hub takes as one gathering."""
DESCRIPTION = 20_000
TIME_ZONE = "Europe/Paris"


@dataclass(frozen=True)
class Session:
    """One item of the agenda, in the wall-clock time of its place."""

    row: Row
    title: str
    starts: datetime
    ends: datetime
    kind: str
    language: str
    room: str
    seats: int

    @property
    def line(self) -> str:
        """The item in the agenda."""
        about = ", ".join(filter(None, [self.kind.lower(), self.language]))
        return (
            f"- {self.starts:%H:%M} to {self.ends:%H:%M}"
            f"{f', {tidy.quoted(self.room)}' if self.room else ''}: "
            f"**{tidy.quoted(self.title)}**{f' ({about})' if about else ''}"
        )


def gathering(
    items: Sequence[Mapping[str, Any] | None],
    *,
    source: str,
    title: str,
    topics: Sequence[str],
    time_zone: str = TIME_ZONE,
    made_up: bool,
) -> tuple[list[Row], Planned | None]:
    """The programme as one gathering; None when no session can be read."""
    rows = [Row("session", source, number) for number in range(1, len(items) + 1)]
    sessions: dict[tuple[str, datetime, str], Session] = {}
    again: list[tuple[Row, Session]] = []
    for row, item in zip(rows, items, strict=True):
        session = _session(row, item, time_zone)
        if session is not None:
            kept = sessions.setdefault((session.title, session.starts, session.room), session)
            if kept is not session:
                again.append((row, kept))
    listed, agenda = _agenda(sorted(sessions.values(), key=lambda s: (s.starts, s.room, s.title)))
    if not listed:
        return rows, None
    order = _order(listed, agenda, title=title, topics=topics, time_zone=time_zone)
    of_rows = [session.row for session in listed]
    planned = Planned({**order, "made_up": made_up}, of_rows, parts=True)
    for row, session in again:
        row.outcome, row.why = "joined", f"the same as row {session.row.number}"
    return rows, planned


def _session(row: Row, item: Mapping[str, Any] | None, time_zone: str) -> Session | None:
    if item is None:
        row.why = "not a JSON object"
        return None
    title = row.what = tidy.line(str(item.get("title") or ""), row.notes, field="title")
    if not title:
        row.why = "no title"
        return None
    starts, ends = (_local(item.get(name), time_zone) for name in ("start", "end"))
    if starts is None or ends is None:
        row.why = "start or end cannot be read"
        return None
    if ends <= starts:
        row.why = "ends before it starts"
        return None
    if item.get("description"):
        row.notes.append("description left out: the agenda has a line for each session")
    seats = item.get("capacity")
    return Session(
        row=row,
        title=title,
        starts=starts,
        ends=ends,
        kind=tidy.line(str(item.get("type") or ""), row.notes, field="type", most=40),
        language=tidy.line(str(item.get("language") or ""), row.notes, field="language", most=2),
        room=tidy.line(str(item.get("room") or ""), row.notes, field="room", most=40),
        seats=seats if isinstance(seats, int) and 1 <= seats <= 100_000 else 0,
    )


def _local(written: object, time_zone: str) -> datetime | None:
    """Wall-clock time in the zone; a time without an offset is taken for one."""
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    if not 1970 < moment.year < 2099:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone(time_zone))
    return moment.replace(tzinfo=None, microsecond=0)


def _agenda(sessions: Sequence[Session]) -> tuple[list[Session], str]:
    """The sessions that fit into one gathering, and the agenda that lists them."""
    listed: list[Session] = []
    lines: list[str] = []
    length = 0
    for day, of_day in groupby(sessions, key=lambda session: session.starts.date()):
        heading = f"{chr(10) if lines else ''}# {_day(day)}\n"
        for session in of_day:
            more = [heading, session.line] if heading else [session.line]
            taken = sum(len(line) + 1 for line in more)
            if session.ends - sessions[0].starts > LONGEST:
                session.row.why = "more than two weeks after the first session"
            elif length + taken > DESCRIPTION:
                session.row.why = "the agenda is full"
            else:
                lines += more
                length += taken
                listed.append(session)
                heading = ""
    return listed, "\n".join(lines)


def _order(
    listed: Sequence[Session],
    agenda: str,
    *,
    title: str,
    topics: Sequence[str],
    time_zone: str,
) -> dict[str, Any]:
    starts, ends = listed[0].starts, max(session.ends for session in listed)
    rooms = sorted({session.room for session in listed if session.room})
    languages = [session.language for session in listed if session.language]
    days = _day(starts) if starts.date() == ends.date() else f"{_day(starts)} to {_day(ends)}"
    place = f"Rooms {', '.join(rooms)}" if len(rooms) > 1 else "".join(rooms)
    seats = max(session.seats for session in listed)
    return {
        "kind": "plenary",
        "mode": "onsite",
        "title": title,
        "summary": f"{len(listed)} sessions, {days}.",
        "description": agenda,
        "starts_local": starts.isoformat(),
        "ends_local": ends.isoformat(),
        "time_zone": time_zone,
        "capacity": seats or None,
        "location": tidy.shortened(place or "To be announced", [], "place", 200),
        "topics": tidy.terms(topics, most=12),
        "language": _most_frequent(languages) or "en",
    }


def _most_frequent(words: Iterable[str]) -> str | None:
    known = [word for word in words if len(word) == 2 and word.isascii() and word.islower()]
    return max(sorted(set(known)), key=known.count, default=None)


def _day(day: Any) -> str:
    # Written out by hand: %d would say 01 November, and month names depend on the locale.
    months = "January February March April May June July August September October November December"
    weekdays = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    return f"{weekdays.split()[day.weekday()]} {day.day} {months.split()[day.month - 1]} {day.year}"
