"""Events of a calendar file (RFC 5545) as gatherings, series with their exceptions included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar
from icalendar.cal import Component

from hub.cli import rows as tidy
from hub.cli.programme import markdown_of
from hub.cli.report import Planned, Row
from services.kit.errors import Invalid
from services.kit.fields import zone, zone_names

_HOUR = timedelta(hours=1)


@dataclass
class _Group:
    """What a file says of one UID: the event itself, and its single dates that differ."""

    main: tuple[Row, Component] | None = None
    single: list[tuple[Row, Component]] = field(default_factory=list)


def is_calendar(text: str) -> bool:
    """Whether this is a calendar file."""
    return text.lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCALENDAR")


def gatherings(
    text: str, *, source: str, topics: Sequence[str], time_zone: str, draft: bool
) -> tuple[list[Row], list[Planned]]:
    """The events as gatherings; raises Invalid when the file is no calendar."""
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        events = [event for one in calendars for event in one.walk("VEVENT")]
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise Invalid(f"{source} is not a calendar file: {error}.") from error
    rows: list[Row] = []
    groups: dict[str, _Group] = {}
    for number, event in enumerate(events, start=1):
        row = Row("event", source, number)
        rows.append(row)
        row.what = tidy.line(str(event.get("SUMMARY") or ""), row.notes, field="title")
        uid = str(event.get("UID") or "").strip()
        if not uid or len(uid) > 250:
            row.why = "no UID by which it could be known again"
            continue
        group = groups.setdefault(uid, _Group())
        if "RECURRENCE-ID" in event:
            group.single.append((row, event))
        elif group.main:
            row.outcome, row.why = "joined", f"the same UID as row {group.main[0].number}"
        else:
            group.main = (row, event)
    planned = []
    for uid, group in groups.items():
        if group.main is None:
            for row, _event in group.single:
                row.why = "a date of a series that is not in the file"
            continue
        row, event = group.main
        try:
            order = _order(row, event, topics, time_zone)
            exceptions = _exceptions(group.single, order) if order else {}
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            order, row.why = None, f"a field cannot be read: {error}"
        if order is not None:
            order = {**order, **exceptions, "source_uid": uid, "draft": draft}
            planned.append(
                Planned(order, [row, *(each for each, _event in group.single)], parts=True)
            )
        else:
            for each, _event in group.single:
                each.why = f"the series in row {row.number} was left out"
    return rows, planned


def _order(
    row: Row, event: Component, topics: Sequence[str], otherwise: str
) -> dict[str, Any] | None:
    if not row.what:
        row.why = "no title"
        return None
    if str(event.get("STATUS") or "").upper() == "CANCELLED":
        row.why = "called off"
        return None
    if "DTSTART" not in event:
        row.why = "no start"
        return None
    start = event.decoded("DTSTART")
    time_zone = _zone_of(start, otherwise)
    starts = _local(start, time_zone)
    ends = _end(event, starts, time_zone)
    if ends <= starts:
        row.why = "ends before it starts"
        return None
    place = tidy.line(str(event.get("LOCATION") or ""), row.notes, field="place")
    online = place.startswith(("http://", "https://"))
    text = tidy.mended(str(event.get("DESCRIPTION") or ""), row.notes)
    named = [str(name) for one in _several(event, "CATEGORIES") for name in one.cats]
    return {
        "kind": "seminar",
        "mode": "onsite" if place and not online else "online",
        "title": row.what,
        "description": tidy.shortened(markdown_of(text), row.notes, "description", 20_000),
        "starts_local": starts.isoformat(),
        "ends_local": ends.isoformat(),
        "time_zone": time_zone,
        "rrule": _rule(event, time_zone, row),
        "rdates": [each.isoformat() for each in _dates(event, "RDATE", time_zone)],
        "exdates": [each.isoformat() for each in _dates(event, "EXDATE", time_zone)],
        "location": "" if online else place,
        "join_url": place if online else None,
        "topics": tidy.terms([*topics, *named], most=12),
    }


def _exceptions(
    single: Sequence[tuple[Row, Component]], order: Mapping[str, Any]
) -> dict[str, list[str]]:
    """A date that was called off is left out; one that was moved takes place then instead."""
    rdates, exdates = set(order["rdates"]), set(order["exdates"])
    length = datetime.fromisoformat(order["ends_local"]) - datetime.fromisoformat(
        order["starts_local"]
    )
    for row, event in single:
        time_zone = order["time_zone"]
        was = _local(event.decoded("RECURRENCE-ID"), time_zone).isoformat()
        if str(event.get("STATUS") or "").upper() == "CANCELLED":
            exdates.add(was)
            row.notes.append("this date is called off")
            continue
        now = _local(event.decoded("DTSTART"), time_zone)
        if now.isoformat() != was:
            exdates.add(was)
            rdates.add(now.isoformat())
            row.notes.append("this date is moved")
        if _end(event, now, time_zone) - now != length or row.what != order["title"]:
            row.notes.append("length and title of this one date are those of the series")
    return {"rdates": sorted(rdates), "exdates": sorted(exdates)}


def _several(event: Component, name: str) -> list[Any]:
    given = event.get(name)
    return given if isinstance(given, list) else [given] if given else []


def _zone_of(start: date, otherwise: str) -> str:
    named = str(getattr(getattr(start, "tzinfo", None), "key", ""))
    return named if named in zone_names() and named != "UTC" else otherwise


def _local(moment: date, time_zone: str) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone(time_zone))
    return moment.replace(tzinfo=None, microsecond=0)


def _end(event: Component, starts: datetime, time_zone: str) -> datetime:
    if "DTEND" in event:
        return _local(event.decoded("DTEND"), time_zone)
    if "DURATION" in event:
        length: timedelta = event.decoded("DURATION")
        return starts + length
    all_day = not isinstance(event.decoded("DTSTART"), datetime)
    return starts + (timedelta(days=1) if all_day else _HOUR)


def _rule(event: Component, time_zone: str, row: Row) -> str | None:
    """The rule as the hub has it: its last moment in local time (RFC 5545, section 3.3.10)."""
    rule = event.get("RRULE")
    if rule is None:
        return None
    if isinstance(rule, list):
        row.notes.append("only the first of several rules is taken")
        rule = rule[0]
    until = [
        f"{_local(each, time_zone):%Y%m%dT%H%M%S}"
        if isinstance(each, datetime) and each.tzinfo is not None
        else f"{each:%Y%m%dT%H%M%S}"
        if isinstance(each, datetime)
        else f"{each:%Y%m%d}T235959"
        for each in rule.get("UNTIL", [])
    ]
    parts = {
        name: value
        for name, _, value in (part.partition("=") for part in rule.to_ical().decode().split(";"))
    }
    if until:
        parts["UNTIL"] = until[0]
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _dates(event: Component, name: str, time_zone: str) -> list[datetime]:
    found = []
    for one in _several(event, name):
        for each in one.dts:
            moment = each.dt[0] if isinstance(each.dt, tuple) else each.dt
            if isinstance(moment, datetime):
                found.append(_local(moment, time_zone))
            else:
                # A day alone leaves out, or adds, the date at the usual time.
                start = _local(event.decoded("DTSTART"), time_zone)
                found.append(datetime.combine(moment, start.time()))
    return found
