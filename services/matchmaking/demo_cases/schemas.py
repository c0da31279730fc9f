"""What goes in and out of the demo-cases' routes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from events.catalogue.matchmaking import Phase
from services.kit.fields import Id, Line, Link, Prose, Region, Term


class DemoCaseCreate(BaseModel):
    """A new demo-case with one to twenty expertise terms it needs."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    challenge: Prose = ""
    solution: Prose = ""
    lead_organisation_id: Id | None = None
    region_code: Region | None = None
    required_terms: list[Term] = Field(min_length=1, max_length=20)
    link: Link | None = None
    phase: Phase = "learn"
    """Where it is already when it is brought in; what begins here begins by learning."""
    made_up: bool = False
    imported: bool = False
    """One of many brought in at once: it is found, but nobody is told of it."""


class DemoCaseRead(BaseModel):
    """A demo-case as its viewer may see it."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    version: int
    audience: str
    slug: str
    phase: Phase
    title: str
    challenge: str
    solution: str
    lead_organisation_id: str | None
    region_code: str | None
    proposer_id: str
    required_terms: list[str]
    link: str | None
    proposed_at: datetime
    made_up: bool


class DemoCaseListing(BaseModel):
    """A part of a list, and how many demo-cases of each phase there are in all."""

    demo_cases: list[DemoCaseRead]
    counts: dict[str, int]
