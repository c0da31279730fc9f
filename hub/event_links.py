"""What others make of the page of a gathering: data for search engines, links of calendars."""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from hub.clients import GatheringRead
from hub.pages.cards import next_start, picture_path
from hub.regions import region_name

_ATTENDANCE = {"online": "Online", "onsite": "Offline", "hybrid": "Mixed"}
_STATUS = {"cancelled": "EventCancelled", "postponed": "EventPostponed"}


def schema_of(gathering: GatheringRead, address: str, hosts: list[str], hub: str) -> str:
    """The gathering as schema.org's Event, safe inside a script element; empty for a draft."""
    if gathering.status == "draft":
        return ""
    start, end = _next(gathering)
    page = f"{address}/events/{gathering.slug}"
    places: list[dict[str, object]] = []
    if gathering.mode != "online":
        region = region_name(gathering.region_code) if gathering.region_code else ""
        where = gathering.location or region or gathering.title
        places.append({"@type": "Place", "name": where, "address": where})
    if gathering.mode != "onsite":
        places.append({"@type": "VirtualLocation", "url": f"{page}/join"})
    told: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": gathering.title,
        "description": gathering.summary or gathering.title,
        "url": page,
        "startDate": start.isoformat(),
        "endDate": end.isoformat(),
        "eventStatus": f"https://schema.org/{_STATUS.get(gathering.status, 'EventScheduled')}",
        "eventAttendanceMode": (
            f"https://schema.org/{_ATTENDANCE[gathering.mode]}EventAttendanceMode"
        ),
        "location": places,
        "organizer": [{"@type": "Organization", "name": name} for name in hosts or [hub]],
        "inLanguage": gathering.language,
        "keywords": gathering.topics,
        "isAccessibleForFree": True,
        "offers": {
            "@type": "Offer",
            "url": page,
            "price": 0,
            "priceCurrency": "EUR",
            "availability": f"https://schema.org/{_availability(gathering)}",
        },
    }
    if gathering.cover:
        told["image"] = f"{address}{picture_path(gathering, gathering.cover)}"
    if gathering.capacity is not None:
        told["maximumAttendeeCapacity"] = gathering.capacity
        told["remainingAttendeeCapacity"] = gathering.seats_left
    # Whatever a title says, it ends no script element.
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def _availability(gathering: GatheringRead) -> str:
    """Whether somebody can still get a seat, as shops say it of goods."""
    if gathering.status in ("cancelled", "finished"):
        return "Discontinued"
    return "SoldOut" if gathering.seats_left == 0 else "InStock"


def google_link(gathering: GatheringRead, address: str) -> str:
    """Where Google's calendar offers to add the next date, or the whole series."""
    series = bool(gathering.rrule)
    start = gathering.starts_local if series else _next(gathering)[0]
    end = start + (gathering.ends_local - gathering.starts_local)
    asked = {
        "action": "TEMPLATE",
        "text": gathering.title,
        "dates": f"{start:%Y%m%dT%H%M%S}/{end:%Y%m%dT%H%M%S}",
        "ctz": gathering.time_zone,
        "details": _details(gathering, address),
        "location": gathering.location,
    }
    if gathering.rrule:
        asked["recur"] = f"RRULE:{gathering.rrule}"
    return f"https://calendar.google.com/calendar/render?{urlencode(asked)}"


def outlook_link(gathering: GatheringRead, address: str) -> str:
    """Where Outlook offers to add the next date; it takes no series by a link."""
    start, end = (moment.astimezone(UTC) for moment in _next(gathering))
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": gathering.title,
        "startdt": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "body": _details(gathering, address),
        "location": gathering.location,
    }
    return f"https://outlook.office.com/calendar/0/deeplink/compose?{urlencode(asked)}"


def _details(gathering: GatheringRead, address: str) -> str:
    """The summary, and the way to the page, by which one also joins online."""
    return "\n\n".join(filter(None, [gathering.summary, f"{address}/events/{gathering.slug}"]))


def _next(gathering: GatheringRead) -> tuple[datetime, datetime]:
    zone = ZoneInfo(gathering.time_zone)
    start = next_start(gathering, datetime.now(UTC))
    end = start + (gathering.ends_local - gathering.starts_local)
    return start.replace(tzinfo=zone), end.replace(tzinfo=zone)
