"""What the page of a gathering says besides when, where and what."""

import asyncio
from datetime import datetime
from typing import Any

from hub.clients import Clients, GatheringRead, VersionRead
from hub.pages.agenda_days import days
from hub.pages.cards import today
from hub.regions import region_name
from hub.sessions import Person, identity_of
from hub.views.event_parts import EventHost, EventMore, EventVersion, FieldChange
from hub.words import EVENT_FIELDS, EVENT_STEPS, GATHERING_KINDS, LANGUAGES, MODES
from services.kit.errors import HubError
from services.kit.times import clock, day_of, moment_in, zone_place

_LONG = frozenset({"description", "summary", "access", "topics", "captions"})
"""Fields of which the page says only that they changed."""

SHOWN_SESSIONS = 12
"""Sessions of an agenda that the page of an event shows."""


def runs(gathering: GatheringRead, person: Person | None) -> bool:
    """Whether somebody is the organiser or helps."""
    theirs = (gathering.organiser_id, *gathering.co_organiser_ids)
    return person is not None and person.contact_id in theirs


async def event_more(
    clients: Clients, person: Person | None, gathering: GatheringRead
) -> EventMore:
    """The rest of the page of an event."""
    theirs = runs(gathering, person)
    versions = gathering.changes or []
    zone = person.time_zone if person else gathering.time_zone
    hosts, sessions = await asyncio.gather(
        _hosts(clients, person, gathering),
        clients.scheduling.sessions(gathering.id, identity_of(person)),
    )
    return EventMore(
        agenda=days(gathering, sessions[:SHOWN_SESSIONS]),
        sessions=len(sessions),
        hosts=hosts,
        captions=gathering.captions,
        access=gathering.access,
        costs=gathering.costs,
        versions=[shown for version in versions if (shown := _shown(version, zone))],
        materials=gathering.materials,
        runs=theirs,
        may_copy=theirs and bool(person and person.has("organiser", "coordinator")),
        ahead=gathering.status in ("draft", "published", "postponed"),
    )


async def _hosts(
    clients: Clients, person: Person | None, gathering: GatheringRead
) -> list[EventHost]:
    """Organisations for everybody, people for whoever may know their names."""
    found = await asyncio.gather(
        *(_organisation(clients, person, id) for id in gathering.host_organisation_ids)
    )
    hosts = [host for host in found if host]
    if person and gathering.host_ids:
        names = await clients.membership.contacts(gathering.host_ids, person.identity)
        hosts += [EventHost(names[id].name, "") for id in gathering.host_ids if id in names]
    return hosts


async def _organisation(clients: Clients, person: Person | None, id: str) -> EventHost | None:
    try:
        found = await clients.membership.organisation(id, identity_of(person))
    except HubError:
        # Gone, or not for this reader: the event is still worth reading.
        return None
    return EventHost(found.name, f"/organisations/{found.slug}")


def _shown(version: VersionRead, zone: str) -> EventVersion | None:
    """One change in words; None for what is nobody's business."""
    fields = {change.field: change for change in version.changes}
    # Organisations and people that host it bear one label: the first in order stays.
    changes = {
        label: FieldChange(label, *(_words(name, value) for value in _both(fields[name])))
        for name, label in reversed(list(EVENT_FIELDS.items()))
        if name in fields
    }
    again = "status" in fields and fields["status"].before == "postponed"
    headline = ""
    if "status" in fields:
        headline = EVENT_STEPS["again" if again and version.status == "published" else
                               version.status]  # fmt: skip
    if not changes and not headline:
        return None
    return EventVersion(
        iso=version.changed_at.isoformat(),
        moment=moment_in(version.changed_at, zone, today()),
        headline=headline,
        changes=list(changes.values())[::-1],
    )


def _both(change: Any) -> tuple[Any, Any]:
    return change.before, change.after


def _words(field: str, value: Any) -> str:
    """A value as people read it; empty for what is too long, or not known."""
    if value in (None, "") or field in _LONG or isinstance(value, list | dict | bool):
        return ""
    match field:
        case "starts_local" | "ends_local":
            local = datetime.fromisoformat(value)
            return f"{day_of(local, today())}, {clock(local)}"
        case "time_zone":
            return str(zone_place(value))
        case "mode":
            return MODES[value]
        case "kind":
            return GATHERING_KINDS[value]
        case "language":
            return str(LANGUAGES.get(value, value))
        case "region_code":
            return region_name(value)
        case _:
            return str(value)
