"""iCalendar (RFC 5545, 7986) components as bytes: the same input gives the same bytes anywhere.

Built with the icalendar library, without its defaults that break a feed: no random calendar
UID, no `add_missing_timezones`, and TEXT that keeps `C:\\New` as it is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from icalendar import Calendar, Event, Parameters, vCategory, vRecur, vText, vUri

from events.catalogue.scheduling import GatheringState, Occurrence, SessionState
from services.calendar.zones import vtimezone
from services.kit.fields import zone

RENDERING = 2
"""Raise it when `event` changes, so that stored bytes are made anew."""
HOME_ZONE = "Europe/Brussels"
"""Zone an app shows when the feed does not say otherwise."""

_FIRST_YEAR = 2026
_PRODID = "-//Co-creation hub//Calendar//EN"
_REFRESH = timedelta(hours=1)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_UNTIL = re.compile(r"UNTIL=(\d{8}(?:T\d{6})?)(?=;|$)")
_RULE_PARTS = re.compile(
    r"(FREQ|UNTIL|COUNT|INTERVAL|WKST|BY(DAY|MONTH|MONTHDAY|YEARDAY|WEEKNO|SETPOS|HOUR|MINUTE|SECOND))="
)
_REVISED = (b"DTSTAMP:", b"LAST-MODIFIED:")


class Text(vText):
    """TEXT (RFC 5545, section 3.3.11) without characters that no app can show."""

    def to_ical(self) -> bytes:
        """The library's own takes the backslash and N in `C:\\New` for a line break."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


@dataclass(frozen=True)
class Head:
    """What a calendar says about itself; `source` is None when its own address is a secret."""

    name: str
    description: str
    url: str
    source: str | None = None


def event(state: GatheringState, address: str) -> bytes:
    """The gathering's VEVENT, and one for each date that is not as the rule says.

    `address` is the hub's own. Raises ValueError for a bad rule.
    """
    dates = sorted(state.overrides, key=lambda date: date.occurrence)
    return b"".join([_component(state, address), *(_component(state, address, d) for d in dates)])


def single(state: GatheringState, address: str, occurrence: datetime) -> bytes:
    """One date of a series as a VEVENT of its own, for those who come to that date.

    It has a UID of its own: many apps drop a changed date of a series that they do not have.
    """
    own = next((date for date in state.overrides if date.occurrence == occurrence), None)
    length = state.ends_local - state.starts_local
    alone = state.model_copy(
        update={
            "id": f"{state.id}-{occurrence:%Y%m%dT%H%M%S}",
            "status": "cancelled" if own and own.cancelled else state.status,
            "title": (own.title if own else "") or state.title,
            "location": (own.location if own else "") or state.location,
            "starts_local": own.starts_local if own else occurrence,
            "ends_local": own.ends_local if own else occurrence + length,
            "rrule": None,
            "exdates": (),
            "rdates": (),
            "overrides": (),
        }
    )
    return _component(alone, address)


def session(state: SessionState, address: str) -> bytes:
    """The VEVENT of one session of an agenda, beside that of the whole.

    It takes nobody's time: sessions run side by side, and the whole is in the calendar already.
    """
    page = f"{address}/events/{quote(state.gathering_slug)}/agenda/{quote(state.slug)}"
    moment = state.revised_at.astimezone(UTC)
    component = Event()
    component.add("UID", Text(f"{state.id}@hub"))
    component.add("DTSTAMP", moment)
    component.add("LAST-MODIFIED", moment)
    component.add("SEQUENCE", state.sequence)
    component.add("STATUS", "CONFIRMED")
    component.add("TRANSP", "TRANSPARENT")
    component.add("SUMMARY", line(state.title))
    component.add("DTSTART", in_zone(state.starts_local, state.time_zone))
    component.add("DTEND", in_zone(state.ends_local, state.time_zone))
    component.add("RELATED-TO", Text(f"{state.gathering_id}@hub"))
    component.add("URL", vUri(page))
    paragraphs = [page, ", ".join(state.speakers), state.abstract]
    component.add("DESCRIPTION", _text("\n\n".join(filter(None, paragraphs))))
    if state.room:
        component.add("LOCATION", line(state.room))
    if state.track:
        categories = vCategory([])
        categories.cats = [line(state.track)]
        component.add("CATEGORIES", categories)
    return bytes(component.to_ical())


def _component(state: GatheringState, address: str, date: Occurrence | None = None) -> bytes:
    """One VEVENT: of the whole, or of one date that has its own time, title, place or end."""
    page = f"{address}/events/{quote(state.slug)}"
    join = f"{page}/join" if state.mode != "onsite" else None
    cancelled = state.status == "cancelled" or (date is not None and date.cancelled)
    postponed = state.status == "postponed" and not cancelled
    title = (date.title if date else "") or state.title
    location = (date.location if date else "") or state.location
    component = Event()
    # Never of the address: it may change, and every app would show everything twice.
    component.add("UID", Text(f"{state.id}@hub"))
    component.add("DTSTAMP", state.revised_at.astimezone(UTC))
    component.add("CREATED", state.created_at.astimezone(UTC))
    component.add("LAST-MODIFIED", state.revised_at.astimezone(UTC))
    component.add("SEQUENCE", state.sequence)
    # RFC 5545 has no word for what will be later, nobody knows when.
    status = "CANCELLED" if cancelled else "TENTATIVE" if postponed else "CONFIRMED"
    component.add("STATUS", status)
    component.add("TRANSP", "TRANSPARENT" if cancelled or postponed else "OPAQUE")
    # Some apps hide STATUS, and all show the title.
    prefix = "Cancelled: " if cancelled else "Postponed: " if postponed else ""
    component.add("SUMMARY", line(f"{prefix}{title}"))
    if date:
        component.add("RECURRENCE-ID", in_zone(date.occurrence, state.time_zone))
    component.add("DTSTART", in_zone((date or state).starts_local, state.time_zone))
    component.add("DTEND", in_zone((date or state).ends_local, state.time_zone))
    if not date:
        _add_dates(component, state)
    component.add("URL", vUri(page))
    note = ""
    if cancelled:
        note = "This date was cancelled." if date else "This event was cancelled."
    elif postponed:
        note = "This event was postponed; the new date is not known yet."
    component.add("DESCRIPTION", _description(state, page, join, note, whole=date is None))
    if location or join:
        component.add("LOCATION", line(location or join or ""))
    if state.topics:
        categories = vCategory([])
        categories.cats = [line(topic) for topic in state.topics]
        component.add("CATEGORIES", categories)
    if join:
        # A list, for a plain "AUDIO,VIDEO" would come out quoted, as one value.
        about = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": "Join online"}
        component.add("CONFERENCE", vUri(join), parameters=Parameters(about))
    return bytes(component.to_ical())


def _add_dates(component: Event, state: GatheringState) -> None:
    """The rule, what it does not give, and what it gives in vain; all in the zone of the start."""
    if state.rrule:
        component.add("RRULE", recurrence(state.rrule, state.time_zone))
    for name, dates in (("RDATE", state.rdates), ("EXDATE", state.exdates)):
        if dates:
            component.add(name, [in_zone(date, state.time_zone) for date in dates])


def personal(vevent: bytes, *, tentative: bool, revised_at: datetime) -> bytes:
    """The VEVENT as it stands for one person: on the waitlist or not, and since when."""
    moment = f"{revised_at.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode()
    lines = vevent.split(b"\r\n")
    for index, content in enumerate(lines):
        # Text cannot begin a line: it is folded with a space and its breaks are escaped.
        if tentative and content == b"STATUS:CONFIRMED":
            lines[index] = b"STATUS:TENTATIVE"
        for name in _REVISED:
            if content.startswith(name):
                lines[index] = max(content, name + moment)
    return b"\r\n".join(lines)


def calendar(head: Head, zones: Mapping[str, int], vevents: Iterable[bytes]) -> bytes:
    """A whole feed of finished components; `zones` maps each to the first year it is used in."""
    component = Calendar()
    component.add("PRODID", _PRODID)
    component.add("VERSION", "2.0")
    component.add("CALSCALE", "GREGORIAN")
    for name, value in (("NAME", head.name), ("X-WR-CALNAME", head.name)):
        component.add(name, line(value))
    for name in ("DESCRIPTION", "X-WR-CALDESC"):
        component.add(name, line(head.description))
    component.add("COLOR", "teal")
    component.add("X-APPLE-CALENDAR-COLOR", "#008080")
    # Some apps take times in UTC for times in this zone, and move a series with its clocks.
    component.add("X-WR-TIMEZONE", "UTC" if "UTC" in zones else HOME_ZONE)
    component.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    component.add("X-PUBLISHED-TTL", "PT1H")
    component.add("URL", vUri(head.url))
    if head.source:
        component.add("SOURCE", vUri(head.source), parameters={"VALUE": "URI"})
    end = b"END:VCALENDAR\r\n"
    start = bytes(component.to_ical()).removesuffix(end)
    # In order, for otherwise the hash seed decides it, and with it the ETag.
    used = sorted((zones or {HOME_ZONE: _FIRST_YEAR}).items())
    return b"".join([start, *(vtimezone(*each) for each in used), *vevents, end])


def in_zone(local: datetime, time_zone: str) -> datetime:
    """The wall-clock time in its zone; in UTC it is written with a Z and without a TZID."""
    if local.tzinfo is not None:
        return local.astimezone(UTC if time_zone == "UTC" else zone(time_zone))
    return local.replace(tzinfo=UTC if time_zone == "UTC" else zone(time_zone))


def recurrence(rule: str, time_zone: str) -> vRecur:
    """The stored rule with UNTIL in UTC, as it must be beside a DTSTART with a zone.

    A last day without a time is its midnight, as scheduling reckons. Raises ValueError for
    parts that RFC 5545 does not know.
    """

    def to_utc(match: re.Match[str]) -> str:
        text = match[1] if "T" in match[1] else f"{match[1]}T000000"
        local = datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007
        return f"UNTIL={in_zone(local, time_zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"

    for part in rule.split(";"):
        if not _RULE_PARTS.match(part):
            raise ValueError(f"not a part of a rule in RFC 5545: {part}")
    parsed: vRecur = vRecur.from_ical(_UNTIL.sub(to_utc, rule))
    return parsed


def _description(
    state: GatheringState, page: str, join: str | None, note: str, *, whole: bool
) -> Text:
    """What an app shows below; single dates do without the long text, which the page has."""
    paragraphs = [
        page,
        note,
        state.summary,
        state.description if whole else "",
        "Made up, to show how the hub works." if state.made_up else "",
        f"Join online: {join}" if join else "",
    ]
    return _text("\n\n".join(paragraph for paragraph in paragraphs if paragraph))


def _text(value: str) -> Text:
    broken = value.replace("\r\n", "\n").replace("\r", "\n")
    return Text(_CONTROL.sub("", broken))


def line(value: str) -> Text:
    """Text for a property that is shown on one line."""
    return Text(_text(value).replace("\n", " "))
