"""What goes in and out of the organisations' routes."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from events.catalogue.membership import HelixSide
from services.kit.fields import Country, Id, Line, Prose, Region, Slug, Term


def _each_once(terms: list[str]) -> list[str]:
    return list(dict.fromkeys(terms))


Terms = Annotated[list[Term], Field(max_length=30), AfterValidator(_each_once)]


class OrganisationCreate(BaseModel):
    """A new organisation; one whose name means the same as a known one is that one."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    helix_side: HelixSide
    region_code: Region | None = None
    country: Country | None = None
    description: Prose = ""
    expertise: Terms = []
    made_up: bool = False


class OrganisationBrief(BaseModel):
    """Enough to name an organisation and link to it."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    slug: Slug
    name: str


class OrganisationRead(OrganisationBrief):
    """An organisation as people see it."""

    version: int
    helix_side: HelixSide
    region_code: str | None
    country: str | None
    description: str
    expertise: list[str]
    made_up: bool
