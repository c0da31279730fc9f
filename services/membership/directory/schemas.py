"""What goes in and out of the directory's routes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.catalogue.membership import HelixSide, Role
from services.kit.fields import MOST_SKIPPED, Id, OptionalLine, Region, Slug
from services.membership.organisations.schemas import OrganisationBrief, OrganisationRead

TermId = Annotated[str, StringConstraints(pattern=r"^(hub|mesh|free):[A-Za-z0-9-]{1,40}$")]
MOST_CHOSEN = 20
MOST_SHOWN = 500


class Asked(BaseModel):
    """Who or what is looked for: all that is asked, and within one facet any of the values."""

    model_config = ConfigDict(extra="forbid")

    q: OptionalLine = ""
    side: list[HelixSide] = Field(default=[], max_length=MOST_CHOSEN)
    partnership: list[Slug] = Field(default=[], max_length=MOST_CHOSEN)
    """Regions of the partnership."""
    region: list[Region] = Field(default=[], max_length=MOST_CHOSEN)
    term: list[TermId] = Field(default=[], max_length=MOST_CHOSEN)
    seeks: list[TermId] = Field(default=[], max_length=MOST_CHOSEN)
    organisation: Id | None = None


class AskedPage(Asked):
    """The same, and which part of the list."""

    limit: int = Field(default=50, ge=1, le=MOST_SHOWN)
    offset: int = Field(default=0, ge=0, le=MOST_SKIPPED)


class Count(BaseModel):
    """A value of a facet, what it is called, and how many it would show."""

    value: str
    label: str
    count: int


class Facets(BaseModel):
    """How many each choice would show: exact, and only of those whom the viewer may see.

    Sides and regions are called what pages call them, those of the partnership by their own
    names. The largest terms come first.
    """

    side: list[Count]
    partnership: list[Count]
    region: list[Count]
    term: list[Count]
    seeks: list[Count]


class PersonBrief(BaseModel):
    """A member as the directory lists them."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    name: str
    helix_side: HelixSide | None
    region_code: str | None
    organisation: OrganisationBrief | None = None
    expertise_offered: list[str]
    expertise_sought: list[str]
    made_up: bool


class PersonRead(PersonBrief):
    """A member's own page."""

    language: str
    roles: list[Role]
    """What they may do; for members only."""


class PeopleFound(BaseModel):
    """One part of the list of those who are found."""

    total: int
    people: list[PersonBrief]
    facets: Facets


class OrganisationsFound(BaseModel):
    """One part of the list of those that are found."""

    total: int
    organisations: list[OrganisationRead]
    facets: Facets


class ExportTaken(BaseModel):
    """What is written down of a list that is taken away."""

    id: Id
    entries: int
