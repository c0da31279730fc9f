"""Gatherings for tests, short to write."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.kit.identity import Identity
from tests.harness import ServiceUnderTest, a_member

START = datetime(2027, 3, 16, 18, 30)
WEEK = timedelta(days=7)
LENGTH = timedelta(minutes=90)
SEMINAR = {
    "title": "Genomics in the clinic",
    "starts_local": "2027-02-02T14:00:00",
    "ends_local": "2027-02-02T15:30:00",
    "time_zone": "Europe/Brussels",
    "capacity": 2,
    "join_url": "https://video.example/room",
}


def a_seminar(
    scheduling: ServiceUnderTest, organiser: Identity | None = None, **changed: Any
) -> dict[str, Any]:
    """A published seminar."""
    answer = scheduling.call(
        "POST",
        "/gatherings",
        as_=organiser or a_member("organiser"),
        json={**SEMINAR, **changed},
    )
    assert answer.status_code == 201, answer.text
    gathering: dict[str, Any] = answer.json()
    return gathering


def registered(
    scheduling: ServiceUnderTest, gathering: dict[str, Any], person: Identity
) -> dict[str, Any]:
    """The person's registration."""
    answer = scheduling.call(
        "POST", "/registrations", as_=person, json={"gathering_id": gathering["id"]}
    )
    assert answer.status_code == 201, answer.text
    registration: dict[str, Any] = answer.json()
    return registration


@dataclass
class Series:
    """Three Tuesdays over the change to summer time."""

    starts_local: datetime = START
    ends_local: datetime = START + LENGTH
    time_zone: str = "Europe/Brussels"
    rrule: str | None = "FREQ=WEEKLY;COUNT=3"
    rdates: list[str] = field(default_factory=list)
    exdates: list[str] = field(default_factory=list)
    overrides: list[dict[str, Any]] = field(default_factory=list)


def an_override(occurrence: datetime, start: datetime | None = None, **more: Any) -> dict[str, Any]:
    begin = start or occurrence
    return {
        "occurrence": occurrence.isoformat(),
        "starts_local": begin.isoformat(),
        "ends_local": (begin + LENGTH).isoformat(),
        **more,
    }
