"""A conference's programme (JSON) as one gathering with its agenda."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hub.cli import rows as tidy
from hub.cli.report import Planned, Row
from services.kit.fields import zone

LONGEST = timedelta(days=14)
"""What the hub takes as one gathering."""
TIME_ZONE = "Europe/Paris"
_ABSTRACT = 20_000

_FRAME = re.compile(r"<iframe\b[^>]*\bsrc=[\"']?(https?://[^\"'\s>]+)[^>]*>", re.I)
_LINK = re.compile(r"<a\b[^>]*\bhref=[\"']?(https?://[^\"'\s>]+)[^>]*>(.*?)</a>", re.I | re.S)
_ITEM = re.compile(r"<li\b[^>]*>\s*", re.I)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|h[1-6]|ul|ol|li|tr)>", re.I)
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.I | re.S)
_TAG = re.compile(
    r"</?(?:a|article|b|br|code|div|em|h[1-6]|i|iframe|img|li|ol|p|pre|section|small|span|strong|"
    r"table|tbody|td|th|thead|tr|u|ul)\b[^>]*>",
    re.I,
)


@dataclass(frozen=True)
class Programme:
    """One gathering to be made, and its sessions."""

    order: dict[str, Any]
    sessions: Sequence[Planned]


def gathering(
    items: Sequence[Mapping[str, Any] | None],
    *,
    source: str,
    title: str,
    topics: Sequence[str],
    time_zone: str = TIME_ZONE,
    made_up: bool,
) -> tuple[list[Row], Programme | None]:
    """The programme as one gathering; None when no session can be read."""
    rows = [Row("session", source, number) for number in range(1, len(items) + 1)]
    planned: dict[str, Planned] = {}
    codes = Counter(_code(item) for item in items if item is not None)
    for row, item in zip(rows, items, strict=True):
        order = _session(row, item, time_zone, codes)
        if order is not None:
            one = planned.setdefault(order["source_uid"], Planned(order, []))
            one.rows.append(row)
    sessions = sorted(planned.values(), key=lambda one: str(one.order["starts_local"]))
    sessions = _near(sessions)
    if not sessions:
        return rows, None
    seats = [_seats(item) for item in items if item is not None]
    order = _order([one.order for one in sessions], seats, title, topics, time_zone)
    return rows, Programme({**order, "made_up": made_up}, sessions)


def _session(
    row: Row, item: Mapping[str, Any] | None, time_zone: str, codes: Mapping[str, int]
) -> dict[str, Any] | None:
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
    room = tidy.line(str(item.get("room") or ""), row.notes, field="room", most=80)
    language = str(item.get("language") or "")[:2].lower()
    return {
        "source_uid": _uid(_code(item), f"{starts:%Y%m%dT%H%M} {room} {title}", codes),
        "title": title,
        "kind": tidy.line(str(item.get("type") or ""), row.notes, field="type", most=40),
        "abstract": tidy.shortened(
            markdown_of(tidy.mended(str(item.get("description") or ""), row.notes)),
            row.notes,
            "description",
            _ABSTRACT,
        ),
        "starts_local": starts.isoformat(),
        "ends_local": ends.isoformat(),
        "room": room,
        "track": tidy.line(str(item.get("track") or ""), row.notes, field="track", most=80),
        "speakers": _speakers(item, row),
        "language": language if re.fullmatch("[a-z]{2}", language) else "en",
    }


def markdown_of(text: str) -> str:
    """What has HTML in it as Markdown: links stay, frames become links, other tags go."""
    if not _TAG.search(text):
        return text.strip()
    text = _FRAME.sub(r"<\1>", _SCRIPT.sub("", text))
    text = _LINK.sub(r"[\2](\1)", text)
    text = _ITEM.sub("- ", text)
    text = _BREAK.sub("\n\n", text)
    return re.sub(r"\n{3,}", "\n\n", html.unescape(_TAG.sub("", text))).strip()


def _code(item: Mapping[str, Any]) -> str:
    code = next((item[name] for name in ("code", "id", "guid", "uid") if item.get(name)), "")
    return str(code).strip() if isinstance(code, str | int) else ""


def _uid(code: str, place: str, codes: Mapping[str, int]) -> str:
    """What the session is known by: one that is held twice has its code twice."""
    return (code if code and codes[code] == 1 else f"{code} {place}".strip())[:255]


def _speakers(item: Mapping[str, Any], row: Row) -> list[str]:
    given = item.get("speakers") or item.get("persons") or []
    people = given if isinstance(given, list) else [given]
    names = (
        str(one.get("public_name") or one.get("name") or "") if isinstance(one, dict) else str(one)
        for one in people[:20]
    )
    tidied = (tidy.line(name, row.notes, field="speaker") for name in names)
    return [name for name in tidied if name]


def _seats(item: Mapping[str, Any]) -> int:
    seats = item.get("capacity")
    return seats if isinstance(seats, int) and 1 <= seats <= 100_000 else 0


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


def _near(sessions: Sequence[Planned]) -> list[Planned]:
    """Those that can be of one gathering with the first; the others are said to be too far."""
    kept = []
    for one in sessions:
        first = datetime.fromisoformat(sessions[0].order["starts_local"])
        if datetime.fromisoformat(one.order["ends_local"]) - first > LONGEST:
            one.refused("more than two weeks after the first session")
        else:
            kept.append(one)
    return kept


def _order(
    sessions: Sequence[Mapping[str, Any]],
    seats: Sequence[int],
    title: str,
    topics: Sequence[str],
    time_zone: str,
) -> dict[str, Any]:
    starts = datetime.fromisoformat(sessions[0]["starts_local"])
    ends = datetime.fromisoformat(max(str(one["ends_local"]) for one in sessions))
    rooms = sorted({one["room"] for one in sessions if one["room"]})
    days = _day(starts) if starts.date() == ends.date() else f"{_day(starts)} to {_day(ends)}"
    place = f"Rooms {', '.join(rooms)}" if len(rooms) > 1 else "".join(rooms)
    return {
        "kind": "plenary",
        "mode": "onsite",
        "title": title,
        "summary": f"{len(sessions)} sessions, {days}.",
        "starts_local": starts.isoformat(),
        "ends_local": ends.isoformat(),
        "time_zone": time_zone,
        "capacity": max(seats, default=0) or None,
        "location": tidy.shortened(place or "To be announced", [], "place", 200),
        "topics": tidy.terms(topics, most=12),
        "language": _most_frequent([one["language"] for one in sessions]),
    }


def _most_frequent(languages: Iterable[str]) -> str:
    known = list(languages)
    return max(sorted(set(known)), key=known.count)


def _day(day: datetime) -> str:
    # Written out by hand: %d would say 01 November, and month names depend on the locale.
    months = "January February March April May June July August September October November December"
    weekdays = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    return f"{weekdays.split()[day.weekday()]} {day.day} {months.split()[day.month - 1]} {day.year}"
