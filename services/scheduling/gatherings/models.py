"""The table of gatherings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Index, Text
from sqlmodel import Field, Relationship

from services.kit.db import UtcDateTime
from services.scheduling.base import Base
from services.scheduling.people.models import GatheringPerson
from services.scheduling.versions.models import GatheringVersion

_ITS_OWN = {"cascade": "all, delete-orphan"}


class Gathering(Base, table=True):
    """One gathering, or a series when it has an RRULE."""

    __tablename__ = "gatherings"
    __table_args__ = (
        # Lists of the regions of what is coming.
        Index("ix_gatherings_region_code_finishes_at", "region_code", "finishes_at"),
    )

    id: str = Field(primary_key=True, max_length=36)
    version: int
    audience: str = Field(max_length=80)
    slug: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=16)
    mode: str = Field(max_length=16)
    status: str = Field(max_length=16, index=True)
    title: str = Field(max_length=200)
    summary: str = Field(max_length=400)
    description: str = Field(sa_column=Column(Text, nullable=False))
    starts_local: datetime = Field(sa_column=Column(DateTime(), nullable=False))
    ends_local: datetime = Field(sa_column=Column(DateTime(), nullable=False))
    time_zone: str = Field(max_length=64)
    starts_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    ends_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    # End of the last occurrence; equals ends_at for a single gathering.
    finishes_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    rrule: str | None = Field(default=None, max_length=200)
    # Dates of a series that the rule does not give, and those that it gives in vain: local
    # starts in ISO 8601.
    rdates: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    exdates: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    # Dates that are not as the rule says: each an events.catalogue.scheduling.Occurrence.
    overrides: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    registers_for: str = Field(default="series", max_length=12)
    capacity: int | None = None
    # Seats taken: changed only by guarded updates in registrations/service.py.
    taken: int = 0
    location: str = Field(default="", max_length=200)
    # Secret: shown to those registered, never part of an event.
    join_url: str = Field(default="", max_length=500)
    organiser_id: str = Field(max_length=36, index=True)
    topics: list[str] = Field(sa_column=Column(JSON, nullable=False))
    region_code: str | None = Field(default=None, max_length=8)
    pilot_id: str | None = Field(default=None, max_length=36)
    demo_case_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    host_organisation_ids: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    language: str = Field(default="en", max_length=8)
    captions: bool = False
    access: str = Field(default="", max_length=400)
    costs: str = Field(default="", max_length=200)
    cover: str | None = Field(default=None, max_length=64)
    cover_small: str | None = Field(default=None, max_length=64)
    # What the picture shows, in words.
    cover_alt: str = Field(default="", max_length=200)
    recording_url: str = Field(default="", max_length=500)
    # How much there is for those with a seat: see materials.
    materials: int = 0
    # Who may register, and when.
    admits: str = Field(default="open", max_length=12)
    admits_sides: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    admits_regions: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    needs_approval: bool = False
    opens_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    closes_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    # Hours that a free seat is kept for the first in line; 0 gives it to them at once.
    offer_hours: int = 0
    # Whether there are kinds of seats (their rows count), and whether something is asked.
    pooled: bool = False
    asks: bool = False
    # Minutes before the start from which the way in is open.
    doors_minutes: int = 15
    link_released: bool = False
    # Where it was imported from: the UID there.
    source_uid: str | None = Field(default=None, max_length=255, unique=True)
    sequence: int = 0
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    revised_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    made_up: bool = False

    people: list[GatheringPerson] = Relationship(
        sa_relationship_kwargs={**_ITS_OWN, "order_by": "GatheringPerson.added_at"}
    )
    # Loaded only to go with the gathering: see versions/service.py.
    versions: list[GatheringVersion] = Relationship(sa_relationship_kwargs=_ITS_OWN)

    @property
    def co_organiser_ids(self) -> list[str]:
        """Those who look after it as its organiser does, the first one first."""
        return [person.contact_id for person in self.people if person.role == "co-organiser"]

    @property
    def host_ids(self) -> list[str]:
        """The people who host it."""
        return [person.contact_id for person in self.people if person.role == "host"]

    @property
    def recorded(self) -> bool:
        """Whether there is a recording."""
        return bool(self.recording_url)
